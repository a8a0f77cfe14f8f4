"""Links of services that come, or that offer more than they did, in a table of who was linked to whom before (see `lint.link_table`)."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from sailwright.lint.link_table import Collected, LinkTable, numbers_of, pair_of
from sailwright.lint.links import Links
from sailwright.runtime.records import dataclass, replace

_CROWD: Final = 1_000
"""Nodes that ask for one thing: if somebody offers that, more are linked than are looked at by themselves."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What nodes ask for and none offers: `links` is sorted, `askers` has a node that asks for each. `crowds` are asked for by very many."""

    links: array[int]
    askers: array[int]
    crowds: frozenset[int]

    def asking(self, link: int) -> Iterator[int]:
        """The nodes that ask for a link, where they are no crowd."""
        for place in range(bisect_left(self.links, link), len(self.links)):
            if self.links[place] != link:
                return
            yield self.askers[place]

    def plain(self) -> tuple[Any, ...]:
        """As data that marshal takes; `unanswered_of(plain)` is the same again."""
        return self.links.tobytes(), self.askers.tobytes(), sorted(self.crowds)


def unanswered_of(plain: Sequence[Any]) -> Unanswered:
    """What was kept."""
    links, askers, crowds = plain
    return Unanswered(numbers_of(links), numbers_of(askers), frozenset(crowds))


def tables(collected: Collected) -> tuple[LinkTable, Unanswered]:
    """The table of all that was collected, and what its nodes ask for in vain."""
    table = collected.table(pairs := array("Q"))
    links, askers, crowds = array("I"), array("I"), set()
    for link, found in groupby(map(pair_of, pairs), lambda pair: pair[0]):
        numbers = array("I", (number for _, number in found))
        if len(numbers) > _CROWD:
            crowds.add(link)
        else:
            links.extend([link] * len(numbers))
            askers.extend(numbers)
    return table, Unanswered(links, askers, frozenset(crowds))


def table_with(table: LinkTable, vain: Unanswered, found: Iterable[tuple[str, Links]]) -> LinkTable | None:
    """A table with what some services offer and ask for besides, those that it does not have among them: they may be named twice.

    What they ask for leads to whoever offers it, what they offer to whoever asks for it. Of a link that somebody offered before it is
    only known whom its askers were linked to: whoever is linked to all that offered it may be one, and so may these. None where very
    many ask for what is new.
    """
    numbers, nodes = table.numbers(), list(table.nodes)
    asked: dict[int, set[int]] = {}
    offered: dict[int, set[int]] = {}
    for path, links in found:
        if path not in numbers:
            numbers[path] = len(nodes)
            nodes.append(path)
        number = numbers[path]
        asked.setdefault(number, set()).update(links.asked)
        for link in links.offered:
            if number not in table.owning(link):
                offered.setdefault(link, set()).add(number)
    if not vain.crowds.isdisjoint(offered):
        return None
    edges = {number: {*each} for number, each in table.edges.items()}
    askers = _askers(table.edges) if offered else {}
    for link, new in offered.items():
        former = table.owning(link)
        for number in {*former, *_of_all(askers, former)} if former else {*vain.asking(link)}:
            edges.setdefault(number, set()).update(new)
    offers, owners = _with_offers(table, offered)
    now = replace(table, nodes=nodes, offered=offers, owners=owners)
    for number, each in asked.items():
        edges.setdefault(number, set()).update(now.offering(each, number))
    return replace(now, edges={number: tuple(sorted(each - {number})) for number, each in edges.items()})


def asking_now(table: LinkTable, found: Iterable[tuple[str, Links]]) -> LinkTable:
    """A table, made with these services, in which each of them asks for this alone: not for what it asked for before."""
    numbers = table.numbers()
    now = {numbers[path]: table.asked(numbers[path], links) for path, links in found}
    return replace(table, edges={number: each for number, each in {**table.edges, **now}.items() if each})


def unanswered_with(vain: Unanswered, table: LinkTable, found: Iterable[tuple[str, Links]]) -> Unanswered:
    """What nodes ask for in vain, with what these services ask for; the table was made with them."""
    numbers = table.numbers()
    new = [
        (link, numbers[path])
        for path, links in found
        for link in links.asked - vain.crowds
        if not table.owning(link) and numbers[path] not in vain.asking(link)
    ]
    if not new:
        return vain
    links, askers = array("I", vain.links), array("I", vain.askers)
    for link, number in new:
        place = bisect_left(links, link)
        links.insert(place, link)
        askers.insert(place, number)
    return replace(vain, links=links, askers=askers)


def _with_offers(table: LinkTable, offered: Mapping[int, Iterable[int]]) -> tuple[array[int], array[int]]:
    """What is offered, and by whom, with more of it."""
    links, owners = array("I", table.offered), array("I", table.owners)
    for link, numbers in offered.items():
        place = bisect_left(links, link)
        for number in numbers:
            links.insert(place, link)
            owners.insert(place, number)
    return links, owners


def _askers(edges: Mapping[int, Iterable[int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for number, others in edges.items():
        for other in others:
            found.setdefault(other, set()).add(number)
    return found


def _of_all(askers: Mapping[int, set[int]], owners: Sequence[int]) -> set[int]:
    """Those that are linked to all of these."""
    first, *others = (askers.get(owner, set()) for owner in owners)
    return first.intersection(*others)
