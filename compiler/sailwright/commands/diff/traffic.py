"""What a change of the mesh does to its traffic: which requests take another way, for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.world import World
from sailwright.route.callers import gateway_caller
from sailwright.route.classes.http_classes import Scene, http_lines, lost_rules
from sailwright.route.classes.outcomes import change
from sailwright.route.classes.representative_callers import ELSEWHERE, gateways, representative_callers
from sailwright.route.classes.world_slice import changed, hosts_of, narrowed
from sailwright.route.envoy.gateways import gateway_ports
from sailwright.route.request import Request
from sailwright.route.simulator import Simulator
from sailwright.route.wording import outcome
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest

HTTP_PORT = 80
SIDECAR, GATEWAY = "Sidecar", "Gateway"
UNKNOWN_HOST = "unknown.invalid"
MESH_CONFIG = "MeshConfig"
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
    objects = changed(before, after)
    settings_change = before.index.mesh.config != after.index.mesh.config
    hosts = _every_host(before, after) if settings_change else hosts_of(objects, (before, after))
    told = [change for sidecar in objects if (change := _narrowing(sidecar))]
    if hosts:
        old, new = Simulator(narrowed(before, hosts)), Simulator(narrowed(after, hosts))
        told += (change for host in hosts for change in compare(old, new, host))
    told += _unknown_hosts(before, after) if settings_change else ()
    return tuple(dict.fromkeys(told))


def _every_host(before: World, after: World) -> list[str]:
    """All that the mesh knows on either side: MeshConfig decides about each."""
    sides = [world.index.derived(push_context_of) for world in (before, after)]
    services = {service.host for side in sides for service in side.services}
    return sorted(services | {host for side in sides for each in side.virtual_services for host in each.hosts})


def _unknown_hosts(before: World, after: World) -> Iterator[TrafficChange]:
    """What changes for hosts that no object names: they are passed through or blocked."""
    caller, request = Caller(ELSEWHERE), Request(HTTP_PORT, UNKNOWN_HOST)
    one, other = (outcome(Simulator(world).routed(caller, request)) for world in (before, after))
    if one != other:
        yield TrafficChange(
            MESH_CONFIG, MESH_CONFIG, f"requests to hosts that the mesh does not know: {one} -> {other}"
        )


def _narrowing(manifest: Manifest) -> TrafficChange | None:
    """A Sidecar or Gateway changes what a workload sees of every host: that is said, not worked out."""
    if manifest.kind not in (SIDECAR, GATEWAY):
        return None
    title = f"{manifest.namespace or 'default'}/{manifest.name}"
    line = f"{manifest.kind} {title} changes: which hosts its workloads reach is not compared"
    return TrafficChange(title, title, line)


def compare(before: Simulator, after: Simulator, host: str) -> list[TrafficChange]:
    """What changes for the requests to one host: for everybody once, else for those callers whom it concerns."""
    meetings = list(_meetings(before, after, host))
    by_lines: dict[tuple[str, ...], list[str]] = {}
    for caller, own in groupby(meetings, key=lambda meeting: meeting.caller):
        by_lines.setdefault(tuple(_lines_of(list(own))), []).append(caller)
    told: list[str] = []
    for lines, callers in by_lines.items():
        prefix = "" if len(by_lines) == 1 else f"from {', '.join(callers)}: "
        told += (prefix + line for line in lines)
    told += lost_rules([(meeting.before, meeting.after) for meeting in meetings])
    if len(told) > MOST_LINES:
        told = [*told[:MOST_LINES], f"{len(told) - MOST_LINES} more classes of requests change"]
    service = next((found for side in (after, before) for found in side.push_context.by_host(host)), None)
    title = f"{service.namespace}/{service.manifest.name}" if service else host
    return [TrafficChange(host, title, line) for line in told]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A kind of caller and a port, on both sides."""

    caller: str
    port: str
    before: Scene
    after: Scene

    def lines(self) -> list[str]:
        """What changes there."""
        if self.before.http and self.after.http:
            return list(http_lines(self.before, self.after))
        text = change(self.before.connection(), self.after.connection())
        return [f"connections: {text}"] if text else []


def _lines_of(meetings: list[Meeting]) -> list[str]:
    """The lines of one caller; ports are named where they differ."""
    by_lines: dict[tuple[str, ...], list[str]] = {}
    for meeting in meetings:
        by_lines.setdefault(tuple(meeting.lines()), []).append(meeting.port)
    several = len(by_lines) > 1
    return [f"{', '.join(ports)}: {line}" if several else line for lines, ports in by_lines.items() for line in lines]


def _meetings(before: Simulator, after: Simulator, host: str) -> Iterator[Meeting]:
    """Every kind of caller, with every port of the host; then the gateways that both sides have."""
    push_contexts = (before.push_context, after.push_context)
    for representative in representative_callers(push_contexts, host):
        for port in ports_of(push_contexts, host):
            old, new = (Scene(side, representative.caller, host, port) for side in (before, after))
            yield Meeting(representative.title, f"port {port}", old, new)
    for name in gateways(push_contexts, host):
        if all(push_context.has_gateway(name) for push_context in push_contexts):
            for port, scheme in dict.fromkeys(
                found for push_context in push_contexts for found in gateway_ports(push_context, name)
            ):
                old, new = (
                    Scene(side, gateway_caller(side.push_context, name), host, port, scheme) for side in (before, after)
                )
                yield Meeting(f"gateway {name}", f"{scheme} port {port}", old, new)


def ports_of(push_contexts: Iterable[PushContext], host: str) -> list[int]:
    """The ports of a host on either side; of one that no service has the HTTP port."""
    services = [service for push_context in push_contexts for service in push_context.by_host(host)]
    found = {port.number for service in services for port in service.ports if not port.protocol.is_udp}
    return sorted(found) or [HTTP_PORT]
