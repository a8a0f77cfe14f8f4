"""Which nodes of a table of links are linked to which, directly or over others (see `lint.link_table`)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Final

REACH: Final = 2
"""Over so many services what a rule finds may hang on another, if the rule does not follow calls on and on (see `lint.whole_mesh.FOLLOWS_CALLS`)."""


class Linked:
    """Who is linked to whom, from either side."""

    def __init__(self, edges: Mapping[int, Sequence[int]]) -> None:
        self._edges = edges
        self._back: dict[int, list[int]] = {}
        for number, others in edges.items():
            for other in others:
                self._back.setdefault(other, []).append(number)

    def of(self, number: int) -> set[int]:
        """The nodes that a node asks, and those that ask it."""
        return {*self._edges.get(number, ()), *self._back.get(number, ())}

    def component(self, first: Iterable[int], most: int) -> set[int] | None:
        """The nodes that these are linked to, over however many others; None where there are more than `most`."""
        found = set(first)
        pending = list(found)
        for number in pending:  # which grows meanwhile
            new = self.of(number) - found
            found |= new
            pending += new
            if len(found) > most:
                return None
        return found

    def near(self, first: Iterable[int], steps: int, free: Container[int], most: int) -> set[int] | None:
        """The nodes that these are linked to over so many steps; `free` nodes are passed without one. None where there are more than `most`."""
        found = set(first)
        edge = self._passed(found, free)
        for _ in range(steps):
            new = self._passed({other for number in edge for other in self.of(number)}, free) - found
            found |= new
            edge = new
            if len(found) > most:
                return None
        return found

    def to_judge(self, first: set[int], free: Container[int], most: int) -> tuple[set[int], set[int]] | None:
        """The nodes to judge again after a change of the first ones, and those that take part in it; None where these are more than `most`.

        If more are linked, over however many others, only those are judged that are near the first, with those that are near them.
        """
        found = self.component(first, most)
        if found is not None:
            return found, found
        near = self.near(first, REACH, free, most)
        around = self.near(near, REACH, free, most) if near is not None else None
        return (near, around) if near is not None and around is not None else None

    def _passed(self, numbers: set[int], free: Container[int]) -> set[int]:
        """These nodes, and those that the free ones among them lead to."""
        found = set(numbers)
        pending = [number for number in found if number in free]
        for number in pending:  # which grows meanwhile
            new = self.of(number) - found
            found |= new
            pending += (each for each in new if each in free)
        return found


def components(edges: Mapping[int, Sequence[int]], count: int) -> Iterator[list[int]]:
    """The nodes, of which there are so many, in groups that are linked: no edge leads from one group to another."""
    first = list(range(count))

    def root(number: int) -> int:
        while first[number] != number:
            first[number] = first[first[number]]
            number = first[number]
        return number

    for number, others in edges.items():
        for other in others:
            one, two = sorted((root(number), root(other)))
            first[two] = one
    groups: dict[int, list[int]] = {}
    for number in range(count):
        groups.setdefault(root(number), []).append(number)
    yield from groups.values()
