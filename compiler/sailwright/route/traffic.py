"""What a change of the mesh does to its traffic: which requests take another way, for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sailwright.mesh.world import World
from sailwright.route.callers import gateway_caller
from sailwright.route.catalog import Catalog
from sailwright.route.gateways import gateway_ports
from sailwright.route.http_classes import Scene, http_lines
from sailwright.route.outcomes import change
from sailwright.route.scope import Caller
from sailwright.route.simulator import Simulator
from sailwright.route.witnesses import gateways, witnesses

HTTP_PORT = 80
MOST_LINES = 40
"""Lines about one host; what is beyond is counted."""


@dataclass(frozen=True, slots=True)
class TrafficChange:
    """One line: requests to `host` that take another way. `service` is NAMESPACE/NAME where the host is a service's."""

    host: str
    service: str
    line: str


def traffic_changes(before: World, after: World) -> tuple[TrafficChange, ...]:
    """What changes for the requests to every host whose rules, subsets or ports differ between two worlds."""
    old, new = Simulator(before), Simulator(after)
    found = (change for host in changed_hosts(old.catalog, new.catalog) for change in compare(old, new, host))
    return tuple(found)


def changed_hosts(before: Catalog, after: Catalog) -> list[str]:
    """The hosts about which some object says something else on the other side."""
    old, new = _said(before), _said(after)
    return sorted(host for host in {*old, *new} if old.get(host) != new.get(host))


def _said(catalog: Catalog) -> dict[str, list[Any]]:
    """What decides about each host: its services, VirtualServices (delegates merged in) and DestinationRules."""
    said: dict[str, list[Any]] = {}
    for service in catalog.services:
        fact = (service.namespace, service.ports, service.addresses, service.alias_of, service.export_to)
        said.setdefault(service.host, []).append(fact)
    for found in catalog.virtual_services:
        rules = [rule.value for rule in found.rules]
        for host in found.hosts:
            said.setdefault(host, []).append(
                (found.title, found.gateways, found.export_to, rules, found.tcp, found.tls)
            )
    for host, spec in catalog.destination_rules.written:
        said.setdefault(host, []).append(spec)
    return said


def compare(before: Simulator, after: Simulator, host: str) -> list[TrafficChange]:
    """What changes for the requests to one host: for everybody once, else for those callers whom it concerns."""
    by_lines: dict[tuple[str, ...], list[str]] = {}
    for witness, lines in _asked(before, after, host):
        by_lines.setdefault(lines, []).append(witness)
    service = next((found for side in (after, before) for found in side.catalog.by_host(host)), None)
    title = f"{service.namespace}/{service.manifest.name}" if service else host
    told: list[TrafficChange] = []
    for lines, callers in by_lines.items():
        prefix = "" if len(by_lines) == 1 else f"from {', '.join(callers)}: "
        told += (TrafficChange(host, title, prefix + line) for line in lines)
    if len(told) > MOST_LINES:
        rest = TrafficChange(host, title, f"{len(told) - MOST_LINES} more classes of requests change")
        told = [*told[:MOST_LINES], rest]
    return told


def _asked(before: Simulator, after: Simulator, host: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lines that each kind of caller gets, and what to call it."""
    catalogs = (before.catalog, after.catalog)
    for witness in witnesses(catalogs, host):
        yield witness.title, tuple(_sidecar_lines(before, after, host, witness.caller))
    for gateway in gateways(catalogs, host):
        lines = tuple(_gateway_lines(before, after, host, gateway))
        if lines:
            yield f"gateway {gateway}", lines


def _sidecar_lines(before: Simulator, after: Simulator, host: str, caller: Caller) -> Iterator[str]:
    by_lines: dict[tuple[str, ...], list[int]] = {}
    for port in _ports((before, after), host):
        scenes = tuple(Scene(side, caller, host, port) for side in (before, after))
        if all(scene.http for scene in scenes):
            lines = tuple(http_lines(*scenes))
        else:
            lines = tuple(_connection_lines(*scenes))
        by_lines.setdefault(lines, []).append(port)
    for lines, ports in by_lines.items():
        prefix = "" if len(by_lines) == 1 else f"port {', '.join(map(str, ports))}: "
        yield from (prefix + line for line in lines)


def _ports(sides: Iterable[Simulator], host: str) -> list[int]:
    """The ports of a host on either side; of one that no service has the HTTP port."""
    services = [service for side in sides for service in side.catalog.by_host(host)]
    found = {port.number for service in services for port in service.ports if not port.protocol.is_udp}
    return sorted(found) or [HTTP_PORT]


def _connection_lines(before: Scene, after: Scene) -> Iterator[str]:
    old, new = before.connection(), after.connection()
    changed = change(old, new)
    if changed:
        yield f"connections: {changed}"


def _gateway_lines(before: Simulator, after: Simulator, host: str, gateway: str) -> Iterator[str]:
    for port, scheme in sorted({found for side in (before, after) for found in gateway_ports(side.catalog, gateway)}):
        if gateway in before.catalog.gateways and gateway in after.catalog.gateways:
            old = Scene(before, gateway_caller(before.catalog, gateway), host, port, scheme)
            new = Scene(after, gateway_caller(after.catalog, gateway), host, port, scheme)
            yield from (f"{scheme} port {port}: {line}" for line in http_lines(old, new))
