"""Requests and connections that enter the mesh at a Gateway: filter chains and route configurations of its workload.

Source: Istio `pilot/pkg/networking/core/gateway.go`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sailwright.mesh.objects.export_to import seen_from
from sailwright.mesh.pilot.gateway_names import intersection
from sailwright.mesh.pilot.gateway_workloads import target_port
from sailwright.mesh.pilot.merged_gateways import MergedGateways, Server, listener_servers, merged_gateways, servers_of
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.values.hosts import covers
from sailwright.route.envoy.actions import BLOCKED
from sailwright.route.envoy.answers import Answer
from sailwright.route.envoy.filter_chains import Chain, Connection, choose
from sailwright.route.envoy.route_table import MatchContext, Route, RouteConfiguration, VirtualHost, routes
from sailwright.route.envoy.tcp_proxy import connection_clusters, forwarded
from sailwright.route.request import HTTP, HTTPS, TCP, TLS, TLS_SCHEMES, Request
from sailwright.runtime.records import replace

REFUSED = "no Gateway of this workload has a server for {scheme} on port {port}"
UNROUTED = "no VirtualService that is bound to the Gateway has a rule for {scheme} on port {port}{name}"
ALPN_ONLY = "the server is AUTO_PASSTHROUGH: only clients of the mesh enter there, with Istio's own ALPN"
SPOKEN = {"http": "plain HTTP", "https": "TLS", "tls": "TLS", "tcp": "bytes that are neither TLS nor HTTP"}


def entry(scope: Scope, request: Request) -> RouteConfiguration | Answer:
    """The virtual hosts a request meets at the gateway, or the answer where it meets none."""
    merged = _merged(scope)
    port = target_port(scope.push_context, scope.caller, request.port)
    found = merged.on(port)
    chains = [(server, chain) for server in found for chain in _chains(scope, server, found)]
    chain = choose([chain for _, chain in chains], Connection("", request.sni))
    server = next((server for server, known in chains if known is chain), None)
    if not isinstance(chain, Chain) or server is None:
        return _refused(merged, port, request)
    misfit = _misfit(server, request)
    if misfit:
        return {"kind": BLOCKED, "reason": misfit}
    if server.speaks_http:
        return _configuration(scope, merged, server.route_name)
    return forwarded(scope, chain, server.port, tls=request.scheme in TLS_SCHEMES)


def gateway_ports(push_context: PushContext, name: str) -> list[tuple[int, str]]:
    """The ports at which a Gateway takes HTTP, each with the scheme that clients use."""
    return [(port, scheme) for port, scheme in gateway_entrances(push_context, name) if scheme in (HTTP, HTTPS)]


def gateway_entrances(push_context: PushContext, name: str) -> list[tuple[int, str]]:
    """The ports at which a Gateway takes connections, each with the scheme that clients use."""
    gateway = push_context.gateways.get(name)
    found = servers_of(gateway, push_context) if gateway else listener_servers(push_context, name)
    return [(server.port, _scheme(server)) for server in found]


def _scheme(server: Server) -> str:
    if server.speaks_http:
        return HTTPS if server.opens_tls else HTTP
    return TLS if server.protocol.is_tls else TCP


def gateway_route_configurations(scope: Scope) -> Iterator[tuple[int, RouteConfiguration]]:
    """The virtual hosts of a gateway by port: plain servers of a port share them, TLS servers have their own."""
    merged = _merged(scope)
    for name, found in merged.by_route_name.items():
        if any(server.owner == scope.caller.gateway for server in found):
            yield found[0].port, _configuration(scope, merged, name)


def _merged(scope: Scope) -> MergedGateways:
    key = ("merged gateways", 0)
    if key not in scope.derived:
        scope.derived[key] = merged_gateways(scope.push_context, scope.caller)
    found: MergedGateways = scope.derived[key]
    return found


def _misfit(server: Server, request: Request) -> str:
    """Why the proxy closes a connection that a server's chain has taken; empty where it does not."""
    spoken = f"the server takes {{}} on port {request.port}, and this client sends {SPOKEN[request.scheme]}"
    if server.mode == "AUTO_PASSTHROUGH":
        return ALPN_ONLY
    if server.opens_tls and request.scheme not in TLS_SCHEMES:
        return spoken.format("TLS")
    if server.speaks_http and request.scheme != (HTTPS if server.opens_tls else HTTP):
        return spoken.format("HTTP in TLS" if server.opens_tls else "plain HTTP")
    return ""


def _refused(merged: MergedGateways, port: int, request: Request) -> Answer:
    """The answer where no filter chain takes a connection: whether the server or the rule is missing."""
    found = merged.on(port)
    for server, reason in merged.ignored:
        if server.listens_on == port and any(covers(name, request.target) for name in server.names):
            return {"kind": BLOCKED, "reason": f"a server of Gateway {server.owner} is ignored: {reason}"}
    if request.sni:
        serving = [server for server in found if server.opens_tls or server.passes_tls_on]
    else:
        serving = [server for server in found if server.tls is None and not server.speaks_http]
    if any(server.speaks_http for server in serving):
        reason = f"no server on port {request.port} has TLS for {request.sni}"
    else:
        name = f" with SNI {request.sni}" if request.sni else ""
        reason = (UNROUTED if serving else REFUSED).format(scheme=request.scheme, port=request.port, name=name)
    return {"kind": BLOCKED, "reason": reason}


