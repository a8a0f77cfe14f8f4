"""The rules of an HTTPRoute or a GRPCRoute on one way: the routes of the service in their order, the weighted default last."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from sailwright.project.service.model import Service
from sailwright.project.service.parts import Block, Destination, Route
from sailwright.render.gateway_api.backends import backends, mirror_filters
from sailwright.render.gateway_api.filters import Filter, header_filters, redirect_filter, rewrite_filter
from sailwright.render.gateway_api.matches import Match, grpc_matches, http_matches
from sailwright.render.gateway_api.times import times
from sailwright.render.gateway_api.ways import Way, blocks_on
from sailwright.render.gateway_api.words import Words
from sailwright.render.render_context import RenderContext
from sailwright.render.routing import default_route
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

HTTP_ROUTE: Final = "HTTPRoute"
GRPC_ROUTE: Final = "GRPCRoute"
_NAME: Final = regex(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_BEYOND_GRPC: Final = ("timeout", "retries", "redirect", "rewrite")
"""What a GRPCRoute has no field for and an HTTPRoute has: then the port's route is one."""
_UNSAID: Final = {
    "fault": "has no fault injection",
    "directResponse": "has no direct responses",
    "delegate": "has no delegation",
    "corsPolicy": "has CORS rules of its own, and whether they equal `corsPolicy` cannot be verified",
}
MOST_RULES: Final = 16
MOST_MATCHES: Final = 64
MOST_MATCHES_OF_ALL: Final = 128


@dataclass(frozen=True, slots=True)
class RouteRule:
    """A rule in Kubernetes' words, and the route of the service that it is of."""

    value: dict[str, Any]
    route: Route
    matches: tuple[Match, ...] = ()
    destinations: tuple[Destination, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafting:
    """What the rules of one way are made with."""

    service: Service
    context: RenderContext
    way: Way
    words: Words
    kind: str

    def rules(self) -> list[RouteRule]:
        """The rules of all routes that hold on the way."""
        found = list(chain.from_iterable(self._of_route(route, blocks) for route, blocks in self._routes()))
        for rule in found:
            if len(rule.matches) > MOST_MATCHES:
                self.words.lacks(
                    (*rule.route.path, "match"), f"takes at most {MOST_MATCHES} matches per rule", "join some"
                )
        return _named(found, writes=self.words.has(f"{self.kind}.rules.name"))

    def _routes(self) -> Iterator[tuple[Route, list[tuple[int, Block]]]]:
        routes = [route for route in self.service.routes if route.family == "http"]
        if all(route.match for route in routes):
            routes.append(default_route(self.service, "http", ()))
        for route in routes:
            blocks = blocks_on(route, self.way, self.words)
            if blocks is not None:
                yield route, blocks

    def _of_route(self, route: Route, blocks: list[tuple[int, Block]]) -> Iterator[RouteRule]:
        """One rule; with a rewritten path one for each match, since what is replaced is what the match says."""
        rewritten = (route.settings.get("rewrite") or {}).get("uri")
        if self.kind == GRPC_ROUTE:
            found = grpc_matches(blocks, route.path, self.words) or []
        else:
            found = http_matches(blocks, route.path, self.words, joined=not rewritten)
        self._unsaid(route)
        for part in [(match,) for match in found] if rewritten and found else [tuple(found)]:
            yield self._rule(route, part)

    def _unsaid(self, route: Route) -> None:
        for key, what in _UNSAID.items():
            if route.settings.get(key):
                self.words.lacks((*route.path, key), what, "remove it", key=True)

    def _rule(self, route: Route, matches: tuple[Match, ...]) -> RouteRule:
        settings, at, port = route.settings, route.path, self.way.port
        value: dict[str, Any] = {
            "matches": [match.value for match in matches if match.value],
            "filters": list(self._filters(route, matches)),
            **times(settings, at, self.words),
        }
        if len(value["matches"]) < len(matches):  # one of them takes everything
            value["matches"] = []
        if route.destinations:
            value["backendRefs"] = backends(self.service, self.context, route.destinations, port, self.words)
        return RouteRule(value, route, matches, route.destinations)

    def _filters(self, route: Route, matches: tuple[Match, ...]) -> Iterator[Filter]:
        settings, at, words = route.settings, route.path, self.words
        yield from header_filters(settings.get("headers"), (*at, "headers"), words)
        if settings.get("redirect"):
            yield redirect_filter(settings["redirect"], (*at, "redirect"), words, in_mesh=self.way.in_mesh)
        if settings.get("rewrite"):
            match = matches[0] if matches else None
            if rewrite := rewrite_filter(settings["rewrite"], match, (*at, "rewrite"), words):
                yield rewrite
        yield from mirror_filters(self.service, self.context, route.mirrors, self.way.port, words, self.kind)


def kind_on(service: Service, way: Way, words: Words) -> str:
    """GRPCRoute where the port speaks gRPC and has a word for all that is said of it, else HTTPRoute, which Istio takes too."""
    routes = [route for route in service.routes if route.family == "http"]
    if not way.grpc or any(
        key in settings for settings in (service.default_route, *_settings(routes)) for key in _BEYOND_GRPC
    ):
        return HTTP_ROUTE
    for route in routes:
        blocks = blocks_on(route, way, words) or []
        if grpc_matches(blocks, route.path, words) is None:
            return HTTP_ROUTE
    return GRPC_ROUTE


def _settings(routes: list[Route]) -> list[Block]:
    return [route.settings for route in routes]


def parts(rules: tuple[RouteRule, ...]) -> list[tuple[RouteRule, ...]]:
    """The rules in as many objects as they need: one takes 16 rules, and 128 matches in all of them.

    Objects of one parent and host are read as one, the older first and then by name.
    """
    found: list[list[RouteRule]] = [[]]
    matches = 0
    for rule in rules:
        own = max(len(rule.matches), 1)
        if len(found[-1]) == MOST_RULES or matches + own > MOST_MATCHES_OF_ALL:
            found.append([])
            matches = 0
        found[-1].append(rule)
        matches += own
    return [tuple(part) for part in found]


def _named(rules: list[RouteRule], *, writes: bool) -> list[RouteRule]:
    """The rules with the names of their routes, where the Gateway API has names for rules and takes these."""
    taken: set[str] = set()
    found = []
    for rule in rules:
        route = rule.route
        name = base = route.name or f"route-{int(route.path[-1]) + 1}"
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        shown = {"name": name} if writes and _NAME.fullmatch(name) and len(name) <= 253 else {}
        found.append(RouteRule({**shown, **rule.value}, route, rule.matches, rule.destinations))
    return found
