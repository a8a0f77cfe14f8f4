"""Requests and connections that enter the mesh at a Gateway.

Source: Istio `pilot/pkg/networking/core/gateway.go`, `pilot/pkg/model/gateway.go`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.mesh.objects.export_to import seen_from
from sailwright.mesh.pilot.gateway_names import intersection, specificity
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.service_registry import creation
from sailwright.mesh.pilot.sidecar_scope import Caller, Scope
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.values.hosts import covers
from sailwright.mesh.values.protocol import declared_protocol
from sailwright.route.envoy.actions import BLOCKED, ROUTE, weighted
from sailwright.route.envoy.answers import Answer, undecidable
from sailwright.route.envoy.filter_chains import Chain, Connection, choose
from sailwright.route.envoy.route_table import (
    MatchContext,
    Route,
    RouteConfiguration,
    VirtualHost,
    routes,
)
from sailwright.route.envoy.tcp_proxy import connection_clusters
from sailwright.route.request import Request, without_port
from sailwright.runtime.records import dataclass, replace
from sailwright.source.manifest import Manifest

PASSTHROUGH_MODES = frozenset({"PASSTHROUGH", "AUTO_PASSTHROUGH"})
REFUSED = "no Gateway of this workload has a server for {scheme} on port {port}"
UNROUTED = "no VirtualService that is bound to the Gateway has a rule for {scheme} on port {port}{name}"


@dataclass(frozen=True, slots=True, eq=False)
class Server:
    """A server of a Gateway (`gateway` is `namespace/name`); `hosts` are pairs of namespace (`*` for any) and host."""

    gateway: str
    port: int
    protocol: str
    hosts: tuple[tuple[str, str], ...]
    tls: Mapping[str, Any] | None

    @property
    def passes_tls_on(self) -> bool:
        """Whether it forwards TLS without opening it."""
        return self.tls is not None and self.tls.get("mode") in PASSTHROUGH_MODES

    @property
    def speaks_http(self) -> bool:
        """Whether it sees HTTP: plain, or after opening TLS."""
        protocol = declared_protocol(self.protocol)
        return protocol.is_http or (protocol.name == "HTTPS" and not self.passes_tls_on)

    @property
    def opens_tls(self) -> bool:
        """Whether clients speak TLS to it and it ends there."""
        return declared_protocol(self.protocol).is_tls and not self.passes_tls_on

    def hosts_for(self, namespace: str) -> list[str]:
        """The hosts that VirtualServices of a namespace may claim."""
        return [host for owner, host in self.hosts if owner in ("*", namespace)]


def servers(push_context: PushContext, caller: Caller, port: int) -> list[Server]:
    """The servers on a port of every Gateway that selects the caller's workload, oldest Gateway first."""
    labels = caller.label_map
    found: list[Server] = []
    for gateway in sorted(
        push_context.gateways.values(), key=lambda item: (creation(item), item.name, item.namespace or "default")
    ):
        if (gateway.spec.get("selector") or {}).items() <= labels.items():
            found += (server for server in _servers(gateway) if server.port == port)
    return found


def gateway_ports(push_context: PushContext, name: str) -> list[tuple[int, str]]:
    """The ports at which a Gateway takes HTTP, each with the scheme that clients use."""
    gateway = push_context.gateways.get(name)
    found = _servers(gateway) if gateway else ()
    return [(server.port, "https" if server.opens_tls else "http") for server in found if server.speaks_http]


def _servers(gateway: Manifest) -> Iterator[Server]:
    namespace = gateway.namespace or "default"
    for server in gateway.spec.get("servers") or ():
        port = server.get("port") or {}
        pairs = (host.rpartition("/") for host in server.get("hosts") or ())
        yield Server(
            f"{namespace}/{gateway.name}",
            port.get("number") or 0,
            port.get("protocol") or "",
            tuple(({"": "*", ".": namespace}.get(owner, owner), host.lower()) for owner, _, host in pairs),
            server.get("tls"),
        )


def entry(scope: Scope, request: Request) -> RouteConfiguration | Answer:
    """The virtual hosts a request meets at the gateway, or the answer where it meets none."""
    found = servers(scope.push_context, scope.caller, request.port)
    secure = request.scheme in ("https", "tls")
    name = without_port(request.authority).lower()
    http = [server for server in found if server.speaks_http and server.opens_tls == secure]
    if http:
        fitting = _by_sni(http, name) if secure else http
        if not fitting:
            return {"kind": BLOCKED, "reason": f"no server on port {request.port} has TLS for {name}"}
        return _route_configuration(scope, fitting)
    return _connection(scope, found, request, name if secure else "")


def gateway_route_configurations(scope: Scope) -> Iterator[tuple[int, RouteConfiguration]]:
    """The virtual hosts of a gateway by port: plain servers of a port share them, TLS servers have their own."""
    gateway = scope.push_context.gateways.get(scope.caller.gateway or "")
    for port in sorted({server.port for server in (_servers(gateway) if gateway else ())}):
        found = [server for server in servers(scope.push_context, scope.caller, port) if server.speaks_http]
        plain = [server for server in found if not server.opens_tls]
        for group in ([plain] if plain else []) + [[server] for server in found if server.opens_tls]:
            yield port, _route_configuration(scope, group)


