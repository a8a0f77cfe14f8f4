"""What there is to know of the mesh of a base (see `kept_graphs`), found namespace by namespace: no process holds all of its objects."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sailwright.commands.diff.call_graph import CallGraph, CallGraphs, Declared, Sight, in_order, packed_calls
from sailwright.commands.diff.compared_callers import plain_caller
from sailwright.commands.diff.divisible import divisible
from sailwright.commands.diff.kept_graphs import KeptGraphs, last_graphs
from sailwright.commands.diff.missing_hosts import ServiceFiles, service_files, together
from sailwright.commands.linked.around import Around
from sailwright.commands.portions.mesh import KeptServices
from sailwright.lint.linked_nodes import components
from sailwright.lint.settings import ANNOTATION
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.runtime.memory import one_at_a_time
from sailwright.runtime.process_pool import processors, results_of
from sailwright.runtime.records import dataclass, replace
from sailwright.workspace.commit_change import CommitServices
from sailwright.workspace.kept_commit import last_commit
from sailwright.workspace.packed_services import packed_objects

_AT_ONCE: Final = 200
"""Services that are looked at together, with all others of their namespaces."""
_MOST: Final = 1_000
"""Services of namespaces that share files: of more, the whole mesh is loaded."""


def packed_at_base(services: KeptServices, at_base: CommitServices, paths: Iterable[str]) -> dict[str, bytes]:
    """What is rendered of some services of the base."""
    wanted = list(paths)
    found = services.packed(path for path in wanted if path not in at_base.packed)
    return found | {path: at_base.packed[path] for path in wanted if path in at_base.packed}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen of some services: what they say of their calls in each cluster, and the rest as KeptGraphs has it."""

    declared: Mapping[Sight, Mapping[str, Declared]]
    annotated: bool
    plain: Sequence[Caller | None]
    divisible: bool
    files: Sequence[ServiceFiles]


def whole_mesh(services: KeptServices, at_base: CommitServices, around: Around) -> KeptGraphs | None:
    """What there is to know of the mesh of the base; None where too many services share a namespace. `around` is that of the services."""
    portions = _portions(services, at_base)
    seen = _look_at(services, at_base, portions) if portions is not None else None
    if seen is None:
        return None
    return KeptGraphs(
        _sorted(pairs for each in seen for pairs in each.declared.items()),
        around.written,
        any(each.annotated for each in seen),
        [next(filter(None, found), None) for found in zip(*(each.plain for each in seen), strict=True)],
        all(each.divisible for each in seen),
        [together(found) for found in zip(*(each.files for each in seen), strict=True)],
        complete=False,
        around=around.others,
    )


def renewed_mesh(
    services: KeptServices, at_base: CommitServices, around: Around, digests: Mapping[str, str]
) -> KeptGraphs | None:
    """The same from what is known of the last base: only namespaces with services that differ are looked at. None where that is no way."""
    store, name = services.kept.store, services.kept.name
    former, commit = last_graphs(store, name), last_commit(store, name)
    if former is None or commit is None or former.tree != commit.tree or former.complete or former.annotated:
        return None
    if (former.around, former.manifests) != (around.others, around.written) or not former.divisible:
        return None
    changed = frozenset(path for path, _ in digests.items() ^ commit.digests.items())
    packed = commit.packed(changed & commit.digests.keys())
    portions = _portions(services, at_base)
    if packed is None or portions is None:
        return None
    left = {name for data in packed.values() for name in _namespaces(data)}
    portions = [each for each in portions if not changed.isdisjoint(each[0]) or not left.isdisjoint(each[1])]
    paths = changed.union(*(own for own, _ in portions))
    within = left.union(*(names for _, names in portions))
    seen = _look_at(services, at_base, portions)
    plain = [each if each and each.namespace not in within else None for each in former.plain]
    found = [next(filter(None, (plain[at], *(each.plain[at] for each in seen))), None) for at in range(len(plain))]
    if any(now is None and before is not None for now, before in zip(found, former.plain, strict=True)):
        return None  # there may be another elsewhere
    others = (
        (sight, {key: each for key, each in graph.services.items() if key.partition("/")[0] not in within})
        for sight, graph in former.graphs.items()
    )
    return replace(
        former,
        graphs=_sorted((*others, *(pairs for each in seen for pairs in each.declared.items()))),
        annotated=any(each.annotated for each in seen),
        plain=found,
        divisible=all(each.divisible for each in seen),
        files=[
            together((together([files], but_for=paths), *(each.files[at] for each in seen)))
            for at, files in enumerate(former.files)
        ],
    )


