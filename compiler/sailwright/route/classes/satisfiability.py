"""Whether any request can meet some rules and none of others, with an example.

A region is a set of requests: all conditions of the wanted rules hold, and of each rule in `avoided` at least one fails.
The search is over sets of candidate values, one set for each path, header or parameter that the conditions look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal

from sailwright.route.classes.candidates import Domain, Key, can_hold, certain, domain, key
from sailwright.route.envoy.matchers import Condition
from sailwright.runtime.records import dataclass

Conditions = tuple[Condition, ...]
Verdict = Literal["yes", "no", "unknown"]
Judge = Callable[[Condition, str | None, Domain], tuple[bool, bool]]

MOST_STEPS = 20_000
"""Of one search; beyond, the answer is `unknown`."""
ALL_STEPS = 100_000
"""Of all searches of one space together."""


@dataclass(frozen=True, slots=True)
class Region:
    """Whether the region holds a request; an example where one is known, by subject (only subjects that matter)."""

    verdict: Verdict
    example: Mapping[Key, str | None]


@dataclass(frozen=True, slots=True)
class Masks:
    """The candidates of each condition's subject for which it can hold and can fail, as bit sets."""

    holds: Mapping[Condition, int]
    fails: Mapping[Condition, int]


class Space:
    """The requests of one virtual host, as far as `rules` (all that are in play) can tell them apart."""

    def __init__(
        self,
        rules: Iterable[Conditions],
        *,
        normalization: str,
        authorities: Sequence[str] = (),
        schemes: Sequence[str] = ("http",),
        belongs: Callable[[str], bool] = bool,
    ) -> None:
        by_subject: dict[Key, dict[Condition, None]] = {}
        alike: dict[Conditions, Conditions] = {}
        self._rules = tuple(rules)  # which keeps them, and with that their identity
        self._first: dict[int, Conditions] = {}
        for conditions in self._rules:
            self._first[id(conditions)] = alike.setdefault(conditions, conditions)
            for condition in conditions:
                by_subject.setdefault(key(condition), {})[condition] = None
        self._domains = {
            subject: domain(subject, tuple(found), normalization, authorities, schemes, belongs)
            for subject, found in by_subject.items()
        }
        self._exact = self._masks(by_subject, lambda condition, value, _: certain(condition, value))
        self._by_subject = by_subject
        self._steps = 0
        self._complete = all(space.complete for space in self._domains.values())

    @cached_property
    def _loose(self) -> Masks:
        """What is open of patterns counts as both."""
        return self._masks(self._by_subject, can_hold)

    def _masks(self, by_subject: Mapping[Key, Iterable[Condition]], judge: Judge) -> Masks:
        holds: dict[Condition, int] = {}
        fails: dict[Condition, int] = {}
        for subject, conditions in by_subject.items():
            space = self._domains[subject]
            for condition in conditions:
                pairs = [judge(condition, value, space) for value in space.candidates]
                holds[condition] = sum(1 << bit for bit, (yes, _) in enumerate(pairs) if yes)
                fails[condition] = sum(1 << bit for bit, (_, no) in enumerate(pairs) if no)
        return Masks(holds, fails)

    def region(self, wanted: Iterable[Conditions], avoided: Iterable[Conditions]) -> Region:
        """Whether a request can meet all of `wanted` and none of `avoided`."""
        positive = [condition for conditions in wanted for condition in conditions]
        clauses = self._distinct(avoided)
        found, exhausted = self._search(self._exact, positive, clauses)
        if found is not None:
            return Region("yes", self._example(found))
        if not exhausted and self._complete:
            found, exhausted = self._search(self._loose, positive, clauses)
        impossible = found is None and not exhausted and self._complete
        return Region("no" if impossible else "unknown", {})

    def _distinct(self, rules: Iterable[Conditions]) -> list[Conditions]:
        """Of rules with the same conditions one. The rules of this space are known by identity: to compare them takes longer."""
        known = (self._first.get(id(conditions), conditions) for conditions in rules)
        return list({id(conditions): conditions for conditions in known}.values())

    def _search(
        self, masks: Masks, positive: Sequence[Condition], clauses: Sequence[Conditions]
    ) -> tuple[dict[Key, int] | None, bool]:
        """What a search finds, and whether it had to give up."""
        search = _Search(masks, self._domains, min(MOST_STEPS, ALL_STEPS - self._steps))
        found = search.run(positive, clauses)
        self._steps += search.steps
        return found, search.exhausted

    def _example(self, chosen: Mapping[Key, int]) -> dict[Key, str | None]:
        return {
            subject: self._domains[subject].candidates[(mask & -mask).bit_length() - 1]
            for subject, mask in chosen.items()
        }


class _Search:
    """Chooses for each avoided rule a condition to break, backwards out of dead ends."""

    def __init__(self, masks: Masks, domains: Mapping[Key, Domain], allowed: int) -> None:
        self._masks = masks
        self._kept: frozenset[Condition] = frozenset()
        self._all = {subject: (1 << len(space.candidates)) - 1 for subject, space in domains.items()}
        self._allowed = allowed
        self.steps = 0
        self.exhausted = False

    def run(self, positive: Iterable[Condition], clauses: Iterable[Conditions]) -> dict[Key, int] | None:
        """The candidates left for each subject that matters; None where there is no way."""
        chosen: dict[Key, int] = {}
        self._kept = frozenset(positive)
        for condition in self._kept:
            subject = key(condition)
            chosen[subject] = chosen.get(subject, self._all[subject]) & self._masks.holds[condition]
            if not chosen[subject]:
                return None
        return self._break(chosen, sorted(clauses, key=len))

    def _break(self, chosen: dict[Key, int], clauses: Sequence[Conditions]) -> dict[Key, int] | None:
        self.steps += 1
        if self.steps > self._allowed:
            self.exhausted = True
            return None
        for position, clause in enumerate(clauses):
            ways = self._ways(chosen, clause)
            if ways is None:
                continue
            for subject, left in ways:
                found = self._break({**chosen, subject: left}, clauses[position + 1 :])
                if found is not None or self.exhausted:
                    return found
            return None
        return chosen

    def _ways(self, chosen: Mapping[Key, int], clause: Conditions) -> list[tuple[Key, int]] | None:
        """The ways to break a rule; None where it is broken already, whatever is chosen later."""
        ways: list[tuple[Key, int]] = []
        for condition in clause:
            if condition in self._kept:
                continue
            subject = key(condition)
            known = chosen.get(subject, self._all[subject])
            left = known & self._masks.fails[condition]
            if left == known and subject in chosen:
                return None
            if left:
                ways.append((subject, left))
        return ways
