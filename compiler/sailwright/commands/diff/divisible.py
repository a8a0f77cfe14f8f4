"""Whether what a change does to calls hangs on nothing but the services that are linked to it, and on what is around all services.

Links (see `lint.links`) lead from a service to whatever names it or has what it names. What no link leads to is asked of the whole mesh:
a Gateway or a policy of a gateway that a service file has, pods whose calls pass their proxy, ambient mode, placeholders.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Final

from sailwright.commands.diff.callee_changes import changed_objects, changed_workloads
from sailwright.commands.diff.compared_hosts import compared_hosts, gateway_policies, gateways_with_other_policies
from sailwright.commands.linked.worlds import GATEWAY_API
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.pilot.gateway_names import is_wildcard
from sailwright.mesh.queries.pod_proxies import EXCLUDE_OUTBOUND, in_ambient_mode, why_plain
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.values import kinds
from sailwright.mesh.values.kinds import kind_of
from sailwright.mesh.world import World
from sailwright.route.classes.world_slice import changed, hosts_of, registered_hosts
from sailwright.route.envoy.outbound import HTTP_PORT
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels

SOME: Final = 8
"""Services that are noted where one is enough: the others may change."""
_OF_THE_MESH: Final = GATEWAY_API | {kinds.GATEWAY, kinds.NAMESPACE, kinds.CONFIG_MAP, kinds.SIDECAR}


def divisible(world: World, services: Collection[str]) -> bool:
    """Whether answers about a service of a mesh hang on no others than those it is linked to. `services` are the rendered files of services."""
    return not any(world.index.of(*GATEWAY_API)) and divisible_but_for_routes(world, services)


def divisible_but_for_routes(world: World, services: Collection[str]) -> bool:
    """The same where routes of the Gateway API are looked at besides."""
    index = world.index
    if any_uncertain(index):
        return False
    if any(EXCLUDE_OUTBOUND in each.annotations or in_ambient_mode(index, each) for each in index.each_workload()):
        return False
    own = (
        each for each in index.of(kinds.GATEWAY, kinds.AUTHORIZATION_POLICY) if each.document.source.path in services
    )
    return not any(own) or not any(each.document.source.path in services for each in _at_gateways(index))


def _at_gateways(index: Index) -> Iterator[Manifest]:
    """The Gateways, and the policies of the proxies that serve them."""
    yield from index.of(kinds.GATEWAY)
    push_context = index.derived(push_context_of)
    for name in (*push_context.gateways, *push_context.known_gateways):
        if push_context.has_gateway(name):
            yield from gateway_policies(index, push_context, name)


def changes_alone(before: World, after: World) -> bool:
    """Whether a change that turns one part of a mesh into the other is seen by no callers and no hosts but those of the part."""
    for key, pair in _pairs(before, after):
        if key in _OF_THE_MESH - {kinds.SIDECAR} or (key == kinds.SIDECAR and not _same_selector(*pair)):
            return False
    old, new = before.index, after.index
    if changed_workloads(before, after) or _plain_workloads(old) != _plain_workloads(new):
        return False
    if gateways_with_other_policies(old, new):
        return False
    hosts = {*compared_hosts(before, after, callers_change=False), *hosts_of(changed(before, after), (before, after))}
    outside = [hosts - registered_hosts(side) for side in (before, after)]
    if outside[0] != outside[1] or not any(outside):
        return not any(outside)
    return _ports(old, hosts) == _ports(new, hosts) and all(
        _routed_alone(each, hosts, outside[0]) for each in (old, new)
    )


def _ports(index: Index, hosts: set[str]) -> dict[str, list[tuple[int, str]]]:
    return {
        host: [(port.number, port.protocol.name) for each in index.registry.services(host) for port in each.ports]
        for host in hosts
    }


def _routed_alone(index: Index, hosts: set[str], outside: set[str]) -> bool:
    """Whether the routes of hosts outside the mesh hang on no other services: a sidecar has them beside those of any service on port 80.

    Connections that are no HTTP may meet what services on the same port have.
    """
    if not all(map(_is_outside, outside)) or next(web_services(index), None) is None:
        return False
    services = (service for host in hosts for service in index.registry.services(host))
    return all(map(_carries_http, (port for service in services for port in service.ports)))


def _is_outside(host: str) -> bool:
    """Whether a name cannot be that of a Service."""
    return host.count(".") > 1 and not is_wildcard(host) and ".svc" not in host


def web_services(index: Index) -> Iterator[Service]:
    """The Services for which every sidecar routes HTTP on port 80, unless its Sidecar leaves them out."""
    for service in index.services:
        port = service.port(HTTP_PORT)
        other = service.is_entry or service.is_external_name or service.is_headless
        if port is not None and _carries_http(port) and service.exports.everywhere and not other:
            yield service


def some_web_services(index: Index, services: Mapping[str, str]) -> list[str]:
    """Some service files that have `web_services`, by what is rendered of each."""
    paths = (each.manifest.document.source.path for each in web_services(index))
    return list(islice((services[path] for path in paths if path in services), SOME))


def _carries_http(port: Port) -> bool:
    return port.protocol.is_http or port.protocol.is_auto


def _pairs(before: World, after: World) -> Iterator[tuple[str, tuple[Manifest | None, Manifest | None]]]:
    """The objects that are not the same, as they were and as they are, each with its kind."""
    found: dict[tuple[str, str, str], list[Manifest | None]] = {}
    for manifest, index in changed_objects(before, after):
        kind = kind_of(manifest.api_version, manifest.kind)
        pair = found.setdefault((kind, index.namespace_of(manifest), manifest.name), [None, None])
        pair[index is after.index] = manifest
    yield from ((kind, (old, new)) for (kind, _, _), (old, new) in found.items())


def _same_selector(old: Manifest | None, new: Manifest | None) -> bool:
    """Whether a Sidecar is on both sides for the same workloads of its namespace, some of them: for others all hosts may change."""
    selectors = [labels(get(each.spec, "workloadSelector", "labels")) for each in (old, new) if each is not None]
    return len(selectors) > 1 and bool(selectors[0]) and selectors[0] == selectors[1]


def _plain_workloads(index: Index) -> list[tuple[str, str, str, str]]:
    """The workloads in their order, and why they have no proxy."""
    return [
        (each.namespace, each.kind, each.name, why_plain(index, each.namespace, each.labels.items()))
        for each in index.workloads
    ]
