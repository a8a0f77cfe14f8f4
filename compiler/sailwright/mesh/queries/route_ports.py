"""Where a route takes effect: the ports of services and gateways, and the block of a VirtualService that Istio reads there.

Sources: pilot/pkg/networking/core (route, tls.go, listener.go), pkg/config/gateway/gateway.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.routing import MESH, Block, Gateway, Server, VirtualService, gateway_name
from sailwright.mesh.objects.services import Port
from sailwright.mesh.queries.traffic_policies import Governed
from sailwright.mesh.values.hosts import overlap
from sailwright.mesh.values.protocol import declared_protocol
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import entries, mapping, number, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


@dataclass(frozen=True, slots=True)
class Reading:
    """A place where a VirtualService is read: a port of a service in the mesh or a server of a gateway, and what is read."""

    gateway: str
    port: int
    blocks: frozenset[Block]
    reason: str


def readings(index: Index, service: VirtualService) -> tuple[Reading, ...] | None:
    """Every place where a VirtualService is read, None where one of its hosts or gateways is not in the repository."""
    found: list[Reading] = []
    for name in service.gateways or (MESH,):
        places = _mesh_readings(index, service) if name == MESH else _gateway_readings(index, service, name)
        if places is None:
            return None
        found += places
    return tuple(found)


def _mesh_readings(index: Index, virtual_service: VirtualService) -> list[Reading] | None:
    found: list[Reading] = []
    for host in virtual_service.hosts:
        services = index.registry.hosts.get(host, ())  # a wildcard may stand for any service, or for none
        if not services:
            return None
        for service in services:
            ports = service.ports
            found += [
                Reading(MESH, port.number, _port_blocks(port), str(Governed(host, service, port))) for port in ports
            ]
    return found


def _port_blocks(port: Port) -> frozenset[Block]:
    protocol = port.protocol
    if protocol.is_auto:
        return frozenset(("http", "tcp"))
    if protocol.is_http:
        return frozenset(("http",))
    if protocol.is_tls:
        return frozenset(("tls",))
    return frozenset(("tcp",)) if protocol.is_tcp else frozenset()


def _gateway_readings(index: Index, virtual_service: VirtualService, name: str) -> list[Reading] | None:
    gateways = index.gateways_named(gateway_name(name, virtual_service.namespace))
    if not gateways:
        return None
    return [
        Reading(gateway.full_name, server.port, _server_blocks(server), _server_reason(gateway, server))
        for gateway in gateways
        for server in gateway.servers
        if _serves(server, gateway, virtual_service)
    ]


def _serves(server: Server, gateway: Gateway, virtual_service: VirtualService) -> bool:
    return any(
        overlap(pattern, host)
        for namespace, pattern in server_hosts(server, gateway.namespace)
        for host in virtual_service.hosts
        if namespace in ("*", virtual_service.namespace)
    )


def server_hosts(server: Server, gateway_namespace: str) -> Iterator[tuple[str, str]]:
    """The hosts of a server with the namespace whose VirtualServices may use each; `*` is any namespace."""
    for written in server.hosts:
        namespace, slash, host = written.rpartition("/")
        yield (gateway_namespace if namespace == "." else namespace) if slash else "*", host.lower()


def _server_blocks(server: Server) -> frozenset[Block]:
    protocol, mode = declared_protocol(server.protocol), text(mapping(server.tls).get("mode")) or "PASSTHROUGH"
    if mode == "AUTO_PASSTHROUGH":
        return frozenset()
    if protocol.is_http:
        return frozenset(("http",))
    if protocol.is_tls:
        if mode == "PASSTHROUGH":
            return frozenset(("tls",))
        return frozenset(("http",)) if protocol.name == "HTTPS" else frozenset(("tcp",))
    return frozenset(("tcp",)) if protocol.is_tcp else frozenset(("http", "tcp"))


def _server_reason(gateway: Gateway, server: Server) -> str:
    mode = text(mapping(server.tls).get("mode"))
    return f"port {server.port} of gateway {gateway.full_name} is {server.protocol}{f' in TLS mode {mode}' if mode else ''}"


def matched_ports(rule: Mapping[str, Any]) -> frozenset[int] | None:
    """The ports that the match list of a VirtualService rule asks for; None where some entry asks for none."""
    ports = [number(entry.get("port")) for _, entry in entries(rule.get("match"), ())]
    return frozenset(ports) if ports and all(ports) else None


def gateway_routed(index: Index, host: str) -> bool:
    """Whether some VirtualService of a gateway sends to a host: gateways balance what sidecars pass through."""
    return any(name != MESH for service, _ in index.routed(host) for name in service.gateways)


def ignored_rules(index: Index, virtual_service: VirtualService, block: Block) -> Iterator[tuple[Path, str]]:
    """The rules of a block that no place reads, each with the reason; one answer for the whole block where all are ignored."""
    rules = tuple(virtual_service.rules(block))
    places = readings(index, virtual_service) if rules else None
    reasons = {path: _ignored(rule, block, places or ()) for path, rule in rules}
    if rules and all(reasons.values()):
        yield ("spec", block), next(iter(reasons.values()))
    else:
        yield from ((path, reason) for path, reason in reasons.items() if reason)


def _ignored(rule: Mapping[str, Any], block: Block, places: tuple[Reading, ...]) -> str:
    ports = matched_ports(rule)
    read = [place for place in places if place.blocks and (ports is None or place.port in ports)]
    return read[0].reason if read and not any(block in place.blocks for place in read) else ""