def _chains(scope: Scope, server: Server, others: Sequence[Server]) -> Iterator[Chain]:
    """The filter chains of one server among `others` of its port."""
    names = server.names if server.tls is not None and not server.protocol.is_http else ()
    names = () if "*" in names else names
    if server.speaks_http:
        yield Chain((), names)
    elif server.mode == "AUTO_PASSTHROUGH":
        yield Chain((), tuple(_cluster_names(scope, server)) or ("-",))
    elif server.passes_tls_on:
        yield from _sni_chains(scope, server, others)
    else:
        yield from (replace(chain, names=names) for chain in _tcp_chains(scope, server))


def _cluster_names(scope: Scope, server: Server) -> Iterator[str]:
    """The names by which other clusters ask for the services of this one, as far as the server's hosts cover them."""
    for service in scope.services.values():
        rule = scope.destination_rule(service)
        for port in service.ports:
            for subset in ("", *(rule.subsets if rule else ())):
                name = f"outbound_.{port.number}_.{subset or '_'}_.{service.host}".replace("_.__.", "_._.")
                if any(covers(host, name) for host in server.names):
                    yield name


def _tcp_chains(scope: Scope, server: Server) -> Iterator[Chain]:
    for virtual_service in _claiming(scope, server):
        for rule in virtual_service.tcp:
            matches = rule.get("match") or ()
            if not matches or any(_concerns(match, server) for match in matches):
                yield Chain((), (), tuple(rule.get("route") or ()), virtual_service.answer_title)
                return


def _sni_chains(scope: Scope, server: Server, others: Sequence[Server]) -> Iterator[Chain]:
    """The chains of `tls` rules; a match with a name that an earlier one of the port has is left out whole."""
    taken: set[str] = set()
    for other in others:
        if not other.passes_tls_on or other.mode == "AUTO_PASSTHROUGH" or other.bind != server.bind:
            continue
        for virtual_service in _claiming(scope, other):
            for rule in virtual_service.tls:
                for match in rule.get("match") or ():
                    written = tuple(match.get("sniHosts") or ())
                    if not _concerns(match, other) or taken.intersection(written):
                        continue
                    taken.update(written)
                    if other is server:
                        names = () if "*" in written else tuple(name.lower() for name in written)
                        yield Chain((), names, tuple(rule.get("route") or ()), virtual_service.answer_title)
        if other is server:
            return


def _bound(scope: Scope, gateway: str) -> list[VirtualService]:
    push_context = scope.push_context
    return seen_from(push_context.bound_to(gateway), scope.caller.namespace, push_context.virtual_service_export)


def _claiming(scope: Scope, server: Server) -> Iterator[VirtualService]:
    for virtual_service in _bound(scope, server.gateway):
        if intersection(server.hosts_for(virtual_service.namespace), virtual_service.hosts):
            yield virtual_service


def _concerns(match: Mapping[str, Any], server: Server) -> bool:
    """At a gateway only port and gateways of a connection's match count."""
    gateways = match.get("gateways")
    return match.get("port") in (None, 0, server.port) and (not gateways or server.gateway in gateways)


def _configuration(scope: Scope, merged: MergedGateways, name: str) -> RouteConfiguration:
    """The virtual hosts of the servers of a route configuration: the routes of all VirtualServices, catch-alls last.

    Where several servers of one Gateway share it, the port of the first decides which rules a VirtualService has there.
    """
    hosts: dict[str, VirtualHost] = {}
    built: dict[tuple[str, VirtualService], tuple[Any, Any]] = {}
    for server in merged.by_route_name.get(name, ()):
        for virtual_service in _bound(scope, server.gateway):
            names = intersection(server.hosts_for(virtual_service.namespace), virtual_service.hosts)
            if not names:
                continue
            key = (server.gateway, virtual_service)
            if key not in built:
                built[key] = routes(virtual_service, _context(scope, server))
            kept, skipped = built[key]
            for host in names if kept else ():
                known = hosts.get(host) or VirtualHost(host, (host,), (), virtual_service=virtual_service)
                hosts[host] = replace(
                    known,
                    routes=known.routes + kept,
                    skipped=known.skipped + skipped,
                    https_only=known.https_only or server.redirects,
                )
        for host in server.hosts if server.redirects else ():
            hosts[host] = replace(hosts.get(host) or VirtualHost(host, (host,), ()), https_only=True)
    return RouteConfiguration(replace(host, routes=_catch_alls_last(host.routes)) for host in hosts.values())


def _catch_alls_last(found: tuple[Route, ...]) -> tuple[Route, ...]:
    return tuple(sorted(found, key=lambda route: route.catch_all))


def _context(scope: Scope, server: Server) -> MatchContext:
    clusters = replace(connection_clusters(scope, server.port), tls=server.tls is not None)
    return MatchContext(
        server.port, frozenset({server.gateway}), scope.caller.namespace, scope.caller.label_map, clusters
    )
