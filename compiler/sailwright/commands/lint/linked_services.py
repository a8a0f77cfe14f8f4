"""Who is linked to services that have changed, come or gone, by what is kept of who was linked to whom: see `lint.links`."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sailwright.commands.lint.change import Change
from sailwright.commands.lint.links import keep_linked, links_of, packed_unanswered, table_kept, unanswered_kept
from sailwright.commands.lint.units import places_of
from sailwright.lint.link_table import LinkTable, component
from sailwright.lint.links import Links, Places, add_links, naming
from sailwright.lint.new_links import Unanswered, asking_now, table_with, unanswered_with
from sailwright.runtime.records import dataclass, replace
from sailwright.source.untyped import get
from sailwright.workspace.service_change import namespaces_after

_MOST: Final = 500
"""Services that are linked to each other, and are judged by themselves."""
_NONE: Final = -1
_PART: Final = 2
"""Of so many services one: of more, all are judged."""
_GONE: Final = ""
_MANY: Final = 2
"""Nodes for each service, of which more are gone than a table is to hold."""


@dataclass(frozen=True, slots=True)
class LinkedServices:
    """The services that have changed and those that they are or were linked to, with hand-written files among them (`paths`).

    `same_offers`: they offer others what they did. `asked` is what they ask for that they did not. `table` and `unanswered` are to be kept,
    None where they are what they were.
    """

    paths: frozenset[str]
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

    None where too many are, and where what they name now is nobody's name.
    """
    last, known, current = change.last, change.last.known, change.part.packed
    table = table_kept(last.store, last.name, known["links"])
    vain = unanswered_kept(last.store, last.name, known["unanswered"])
    if table is None or vain is None or not former.keys() <= table.numbers().keys():
        return None
    places = tuple(map(places_of, change.worlds))
    old, new = ({path: links_of(data, places) for path, data in some.items()} for some in (former, current))
    both = table_with(table, vain, new.items())
    if both is None or not _all_known(change, frozenset(_new_names(former, current)), both, places):
        return None
    numbers = both.numbers()
    found = component(both.edges, (numbers[path] for path in {*old, *new}), min(_MOST, len(numbers) // _PART + 1))
    if found is None or len(both.nodes) > _MANY * len(numbers):
        return None
    now = asking_now(both, new.items())
    gone = {numbers[path] for path in change.part.change.gone & numbers.keys()}
    if gone:
        now = replace(now, nodes=[_GONE if number in gone else path for number, path in enumerate(now.nodes)])
    unanswered = unanswered_with(vain, now, new.items())
    nothing = Links()
    return LinkedServices(
        both.services(found),
        old.keys() == new.keys() and all(old[path].offered == each.offered for path, each in new.items()),
        frozenset(link for path, each in new.items() for link in each.asked - old.get(path, nothing).asked),
        now,
        unanswered,
        now != table or unanswered is not vain,
    )


Name = tuple[str, str, str]
"""The namespace of an object, the key below which it names others, and the text."""


def _new_names(former: Mapping[str, bytes], current: Mapping[str, bytes]) -> Iterator[Name]:
    for path, data in current.items():
        yield from _names(data) - (_names(former[path]) if path in former else frozenset())


def _all_known(change: Change, names: Iterable[Name], table: LinkTable, places: tuple[Places, ...]) -> bool:
    """Whether each of the names is that of some service in its namespace, or of something that is around the services."""
    inhabited = namespaces_after(change.part.change, change.part.records).values()
    asked = [
        naming(name, namespace, place).asked
        for namespace, key, name in names
        if name not in _RESERVED.get(key, ()) and not (key in _NAMESPACES and all(name in each for each in inhabited))
        for place in places
    ]
    missing = [each for each in asked if not table.offering(each, _NONE)]
    if not missing:
        return True
    around = Links()
    for world in change.around:
        for manifest in world.manifests:
            add_links(around, manifest.value, places_of(world))
    return not any(around.offered.isdisjoint(each) for each in missing)


def _names(data: bytes) -> frozenset[Name]:
    """The texts by which the objects of a service name others."""
    files, _ = marshal.loads(data)  # noqa: S302  # what `pack` made
    values = [value for *_, objects, _ in files for value, _, _ in objects]
    return frozenset(
        (str(get(value, "metadata", "namespace")), *each) for value in values for each in _named(value, "")
    )


def _named(value: Any, below: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, found in value.items():
            yield from _named(found, key if key in _NAMING else below)
    elif isinstance(value, list):
        for found in value:
            yield from _named(found, below)
    elif below and isinstance(value, str):
        yield below, value


_NAMING: Final = frozenset(
    (
        "host", "hosts", "gateways", "delegate", "targetRef", "targetRefs", "parentRefs", "backendRef", "backendRefs", "hostnames",
        "serviceAccountName", "principals", "serviceAccounts", "namespaces", "exportTo", "sourceNamespace", "credentialName", "network",
    )
)  # fmt: skip
"""Keys below which an object names others: of what is in no file, any name of the mesh may be the one that was meant."""

_RESERVED: Final[Mapping[str, tuple[str, ...]]] = {"gateways": ("mesh",), "exportTo": (".", "*", "~")}
"""What names no object, by key."""

_NAMESPACES: Final = ("namespaces", "sourceNamespace", "exportTo")
"""Keys below which namespaces are named."""
