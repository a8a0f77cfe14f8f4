"""Ask the simulated mesh where requests go."""

from __future__ import annotations

from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.pilot.gateway_workloads import target_port
from sailwright.mesh.pilot.push_context import PushContext, applied_objects
from sailwright.mesh.pilot.sidecar_scope import Caller, Scope, gateway_scope, scope_of, waypoint_scope
from sailwright.mesh.queries.peers import Peer, peers_of
from sailwright.mesh.queries.pod_proxies import why_past_proxy
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.queries.receptions import Refusal
from sailwright.mesh.queries.waypoints import Waypoint, identity
from sailwright.mesh.world import World
from sailwright.route.ambient_callers import AmbientCall, ambient_answer, on_the_way
from sailwright.route.callees import Callees, at_gateway, call_of, sentence, status_of, title
from sailwright.route.envoy.actions import BLOCKED, PASSTHROUGH, REFUSED
from sailwright.route.envoy.answers import Answer, answer, to_https, unrouted
from sailwright.route.envoy.connections import Routed, connect
from sailwright.route.envoy.gateways import entry, gateway_route_configurations
from sailwright.route.envoy.outbound import dialled_service, route_configuration
from sailwright.route.envoy.route_table import Route, RouteConfiguration, VirtualHost
from sailwright.route.missing_services import with_missing_services
from sailwright.route.plain_callers import plain_answer
from sailwright.route.request import BASE, DECODE, HTTP, HTTPS, MERGE_SLASHES, NONE, NormalizedRequest, Request
from sailwright.route.waypoint_routes import host_of, of_one_service, proxy_of, taken
from sailwright.runtime.records import dataclass, replace

UNKNOWN = frozenset({PASSTHROUGH, BLOCKED})
ABSENT = "the project renders {host} in other environments or clusters, not here: its name does not resolve"


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """What a request meets: its virtual host and the route that takes it, None where nothing does.

    `answer` is there where no HTTP rule has a say: the bytes of a connection, or a host that nobody knows.
    """

    host: VirtualHost | None = None
    route: Route | None = None
    answer: Answer | None = None


