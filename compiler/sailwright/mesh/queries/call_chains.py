"""Chains of calls from the edge of the mesh inwards: how long one may take, and how many requests one may become.

Each hop is looked at once, however many chains lead over it. A chain that comes back to a service is followed no further there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sailwright.mesh.queries.call_hops import Hop, hops, own_routes
from sailwright.runtime.records import dataclass

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst that a request to a service may become, and the hop from there that makes it so; None at the end of a chain."""

    amount: Fraction
    hop: Hop | None = None


NOTHING, ONE = Worst(Fraction(0)), Worst(Fraction(1))


def longest(hop: Hop, inner: Fraction) -> Fraction:
    """The seconds that a caller may wait at a hop, where the callee's own calls take `inner`.

    A time limit counts in full: how long the callee itself works nobody knows. Without one, what is known is `inner`.
    """
    one = hop.per_try if hop.per_try is not None else inner
    if hop.timeout is not None and hop.per_try is None:
        return hop.timeout
    all_tries = one * hop.tries + (hop.backoff if one else 0)
    return min(all_tries, hop.timeout) if hop.timeout is not None else all_tries


def written_longest(hop: Hop, inner: Fraction) -> Fraction:
    """As `longest`, by what the routes themselves say: without Istio's default retries, and without the waits between tries."""
    if hop.patience is None:
        return inner * (hop.tries if hop.retries_written else 1)
    if hop.per_try is None:
        return hop.timeout or Fraction(0)
    return min(limit for limit in (hop.per_try * hop.tries, hop.timeout) if limit is not None)


class CallChains:
    """The hops of a mesh by their callers: `index.derived(CallChains)`. `steps` counts how often a hop was looked at."""

    def __init__(self, index: Index) -> None:
        self.steps = 0
        self.hops = index.derived(hops)
        self._from: dict[str, list[Hop]] = {}
        for hop in self.hops:
            self._from.setdefault(hop.caller, []).append(hop)
        self._latency: dict[str, Worst] = {}
        self._written: dict[str, Worst] = {}
        self._attempts: dict[str, Worst] = {}

    def latency(self, service: str) -> Worst:
        """The longest that the calls of a service may take, in seconds."""
        return self._worst(service, self._latency, NOTHING, longest)

    def written_latency(self, service: str) -> Worst:
        """As `latency`, by what the routes themselves say."""
        return self._worst(service, self._written, NOTHING, written_longest)

    def attempts(self, service: str) -> Worst:
        """The most requests that one request to a service may become at the end of a chain."""
        return self._worst(service, self._attempts, ONE, lambda hop, inner: inner * hop.tries)

    def chain(self, first: Hop, worst: Callable[[str], Worst]) -> tuple[Hop, ...]:
        """The hops of the worst chain that begins with `first`."""
        found, seen = [first], {first.caller, first.callee}
        while (following := worst(found[-1].callee).hop) is not None and following.callee not in seen:
            found.append(following)
            seen.add(following.callee)
        return tuple(found)

    def comes_back(self, chain: Sequence[Hop]) -> str | None:
        """A service of a chain that a later one of it calls again."""
        before = [hop.callee for hop in chain]
        for position, hop in enumerate(chain):
            for following in self._from.get(hop.callee, ()):
                if following.callee in before[: position + 1]:
                    return following.callee
        return None

    def _worst(
        self, service: str, known: dict[str, Worst], end: Worst, amount: Callable[[Hop, Fraction], Fraction]
    ) -> Worst:
        """Depth first, each service once; a hop back to one whose calls are still being looked at leads nowhere new."""
        unfinished: dict[str, Iterator[Hop]] = {}
        if service not in known:
            unfinished[service] = iter(self._from.get(service, ()))
        while unfinished:
            current = next(reversed(unfinished))
            hop = next(unfinished[current], None)
            self.steps += 1
            if hop is None:
                del unfinished[current]
                known[current] = self._of(current, known, end, amount)
            elif hop.callee not in known and hop.callee not in unfinished:
                unfinished[hop.callee] = iter(self._from.get(hop.callee, ()))
        return known[service]

    def _of(
        self, service: str, known: Mapping[str, Worst], end: Worst, amount: Callable[[Hop, Fraction], Fraction]
    ) -> Worst:
        worst = end
        for hop in self._from.get(service, ()):
            self.steps += 1
            found = amount(hop, known[hop.callee].amount) if hop.callee in known else end.amount
            if found > worst.amount:
                worst = Worst(found, hop)
        return worst


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the most patient caller of a service waits for it, and the hop at which it gives up."""

    seconds: Fraction
    hop: Hop


def patience(index: Index) -> Mapping[str, Patience]:
    """The services whose every known caller gives up at some time: `index.derived(patience)`.

    A caller waits no longer than its own callers wait for it. Where no caller is known, the routes of the service itself count.
    """
    chains = index.derived(CallChains)
    called = {hop.callee for hop in chains.hops}
    unknown = [hop for hop in own_routes(index) if hop.callee not in called]
    reached = called | {hop.callee for hop in unknown}
    starts = [*unknown, *(hop for hop in chains.hops if hop.caller not in reached)]
    by_caller: dict[str, list[Hop]] = {}
    for hop in chains.hops:
        by_caller.setdefault(hop.caller, []).append(hop)
    return _widest(starts, by_caller)


def _widest(starts: Iterable[Hop], by_caller: Mapping[str, Sequence[Hop]]) -> Mapping[str, Patience]:
    """For each service the most patient way to it, patient as its least patient hop; those without any limit are left out."""
    heap: list[tuple[bool, Fraction, int, str, Hop | None]] = []
    order = 0
    for hop in starts:
        limit = hop.patience
        heappush(heap, (limit is not None, -(limit or Fraction(0)), order, hop.callee, hop if limit else None))
        order += 1
    found: dict[str, Patience | None] = {}
    while heap:
        limited, length, _, service, giving_up = heappop(heap)
        if service in found:
            continue
        found[service] = Patience(-length, giving_up) if limited and giving_up else None
        for hop in by_caller.get(service, ()):
            own = hop.patience
            mine = own is not None and (not limited or own < -length)
            reached = (-own, hop) if mine and own is not None else (length, giving_up)
            heappush(heap, (limited or own is not None, reached[0], order, hop.callee, reached[1]))
            order += 1
    return {service: each for service, each in found.items() if each is not None}
