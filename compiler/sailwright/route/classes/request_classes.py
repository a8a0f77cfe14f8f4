"""Classes of requests: those that the rules of two sides cannot tell apart, and what each side does with them.

A class is a pair: the route that takes its requests before, and the one that takes them after. So every request is in
exactly one class, and both sides treat all of a class alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from sailwright.route.classes.candidates import Key
from sailwright.route.classes.satisfiability import Region, Space
from sailwright.route.envoy.matchers import PATH, PREFIX, SEPARATED, Condition
from sailwright.route.envoy.route_table import Route
from sailwright.runtime.records import dataclass

MOST_PAIRS = 2_000
"""Pairs of routes that are looked at; what is beyond is counted as left out."""

Pair = tuple[Route | None, Route | None]


@dataclass(frozen=True, slots=True)
class RequestClass:
    """The requests that `before` takes on one side and `after` on the other; None: no route does.

    `example` is one of them, by subject; empty where `certain` is false: then such requests may or may not exist. `besides` are
    the requests of nearly the same paths that earlier rules take: those below `/a`, of a class of paths that begin with `/a`.
    """

    before: Route | None
    after: Route | None
    example: Mapping[Key, str | None]
    certain: bool = True
    besides: tuple[Condition, ...] = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What the requests of the class have in common: the conditions of both routes, each once."""
        routes = (route for route in (self.before, self.after) if route is not None)
        return tuple(dict.fromkeys(condition for route in routes for condition in route.conditions))


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes that may hold requests, in the order of the rules, and how many pairs of routes were left out."""

    found: tuple[RequestClass, ...]
    left_out: int = 0


def classes(
    before: Sequence[Route],
    after: Sequence[Route],
    space: Space,
    wanted: Callable[[Route | None, Route | None], bool] = lambda _before, _after: True,
) -> Classes:
    """The classes of two lists of routes; `wanted` chooses the pairs that are of interest."""
    found: list[RequestClass] = []
    looked_at = left_out = 0
    for old, new in _pairs(before, after):
        if not wanted(old, new):
            continue
        earlier = _earlier(before, old) + _earlier(after, new)
        own = _own(old) | _own(new)
        if any(own >= route.condition_set for route in earlier):
            continue
        if looked_at == MOST_PAIRS:
            left_out += 1
            continue
        looked_at += 1
        region = space.region(
            [route.conditions for route in (old, new) if route], [route.conditions for route in earlier]
        )
        if region.verdict != "no":
            besides = tuple(_besides(own, earlier))
            found.append(RequestClass(old, new, region.example, region.verdict == "yes", besides))
    return Classes(tuple(found), left_out)


def _besides(own: frozenset[Condition], earlier: Sequence[Route]) -> Iterator[Condition]:
    """The conditions on the path of earlier rules that differ from a class's own in the end of a segment alone."""
    wholes = {
        found.value.rstrip("/"): found for found in own if found.subject == PATH and found.kind in (PREFIX, SEPARATED)
    }
    for route in earlier:
        for found in route.conditions:
            same = (
                wholes.get(found.value.rstrip("/"))
                if found.subject == PATH and found.kind in (PREFIX, SEPARATED)
                else None
            )
            if same and same != found and route.condition_set - {found} <= own:
                yield found


def reachable(routes: Sequence[Route], route: Route, space: Space) -> Region:
    """Whether any request gets as far as a route of a list, and meets it."""
    earlier = _earlier(routes, route)
    return space.region([route.conditions], [known.conditions for known in earlier])


def shadow(routes: Sequence[Route], route: Route, space: Space) -> Route | None:
    """The first earlier route that alone takes all that `route` would; None where several do so together."""
    for known in _earlier(routes, route):
        if space.region([route.conditions], [known.conditions]).verdict == "no":
            return known
    return None


def _pairs(before: Sequence[Route], after: Sequence[Route]) -> Iterator[Pair]:
    """The pairs that may have requests in common: neither is beyond what surely takes all the other's requests."""
    last_before = [_last(before, _own(new)) for new in (*after, None)]
    for number, old in enumerate((*before, None)):
        for position in range(_last(after, _own(old)) + 1):
            if number <= last_before[position]:
                yield old, after[position] if position < len(after) else None


def _last(routes: Sequence[Route], own: frozenset[Condition]) -> int:
    """The number of the first route that takes whatever meets `own`: later ones get none of it; their count if none does."""
    takers = (number for number, route in enumerate(routes) if route.condition_set <= own)
    return next(takers, len(routes))


def _earlier(routes: Sequence[Route], route: Route | None) -> list[Route]:
    """The routes that are tried before one; all of them before none."""
    known = list(routes)
    return known if route is None else known[: known.index(route)]


def _own(route: Route | None) -> frozenset[Condition]:
    return route.condition_set if route else frozenset()
