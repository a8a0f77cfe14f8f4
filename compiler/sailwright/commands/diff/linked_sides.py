"""The part of both sides of a comparison that a change can reach: what it is linked to in either, over any number of others.

Nothing else has a part in what becomes of the calls (see `divisible`), but for some services that are asked about hosts which one side
does not have (see `missing_hosts`). So the part is compared in the place of both meshes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.commands.diff.call_graph import packed_calls
from sailwright.commands.diff.compared_callers import plain_caller
from sailwright.commands.diff.divisible import changes_alone, divisible, hosts_to_compare
from sailwright.commands.diff.kept_sides import compilation_of
from sailwright.commands.diff.missing_hosts import near_names, needed_users, ports_in_question
from sailwright.commands.linked.services import linked_services, links_of_both
from sailwright.commands.lint.units import rendered_from_services
from sailwright.lint.settings import ANNOTATION
from sailwright.route.classes.representative_callers import ELSEWHERE
from sailwright.runtime.records import dataclass
from sailwright.workspace.parallel import with_packed
from sailwright.workspace.selection import WorldSet
from sailwright.workspace.service_change import namespaces_after
from sailwright.workspace.worlds import build_worlds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sailwright.commands.diff.both_records import BothRecords
    from sailwright.commands.diff.kept_sides import KeptSides
    from sailwright.mesh.world import World


def linked_sides(sides: KeptSides, records: BothRecords) -> tuple[World, ...] | None:
    """The part of the worlds on disk that the changed services are linked to, each with its twin at the base.

    None where more may have a part in the answer. May raise LostRow.
    """
    if not sides.services and not sides.by_hand:
        return ()
    if not sides.graphs.divisible or any(name.startswith(ELSEWHERE) for name in records.namespaces()):
        return None  # a caller from a namespace of this name stands for all others
    both = (sides.digests, sides.after), (sides.base.digests, sides.before)
    table = links_of_both(sides.kept, sides.part, both, (sides.written, sides.former))
    if table is None:
        return None
    first = sides.services | sides.by_hand
    linked = linked_services(table, first, () if sides.graphs.complete else _declared(sides, records))
    found = _worlds(sides, records, linked) if linked is not None else None
    if linked is None or found is None:
        return None
    asked = _beside(sides, records, found)
    if asked is None:
        return None
    beside, complete = asked
    if not beside <= linked:
        found = _worlds(sides, records, linked | beside)
    return _paired(sides, found, complete) if found is not None else None


@dataclass(frozen=True, slots=True)
class _Both:
    """The worlds on disk and at the base, and for each cluster the hosts to compare."""

    after: WorldSet
    before: WorldSet
    hosts: Sequence[frozenset[str]]

    def clusters(self) -> Iterator[tuple[World, World, frozenset[str]]]:
        """The world of each cluster on disk, its twin at the base, and the hosts to compare."""
        yield from zip(self.after.worlds, self.before.worlds, self.hosts, strict=True)


def _paired(sides: KeptSides, found: _Both, complete: Sequence[frozenset[int]]) -> tuple[World, ...] | None:
    """The worlds on disk with their twins, where they are all that matters; `complete` are ports of which all services are in them."""
    services = rendered_from_services(found.after) | rendered_from_services(found.before)
    pairs = []
    for (world, twin, hosts), plain, ports in zip(found.clusters(), sides.graphs.plain, complete, strict=True):
        for side in (world, twin):
            side.index.know(plain_caller, plain)
        if not divisible(world, services) or not changes_alone(twin, world, hosts, ports, services):
            return None
        if any(ANNOTATION in each.annotations for each in world.manifests):
            return None  # what suppresses findings anew is looked for among all objects
        pairs.append(world.beside(twin))
    return tuple(pairs)


def _beside(sides: KeptSides, records: BothRecords, found: _Both) -> tuple[frozenset[str], list[frozenset[int]]] | None:
    """The services that no link leads to, and that are asked about hosts which one of the sides does not have; and for each cluster the
    ports of which all services are among them. None where it is not known which services are asked.
    """
    needed: set[str] = set()
    near: set[tuple[str, str]] = set()
    complete = []
    for (world, twin, hosts), files in zip(found.clusters(), sides.graphs.files, strict=True):
        here = near_names(twin, world, hosts)
        if here:
            if files.several is None:
                return None
            needed |= {*files.several} - sides.services
            near |= here
        users, ports = needed_users(files.by_port, ports_in_question(twin, world, hosts), sides.services)
        needed |= users
        complete.append(ports)
    return frozenset(needed) | records.called(near), complete


def _worlds(sides: KeptSides, records: BothRecords, paths: frozenset[str]) -> _Both | None:
    """The worlds of these services alone, on disk and at the base; None where some are not there."""
    new, old = sides.after(paths), sides.before(paths & sides.services)
    if new is None or old is None:
        return None
    old |= {path: each for path, each in new.items() if path not in sides.services}
    here = sides.part.compilation
    there = compilation_of(sides.part, sides.there)
    inhabited = namespaces_after(sides.part.change, sides.part.records)
    nothing = dict.fromkeys(here.targets, ())
    before, after = (
        build_worlds(with_packed(compilation, nothing, packed, (), None, inhabited), written, absent)
        for compilation, packed, written, absent in zip(
            (there, here), (old, new), (sides.former, sides.written), records.absent, strict=True
        )
    )
    pairs = zip(before.worlds, after.worlds, strict=True)
    return _Both(after, before, [hosts_to_compare(twin, world) for twin, world in pairs])


def _declared(sides: KeptSides, records: BothRecords) -> Iterator[tuple[str, str]]:
    """The service files of callers and callees, as `accessPolicy` names them on either side: it need not lead to any object."""
    now = packed_calls(sides.part.compilation, sides.after(sides.services) or {})
    services = (*(each.services for each in sides.graphs.graphs.values()), *now.values())
    calls = {
        (key, other) for found in services for key, each in found.items() for other in (*each.callees, *each.callers)
    }
    if calls:
        paths = records.paths()
        yield from ((paths[key], paths[other]) for key, other in sorted(calls) if key in paths and other in paths)
