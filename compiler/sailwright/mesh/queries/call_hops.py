"""Requests from one service to the next, as far as the repository declares them, each with its timeout and its retries.

A hop comes from a declared call (`accessPolicy.outbound`, rendered as a Sidecar) and the route that takes it, or from a route of a
gateway. Source of the defaults: Istio `pilot/pkg/networking/core/route/retry/retry.go` and Envoy's router: no timeout, two retries,
each after a random wait below 25 ms, 75 ms, 175 ms and then 250 ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.export_to import rank
from sailwright.mesh.objects.services import Service
from sailwright.mesh.pilot.gateway_names import MESH
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.pilot.virtual_services import Rule, VirtualService
from sailwright.mesh.queries.callers import declared_calls
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.queries.routed_callers import as_istiod_reads, concerns
from sailwright.mesh.values.duration import seconds
from sailwright.mesh.values.hosts import covers
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import number

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

DEFAULT_RETRIES = 2
_FIRST_WAIT = Fraction(25, 1000)
_GROWTH = 10
"""The waits grow to this many times the first."""


@dataclass(frozen=True, slots=True, eq=False)
class Hop:
    """A request that `caller` sends and `callee` answers (hosts in full; the caller is empty at the edge of the mesh).

    `manifest` and `path` are those of the route that decides, or of the call's declaration where no route does. Times are in
    seconds, None where there is no limit. `retries_written`: the number is the author's, not Istio's default.
    """

    caller: str
    callee: str
    manifest: Manifest
    path: Path
    timeout: Fraction | None
    per_try: Fraction | None
    retries: int
    retries_written: bool
    routed: bool
    first_wait: Fraction = _FIRST_WAIT

    @property
    def tries(self) -> int:
        """How often the callee may be asked for one request of the caller."""
        return 1 + self.retries

    @property
    def patience(self) -> Fraction | None:
        """How long the caller waits for one answer."""
        return min((limit for limit in (self.timeout, self.per_try) if limit is not None), default=None)

    @property
    def backoff(self) -> Fraction:
        """The longest that Envoy waits between the tries, all of them together."""
        growing = min(self.retries, 3)
        waits: int = sum(2**again - 1 for again in range(1, growing + 1)) + (self.retries - growing) * _GROWTH
        return waits * self.first_wait

    def setting(self, *keys: str) -> Path:
        """The path of a setting of the route, or of the route where it has none of these."""
        value: Any = self.manifest.value
        for key in (*self.path, *keys):
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return self.path
        return (*self.path, *keys)


def short(host: str) -> str:
    """NAMESPACE/NAME of a Kubernetes Service's host, another host as it is; the edge of the mesh is empty."""
    name, dot, rest = host.partition(".")
    place, svc, _ = rest.partition(".svc.")
    return f"{place}/{name}" if dot and svc else host or "the edge"


def hops(index: Index) -> tuple[Hop, ...]:
    """Every hop: those of declared calls first, then those from the edge. `index.derived(hops)`."""
    return (*_declared(index), *_from_the_edge(index))


def _declared(index: Index) -> Iterator[Hop]:
    callers: dict[tuple[str, str], tuple[Service, list[Caller], Manifest, Path]] = {}
    for call in declared_calls(index, entries_too=True):
        labels = tuple(sorted(call.client.labels.items()))
        for service in index.services_of(call.client):
            for host in call.service.hosts:
                key = (service.hosts[0], host)
                found = callers.setdefault(key, (call.service, [], call.sidecar, call.path))
                found[1].append(Caller(call.client.namespace, labels))
    by_host = index.derived(_mesh_routes) if callers else {}
    for (caller, host), (service, clients, sidecar, path) in callers.items():
        if caller == host or not _speaks_http(service):
            continue
        routes = _routes_for(index, by_host, host, clients[0].namespace)
        if routes is None:
            yield _hop(index, caller, host, sidecar, path, {}, routed=False)
        else:
            yield from _routed(index, caller, routes, clients)


