"""Who is linked to services that have changed, come or gone, by what is kept of who was linked to whom: see `lint.links`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sailwright.commands.lint.change import Change
from sailwright.commands.lint.links import keep_linked, links_of, packed_unanswered, table_kept, unanswered_kept
from sailwright.commands.lint.units import places_of
from sailwright.lint.link_table import LinkTable
from sailwright.lint.linked_nodes import Linked
from sailwright.lint.links import Links, link
from sailwright.lint.new_links import Unanswered, asking_now, table_with, unanswered_with
from sailwright.runtime.records import dataclass, replace

_MOST: Final = 500
"""Services that are linked to each other, and are judged by themselves."""
_PART: Final = 2
"""Of so many services one: of more, all are judged."""
_GONE: Final = ""
_MANY: Final = 2
"""Nodes for each service, of which more are gone than a table is to hold."""


@dataclass(frozen=True, slots=True)
class LinkedServices:
    """The services that have changed and those that they are or were linked to, with hand-written files among them (`paths`). Those that are to be
    judged again are all of them, or where very many are linked those that are near.

    `same_offers`: they offer others what they did. `asked` is what they ask for that they did not. `table` and `unanswered` are to be kept,
    None where they are what they were.
    """

    paths: frozenset[str]
    judged: frozenset[str]
    same_offers: bool
    asked: frozenset[int]
    table: LinkTable
    unanswered: Unanswered
    changed: bool

    def keep(self, change: Change) -> dict[str, Any]:
        """Keep who is linked to whom now; what to know of it."""
        last = change.last
        if not self.changed:
            return {}
        return keep_linked(last.store, last.name, self.table, packed_unanswered(self.unanswered))


def linked_services(change: Change, former: Mapping[str, bytes]) -> LinkedServices | None:
    """The services that are linked to the changed ones, whose `former` rendering this is.

    None where too many are.
    """
    last, known, current = change.last, change.last.known, change.part.packed
    table = table_kept(last.store, last.name, known["links"])
    vain = unanswered_kept(last.store, last.name, known["unanswered"])
    if table is None or vain is None or not former.keys() <= table.numbers().keys():
        return None
    places = tuple(map(places_of, change.worlds))
    old, new = ({path: links_of(data, places) for path, data in some.items()} for some in (former, current))
    both = table_with(table, vain, new.items())
    if both is None:
        return None
    numbers = both.numbers()
    first = {*map(numbers.__getitem__, {*old, *new})}
    for namespace in change.namespaces:
        asked = link(f"n:{namespace}")
        if asked in vain.crowds:
            return None
        first |= {*vain.asking(asked), *table.owning(asked)}
    written = {number for number, path in enumerate(both.nodes) if path not in known["services"]}
    found = Linked(both.edges).to_judge(first, written, min(_MOST, len(numbers) // _PART + 1))
    if found is None or len(both.nodes) > _MANY * len(numbers):
        return None
    judged, linked = found
    now = asking_now(both, new.items())
    gone = {numbers[path] for path in change.part.change.gone & numbers.keys()}
    if gone:
        now = replace(now, nodes=[_GONE if number in gone else path for number, path in enumerate(now.nodes)])
    unanswered = unanswered_with(vain, now, new.items())
    nothing = Links()
    return LinkedServices(
        both.services(linked),
        both.services(judged),
        old.keys() == new.keys() and all(old[path].offered == each.offered for path, each in new.items()),
        frozenset(link for path, each in new.items() for link in each.asked - old.get(path, nothing).asked),
        now,
        unanswered,
        now != table or unanswered is not vain,
    )
