"""Where a route or a traffic policy takes effect: the ports, and the block of a VirtualService that Istio reads there.

Sources: pilot/pkg/networking/core (route, tls.go, listener.go), pkg/config/gateway/gateway.go,
pilot/pkg/networking/util MergeSubsetTrafficPolicy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sailwright.finding import Path
from sailwright.manifest import Manifest
from sailwright.mesh.hosts import overlap
from sailwright.mesh.protocol import declared_protocol
from sailwright.mesh.routing import BLOCKS, MESH, Block, DestinationRule, Gateway, Server, VirtualService, gateway_name
from sailwright.mesh.services import Port, Service
from sailwright.mesh.shape import entries, get, mapping, number, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.workloads import Workload


@dataclass(frozen=True, slots=True)
class Policy:
    """One block of traffic policy. `subset` is empty for the rule's own; `port` is set for a port level entry."""

    path: Path
    value: Mapping[str, Any]
    subset: str
    port: int | None
    covered_ports: frozenset[int]
    """The ports that this block leaves to a more specific one."""

    def at(self, *keys: str | int) -> Path:
        """The path of something inside the block."""
        return (*self.path, *keys)


@cache
def policies(rule: DestinationRule) -> tuple[Policy, ...]:
    """Every block of traffic policy that a DestinationRule holds."""
    return tuple(_all_policies(rule))


def _all_policies(rule: DestinationRule) -> Iterator[Policy]:
    own = mapping(rule.manifest.spec.get("trafficPolicy"))
    yield from _policies(own, ("spec", "trafficPolicy"), "")
    for subset in rule.subsets:
        yield from _policies(mapping(subset.value.get("trafficPolicy")), (*subset.path, "trafficPolicy"), subset.name)


def _policies(value: Mapping[str, Any], path: Path, subset: str) -> Iterator[Policy]:
    if not value:
        return
    levels = [
        (entry_path, entry, number(mapping(entry.get("port")).get("number")))
        for entry_path, entry in entries(value.get("portLevelSettings"), (*path, "portLevelSettings"))
    ]
    yield Policy(path, value, subset, None, frozenset(port for _, _, port in levels))
    for entry_path, entry, port in levels:
        yield Policy(entry_path, entry, subset, port, frozenset())


@dataclass(frozen=True, slots=True)
class Governed:
    """A port of a service that a policy governs."""

    service: Service
    port: Port

    def __str__(self) -> str:
        """For messages: the port, its effective protocol and why Istio selected it."""
        protocol = self.port.protocol
        name = "auto-detected" if protocol.is_auto else protocol.name
        return f"port {self.port.number} of {self.service.hosts[0]} is {name}: {protocol.reason}"


def governed(index: Index, rule: DestinationRule, policy: Policy) -> tuple[Governed, ...]:
    """The ports of the repository's services that a policy governs; none where the host is a wildcard or unknown."""
    if rule.host.startswith("*"):
        return ()
    return tuple(
        Governed(service, port)
        for service in index.registry.services(rule.host)
        for port in service.ports
        if (policy.port is None or policy.port == port.number) and port.number not in policy.covered_ports
    )


def all_tcp(ports: tuple[Governed, ...]) -> bool:
    """Whether there are ports and the proxy sees only bytes on each: nothing of HTTP has an effect."""
    return bool(ports) and all(each.port.protocol.is_tcp for each in ports)


@dataclass(frozen=True, slots=True)
class Setting:
    """A block inside a traffic policy, as `connectionPool.http`, with the ports it governs."""

    rule: DestinationRule
    policy: Policy
    path: Path
    value: Mapping[str, Any]
    ports: tuple[Governed, ...]

    def at(self, *keys: str | int) -> Path:
        """The path of something inside the block."""
        return (*self.path, *keys)


def settings(index: Index, *keys: str) -> Iterator[Setting]:
    """Every traffic policy's block at `keys`, where it is there and a mapping."""
    for rule in index.destination_rules:
        for policy in policies(rule):
            value = get(policy.value, *keys)
            if isinstance(value, dict):
                yield Setting(rule, policy, policy.at(*keys), value, governed(index, rule, policy))


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
        services = () if host.startswith("*") else index.registry.services(host)
        if not services:
            return None
        for service in services:
            ports = service.ports
            found += [Reading(MESH, port.number, _port_blocks(port), str(Governed(service, port))) for port in ports]
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


def original_destination(service: Service) -> str:
    """Why a sidecar sends each call to the address the client dialled, so that nothing is balanced; empty if it does not.

    Gateways balance over the pods of a headless Service all the same (core/cluster.go, convertResolution).
    """
    if service.is_headless:
        return "the Service is headless (clusterIP: None)"
    if service.is_entry and service.resolution in ("NONE", "DYNAMIC_DNS"):
        return f"the ServiceEntry has resolution {service.resolution}"
    return ""


def unbalanced(ports: tuple[Governed, ...]) -> str:
    """Why no call to any of the governed ports is balanced; empty where one is, or where there is none."""
    reasons = {original_destination(each.service) for each in ports}
    return "" if "" in reasons else next(iter(sorted(reasons)), "")


def gateway_routed(index: Index, host: str) -> bool:
    """Whether some VirtualService of a gateway sends to a host: gateways balance what sidecars pass through."""
    return any(name != MESH for service, _ in index.routed(host) for name in service.gateways)


def ignored_rules(index: Index, block: Block) -> Iterator[tuple[VirtualService, Path, str]]:
    """The rules of a block that no place reads, each with the reason; one answer for the whole block where all are ignored."""
    for service in index.virtual_services:
        rules = tuple(service.rules(block))
        places = readings(index, service) if rules else None
        reasons = {path: _ignored(rule, block, places or ()) for path, rule in rules}
        if rules and all(reasons.values()):
            yield service, ("spec", block), next(iter(reasons.values()))
        else:
            yield from ((service, path, reason) for path, reason in reasons.items() if reason)


def _ignored(rule: Mapping[str, Any], block: Block, places: tuple[Reading, ...]) -> str:
    ports = matched_ports(rule)
    read = [place for place in places if place.blocks and (ports is None or place.port in ports)]
    return read[0].reason if read and not any(block in place.blocks for place in read) else ""


def tcp_only(index: Index, workloads: Iterable[Workload]) -> str:
    """Why every port of the workloads that a Service leads to is TCP or TLS; empty where one is not, or where there is none."""
    ports = [
        Governed(service, port)
        for workload in workloads
        for service in index.services_of(workload)
        for port in service.ports
        if not port.protocol.is_udp
    ]
    return str(ports[0]) if all_tcp(tuple(ports)) else ""


def splits(index: Index) -> Iterator[tuple[Manifest, Path, list[tuple[Path, dict[str, Any]]]]]:
    """The routes of VirtualServices with more than one destination: the path of `route`, and each destination with its own."""
    for service in index.virtual_services:
        for block in BLOCKS:
            for path, rule in service.rules(block):
                routes = list(entries(rule.get("route"), (*path, "route")))
                if len(routes) > 1:
                    yield service.manifest, (*path, "route"), routes
