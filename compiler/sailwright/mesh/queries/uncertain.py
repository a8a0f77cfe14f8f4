"""Whether what is said of one object hangs on what is not known of another: a placeholder in it, or the namespace it is put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import has_placeholder, holds_placeholder
from sailwright.source.untyped import text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

_OF_ABSENCE = frozenset(
    [
        "authorization-matches-nothing",
        "authorization-namespace-unknown",
        "authorization-principal-unknown",
        "autoscaler-target-unknown",
        "delegate-unknown",
        "destination-host-unknown",
        "destination-rule-host-unknown",
        "destination-subset-unknown",
        "gateway-credential-missing",
        "gateway-route-without-subset",
        "gateway-selects-nothing",
        "gateway-unknown",
        "policy-selects-nothing",
        "reference-grant-namespace-unknown",
        "rollout-reference-unknown",
        "route-backend-unknown",
        "route-parent-unknown",
        "service-account-unknown",
        "service-selects-nothing",
        "sidecar-egress-host-unknown",
        "sidecar-selects-nothing",
        "subset-selects-nothing",
        "telemetry-selects-nothing",
        "version-without-subset",
        "webhook-service-missing",
        "workload-group-account-unknown",
    ]
)
"""Rules that report that another object is not there."""

_DEFINING = frozenset(("Service", "ServiceEntry", "DestinationRule", "Gateway", "Sidecar", "VirtualService"))
"""Kinds whose objects others look for by name or host."""

_NAMED = _DEFINING | {"ServiceAccount", "Secret", "Namespace"}


@dataclass(frozen=True, slots=True)
class _Uncertain:
    """The objects that hold placeholders, by the names they are called by; and whether one of them may be called anything."""

    by_name: dict[str, tuple[Manifest, ...]]
    any_name: bool


def hangs_on_another(index: Index, manifest: Manifest, rule: str, message: str) -> bool:
    """Whether a message about an object names another that holds placeholders, or reports as absent what one may turn out to be.

    An object whose file names no namespace may turn out to be in any, so it is no absence where it has the name.
    """
    uncertain = index.derived(_uncertain)
    absence = rule in _OF_ABSENCE
    if uncertain.any_name and absence:
        return True
    words = frozenset(re.findall(r"[\w*-]+", message))
    if any(found is not manifest for word in words for found in uncertain.by_name.get(word, ())):
        return True
    return absence and _absent_for_its_place_alone(index, manifest, words)


def _absent_for_its_place_alone(index: Index, manifest: Manifest, words: frozenset[str]) -> bool:
    """Whether something of one of these names is there, and either it or the object names no namespace while the other does."""
    called = index.derived(_called)
    placed = manifest.namespace is not None
    return any(
        (found.namespace is not None) != placed for word in words - {manifest.name} for found in called.get(word, ())
    ) or any(
        (found.namespace is not None) != placed and found.kind in _DEFINING and found.kind != manifest.kind
        for found in (called.get(manifest.name, ()) if manifest.name in words else ())
    )


def _called(index: Index) -> Mapping[str, list[Manifest]]:
    found: dict[str, list[Manifest]] = {}
    for manifest in index.manifests:
        if manifest.kind in _DEFINING:
            for name in _names(manifest):
                found.setdefault(name.partition(".")[0], []).append(manifest)
    return found


def _uncertain(index: Index) -> _Uncertain:
    by_name: dict[str, tuple[Manifest, ...]] = {}
    any_name = False
    for manifest in index.manifests:
        if manifest.kind in _NAMED:
            any_name = any_name or any(map(has_placeholder, _found_by(manifest)))
        if manifest.kind in _DEFINING and holds_placeholder(manifest.value):
            _add(by_name, manifest)
    for workload in index.workloads:
        ports = [container.value.get("ports") for container in workload.containers]
        if holds_placeholder([workload.labels, ports]):
            _add(by_name, workload.manifest)
    return _Uncertain(by_name, any_name)


def _add(by_name: dict[str, tuple[Manifest, ...]], manifest: Manifest) -> None:
    for name in _names(manifest):
        first = name.partition(".")[0]
        by_name[first] = (*by_name.get(first, ()), manifest)


def _found_by(manifest: Manifest) -> Iterator[str]:
    """What decides which name an object is looked for by."""
    yield manifest.name
    yield manifest.namespace or ""
    yield text(manifest.spec.get("host"))
    if manifest.kind == "ServiceEntry":
        yield from texts(manifest.spec.get("hosts"))


def _names(manifest: Manifest) -> Iterator[str]:
    """What other objects call this one: its name and its hosts."""
    yield manifest.name
    yield text(manifest.spec.get("host"))
    yield from texts(manifest.spec.get("hosts"))
