"""The part of both sides of a comparison that a change of services can reach: what it is linked to in either, over any number of others.

Nothing else has a part in what becomes of the calls (see `divisible`), so the part is compared in the place of both meshes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.commands.diff.call_graph import packed_calls
from sailwright.commands.diff.compared_callers import plain_caller
from sailwright.commands.diff.divisible import changes_alone, divisible
from sailwright.commands.linked.services import links_of_both
from sailwright.commands.lint.units import rendered_from_services
from sailwright.lint.settings import ANNOTATION
from sailwright.route.classes.representative_callers import ELSEWHERE
from sailwright.workspace.parallel import with_packed
from sailwright.workspace.service_change import namespaces_after
from sailwright.workspace.worlds import absent_by_records, build_worlds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sailwright.commands.diff.kept_sides import KeptSides
    from sailwright.mesh.world import World
    from sailwright.workspace.selection import WorldSet


def linked_sides(sides: KeptSides) -> tuple[World, ...] | None:
    """The part of the worlds on disk that the changed services are linked to, each with its twin at the base.

    None where more may have a part in the answer. May raise LostRow.
    """
    if not sides.services:
        return ()
    if not sides.graphs.divisible:
        return None
    both = (sides.digests, sides.after), (sides.base.digests, sides.before)
    links = links_of_both(sides.kept, sides.part, sides.written, both)
    if links is None:
        return None
    linked = links.services(sides.services, () if sides.graphs.complete else _declared(sides))
    if linked is None:
        return None
    new, old = sides.after(linked | _web_services(sides)), sides.before(linked & sides.services)
    if new is None or old is None:
        return None
    if any(name.startswith(ELSEWHERE) for found in _inhabited(sides).values() for name in found):
        return None  # a caller from a namespace of this name stands for all others
    absent = absent_by_records(sides.part.compilation, (record for _, record in sides.part.each_record()))
    after, before = (_worlds(sides, packed, absent) for packed in (new, new | old))
    pairs = []
    for world, twin, plain in zip(after.worlds, before.worlds, sides.graphs.plain, strict=True):
        for side in (world, twin):
            side.index.know(plain_caller, plain)
        if not divisible(world, rendered_from_services(after)) or not changes_alone(twin, world):
            return None
        if any(ANNOTATION in each.annotations for each in world.manifests):
            return None  # what suppresses findings anew is looked for among all objects
        pairs.append(world.beside(twin))
    return tuple(pairs)


def _web_services(sides: KeptSides) -> frozenset[str]:
    """A service for each cluster by which sidecars route HTTP on port 80, the same on both sides: the one port for hosts of no service."""
    first = (next((path for path in each if path not in sides.services), None) for each in sides.graphs.web)
    return frozenset(filter(None, first))


def _worlds(sides: KeptSides, packed: Mapping[str, bytes], absent: Sequence[frozenset[str]]) -> WorldSet:
    """Worlds with these services, as they are rendered on one of the sides. `absent` are the hosts that are absent in each cluster."""
    compilation = sides.part.compilation
    nothing = dict.fromkeys(compilation.targets, ())
    rendered = with_packed(compilation, nothing, packed, (), None, _inhabited(sides))
    return build_worlds(rendered, sides.written, absent)


def _inhabited(sides: KeptSides) -> Mapping[int, set[str]]:
    """The namespaces of all services in each cluster, by its number."""
    return namespaces_after(sides.part.change, sides.part.records)


def _declared(sides: KeptSides) -> Iterator[tuple[str, str]]:
    """The service files of callers and callees, as `accessPolicy` names them on either side: it need not lead to any object.

    Those of a service that is enabled nowhere on disk are left out: the whole meshes are asked of such a change (see `kept_comparison`).
    """
    now = packed_calls(sides.part.compilation, sides.after(sides.services) or {})
    services = (*(each.services for each in sides.graphs.graphs.values()), *now.values())
    calls = {
        (key, other) for found in services for key, each in found.items() for other in (*each.callees, *each.callers)
    }
    if calls:
        paths = {key: path for path, record in sides.part.each_record() for _, key, *_ in record.exports}
        yield from ((paths[key], paths[other]) for key, other in sorted(calls) if key in paths and other in paths)