class Simulator:
    """The mesh of one world. Scopes and tables are built when a caller and a port are first asked about.

    `index` is what callees are looked up in, where the world is only the part of one that decides about some hosts.
    """

    def __init__(self, world: World, index: Index | None = None) -> None:
        applied = applied_objects(world.manifests)
        if len(applied) < len(world.manifests):
            world = replace(world, manifests=applied)
        self.index = index or world.index
        self.push_context: PushContext = world.index.derived(push_context_of)
        mode = self.push_context.normalization
        self.normalization = mode if mode in (MERGE_SLASHES, DECODE, NONE) else BASE
        self._scopes: dict[Caller, Scope] = {}
        self._tables: dict[tuple[Caller, int], RouteConfiguration | None] = {}
        self._callees: dict[tuple[Caller, tuple[Peer, ...]], Callees] = {}
        self._at_port: dict[tuple[Caller, int], Caller] = {}
        self._entries: dict[tuple[Caller, int, str, str], RouteConfiguration | Answer] = {}

    def route_configurations(self, caller: Caller) -> list[tuple[int, RouteConfiguration]]:
        """The ports on which a caller's proxy routes HTTP, with their virtual hosts; of a gateway those of each TLS server."""
        if not caller.proxied:
            return []
        scope = self.scope(caller)
        if caller.gateway:
            return list(gateway_route_configurations(scope))
        ports = {port.number for listener in scope.listeners for service in listener.services for port in service.ports}
        found = ((port, self.table(caller, port)) for port in sorted(ports))
        return [(port, table) for port, table in found if table is not None]

    def scope(self, caller: Caller) -> Scope:
        """What a caller sees."""
        if caller not in self._scopes:
            build = gateway_scope if caller.gateway else waypoint_scope if caller.serves else scope_of
            self._scopes[caller] = build(self.push_context, caller)
        return self._scopes[caller]

    def table(self, caller: Caller, port: int) -> RouteConfiguration | None:
        """The virtual hosts of a sidecar's port; None where it does not speak HTTP there."""
        key = (caller, port)
        if key not in self._tables:
            self._tables[key] = route_configuration(self.scope(caller), port)
        return self._tables[key]

    def hosts(self, caller: Caller, request: Request) -> RouteConfiguration | None:
        """The virtual hosts that a request meets; None where it is no HTTP that is routed."""
        caller = self.at_port(caller, request.port)
        if caller.ambient:
            return self._of_waypoint(caller, request)
        if caller.plain:
            return None
        found = self._gateway_entry(caller, request) if caller.gateway else self._sidecar_entry(caller, request)
        return None if isinstance(found, dict) else found

    def normalized(self, request: Request) -> NormalizedRequest:
        """The request as conditions look at it."""
        return NormalizedRequest(request, self.normalization)

    def match(self, caller: Caller, request: Request, normalized: NormalizedRequest) -> RouteMatch:
        """What a request meets on its way."""
        caller = self.at_port(caller, request.port)
        if caller.plain:
            return RouteMatch(answer=plain_answer(self.index, self.push_context, caller, request, self.normalization))
        if caller.ambient:
            return self._from_ztunnel(caller, request)
        table = self._gateway_entry(caller, request) if caller.gateway else self._sidecar_entry(caller, request)
        if isinstance(table, dict):
            return RouteMatch(answer=table)
        host = table.find(request.authority)
        if host is None:
            return RouteMatch(answer=None if caller.gateway else self._without_host(caller, request))
        for route in host.routes:
            for holds in route.tests:
                if not holds(normalized):
                    break
            else:
                return RouteMatch(host, route)
        return RouteMatch(host)

    def answer(self, caller: Caller, request: Request, peers: tuple[Peer, ...] = ()) -> Answer:
        """What becomes of a request: where it goes, and what the callee makes of it.

        `peers` are the identities that the caller may have; empty: those of its workloads.
        """
        caller = self.at_port(caller, request.port)
        refused = self._refused_at_gateway(caller, request) if caller.gateway else None
        if refused is not None and self._is_listening(caller, request):
            return refused
        routed = self._from_ztunnel(caller, request, peers).answer if caller.ambient else self.routed(caller, request)
        found = self._with_absence(caller, request, routed or {})
        if not caller.proxied:
            return found
        known = with_missing_services(found, self.index, caller.namespace, request.target)
        return self.callees(caller, peers).received(known, request)

    def _is_listening(self, caller: Caller, request: Request) -> bool:
        """Whether a gateway has a server for the port: else no request is read, and no policy asked."""
        entry = self._gateway_entry(caller, request)
        return not isinstance(entry, dict) or entry["kind"] != BLOCKED

    def at_port(self, caller: Caller, port: int) -> Caller:
        """The caller as its calls to a port are made: plain where annotations of its pods take the port past their proxy."""
        if not caller.proxied or caller.gateway:
            return caller
        key = (caller, port)
        if key not in self._at_port:
            why = why_past_proxy(self.index, caller.namespace, caller.labels, port)
            self._at_port[key] = replace(caller, plain=why) if why else caller
        return self._at_port[key]

    def _with_absence(self, caller: Caller, request: Request, found: Answer) -> Answer:
        """An answer for a host that nobody here has, with the reason where the project has it elsewhere."""
        absent = self.push_context.absent(request.target, caller.namespace) if found["kind"] in UNKNOWN else ""
        return {**found, "reason": ABSENT.format(host=absent)} if absent else found

    def routed(self, caller: Caller, request: Request) -> Answer:
        """Where the caller's proxy sends a request, whatever becomes of it there."""
        normalized = NormalizedRequest(request, self.normalization)
        matched = self.match(caller, request, normalized)
        if matched.answer is not None:
            return matched.answer
        if matched.host is not None and matched.host.https_only and request.scheme == HTTP:
            return to_https(normalized, request)
        return answer(matched.route, normalized, request)

    def callees(self, caller: Caller, peers: tuple[Peer, ...] = ()) -> Callees:
        """The callees as one caller with a proxy meets them."""
        key = (caller, peers)
        if key not in self._callees:
            self._callees[key] = Callees(self.index, self.scope(caller), self.normalization, peers)
        return self._callees[key]

    def _from_ztunnel(self, caller: Caller, request: Request, peers: tuple[Peer, ...] = ()) -> RouteMatch:
        """What becomes of a request that ztunnel takes from its caller, and the route that a waypoint takes it by."""
        met: list[RouteMatch] = []

        def routed(waypoint: Waypoint, service: Service, sent: Request) -> Answer:
            met.append(self._at_waypoint(waypoint, service, sent))
            return met[0].answer or {}

        known = peers or peers_of(self.index, caller)
        asked = AmbientCall(self.index, self.push_context, caller, request, self.normalization, known, routed)
        found = ambient_answer(asked)
        return replace(met[0], answer=found) if met else RouteMatch(answer=found)

    def _of_waypoint(self, caller: Caller, request: Request) -> RouteConfiguration | None:
        """The routes that a request of an ambient caller meets at a waypoint; None where it passes none, or as a connection."""
        passed = on_the_way(self.index, self.push_context, caller, request)
        return of_one_service(host_of(self.table(proxy_of(*passed), request.port), passed[1])) if passed else None

    def _at_waypoint(self, waypoint: Waypoint, service: Service, request: Request) -> RouteMatch:
        """What a waypoint does with a request for a service, and what the callee makes of it."""
        proxy = proxy_of(waypoint, service)
        host = host_of(self.table(proxy, request.port), service)
        route, found = taken(host, self.scope(proxy), service, request, self.normalization)
        found = with_missing_services(found, self.index, waypoint.namespace, request.target)
        received = self.callees(proxy, (identity(self.index, waypoint),)).received(found, request)
        return RouteMatch(host, route, received)

    def _refused_at_gateway(self, caller: Caller, request: Request) -> Answer | None:
        """The answer where an AuthorizationPolicy of the gateway's own proxy refuses a request from outside."""
        call = call_of(self.index, request, self.normalization)
        port = target_port(self.push_context, caller, request.port)
        found = at_gateway(self.index, caller, replace(call, port=port))
        if not isinstance(found, Refusal):
            return None
        status = {"status": status_of(found)} if request.scheme in (HTTP, HTTPS) else {}
        return {"kind": REFUSED, **status, "refusedBy": title(found), "reason": sentence(found)}

    def _sidecar_entry(self, caller: Caller, request: Request) -> RouteConfiguration | Answer:
        """The virtual hosts that a request meets; where it meets none, the answer for the connection.

        A request without `dialled` is asked of the routes of its port, whatever address it was sent to.
        """
        table = self.table(caller, request.port)
        if request.scheme == HTTP and not request.dialled and table is not None:
            return table
        found = connect(self.scope(caller), request)
        if not isinstance(found, Routed):
            return found
        if table is None:
            return unrouted(self.scope(caller))
        if found.service is None:
            return table
        host = found.service.host
        return RouteConfiguration(replace(known, domains=("*",)) for known in table.hosts if known.host == host)

    def _without_host(self, caller: Caller, request: Request) -> Answer:
        """The answer where no virtual host fits: a service dialled on a TCP port gets the bytes, other hosts are unknown."""
        scope = self.scope(caller)
        service = None if request.dialled else dialled_service(scope, request.target, request.port)
        if service is not None and not service.alias_of:
            found = connect(scope, request)
            return unrouted(scope) if isinstance(found, Routed) else found
        return unrouted(scope)

    def _gateway_entry(self, caller: Caller, request: Request) -> RouteConfiguration | Answer:
        key = (caller, request.port, request.scheme, request.sni)
        if key not in self._entries:
            self._entries[key] = entry(self.scope(caller), request)
        return self._entries[key]
