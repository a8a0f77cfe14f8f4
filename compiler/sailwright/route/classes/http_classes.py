"""The classes of HTTP requests to one host on two sides, and what changes for each, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from sailwright.mesh.pilot.gateway_names import is_wildcard
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.version_services import version_of
from sailwright.route.classes.class_wording import EVERYBODY, requests
from sailwright.route.classes.outcomes import Outcome, change, from_answer, outcome, told
from sailwright.route.classes.representative_callers import authority
from sailwright.route.classes.request_classes import RequestClass, classes, reachable, shadow
from sailwright.route.classes.satisfiability import Space
from sailwright.route.envoy.route_table import Route, RouteConfiguration, VirtualHost
from sailwright.route.request import HTTP, Request
from sailwright.route.simulator import Simulator
from sailwright.runtime.records import dataclass, field

MOST_NAMED = 6
"""Classes of one line that are named; the others are counted."""


@dataclass(frozen=True)
class Scene:
    """One side as one caller meets it: the host, the port, and for a gateway the scheme."""

    simulator: Simulator
    caller: Caller
    host: str
    port: int
    scheme: str = HTTP
    _outcomes: dict[Route | None, Outcome] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def table(self) -> RouteConfiguration | None:
        """The virtual hosts of the port; None where no HTTP is routed there."""
        return self.simulator.hosts(self.caller, Request(self.port, authority(self.host), scheme=self.scheme))

    @property
    def http(self) -> bool:
        """Whether HTTP is routed on the port."""
        return self.table is not None

    @cached_property
    def virtual_host(self) -> VirtualHost | None:
        """The virtual host for the host."""
        return self.table.find(authority(self.host)) if self.table else None

    def belongs(self, name: str) -> bool:
        """Whether a Host header leads to the virtual host."""
        return self.table is not None and self.table.find(name) is self.virtual_host

    def name(self, destination: Mapping[str, Any]) -> str:
        """What to call a destination: a subset of the host by its name alone, others by host, port and subset."""
        if destination.get("invalid"):
            return "a backend that no ReferenceGrant allows (500)"
        if of_version := version_of(self.simulator.push_context, destination["host"]):
            destination = {**destination, "host": of_version[0], "subset": of_version[1]}
        domain = self.simulator.push_context.domain
        subset, port = destination.get("subset", ""), destination.get("port")
        own = destination["host"] == self.host and port == self.port
        place = destination["host"].removesuffix(f".svc.{domain}") + (f":{port}" if port and port != self.port else "")
        text = subset if own and subset else f"{place}/{subset}" if subset else place
        return f"{text} (unknown: 503)" if destination.get("unknown") else text

    def outcome(self, route: Route | None) -> Outcome:
        """What a route does with its requests."""
        if route not in self._outcomes:
            self._outcomes[route] = outcome(route, self.name, self.scheme)
        return self._outcomes[route]

    def connection(self) -> Outcome:
        """What happens to a connection to the port that is no HTTP on both sides."""
        if self.caller.gateway or self.http:
            request = Request(self.port, authority(self.host), scheme=self.scheme)
            return from_answer(self.simulator.answer(self.caller, request), self.name)
        service = next(iter(self.simulator.push_context.by_host(self.host)), None)
        port = service.port(self.port) if service else None
        scheme = "tls" if port and port.protocol.is_tls else "tcp"
        request = Request(self.port, authority(self.host), scheme=scheme)
        return from_answer(self.simulator.answer(self.caller, request), self.name)


def http_lines(before: Scene, after: Scene) -> Iterator[str]:
    """The lines of one caller and port: what changes for which requests."""
    old, new = before.virtual_host, after.virtual_host
    if old is None or new is None:
        if new is not None:
            yield "the host becomes known here"
        elif old is not None:
            yield f"the host is no longer known here: {told(after.connection())}"
        return
    if before.scheme == HTTP and (old.https_only or new.https_only):
        if old.https_only != new.https_only:
            yield f"{EVERYBODY}: {change(before.connection(), after.connection())}"
        return
    space = space_of(before, after)
    found = classes(
        old.routes, new.routes, space, lambda one, other: bool(change(before.outcome(one), after.outcome(other)))
    )
    by_change: dict[str, list[RequestClass]] = {}
    for group in found.found:
        by_change.setdefault(change(before.outcome(group.before), after.outcome(group.after)), []).append(group)
    others = len(old.routes) > 1 or len(new.routes) > 1
    for text, groups in by_change.items():
        yield f"{_who(groups, others=others)}: {text}"
    if found.left_out:
        yield f"{found.left_out} pairs of rules were not compared: there are too many"


def space_of(*scenes: Scene) -> Space:
    """The requests to the scenes' virtual hosts, as far as the conditions of all of them can tell them apart."""
    hosts = [scene.virtual_host for scene in scenes if scene.virtual_host]
    names = list(dict.fromkeys(domain for host in hosts for domain in host.domains if not is_wildcard(domain)))
    names += [authority(domain) for host in hosts for domain in host.domains if is_wildcard(domain)]
    port = scenes[0].port
    return Space(
        (route.conditions for host in hosts for route in host.routes),
        normalization=scenes[0].simulator.normalization,
        authorities=[*names, *(f"{name}:{port}" for name in names)],
        schemes=(scenes[0].scheme,),
        belongs=lambda name: all(scene.belongs(name) for scene in scenes),
    )


def _who(groups: list[RequestClass], *, others: bool) -> str:
    named: dict[str, None] = {}
    for group in groups:
        text = requests(group.conditions, group.besides, others=others)
        named[text if group.certain else f"{text} (if there are any: patterns overlap)"] = None
    shown = list(named)
    if len(shown) > MOST_NAMED:
        shown = [*shown[:MOST_NAMED], f"{len(shown) - MOST_NAMED} more classes of requests"]
    return "; ".join(shown)


def lost_rules(pairs: Iterable[tuple[Scene, Scene]]) -> list[str]:
    """The rules that some request reached before and that none does now, whoever sends it."""
    once: set[str] = set()
    now: set[str] = set()
    reasons: dict[str, str] = {}
    for before, after in pairs:
        old, new = before.virtual_host, after.virtual_host
        if old is None or new is None:
            continue
        space = space_of(before, after)
        reached = _reached(new, space)
        once |= _reached(old, space)
        now |= reached
        for name in {_rule_name(route) for route in new.routes} - reached:
            reasons.setdefault(name, _shadowed(new, name, space))
        closing = new.routes[-1] if new.routes and new.routes[-1].catch_all else None
        for skipped in new.skipped:
            reason = f"shadowed by {_called(closing)}" if closing else skipped.reason
            reasons.setdefault(skipped.rule.value.get("name") or "", reason)
    return [f"no longer reachable: rule {name} ({reasons[name]})" for name in sorted(once - now) if name in reasons]


def _reached(host: VirtualHost, space: Space) -> set[str]:
    """The names of the rules that requests get to, as far as that can be decided."""
    named = (route for route in host.routes if _rule_name(route))
    return {_rule_name(route) for route in named if reachable(host.routes, route, space).verdict != "no"}


def _shadowed(host: VirtualHost, name: str, space: Space) -> str:
    route = next(found for found in host.routes if _rule_name(found) == name)
    by = shadow(host.routes, route, space)
    if by is None:
        return "those before it take all its requests"
    return f"shadowed by {_called(by)}"


def _called(route: Route) -> str:
    return _rule_name(route) or "an unnamed rule that comes first"


def _rule_name(route: Route) -> str:
    return str(route.rule.value.get("name") or "") if route.rule else ""
