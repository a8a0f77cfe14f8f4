"""The virtual hosts of one listener port: which host goes by which list of routes.

Source: Istio `pilot/pkg/networking/core/httproute.go` and `route/route.go`; the choice of a domain is Envoy's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.pilot.virtual_services import Rule, VirtualService
from sailwright.route.envoy.actions import Action, ClusterLookup, action, default_route
from sailwright.route.envoy.matchers import Condition, Test, conditions, test
from sailwright.route.request import without_port
from sailwright.runtime.records import dataclass, replace
from sailwright.source.manifest import Manifest

AFTER_ALL = "it comes after a rule that takes everything"
DEFAULT = "default"
"""The name of the route of a service that no VirtualService claims."""


@dataclass(frozen=True, eq=False)
class Route:
    """One route of a virtual host: a match entry of a rule, with what it does. `rule` is None for a service's default."""

    name: str
    conditions: tuple[Condition, ...]
    build: Callable[[], Action]
    owner: VirtualService | None = None
    rule: Rule | None = None
    entry: int | None = None

    @cached_property
    def action(self) -> Action:
        """What it does with a request."""
        return self.build()

    @cached_property
    def tests(self) -> tuple[Test, ...]:
        """The conditions that can be decided, as functions, in order."""
        return tuple(test(condition) for condition in self.conditions if not condition.unknowable)

    @cached_property
    def condition_set(self) -> frozenset[Condition]:
        """The conditions, in no order."""
        return frozenset(self.conditions)

    @cached_property
    def unknowable(self) -> str:
        """Why nobody can tell whether a request meets the conditions; empty where one can."""
        return next((reason for condition in self.conditions if (reason := condition.unknowable)), "")

    @property
    def catch_all(self) -> bool:
        """Whether istiod takes it for a route that takes everything, so that nothing comes after it."""
        return all(condition.catch_all for condition in self.conditions)

    @property
    def place(self) -> tuple[Manifest, Path] | None:
        """Where the match entry stands; the rule, where it has none or where its entries are joined to a root's."""
        if self.rule is None:
            return None
        return self.rule.manifest, self.rule.place_of(self.entry)


@dataclass(frozen=True, slots=True, eq=False)
class SkippedMatch:
    """A match entry that istiod leaves out for this caller and port, and why."""

    owner: VirtualService
    rule: Rule
    entry: int | None
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class VirtualHost:
    """A virtual host. `host` names it; `skipped` are the match entries that are not for this caller."""

    host: str
    domains: tuple[str, ...]
    routes: tuple[Route, ...]
    skipped: tuple[SkippedMatch, ...] = ()
    service: Service | None = None
    virtual_service: VirtualService | None = None
    https_only: bool = False

    def sniffed(self, port: int) -> bool:
        """Whether the service's port declares no protocol, so that its own listener takes what is sent to its address."""
        found = self.service.port(port) if self.service and not self.service.headless else None
        return found is not None and found.protocol.is_auto


class RouteConfiguration:
    """The virtual hosts of a port, found by Host header as Envoy does: the port and the case do not count."""

    def __init__(self, hosts: Iterable[VirtualHost]) -> None:
        self.hosts = tuple(hosts)
        self._exact: dict[str, VirtualHost] = {}
        self._suffixes: dict[str, VirtualHost] = {}
        self._default: VirtualHost | None = None
        for host in self.hosts:
            for domain in host.domains:
                if domain == "*":
                    self._default = host
                elif domain.startswith("*"):
                    self._suffixes[domain[1:]] = host
                else:
                    self._exact[domain] = host
        self._longest_first = sorted(self._suffixes, key=len, reverse=True)

    def find(self, authority: str) -> VirtualHost | None:
        """The virtual host for a Host header: a full name, then the longest `*suffix`, then `*`."""
        name = without_port(authority).lower()
        found = self._exact.get(name)
        if found is not None or not self._longest_first:
            return found or self._default
        for suffix in self._longest_first:
            if name.endswith(suffix) and len(name) > len(suffix):
                return self._suffixes[suffix]
        return self._default


@dataclass(frozen=True, slots=True)
class MatchContext:
    """Where routes are built: the listener `port` of a proxy with `labels` in `namespace`, known by `gateways`."""

    port: int
    gateways: frozenset[str]
    namespace: str
    labels: Mapping[str, str]
    clusters: ClusterLookup


def routes(
    virtual_service: VirtualService, context: MatchContext
) -> tuple[tuple[Route, ...], tuple[SkippedMatch, ...]]:
    """The routes that a VirtualService yields for a match context, up to the first that takes everything, and what was left out."""
    kept: list[Route] = []
    skipped: list[SkippedMatch] = []
    closed = False
    for rule in virtual_service.rules:
        for entry, match in _entries(rule):
            reason = AFTER_ALL if closed else _elsewhere(match or {}, context)
            if reason:
                skipped.append(SkippedMatch(virtual_service, rule, entry, reason))
                continue
            kept.append(_route(virtual_service, rule, entry, match, context))
            closed = closed or match is None or kept[-1].catch_all
    return tuple(kept), tuple(skipped)


def _entries(rule: Rule) -> Iterator[tuple[int | None, Mapping[str, Any] | None]]:
    entries = rule.value.get("match")
    if not entries:
        yield None, None
    else:
        yield from enumerate(entries)


def _elsewhere(match: Mapping[str, Any], context: MatchContext) -> str:
    """Why a match entry is not for a match context. With `gateways` istiod looks at neither source labels nor namespace."""
    port = match.get("port")
    if port and port != context.port:
        return f"it is for port {port}, this is port {context.port}"
    gateways = match.get("gateways")
    if gateways:
        return "" if context.gateways & set(gateways) else f"it is for {', '.join(gateways)} only"
    for key, value in (match.get("sourceLabels") or {}).items():
        if context.labels.get(key) != value:
            return f"it is for callers labelled {key}={value}"
    namespace = match.get("sourceNamespace")
    if namespace and namespace != context.namespace:
        return f"it is for callers in namespace {namespace}"
    return ""


def _route(
    virtual_service: VirtualService,
    rule: Rule,
    entry: int | None,
    match: Mapping[str, Any] | None,
    context: MatchContext,
) -> Route:
    name = rule.value.get("name") or ""
    if match and match.get("name"):
        name = f"{name}.{match['name']}"
    clusters = replace(context.clusters, prefix_redirects=True) if virtual_service.gateway_api else context.clusters
    return Route(
        name=name,
        conditions=conditions(match or {}),
        build=lambda: action(rule.value, clusters),
        owner=virtual_service,
        rule=rule,
        entry=entry,
    )


def default_host(service: Service, port: int, clusters: ClusterLookup) -> VirtualHost:
    """The virtual host of a service that no VirtualService claims, without its domains: everything goes to the service."""
    route = Route(DEFAULT, (), lambda: default_route(service.host, port, clusters))
    return VirtualHost(service.host, (), (route,), service=service)
