"""Who depends on a service directly: those that call it, services whose routes lead to it, and hosts that gateways offer it under."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sailwright.mesh.objects.services import Service
from sailwright.mesh.pilot.gateway_api.listeners import owner_of
from sailwright.mesh.pilot.gateway_names import MESH
from sailwright.mesh.queries.call_hops import hops, short
from sailwright.mesh.queries.callers import declared_calls
from sailwright.mesh.queries.routed_callers import as_istiod_reads, targets
from sailwright.runtime.records import dataclass

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


@dataclass(frozen=True, slots=True)
class Dependent:
    """`name` depends on `on`: services as NAMESPACE/NAME, another host as it is. `gateway` (NAMESPACE/NAME) offers a host."""

    on: str
    name: str
    gateway: str = ""


def dependents(index: Index) -> tuple[Dependent, ...]:
    """Every direct dependency that the objects of a world declare, each once: `index.derived(dependents)`."""
    return tuple(dict.fromkeys(found for found in _all(index) if found.on != found.name))


def _all(index: Index) -> Iterator[Dependent]:
    for call in declared_calls(index, entries_too=True):
        for service in index.services_of(call.client) or ():
            yield from (Dependent(short(host), _title(service)) for host in call.service.hosts)
    for hop in index.derived(hops):
        if hop.caller:
            yield Dependent(short(hop.callee), short(hop.caller))
    for routes in index.derived(as_istiod_reads).values():
        reached = list(dict.fromkeys(short(target.host) for target in targets(routes) if not target.is_idle))
        own = [host for host in routes.hosts if index.registry.named(host)]
        for name in reached if MESH in routes.gateways else ():
            yield from (Dependent(name, short(host)) for host in own)
        for gateway in dict.fromkeys(owner_of(name) for name in routes.gateways if name != MESH):
            offered = [host for host in routes.hosts if host not in own] or routes.hosts
            yield from (Dependent(name, host, gateway) for name in reached for host in offered)


def _title(service: Service) -> str:
    return short(service.hosts[0]) if service.hosts else f"{service.namespace}/{service.name}"
