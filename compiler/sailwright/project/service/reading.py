"""One service file: judged by the schema, resolved for every environment and cluster, checked, and all its findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from sailwright.diagnostics.finding import Finding, Path, value_at
from sailwright.diagnostics.merge import merge_environments
from sailwright.diagnostics.problem import Problem
from sailwright.project.schema.judge import problems
from sailwright.project.service.build_service import build_service
from sailwright.project.service.cascades import is_core, is_misnamed, manifest_for_service, with_distinct_versions
from sailwright.project.service.model import Service
from sailwright.project.service.overlay import Traced, plain, underlay
from sailwright.project.service.resolve import Target, no_effect_keys, overlaid, resolve
from sailwright.project.service.trace import LaterTrace, Places, Spot, Trace
from sailwright.runtime.records import dataclass, replace
from sailwright.source.source import Document

SCHEMA_RULE = "service-schema"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a service file says: a Service for each target it is enabled in, and what is wrong with it.

    With an error among the findings some services are missing or lack their faulty sections: nothing may be rendered.
    """

    document: Document
    services: tuple[Service, ...]
    findings: tuple[Finding, ...]


def read_service(
    document: Document,
    targets: Sequence[Target] = (Target(),),
    defaults: Traced | None = None,
    environments: Mapping[str, Iterable[str]] | None = None,
) -> Reading:
    """Read one document for the given targets.

    `defaults` are those of the project file; `environments` are the declared ones with their clusters, None where there is no
    project file and any name goes.
    """
    tree, spot = document.value, Spot(document)
    if not isinstance(tree, dict):
        problem = Problem((), "expected a map with `apiVersion`, `name` and what the service needs")
        return Reading(document, (), (spot.finding(problem, SCHEMA_RULE),))
    if manifest := manifest_for_service(tree):
        return Reading(document, (), (spot.below(*manifest.path).finding(manifest, SCHEMA_RULE),))
    clean = plain(tree) and (not defaults or plain(defaults.value))
    alone = clean and not defaults and not tree.get("environments")
    wrong = _wrong(tree, complete=alone)
    findings = [spot.below(*problem.path).finding(problem, SCHEMA_RULE) for problem in wrong]
    if environments is not None:
        findings += _strangers(tree.get("environments"), environments, spot.below("environments"))
    sound = _without(tree, wrong)
    services: list[Service] = []
    if sound is not None:
        own = Traced(sound, Trace(document))
        base = underlay(defaults, own) if defaults else own
        findings += [] if clean else no_effect_keys(own, defaults.value if defaults else ())
        served: dict[Target, tuple[Service | None, list[Finding]]] = {}
        for target in targets:
            layers = overlaid(sound, target)
            known = served.get(layers)
            if known is None:
                tree_of = resolve(base, target, clean=clean)
                known = served[layers] = _serve(document, tree_of, target, judged=alone, inherits=defaults is not None)
            service, found = known
            services += [_of(target, service)] if service else []
            findings += [_in(target, finding) for finding in found]
    return Reading(document, tuple(services), merge_environments(findings))


def _wrong(tree: Any, *, complete: bool = True) -> tuple[Problem, ...]:
    """What the schema refuses, with what to write instead where that is known."""
    found = problems("service", tree, complete=complete)
    if not found:
        return ()
    from sailwright.project.service.key_hints import reworded

    return reworded(found, tree)


def _without(tree: Mapping[str, Any], wrong: Sequence[Problem]) -> Mapping[str, Any] | None:
    """The tree without its faulty parts, so that the rest can be judged in the same run; None where nothing can be.

    Of an unknown key that no other key explains, the key goes; of another problem the whole section. So it does where the key was
    all that an item of a list held.
    """
    if not wrong:
        return tree
    from copy import deepcopy

    from sailwright.diagnostics.schema_error import UNKNOWN

    sound: Any = deepcopy(tree)
    for problem in wrong:
        alone = problem.rule == UNKNOWN and not is_misnamed(problem, tree)
        if not problem.path or (not alone and is_core(problem)):
            return None
        _take_out(sound, problem.path if alone else problem.path[:1])
        *around, _ = problem.path
        if alone and around and isinstance(around[-1], int) and value_at(sound, tuple(around)) == {}:
            if is_core(problem):
                return None
            _take_out(sound, problem.path[:1])
    return sound  # type: ignore[no-any-return]


def _take_out(tree: Any, path: Path) -> None:
    for key in path[:-1]:
        if isinstance(tree, dict) and key not in tree:
            return
        tree = tree[key]
    tree.pop(path[-1], None)