def _by_sni(found: list[Server], name: str) -> list[Server]:
    """The server whose TLS hosts fit the SNI best: each has routes of its own."""
    fitting = [(host, server) for server in found for _, host in server.hosts if covers(host, name)]
    return [min(fitting, key=lambda pair: specificity(pair[0]))[1]] if fitting else []


def _bound(scope: Scope, gateway: str) -> list[VirtualService]:
    push_context = scope.push_context
    return seen_from(push_context.bound_to(gateway), scope.caller.namespace, push_context.virtual_service_export)


def _route_configuration(scope: Scope, found: list[Server]) -> RouteConfiguration:
    """The virtual hosts of servers that share a port: the routes of all VirtualServices, those that take everything last."""
    hosts: dict[str, VirtualHost] = {}
    for server in found:
        redirects = bool((server.tls or {}).get("httpsRedirect"))
        for virtual_service in _bound(scope, server.gateway):
            kept, skipped = routes(virtual_service, _context(scope, server))
            for host in (
                intersection(server.hosts_for(virtual_service.namespace), virtual_service.hosts) if kept else ()
            ):
                known = hosts.get(host) or VirtualHost(host, (host,), (), virtual_service=virtual_service)
                hosts[host] = replace(
                    known,
                    routes=known.routes + kept,
                    skipped=known.skipped + skipped,
                    https_only=known.https_only or redirects,
                )
        for _, host in server.hosts if redirects else ():
            hosts[host] = replace(hosts.get(host) or VirtualHost(host, (host,), ()), https_only=True)
    return RouteConfiguration(replace(host, routes=_catch_alls_last(host.routes)) for host in hosts.values())


def _catch_alls_last(found: tuple[Route, ...]) -> tuple[Route, ...]:
    return tuple(sorted(found, key=lambda route: route.catch_all))


def _context(scope: Scope, server: Server) -> MatchContext:
    clusters = replace(connection_clusters(scope, server.port), tls=server.tls is not None)
    return MatchContext(
        server.port, frozenset({server.gateway}), scope.caller.namespace, scope.caller.label_map, clusters
    )


def _connection(scope: Scope, found: list[Server], request: Request, sni: str) -> Answer:
    """A TCP or TLS connection: opaque servers take the first fitting `tcp` rule, passing ones go by SNI."""
    passing = [server for server in found if server.passes_tls_on]
    opaque = [server for server in found if not server.speaks_http and not server.passes_tls_on]
    chains: list[Chain] = []
    if sni:
        if any((server.tls or {}).get("mode") == "AUTO_PASSTHROUGH" for server in passing):
            return undecidable("the server is AUTO_PASSTHROUGH: other clusters enter there, with names of their own")
        chains += (chain for server in passing for chain in _sni_chains(scope, server))
        chains += (
            replace(chain, names=tuple(host for _, host in server.hosts))
            for server in opaque
            if server.opens_tls
            for chain in _tcp_chains(scope, server)
        )
    else:
        chains += (chain for server in opaque if server.tls is None for chain in _tcp_chains(scope, server))
    chain = choose(chains, Connection("", sni))
    if not isinstance(chain, Chain):
        serving = (
            [*passing, *(server for server in opaque if server.opens_tls)]
            if sni
            else [server for server in opaque if server.tls is None]
        )
        reason = UNROUTED if serving else REFUSED
        name = f" with SNI {sni}" if sni else ""
        return {"kind": BLOCKED, "reason": reason.format(scheme=request.scheme, port=request.port, name=name)}
    destinations = weighted(list(chain.targets), connection_clusters(scope, request.port))
    return {
        "kind": ROUTE,
        "protocol": "tls" if sni else "tcp",
        "destinations": destinations,
        "virtualService": chain.title,
    }


def _tcp_chains(scope: Scope, server: Server) -> Iterator[Chain]:
    for virtual_service in _claiming(scope, server):
        for rule in virtual_service.tcp:
            matches = rule.get("match") or ()
            if rule.get("route") and (not matches or any(_concerns(match, server) for match in matches)):
                yield Chain((), (), tuple(rule["route"]), virtual_service.title)
                return


def _sni_chains(scope: Scope, server: Server) -> Iterator[Chain]:
    for virtual_service in _claiming(scope, server):
        for rule in virtual_service.tls:
            for match in rule.get("match") or ():
                if rule.get("route") and _concerns(match, server):
                    names = tuple(name.lower() for name in match.get("sniHosts") or ())
                    yield Chain((), names, tuple(rule["route"]), virtual_service.title)


def _claiming(scope: Scope, server: Server) -> Iterator[VirtualService]:
    for virtual_service in _bound(scope, server.gateway):
        if intersection(server.hosts_for(virtual_service.namespace), virtual_service.hosts):
            yield virtual_service


def _concerns(match: Mapping[str, Any], server: Server) -> bool:
    """At a gateway only port and gateways of a connection's match count."""
    gateways = match.get("gateways")
    return match.get("port") in (None, 0, server.port) and (not gateways or server.gateway in gateways)
