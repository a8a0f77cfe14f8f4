"""Who is routed by a VirtualService, where it sends them, and whether they have a cluster there.

A caller is known where the repository holds its workload. Source: Istio `pilot/pkg/model/push_context.go` and `sidecar.go`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects import routing
from sailwright.mesh.objects.export_to import rank
from sailwright.mesh.objects.routing import BLOCKS, Block
from sailwright.mesh.pilot.egress_listeners import Listener
from sailwright.mesh.pilot.gateway_names import MESH
from sailwright.mesh.pilot.gateway_workloads import gateway_workload
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller, sidecar_of
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.queries.push_context import Scopes, push_context_of
from sailwright.mesh.values.hosts import overlap
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import labels

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


EVERY_NAMESPACE = "*"
HTTP_PORT = 80
"""The port on which a sidecar routes hosts that are no service, if it routes HTTP there at all."""


@dataclass(frozen=True, slots=True)
class Target:
    """A destination or mirror, in full. A delegate's stands in the delegate's `manifest`; `matches` are merged with the root's.

    `is_idle`: it has no weight beside others that do, so that nothing is sent there.
    """

    manifest: Manifest
    path: Path
    block: Block
    host: str
    port: int
    subset: str
    matches: Sequence[Mapping[str, Any]]
    is_mirror: bool = False
    is_idle: bool = False


def as_istiod_reads(index: Index) -> Mapping[Manifest, VirtualService]:
    """The VirtualServices with hosts, delegates merged in, by their manifest; ask with `index.derived`."""
    return {found.manifest: found for found in index.derived(push_context_of).virtual_services}


def targets(virtual_service: VirtualService) -> Iterator[Target]:
    """Everywhere that a VirtualService sends, delegates included: those of http, then tcp, then tls."""
    for rule in virtual_service.rules:
        yield from _targets(rule.manifest, rule.path, "http", rule.value)
    for block in BLOCKS[1:]:
        for position, value in enumerate(virtual_service.tcp if block == "tcp" else virtual_service.tls):
            yield from _targets(virtual_service.manifest, ("spec", block, position), block, value)


def _targets(manifest: Manifest, path: Path, block: Block, rule: Mapping[str, Any]) -> Iterator[Target]:
    routes = rule.get("route") or ()
    shared = any(route.get("weight") for route in routes)
    matches: Sequence[Mapping[str, Any]] = rule.get("match") or ({},)
    for position, route in enumerate(routes):
        place = (*path, "route", position, "destination")
        idle = shared and len(routes) > 1 and not route.get("weight")
        yield _target(manifest, place, block, route["destination"], matches, is_idle=idle)
    if rule.get("mirror"):
        yield _target(manifest, (*path, "mirror"), block, rule["mirror"], matches, is_mirror=True)
    for position, mirror in enumerate(rule.get("mirrors") or ()):
        place = (*path, "mirrors", position, "destination")
        yield _target(manifest, place, block, mirror["destination"], matches, is_mirror=True)


def _target(
    manifest: Manifest,
    path: Path,
    block: Block,
    destination: Mapping[str, Any],
    matches: Sequence[Mapping[str, Any]],
    *,
    is_mirror: bool = False,
    is_idle: bool = False,
) -> Target:
    port = (destination.get("port") or {}).get("number") or 0
    subset = destination.get("subset") or ""
    return Target(manifest, path, block, destination["host"], port, subset, matches, is_mirror, is_idle)


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """A caller whose workload, or whose Gateway, is in the repository. `sure`: there is such a proxy for certain."""

    caller: Caller
    sure: bool


class KnownCallers:
    """The callers of a mesh that the repository knows: `index.derived(KnownCallers)`."""

    def __init__(self, index: Index) -> None:
        push_context = index.derived(push_context_of)
        selectors = [labels(found.spec.get("selector")) for found in push_context.gateways.values()]
        sidecars: dict[Caller, bool] = {}
        for workload in index.workloads:
            injected = index.injected(workload)
            serves = any(selector and selector.items() <= workload.labels.items() for selector in selectors)
            if injected is not False and not serves:
                caller = Caller(workload.namespace, tuple(sorted(workload.labels.items())))
                sidecars[caller] = sidecars.get(caller, False) or bool(injected)
        self._importing: dict[str, list[KnownCaller]] = {}
        for caller, sure in sidecars.items():
            for place in _imported_namespaces(push_context, caller):
                self._importing.setdefault(place, []).append(KnownCaller(caller, sure))
        served = {name: gateway_workload(push_context, name) for name in push_context.gateways}
        self._gateways = {
            name: KnownCaller(caller, bool(index.selected(caller.label_map, caller.namespace)))
            for name, caller in served.items()
        }

    def of(self, virtual_service: VirtualService) -> Iterator[KnownCaller]:
        """The callers that may be routed by a VirtualService, as far as its gateways and their Sidecars' namespaces say."""
        for gateway in virtual_service.gateways:
            if gateway == MESH:
                yield from self._importing.get(EVERY_NAMESPACE, ())
                yield from self._importing.get(virtual_service.namespace, ())
            elif gateway in self._gateways:
                yield self._gateways[gateway]


