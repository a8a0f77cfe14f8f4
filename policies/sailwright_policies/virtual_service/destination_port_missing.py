"""A destination without a port can only be one of the host's ports, and which one depends on where the request came in.

A proxy that finds several ports takes the number of the port the request arrived on. Where the host has no port of that
number, there is no cluster and the request ends in a 503.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, Destination, VirtualService, gateway_name
from sailwright.mesh.queries.istioctl_compat import scoped_hosts, shown_destination
from sailwright.mesh.world import World
from sailwright.source.untyped import get, items, number

ID = "destination-port-missing"
SEVERITY: Severity = "error"
ALIASES = ("IST0112",)
BAD = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}, {name: http-admin, port: 9081}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
    - route: [{destination: {host: reviews}}]  # finding
"""
GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}, {name: http-admin, port: 9081}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviews}}]
"""


def check(world: World) -> Iterator[Problem]:
    """For destinations without a port on a host with several: is there one for each port a request may arrive on?"""
    index = world.index
    for service in index.virtual_services:
        for destination in service.destinations:
            if destination.port is not None or not destination.host:
                continue
            if index.facts.compat:
                yield from _analysed(index, service, destination)
            else:
                yield from _judged(index, service, destination)


def _analysed(index: Index, service: VirtualService, destination: Destination) -> Iterator[Problem]:
    export_to = service.manifest.spec.get("exportTo")
    target = index.derived(scoped_hosts).find(destination.host, service.namespace, export_to)
    if target and len(target.ports) > 1:
        numbers = ", ".join(str(port.number) for port in target.ports)
        message = f"`{destination.host}` has several ports ({numbers}) and the destination names none"
        yield Problem(service.manifest, shown_destination(service.manifest, destination, mirror_of_rule=False), message)


def _judged(index: Index, service: VirtualService, destination: Destination) -> Iterator[Problem]:
    target = index.registry.service(destination.full_host, service.namespace)
    if target is None or len(target.ports) < 2 or destination.is_idle:
        return
    missing = sorted(port for port in _arrivals(index, service, destination) if target.port(port) is None)
    if missing:
        numbers = ", ".join(str(port.number) for port in target.ports)
        message = (
            f"requests that arrive on port {missing[0]} find no such port on `{destination.host}` (it has {numbers})"
        )
        yield Problem(service.manifest, destination.host_path, message, "give the destination its port")


def _arrivals(index: Index, service: VirtualService, destination: Destination) -> set[int]:
    """The ports that requests for the rule can arrive on, as far as the repository tells."""
    matches = items(get(service.manifest.spec, destination.block)[destination.rule].get("match"))
    matched = {number(match.get("port")) for match in matches if isinstance(match, dict)} - {0}
    ports: set[int] = set()
    if service.in_mesh:
        for host in service.hosts:
            ports |= {port.number for target in index.registry.services(host) for port in target.ports}
    for reference in service.gateways:
        gateway = index.gateways.get(gateway_name(reference, service.namespace))
        if reference != MESH and gateway:
            ports |= {server.port for server in gateway.servers}
    return ports & matched if matched else ports
