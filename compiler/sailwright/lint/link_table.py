"""Who is linked to whom among the services of a project, as plain data that a change updates for its own services.

The nodes are service files, and hand-written objects over which links lead on. What each offers is noted by digest: two that are alike
by chance only link more.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from sailwright.lint.links import ALL, Links, Places, add_links
from sailwright.mesh.values import kinds
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

_ENDS: Final = frozenset(
    (
        kinds.NAMESPACE,
        kinds.GATEWAY,
        kinds.KUBERNETES_GATEWAY,
        kinds.CONFIG_MAP,
        kinds.SECRET,
        kinds.CUSTOM_RESOURCE_DEFINITION,
    )
)
"""Kinds of which one object may concern many services, and says of each what it says whatever the others are."""
_BITS: Final = 32
_NUMBER: Final = (1 << _BITS) - 1
_RANGES: Final = 6
"""Bits by which links are told apart for a start."""
_OURS: Final = ".sailwright"
_SERVED: Final = frozenset((kinds.GATEWAY,))
"""Those over which links lead on where they select pods of a service: whoever uses them hangs on these pods."""


@dataclass(frozen=True, slots=True)
class LinkTable:
    """The links of all nodes. `offered` is sorted, `owners` has the node that offers each, `edges` the nodes of which each asks."""

    nodes: Sequence[str]
    offered: array[int]
    owners: array[int]
    edges: Mapping[int, tuple[int, ...]]

    def plain(self) -> tuple[Any, ...]:
        """As data that marshal takes; `table_of(plain)` is the table again."""
        return list(self.nodes), self.offered.tobytes(), self.owners.tobytes(), dict(self.edges)

    def numbers(self) -> dict[str, int]:
        """The number of each service, and of what is judged as one, by path."""
        return {path: number for number, path in enumerate(self.nodes) if path}

    def services(self, found: Iterable[int]) -> frozenset[str]:
        """Those of these nodes that are services, or judged as one."""
        return frozenset(self.nodes[number] for number in found if self.nodes[number])

    def owning(self, link: int) -> list[int]:
        """The nodes that offer a link."""
        found, place = [], bisect_left(self.offered, link)
        while place < len(self.offered) and self.offered[place] == link:
            found.append(self.owners[place])
            place += 1
        return found

    def asked(self, number: int, links: Links) -> tuple[int, ...]:
        """The other nodes that offer what links ask for."""
        return self.offering(links.asked, number)

    def offering(self, links: Iterable[int], number: int) -> tuple[int, ...]:
        """The nodes that offer these links, but for one."""
        found = {owner for link in links for owner in self.owning(link)}
        return tuple(sorted(found - {number}))


def table_of(plain: Sequence[Any]) -> LinkTable:
    """The table that was kept."""
    nodes, offered, owners, edges = plain
    return LinkTable(nodes, numbers_of(offered), numbers_of(owners), edges)


def leads_on(kind: str, links: Links) -> bool:
    """Whether a hand-written object of a kind links those that are linked to it. What is for a whole namespace or mesh does not: it says
    of each of its services what it says, whatever the others are. Nor does sailwright.yaml, of which rules ask the whole mesh.
    """
    return kind not in _ENDS and not kind.endswith(_OURS) and not links.wide


def by_hand(clusters: Iterable[tuple[Iterable[Manifest], Places]], services: Mapping[str, str]) -> dict[str, str]:
    """The hand-written files of which all objects lead links on: such a file is judged as a service file is, by its own name."""
    found: dict[str, bool] = {}
    for manifests, places in clusters:
        for manifest in manifests:
            path = manifest.document.source.path
            if path not in services and found.get(path, True):
                add_links(links := Links(), manifest.value, places)
                found[path] = leads_on(kinds.kind_of(manifest.api_version, manifest.kind), links)
    return {path: path for path, so in found.items() if so}


@dataclass(frozen=True, slots=True)
class Collected:
    """The links of units, by service file, and of hand-written objects, each with its kind. What they offer and ask for may be there twice."""

    offered: dict[str, array[int]] = field(default_factory=dict)
    asked: dict[str, array[int]] = field(default_factory=dict)
    around: list[tuple[str, Links]] = field(default_factory=list)

    def add(self, manifests: Iterable[Manifest], services: Mapping[str, str], places: Places) -> None:
        """Add the objects of a cluster. `services` leads from the path of a rendered file to its service file."""
        for path, group in groupby(manifests, lambda each: each.document.source.path):
            service = services.get(path)
            if service is None:
                for manifest in group:
                    links = Links()
                    add_links(links, manifest.value, places)
                    self.around.append((kinds.kind_of(manifest.api_version, manifest.kind), links))
            else:
                links = Links()
                for manifest in group:
                    add_links(links, manifest.value, places)
                self.offered.setdefault(service, array("I")).extend(links.offered)
                self.asked.setdefault(service, array("I")).extend(links.asked)

    def table(self, vain: array[int] | None = None) -> LinkTable:
        """The table of all of them. What is asked for and nobody offers is added to `vain`, as links above the numbers of nodes (see
        `pair_of`), in order.
        """
        nodes, offered, asked = list(self.offered), list(self.offered.values()), list(self.asked.values())
        selected = frozenset(link for kind, links in self.around if kind in _SERVED for link in links.selecting)
        carried = {link for each in asked for link in selected.intersection(each)} if selected else set()
        for kind, links in self.around:
            serves = kind in _SERVED and (ALL in links.offered or not carried.isdisjoint(links.selecting))
            if serves or leads_on(kind, links):
                nodes.append("")
                offered.append(array("I", links.offered))
                asked.append(array("I", links.asked))
        return _joined(nodes, offered, asked, vain)


def _joined(
    nodes: Sequence[str], offered: Iterable[array[int]], asked: Iterable[array[int]], vain: array[int] | None
) -> LinkTable:
    """The table of nodes with what each offers and asks for, made a range of links at a time: an integer takes as much as ten in an array."""
    links, owners, edges = array("I"), array("I"), dict[int, set[int]]()
    for offers, asks in zip(_in_ranges(offered), _in_ranges(asked), strict=True):
        by_link: dict[int, list[int]] = {}
        for pair in sorted(set(offers)):
            links.append(pair >> _BITS)
            owners.append(pair & _NUMBER)
            by_link.setdefault(links[-1], []).append(owners[-1])
        for pair in asks:
            edges.setdefault(pair & _NUMBER, set()).update(by_link.get(pair >> _BITS, ()))
        if vain is not None:
            vain.extend(sorted({pair for pair in asks if pair >> _BITS not in by_link}))
    others = {number: tuple(sorted(found - {number})) for number, found in sorted(edges.items())}
    return LinkTable(nodes, links, owners, {number: found for number, found in others.items() if found})


def pair_of(number: int) -> tuple[int, int]:
    """A link and a node that were put into one number."""
    return number >> _BITS, number & _NUMBER


def _in_ranges(links: Iterable[array[int]]) -> list[array[int]]:
    """Links by their highest bits, each above the number of its node."""
    found = [array("Q") for _ in range(1 << _RANGES)]
    for number, each in enumerate(links):
        for link in each:
            found[link >> (_BITS - _RANGES)].append(link << _BITS | number)
    return found


def numbers_of(data: bytes) -> array[int]:
    """Numbers that were kept as bytes."""
    found = array("I")
    found.frombytes(data)
    return found
