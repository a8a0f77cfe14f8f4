"""One service for one cluster: the overlays laid upon its file in order, then `defaults` put under every version."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sailwright.diagnostics.finding import Finding, Severity
from sailwright.diagnostics.problem import Problem
from sailwright.project.service.overlay import Blame, Traced, overlay, report_no_effect_keys, settled, underlay
from sailwright.project.service.trace import Spot
from sailwright.project.service.weights import partly_set
from sailwright.runtime.records import dataclass

SHARED_WITH_DEFAULTS = ("serviceAccount", "autoscaling", "disruptionBudget")
"""Settings of pods that may also stand at the top of the file; those under `defaults` win."""


@dataclass(frozen=True, slots=True)
class Target:
    """A cluster of an environment; None where the project declares none."""

    environment: str | None = None
    cluster: str | None = None


def resolve(base: Traced, target: Target, *, clean: bool) -> tuple[Traced, list[Finding]]:
    """The tree of one target, and findings about overlays that do nothing, or set some weights only.

    `clean` says that no layer holds a null, `before` or `$patch`, so that none needs to be taken out.
    """
    blamed: list[Finding] = []

    def report(blame: Blame, spot: Spot, word: str) -> None:
        if blame == "no-effect" and word == "weight":
            return  # an overlay that sets any weight sets all, the unchanged ones too
        blamed.append(_blame(blame, spot, word))

    layers = _layers(base, target)
    resolved = Traced({key: value for key, value in base.value.items() if key != "environments"}, base.trace)
    for layer in layers:
        blamed += [
            layer.trace.find(problem.path).finding(problem) for problem in partly_set(resolved.value, layer.value)
        ]
        resolved = overlay(resolved, layer, report)
    whole = _with_defaults(resolved)
    return whole if clean else settled(whole), blamed


def no_effect_keys(own: Traced, below: Collection[str]) -> list[Finding]:
    """Findings about the words of overlays in a service file itself; `below` are the keys that the project's defaults have."""
    blamed: list[Finding] = []
    for key in own.value.keys() - {"environments", *below}:
        report_no_effect_keys(own.child(key), lambda blame, spot, word: blamed.append(_blame(blame, spot, word)))
    return blamed


def overlaid(tree: Mapping[str, Any], target: Target) -> Target:
    """The overlays that a target has: targets with the same ones get the same service."""
    own = (tree.get("environments") or {}).get(target.environment)
    if not own:
        return Target()
    return target if (own.get("clusters") or {}).get(target.cluster) else Target(target.environment)


def _layers(base: Traced, target: Target) -> list[Traced]:
    own = (base.value.get("environments") or {}).get(target.environment)
    if not own:
        return []
    at = base.trace.child("environments").child(str(target.environment))
    clusters = own.get("clusters") or {}
    layers = [Traced({key: value for key, value in own.items() if key != "clusters"}, at)]
    if clusters.get(target.cluster):
        layers.append(Traced(clusters[target.cluster], at.child("clusters").child(str(target.cluster))))
    return layers


def _with_defaults(tree: Traced) -> Traced:
    """The tree with its `defaults` put under every version, and the shared settings of its top under `defaults`."""
    value = tree.value
    shared = {key: value[key] for key in SHARED_WITH_DEFAULTS if key in value}
    defaults = Traced(value.get("defaults") or {}, tree.trace.child("defaults"))
    if shared:
        top = tree.trace.having({key: tree.trace.child(key) for key in shared})
        defaults = underlay(Traced(shared, top), defaults)
    if not defaults.value or not value.get("versions"):
        return tree
    versions = tree.child("versions")
    merged = [underlay(defaults, versions.child(index)) for index in range(len(versions.value))]
    trace = versions.trace.having(dict(enumerate(version.trace for version in merged)))
    children = {**tree.trace.children, "versions": trace}
    return Traced({**value, "versions": [version.value for version in merged]}, tree.trace.having(children))


def _blame(blame: Blame, spot: Spot, word: str) -> Finding:
    rule, severity, message, remedy = _BLAMES[blame]
    problem = Problem(spot.path, message.format(word), remedy, severity=severity, rule=rule, key=blame == "no-effect")
    return spot.finding(problem)


_BLAMES: Mapping[Blame, tuple[str, Severity, str, str]] = {
    "no-effect": (
        "overlay-no-effect",
        "warning",
        "`{}` changes nothing here: below this overlay it is the same already",
        "remove it, or change it",
    ),
    "before-unknown": (
        "overlay-before",
        "error",
        "`before: {}` names no item of this list",
        "name an item that the base or an earlier overlay has",
    ),
    "before-existing": (
        "overlay-before",
        "error",
        "`{}` is in the list already, and `before` places new items only",
        "remove `before`, or delete the item and add it under another name",
    ),
}