def routed_callers(index: Index, virtual_service: VirtualService, target: Target) -> Iterator[KnownCaller]:
    """The known callers that a VirtualService may send to a target."""
    scopes, export = index.derived(Scopes), index.derived(push_context_of).virtual_service_export
    for known in index.derived(KnownCallers).of(virtual_service):
        caller = known.caller
        if not any(concerns(match, caller, target.block) for match in target.matches):
            continue
        if caller.gateway:
            if rank(virtual_service, caller.namespace, export) is not None:
                yield known
        elif any(_has_routes(listener, virtual_service, target.block) for listener in scopes.of(caller).listeners):
            yield known


def _imported_namespaces(push_context: PushContext, caller: Caller) -> frozenset[str]:
    """The namespaces of which a caller's Sidecar imports something; `*` alone where it may be any."""
    sidecar = sidecar_of(push_context, caller)
    egress = (sidecar.spec.get("egress") or ()) if sidecar else ()
    places = {host.partition("/")[0] for listener in egress for host in listener.get("hosts") or ()}
    if not places or EVERY_NAMESPACE in places:
        return frozenset({EVERY_NAMESPACE})
    return frozenset(caller.namespace if place == "." else place for place in places)


def _has_routes(listener: Listener, virtual_service: VirtualService, block: Block) -> bool:
    """Whether a VirtualService is in the routes of a listener: for a service it imports; those of http for any host on port 80."""
    return virtual_service in listener.virtual_services and any(
        any(overlap(host, service.host) for host in virtual_service.hosts)
        or (block == "http" and any(port.number == HTTP_PORT and port.carries_http for port in service.ports))
        for service in listener.services
    )


def host_reached(index: Index, virtual_service: routing.VirtualService, host: str) -> bool:
    """Whether someone whom a VirtualService may route has a cluster for a full host name.

    A route to a service of the caller's own namespace brings it in, whatever its exportTo says.
    """
    services = index.registry.services(host)
    if not services or all(service.exports.everywhere for service in services):
        return bool(services)
    places = {virtual_service.namespace, *_caller_namespaces(index, virtual_service)}
    return any(place == found.namespace or found.exports.visible_in(place) for found in services for place in places)


def _caller_namespaces(index: Index, virtual_service: routing.VirtualService) -> Iterator[str]:
    """The namespaces of whom a VirtualService may route: of known callers who see it, and of its gateways."""
    read = index.derived(as_istiod_reads).get(virtual_service.manifest)
    if read is None:
        return
    export = index.derived(push_context_of).virtual_service_export
    known = {found.caller.namespace for found in index.derived(KnownCallers).of(read)}
    unknown = {name.partition("/")[0] for name in read.gateways if name != MESH}
    yield from (name for name in known | unknown if rank(read, name, export) is not None)


def concerns(match: Mapping[str, Any], caller: Caller, block: Block) -> bool:
    """Whether a match entry is for a caller at all.

    An HTTP match that names gateways is not asked for source labels and namespace, one of a connection at a gateway neither.
    """
    gateways = match.get("gateways")
    if gateways and (caller.gateway or MESH) not in gateways:
        return False
    if gateways if block == "http" else caller.gateway:
        return True
    carried = match.get("sourceLabels") or {}
    return match.get("sourceNamespace") in (None, "", caller.namespace) and carried.items() <= caller.label_map.items()