def _routed(index: Index, caller: str, routes: VirtualService, clients: list[Caller]) -> Iterator[Hop]:
    """The hops of one call by the rules that may take it."""
    for rule in routes.rules:
        matches: Sequence[Mapping[str, Any]] = rule.value.get("match") or ({},)
        if any(concerns(match, client, "http") for match in matches for client in clients):
            yield from (
                _hop(index, caller, host, rule.manifest, rule.path, rule.value)
                for host in _destinations(rule)
                if host != caller
            )


def _from_the_edge(index: Index) -> Iterator[Hop]:
    for routes in index.derived(as_istiod_reads).values():
        outside = [gateway for gateway in routes.gateways if gateway != MESH]
        for rule in routes.rules if outside else ():
            matches: Sequence[Mapping[str, Any]] = rule.value.get("match") or ({},)
            if any(not match.get("gateways") or set(outside) & set(match["gateways"]) for match in matches):
                for host in _destinations(rule):
                    yield _hop(index, "", host, rule.manifest, rule.path, rule.value)


def own_routes(index: Index) -> Iterator[Hop]:
    """What callers whom nobody declares meet: each rule of the mesh for a service, as a hop to it from an unknown caller."""
    for host, found in index.derived(_mesh_routes).items():
        for rule in found[0].rules:
            if rule.value.get("route"):
                yield _hop(index, "", host, rule.manifest, rule.path, rule.value)


def _destinations(rule: Rule) -> Iterator[str]:
    """The hosts that a rule sends requests to, each once; none with weight 0."""
    routes = rule.value.get("route") or ()
    shared = len(routes) > 1 and any(route.get("weight") for route in routes)
    return iter(dict.fromkeys(route["destination"]["host"] for route in routes if route.get("weight") or not shared))


def _hop(
    index: Index,
    caller: str,
    callee: str,
    manifest: Manifest,
    path: Path,
    rule: Mapping[str, Any],
    *,
    routed: bool = True,
) -> Hop:
    written = rule.get("retries")
    policy = written if written is not None else index.derived(push_context_of).retry_policy
    retries, per_try, first_wait = DEFAULT_RETRIES, None, None
    if isinstance(policy, dict):
        retries = max(0, number(policy.get("attempts")))
        per_try = seconds(policy.get("perTryTimeout")) if retries else None
        first_wait = seconds(policy.get("backoff"))
    return Hop(
        caller,
        callee,
        manifest,
        path,
        seconds(rule.get("timeout")) or None,
        per_try or None,
        retries,
        retries_written=written is not None,
        routed=routed,
        first_wait=first_wait or _FIRST_WAIT,
    )


def _mesh_routes(index: Index) -> Mapping[str, list[VirtualService]]:
    """The VirtualServices of the mesh by their hosts, in istiod's order."""
    found: dict[str, list[VirtualService]] = {}
    for routes in index.derived(push_context_of).virtual_services:
        for host in routes.hosts if MESH in routes.gateways else ():
            found.setdefault(host, []).append(routes)
    return found


def _routes_for(
    index: Index, by_host: Mapping[str, list[VirtualService]], host: str, namespace: str
) -> VirtualService | None:
    """The VirtualService that takes a namespace's requests for a host: the exact host before a wildcard, the oldest first."""
    default = index.derived(push_context_of).virtual_service_export
    wild = sorted((known for known in index.derived(_wildcards) if covers(known, host)), key=len, reverse=True)
    candidates = (routes for known in (host, *wild) for routes in by_host.get(known, ()))
    return next((routes for routes in candidates if rank(routes, namespace, default) is not None), None)


def _wildcards(index: Index) -> tuple[str, ...]:
    return tuple(host for host in index.derived(_mesh_routes) if host.startswith("*"))


def _speaks_http(service: Service) -> bool:
    """Whether a service has a port of which the proxies may read requests."""
    return any(port.protocol.is_http or port.protocol.is_auto for port in service.ports)
