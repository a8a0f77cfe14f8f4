"""The services that a change of some is linked to on either side of it, by what is kept of who is linked to whom (see `linked_worlds`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.linked.around import states_of
from sailwright.commands.linked.worlds import MOST, PART, known_links
from sailwright.commands.lint.links import links_of
from sailwright.lint.link_table import LinkTable, table_of
from sailwright.lint.linked_nodes import Linked
from sailwright.lint.links import Links, Places, add_links
from sailwright.lint.new_links import table_with, unanswered_of
from sailwright.source.manifest import manifests

if TYPE_CHECKING:
    from sailwright.source.source import Source
    from sailwright.workspace.kept_rendering import KeptRendering, Part

Side = tuple[Mapping[str, str], Callable[[frozenset[str]], Mapping[str, bytes] | None]]
"""One side of a comparison: the digests of what is rendered of its services, and what gives that."""


def linked_services(
    table: LinkTable, first: Iterable[str], more: Iterable[tuple[str, str]] = ()
) -> frozenset[str] | None:
    """The services that these are linked to, over however many others; None where these are many. `more` are linked besides."""
    numbers, edges, some = table.numbers(), dict(table.edges), frozenset(first)
    if not some <= numbers.keys():
        return None
    for one, other in more:
        if one in numbers and other in numbers:
            edges[numbers[one]] = (*edges.get(numbers[one], ()), numbers[other])
    found = Linked(edges).component(map(numbers.__getitem__, some), min(MOST, len(numbers) // PART))
    return table.services(found) if found is not None else None


def links_of_both(
    kept: KeptRendering, part: Part, sides: Sequence[Side], by_hand: Sequence[Mapping[str, Source]]
) -> LinkTable | None:
    """Who is linked to whom on either side; None where that is not known. `by_hand` are the hand-written files of each, on disk first:
    those that are others on one of them than when links were kept are nodes of the table.
    """
    known = known_links(kept, part, by_hand[0])
    if known is None:
        return None
    places, changed = [Places(*each) for each in known["places"]], []
    for digests, load in sides:
        packed = load(frozenset(path for path, each in digests.items() if known["services"].get(path) != each))
        if packed is None:
            return None
        changed += [(path, links_of(data, places)) for path, data in packed.items()]
    others = {path for written in by_hand for path, _ in states_of(written).items() ^ known["written"].items()}
    changed += [
        (path, _links_of_file(written[path], places)) for written in by_hand for path in others & written.keys()
    ]
    return table_with(table_of(known["table"]), unanswered_of(known["unanswered"]), changed)


def _links_of_file(source: Source, places: Sequence[Places]) -> Links:
    links = Links()
    for manifest in manifests(source):
        for place in places:
            add_links(links, manifest.value, place)
    return links
