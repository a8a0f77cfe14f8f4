"""A diff from what is kept of both sides: only the services and manifests by hand that are not the same on both are read.

Of a change that no request can notice (see `container_changes`) neither world is built, of any other the part that it can reach (see
`linked_sides`). Whatever is not certain here is left to a comparison of the two worlds: another file (sailwright.yaml, a template), other
objects of the project around the services (Namespaces, waypoints, its own Gateway), anything that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.diff.base import changed_files
from sailwright.commands.diff.blast_radius import blast_radius
from sailwright.commands.diff.both_records import BothRecords
from sailwright.commands.diff.call_graph import CallGraph, CallGraphs, declared, depending, in_order
from sailwright.commands.diff.changes import Seen
from sailwright.commands.diff.container_changes import same_for_requests
from sailwright.commands.diff.diff import Diff, Side, service_changes, touched
from sailwright.commands.diff.kept_sides import KeptSides, kept_sides
from sailwright.diagnostics.finding import any_error
from sailwright.project.services import Services, read_services
from sailwright.runtime.table import LostRow
from sailwright.source.files.checkout import Disk
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project
from sailwright.workspace.parallel import is_large
from sailwright.workspace.recording import exported_records
from sailwright.workspace.service_change import namespaces_after

if TYPE_CHECKING:
    from sailwright.diagnostics.finding import Finding
    from sailwright.mesh.world import World
    from sailwright.runtime.cache import Cache
    from sailwright.source.source import Source


def kept_comparison(root: str, commit: str, environments: Sequence[str], cache: Cache) -> Diff | None:
    """What a pull request changes; None where that is not known without the whole of both meshes."""
    try:
        found = _comparison(root, commit, environments, cache)
        if found is None and _first_in_portions(root, commit, environments, cache):
            found = _comparison(root, commit, environments, cache)
        return found
    except LostRow:
        return None


def _first_in_portions(root: str, commit: str, environments: Sequence[str], cache: Cache) -> bool:
    """Whether it was found out some services at a time what the first comparison of a large project starts from."""
    loaded = load_project(Disk(root), environments)
    if isinstance(loaded, InvalidProject) or not is_large(loaded.project):
        return False
    from sailwright.commands.diff.first_comparison import keep_both_sides

    return keep_both_sides(root, commit, environments, cache)


def _comparison(root: str, commit: str, environments: Sequence[str], cache: Cache) -> Diff | None:
    sides = kept_sides(root, commit, environments, cache)
    if sides is None:
        return None
    there = sides.there
    before, after = (
        _read(there, sides.services & sides.base.digests.keys()),
        _read(sides.loaded, sides.services & sides.digests.keys()),
    )
    if any_error((*before.findings, *after.findings)):
        return None
    records = BothRecords(
        sides.part, *(exported_records(each.project, found) for each, found in ((there, before), (sides.loaded, after)))
    )
    if not records.same_around():
        return None
    unnoticed = _unnoticed(sides)
    part = () if unnoticed and sides.graphs.complete else _linked(sides, records)
    if part is None:
        return None
    old, new = _side(there, before), _side(sides.loaded, after)
    changes, traffic = service_changes(old, new), () if unnoticed else _traffic(part)
    graphs = _graphs(sides.graphs.graphs, old, new, part)
    return Diff(
        base=commit,
        changes=changes,
        traffic=traffic,
        touched=touched(changes, *graphs),
        files=changed_files(root, commit, sides.loaded.project.output.path),
        gate=_gate(sides, (*after.sources, *(sides.written[path] for path in sides.by_hand & sides.written.keys()))),
        blast_radius=blast_radius(changes, traffic, graphs),
    )


def _read(loaded: LoadedProject, paths: Iterable[str]) -> Services:
    return read_services(loaded.project, loaded.targets, sorted(paths))


def _linked(sides: KeptSides, records: BothRecords) -> tuple[World, ...] | None:
    from sailwright.commands.diff.linked_sides import linked_sides

    return linked_sides(sides, records)


def _traffic(part: Sequence[World]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    from sailwright.commands.diff.base_and_head import traffic_of

    return traffic_of(part)


def _unnoticed(sides: KeptSides) -> bool:
    """Whether no request can notice what is not the same of these services, and there is nothing else."""
    if sides.by_hand:
        return False
    old, new = sides.before(sides.services), sides.after(sides.services)
    if old is None or new is None or old.keys() != new.keys():
        return False
    return all(same_for_requests(old[path], new[path]) for path in sides.services)


def _side(loaded: LoadedProject, services: Services) -> Side:
    project = loaded.project
    return {
        (target.environment, target.cluster): {
            service.key: Seen(service, project.istio_for(target, service=service)) for service in found
        }
        for target, found in services.by_target.items()
    }


def _graphs(known: CallGraphs, old: Side, new: Side, part: Iterable[World]) -> tuple[CallGraphs, CallGraphs]:
    """The call graphs of both sides, as far as they matter.

    What depends on what is known of the whole base, or else of the part of the worlds that the change reaches; on disk of that part alone:
    elsewhere it is as in the base, and who looks for what a change reaches asks both sides.
    """
    worlds = {(world.environment, world.cluster): world for world in part}
    before, after = {}, {}
    for sight, graph in known.items():
        world = worlds.get(sight)
        others = {key: each for key, each in graph.services.items() if key not in old[sight]}
        ours = {key: declared(seen.service) for key, seen in new[sight].items()}
        base = depending(world.base.index) if world is not None and world.base is not None else ()
        before[sight] = CallGraph(graph.services, [*graph.dependents, *base])
        after[sight] = CallGraph(in_order(others | ours), depending(world.index) if world is not None else ())
    return before, after


def _gate(sides: KeptSides, sources: tuple[Source, ...]) -> tuple[Finding, ...]:
    """What changes in the settings that decide, and in the files that belong to them."""
    from sailwright.commands.check.gate import AtHand, base_changes

    # these are all the files that may suppress something anew: others are the same, and no object is annotated
    project, ref = sides.loaded.project, sides.commit.commit[:12]
    at_hand = AtHand(sides.commit.root, project.document, frozenset(_rendered_files(sides)), sources, ())
    return base_changes(at_hand, sides.there.project.document, sides.commit, ref)


def _rendered_files(sides: KeptSides) -> Iterator[str]:
    """The files that are written, relative to the project."""
    part, output = sides.part, sides.loaded.project.output.path
    yield from (f"{output}/{path}" for _, record in part.each_record() for path in record.outputs)
    namespaces = namespaces_after(part.change, part.records)
    for number, target in enumerate(part.compilation.targets):
        shared = part.compilation.renderings[target].shared(namespaces.get(number, set()))
        yield from (f"{output}/{file.path}" for file in shared)
