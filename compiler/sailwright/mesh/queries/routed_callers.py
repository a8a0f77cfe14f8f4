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
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.queries.known_callers import CallerGroup, KnownCallers
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import labels

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


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
    """A caller that the repository knows, and the Sidecar that narrows what it sees. `sure`: there is such a proxy for certain."""

    caller: Caller
    sidecar: Manifest | None
    sure: bool


class RoutedCallers:
    """The known callers that a VirtualService may send somewhere."""

    def __init__(self, index: Index, virtual_service: VirtualService) -> None:
        self._index, self._virtual_service = index, virtual_service
        self._known = index.derived(KnownCallers)
        self._importing = [*self._known.importing(virtual_service)]

    def of(self, target: Target) -> Iterator[KnownCaller]:
        """Those that are sent to a target: by namespace, of each namespace one of all that see the same, then gateways."""
        index, selectors = self._index, [labels(match.get("sourceLabels")) for match in target.matches]
        selectors += (labels(rule.workload_selector) for rule in index.rules_for(target.host))
        selectors = [each for each in selectors if each]
        for group, listeners in self._importing:
            if any(self._routes(group, *each, target.block) for each in listeners):
                for caller in group.callers(selectors):
                    if any(concerns(match, caller, target.block) for match in target.matches):
                        yield KnownCaller(caller, group.sidecar, sure=False)
        for caller in gateways_of(index, self._virtual_service):
            if any(concerns(match, caller, target.block) for match in target.matches):
                yield KnownCaller(caller, None, sure=bool(index.selected(caller.label_map, caller.namespace)))

    def _routes(self, group: CallerGroup, number: int, listener: Listener, block: Block) -> bool:
        """Whether it is in the routes of a listener: for a service that this imports; those of http for any host on port 80."""
        return bool(listener.services) or (block == "http" and self._known.carries_http(group, number))


def gateways_of(index: Index, virtual_service: VirtualService) -> Iterator[Caller]:
    """The proxies of the Gateways that a VirtualService names, where the repository has these and their workloads see it."""
    push_context = index.derived(push_context_of)
    for name in virtual_service.gateways:
        if name != MESH and name in push_context.gateways:
            caller = gateway_workload(push_context, name)
            if rank(virtual_service, caller.namespace, push_context.virtual_service_export) is not None:
                yield caller


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
    yield from (group.namespace for group, _ in index.derived(KnownCallers).importing(read))
    yield from (caller.namespace for caller in gateways_of(index, read))
    export = index.derived(push_context_of).virtual_service_export
    places = (name.partition("/")[0] for name in read.gateways if name != MESH)
    yield from (place for place in places if rank(read, place, export) is not None)


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
