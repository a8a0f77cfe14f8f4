"""What a change of the mesh does to its traffic: which requests take another way, for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sailwright.commands.diff.scope_changes import (
    gateway_hosts,
    narrowed_callers,
    not_simulated,
    undeclared_gateways,
)
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.queries.version_services import is_backend
from sailwright.mesh.world import World
from sailwright.route.callers import gateway_caller
from sailwright.route.classes.class_wording import EVERYBODY
from sailwright.route.classes.http_classes import Scene, http_lines, lost_rules
from sailwright.route.classes.outcomes import change
from sailwright.route.classes.representative_callers import ELSEWHERE, gateways, representative_callers
from sailwright.route.classes.world_slice import changed, hosts_of, narrowed
from sailwright.route.envoy.gateways import gateway_entrances
from sailwright.route.request import HTTP, HTTPS, Request
from sailwright.route.simulator import Simulator
from sailwright.route.wording import outcome
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest

HTTP_PORT = 80
SIDECAR = "Sidecar"
UNKNOWN_HOST = "unknown.invalid"
MESH_CONFIG = "MeshConfig"
MOST_LINES = 40
"""Lines about one host; what is beyond is counted."""
MOST_HOSTS = 8
"""Hosts that a line about a Sidecar names."""


@dataclass(frozen=True, slots=True)
class TrafficChange:
    """One line: requests to `host` that take another way. `service` is NAMESPACE/NAME where the host is a service's.

    `known` is off where nothing in the files says what the requests meet.
    """

    host: str
    service: str
    line: str
    known: bool = True


def traffic_changes(before: World, after: World) -> tuple[TrafficChange, ...]:
    """What changes for the requests to every host whose rules, subsets or ports differ between two worlds."""
    objects = changed(before, after)
    settings_change = before.index.mesh.config != after.index.mesh.config
    sides = (before.index.derived(push_context_of), after.index.derived(push_context_of))
    hosts = hosts_of(objects, (before, after))
    hosts = _every_host(before, after) if settings_change else sorted({*hosts, *gateway_hosts(objects, sides)})
    hosts = [host for host in hosts if not _is_backend(host, before, after)]
    told = list(_not_simulated(before, after, objects))
    told += (TrafficChange(name, name, line, known=False) for name, line in undeclared_gateways(objects, sides))
    if hosts:
        old, new = Simulator(narrowed(before, hosts)), Simulator(narrowed(after, hosts))
        told += (change for host in hosts for change in compare(old, new, host))
    told += _narrowed(before, after, objects)
    told += _unknown_hosts(before, after) if settings_change else ()
    return tuple(dict.fromkeys(told))


def _every_host(before: World, after: World) -> list[str]:
    """All that the mesh knows on either side: MeshConfig decides about each."""
    sides = [world.index.derived(push_context_of) for world in (before, after)]
    services = {service.host for side in sides for service in side.services}
    return sorted(services | {host for side in sides for each in side.virtual_services for host in each.hosts})


def _is_backend(host: str, before: World, after: World) -> bool:
    """Whether a host is new or gone with the routes that send to it: a Service of one version, whose requests ask for another."""
    having = [world for world in (before, after) if world.index.derived(push_context_of).by_host(host)]
    return len(having) == 1 and is_backend(having[0].index, host)


def _unknown_hosts(before: World, after: World) -> Iterator[TrafficChange]:
    """What changes for hosts that no object names: they are passed through or blocked."""
    caller, request = Caller(ELSEWHERE), Request(HTTP_PORT, UNKNOWN_HOST)
    one, other = (outcome(Simulator(world).routed(caller, request)) for world in (before, after))
    if one != other:
        yield TrafficChange(
            MESH_CONFIG, MESH_CONFIG, f"requests to hosts that the mesh does not know: {one} -> {other}"
        )


def _not_simulated(before: World, after: World, objects: Iterable[Manifest]) -> Iterator[TrafficChange]:
    """What changed Sidecars and Gateways say that no answer depends on."""
    sides = [{_key(found): found for found in side.manifests} for side in (before, after)]
    for kind, namespace, name in dict.fromkeys(map(_key, objects)):
        title = f"{namespace}/{name}"
        pair = (side.get((kind, namespace, name)) for side in sides)
        yield from (TrafficChange(title, title, line) for line in not_simulated(*pair))


def _key(manifest: Manifest) -> tuple[str, str, str]:
    return manifest.kind, manifest.namespace or "default", manifest.name


def _narrowed(before: World, after: World, objects: list[Manifest]) -> Iterator[TrafficChange]:
    """What changes for the callers of changed Sidecars, equal changes of several hosts in one line."""
    if not any(found.kind == SIDECAR for found in objects):
        return
    old, new = Simulator(before), Simulator(after)
    callers, left_out = narrowed_callers(old, new, objects)
    for each in callers:
        by_line: dict[str, list[str]] = {}
        for host in each.hosts:
            meetings = [
                Meeting(each.title, f"port {port}", *(Scene(side, each.caller, host, port) for side in (old, new)))
                for port in ports_of((old.push_context, new.push_context), host)
            ]
            for line in _lines_of(meetings):
                by_line.setdefault(line, []).append(host)
        unknown = Scene(old, each.caller, UNKNOWN_HOST, HTTP_PORT), Scene(new, each.caller, UNKNOWN_HOST, HTTP_PORT)
        if line := change(*(scene.connection() for scene in unknown)):
            by_line.setdefault(line, []).append("hosts that the mesh does not know")
        for line, hosts in by_line.items():
            named = ", ".join(hosts[:MOST_HOSTS]) + (f" and {len(hosts) - MOST_HOSTS} more" * (len(hosts) > MOST_HOSTS))
            yield TrafficChange(each.title, each.title, f"from {each.title} to {named}: {line}")
    if left_out:
        first = next(found for found in objects if found.kind == SIDECAR)
        title = f"{first.namespace or 'default'}/{first.name}"
        yield TrafficChange(title, title, f"{left_out} more callers of changed Sidecars were not compared")


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
        http_gateway = self.after.caller.gateway and self.after.scheme in (HTTP, HTTPS)
        return [f"{EVERYBODY if http_gateway else 'connections'}: {text}"] if text else []


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
        callers = [gateway_caller(each, name) if each.has_gateway(name) else None for each in push_contexts]
        caller = callers[1] or callers[0]
        if caller is None:
            continue
        ports = (found for each in push_contexts if each.has_gateway(name) for found in gateway_entrances(each, name))
        for port, scheme in dict.fromkeys(ports):
            old, new = (
                Scene(side, own or caller, host, port, scheme)
                for side, own in zip((before, after), callers, strict=True)
            )
            yield Meeting(f"gateway {name}", f"{scheme} port {port}", old, new)


def ports_of(push_contexts: Iterable[PushContext], host: str) -> list[int]:
    """The ports of a host on either side; of one that no service has the HTTP port."""
    services = [service for push_context in push_contexts for service in push_context.by_host(host)]
    found = {port.number for service in services for port in service.ports if not port.protocol.is_udp}
    return sorted(found) or [HTTP_PORT]
