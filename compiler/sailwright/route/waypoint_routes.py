"""The routes of a waypoint: those of the service that a request was sent to, whatever its Host header says."""

from __future__ import annotations

from sailwright.mesh.objects.services import Service
from sailwright.mesh.pilot.gateway_api.listeners import NAME_LABEL
from sailwright.mesh.pilot.sidecar_scope import Caller, Scope
from sailwright.mesh.queries.waypoints import Waypoint
from sailwright.route.envoy.answers import Answer, answer, unrouted
from sailwright.route.envoy.connections import Routed, connect
from sailwright.route.envoy.route_table import Route, RouteConfiguration, VirtualHost
from sailwright.route.request import NormalizedRequest, Request
from sailwright.runtime.records import replace


def proxy_of(waypoint: Waypoint, service: Service) -> Caller:
    """The proxy of a waypoint, as it takes the calls to a service."""
    return Caller(waypoint.namespace, ((NAME_LABEL, waypoint.name),), serves=service.namespace)


def host_of(table: RouteConfiguration | None, service: Service) -> VirtualHost | None:
    """The virtual host of a service; None where the waypoint sees no HTTP on the port."""
    return next((each for each in table.hosts if each.host in service.hosts), None) if table else None


def of_one_service(host: VirtualHost | None) -> RouteConfiguration | None:
    """The routes of one service alone, for any Host header."""
    return RouteConfiguration([replace(host, domains=("*",))]) if host else None


def taken(
    host: VirtualHost | None, scope: Scope, service: Service, request: Request, normalization: str
) -> tuple[Route | None, Answer]:
    """The route that takes a request at a waypoint, and where it sends it; a connection where there is no virtual host."""
    if host is None:
        connected = connect(scope, replace(request, authority=service.hosts[0]))
        return None, unrouted(scope) if isinstance(connected, Routed) else connected
    normalized = NormalizedRequest(request, normalization)
    route = next((each for each in host.routes if all(holds(normalized) for holds in each.tests)), None)
    return route, answer(route, normalized, request)