def _look_at(services: KeptServices, at_base: CommitServices, portions: Sequence[_Portion]) -> list[_Seen]:
    jobs = min(processors(), len(portions)) or 1

    def share(job: int) -> list[_Seen]:
        return [_look(services, at_base, *each) for each in one_at_a_time(portions[job::jobs])]

    return [each for part in results_of(range(jobs), share) for each in part]


def _sorted(found: Iterable[tuple[Sight, Mapping[str, Declared]]]) -> CallGraphs:
    """The graphs of clusters by parts of these, services in the order of a world."""
    graphs: dict[Sight, dict[str, Declared]] = {}
    for sight, services in found:
        graphs.setdefault(sight, {}).update(services)
    return {sight: CallGraph(in_order(each), ()) for sight, each in graphs.items()}


_Portion = tuple[list[str], frozenset[str]]
"""Some services, and the namespaces of which these are all."""


def _portions(services: KeptServices, at_base: CommitServices) -> list[_Portion] | None:
    """All services of the base; None where too many share a namespace."""
    places = {
        path: frozenset(key.partition("/")[0] for _, key, *_ in record.exports)
        for path, record in services.part.change.index.each()
        if path not in at_base.gone
    }
    places |= {path: frozenset(_namespaces(data)) for path, data in at_base.packed.items()}
    names = sorted({name for each in places.values() for name in each})
    numbers, paths = {name: number for number, name in enumerate(names)}, list(places)
    edges = {len(names) + at: tuple(numbers[name] for name in places[path]) for at, path in enumerate(paths)}
    portions: list[_Portion] = []
    for group in components(edges, len(names) + len(paths)):
        own = [paths[each - len(names)] for each in group if each >= len(names)]
        if len(own) > _MOST:
            return None
        within = frozenset(names[each] for each in group if each < len(names))
        if portions and len(portions[-1][0]) + len(own) <= _AT_ONCE:
            portions[-1] = [*portions[-1][0], *own], portions[-1][1] | within
        else:
            portions.append((own, within))
    unnamed = {place for world in services.around.worlds for each in world.manifests if (place := each.namespace)}
    return [*portions, ([], frozenset(unnamed - {*names} | {"default"} - {*names}))]


def _namespaces(data: bytes) -> Iterator[str]:
    files, _ = marshal.loads(data)  # noqa: S302  # what `pack` made
    return (namespace for _, (namespace, _), *_ in files)


def _files(data: bytes, number: int) -> Iterator[str]:
    files, _ = marshal.loads(data)  # noqa: S302  # what `pack` made
    return (path for where, _, path, *_ in files if where == number)


def _look(services: KeptServices, at_base: CommitServices, paths: Sequence[str], within: frozenset[str]) -> _Seen:
    compilation = services.part.compilation
    packed, output = packed_at_base(services, at_base, paths), compilation.project.output.path
    annotated, alone = False, True
    plain: list[Caller | None] = []
    files: list[ServiceFiles] = []
    for number, around in enumerate(services.around.worlds):
        rendered = {f"{output}/{path}": source for source, data in packed.items() for path in _files(data, number)}
        own = tuple(packed_objects(packed, number, output))
        world = replace(around, manifests=(*own, *around.manifests), siblings=())
        annotated = annotated or any(ANNOTATION in each.annotations for each in world.manifests)
        plain.append(plain_caller(world.index, within))
        alone = alone and divisible(world, rendered)
        files.append(service_files(world.index, rendered))
        world.index.forget()
    return _Seen(packed_calls(compilation, packed), annotated, plain, alone, files)
