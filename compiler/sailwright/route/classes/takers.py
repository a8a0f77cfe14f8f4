"""Match entries in their order, found by a value that whoever meets them must have: of thousands few are looked at.

An exact value, a prefix and the beginning of a pattern each name a place to file an entry under.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sailwright.route.classes.candidates import Key, key
from sailwright.route.classes.regex_samples import literal_prefix
from sailwright.route.envoy.matchers import EXACT, PREFIX, REGEX, SEPARATED, Condition

MOST_LOOKS = 200_000
"""Entries that all questions together look at; beyond, the answer is that nobody knows."""

_File = tuple[Key, str, bool]
"""What is looked at, a text, and whether the value is that text or begins with it."""


class Takers:
    """The entries so far. `looked_at` counts those that were tried."""

    def __init__(self) -> None:
        self._filed: dict[_File, list[Sequence[Condition]]] = {}
        self._lengths: dict[Key, set[int]] = {}
        self._rest: list[Sequence[Condition]] = []
        self.looked_at = 0

    def add(self, conditions: Sequence[Condition]) -> None:
        """One more entry, filed where there are fewest."""
        files = list(_files(conditions))
        if not files:
            self._rest.append(conditions)
            return
        place = min(files, key=lambda file: len(self._filed.get(file, ())))
        self._filed.setdefault(place, []).append(conditions)
        if not place[2]:
            self._lengths.setdefault(place[0], set()).add(len(place[1]))

    def take(self, values: Mapping[Key, str | None]) -> bool | None:
        """Whether some entry takes a request with these values; None where too many were looked at."""
        for conditions in self._possible(values):
            self.looked_at += 1
            if self.looked_at > MOST_LOOKS:
                return None
            if meets(conditions, values):
                return True
        return False

    def _possible(self, values: Mapping[Key, str | None]) -> Iterator[Sequence[Condition]]:
        for subject, value in values.items():
            if value is None:
                continue
            yield from self._filed.get((subject, value, True), ())
            for length in self._lengths.get(subject, ()):
                if length <= len(value):
                    yield from self._filed.get((subject, value[:length], False), ())
        yield from self._rest


def meets(conditions: Sequence[Condition], values: Mapping[Key, str | None]) -> bool:
    """Whether all conditions hold."""
    return all(condition.holds(values.get(key(condition))) for condition in conditions)


def _files(conditions: Sequence[Condition]) -> Iterator[_File]:
    for condition in conditions:
        if condition.inverted or condition.ignore_case:
            continue
        if condition.kind == EXACT:
            yield key(condition), condition.value, True
        elif condition.kind in (PREFIX, SEPARATED):
            yield key(condition), condition.value, False
        elif condition.kind == REGEX and (start := literal_prefix(condition.value)):
            yield key(condition), start, False