def _serve(
    document: Document, resolved: tuple[Traced, list[Finding]], target: Target, *, judged: bool, inherits: bool
) -> tuple[Service | None, list[Finding]]:
    """The service of a resolved tree, where it is enabled and sound, and everything that is wrong with it."""
    from sailwright.project.service.checks.every_check import check

    tree, blamed = resolved
    if not tree.value.get("enabled", True):
        return None, blamed
    wrong = () if judged else _wrong(tree.value)
    if wrong:
        return None, [*blamed, *(tree.trace.find(each.path).finding(each, SCHEMA_RULE) for each in wrong)]
    service = _fitting(document, tree, target, inherits=inherits)
    found = [service.written(problem.path).finding(problem) for problem in check(service)]
    if any(each.rule == "weights-overlay" for each in blamed):  # that is why they do not sum to 100
        found = [each for each in found if each.rule != "weights-sum"]
    return with_distinct_versions(service), [*blamed, *found]


def _of(target: Target, service: Service) -> Service:
    """The service of a target that has what another one has."""
    if service.environment == target.environment and service.cluster == target.cluster:
        return service
    return replace(service, environment=target.environment, cluster=target.cluster)


def _fitting(document: Document, tree: Traced, target: Target, *, inherits: bool) -> Service:
    """The service of a target's resolved tree, without defaults of the project that do not fit it."""
    service = build_service(document, tree.value, tree.trace, target)
    if not inherits:
        return service
    from sailwright.project.service.fitting_defaults import without_foreign_defaults

    fitting = without_foreign_defaults(tree, service, document)
    return service if fitting is tree else build_service(document, fitting.value, fitting.trace, target)


Trees = Mapping[tuple[int, int], Mapping[str, Any]]
"""The resolved trees of the services of a file, by the index of the document and the number of the target."""


def read_again(
    document: Document, targets: Sequence[Target], defaults: Traced | None = None, trees: Trees | None = None
) -> Reading:
    """As `read_service`, of a document in which that has found nothing wrong: nothing is looked for again.

    With the `trees` that were resolved then, places in the document are only looked for when somebody asks for one.
    """
    if trees is None:
        return Reading(document, _resolved_again(document, targets, defaults), ())
    made: dict[int, Service] = {}
    services: list[Service] = []
    for number, target in enumerate(targets):
        tree = trees.get((document.index, number))
        if tree is not None:
            service = made.get(id(tree))
            if service is None:
                trace = LaterTrace(partial(_trace_of, document, target, defaults))
                service = made[id(tree)] = with_distinct_versions(build_service(document, tree, trace, target))
            services.append(_of(target, service))
    return Reading(document, tuple(services), ())


def _trace_of(document: Document, target: Target, defaults: Traced | None) -> Places:
    return _resolved_again(document, (target,), defaults)[0].trace


def _resolved_again(document: Document, targets: Sequence[Target], defaults: Traced | None) -> tuple[Service, ...]:
    clean = plain(document.value) and (not defaults or plain(defaults.value))
    own = Traced(document.value, Trace(document))
    base = underlay(defaults, own) if defaults else own
    made: dict[Target, Service | None] = {}
    services: list[Service] = []
    for target in targets:
        layers = overlaid(document.value, target)
        if layers not in made:
            tree, _ = resolve(base, target, clean=clean)
            made[layers] = None
            if tree.value.get("enabled", True):
                made[layers] = with_distinct_versions(_fitting(document, tree, target, inherits=defaults is not None))
        if (service := made[layers]) is not None:
            services.append(_of(target, service))
    return tuple(services)


def _strangers(overlays: Any, known: Mapping[str, Iterable[str]], spot: Spot) -> list[Finding]:
    """Environments and clusters that the project file does not declare."""
    if not isinstance(overlays, dict):
        return []
    found = [_stranger("environment", name, known, spot.below(name)) for name in overlays if name not in known]
    for name, value in overlays.items():
        clusters = value.get("clusters") if isinstance(value, dict) else None
        if name in known and isinstance(clusters, dict):
            at = spot.below(name, "clusters")
            found += [
                _stranger("cluster", cluster, known[name], at.below(cluster))
                for cluster in clusters
                if cluster not in known[name]
            ]
    return found


def _stranger(what: str, name: str, known: Iterable[str], spot: Spot) -> Finding:
    from sailwright.diagnostics.suggestions import did_you_mean, listed

    declared = list(known)
    remedy = did_you_mean(name, declared) or (f"declared: {listed(declared)}" if declared else f"it declares no {what}")
    message = f"sailwright.yaml knows no {what} `{name}`"
    return Finding(f"{what}-unknown", "error", message, spot.location(key=True), remedy, path=spot.path)


def _in(target: Target, finding: Finding) -> Finding:
    return replace(finding, environments=(target.environment,)) if target.environment else finding
