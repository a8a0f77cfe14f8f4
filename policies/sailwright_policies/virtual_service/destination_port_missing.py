"""A destination without a port can only be one of the host's ports, and which one depends on where the request came in.

A proxy that finds several ports takes the number of the port the request arrived on. Where the host has no port of that
number, there is no cluster and the request ends in a 503.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, Destination, VirtualService, gateway_name
from sailwright.mesh.world import World
from sailwright.source.untyped import get, items, number
from sailwright_policies import istioctl_analyzers

ID = "destination-port-missing"
KIND = VIRTUAL_SERVICE
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
COMPAT = istioctl_analyzers.DESTINATION_PORT_MISSING


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """For destinations without a port on a host with several: is there one for each port a request may arrive on?"""
    for destination in virtual_service.destinations:
        if destination.port is not None or not destination.host or destination.is_idle:
            continue
        target = mesh.index.registry.service(destination.full_host, virtual_service.namespace)
        if target is None or target.is_external_name or len(target.ports) < 2:
            continue
        arrivals = _arrivals(mesh.index, virtual_service, destination)
        missing = min((port for port in arrivals if target.port(port) is None), default=None)
        if missing is not None:
            numbers = ", ".join(str(port.number) for port in target.ports)
            message = (
                f"requests that arrive on port {missing} find no such port on `{destination.host}` (it has {numbers})"
            )
            yield Problem(virtual_service.manifest, destination.host_path, message, "give the destination its port")


def _arrivals(index: Index, virtual_service: VirtualService, destination: Destination) -> set[int]:
    """The ports that requests for the rule can arrive on, as far as the repository tells."""
    matches = items(get(virtual_service.manifest.spec, destination.block)[destination.rule].get("match"))
    matched = {number(match.get("port")) for match in matches if isinstance(match, dict)} - {0}
    ports: set[int] = set()
    if virtual_service.in_mesh:
        for host in virtual_service.hosts:
            ports |= {port.number for target in index.registry.services(host) for port in target.ports}
    for reference in virtual_service.gateways:
        gateway = index.gateways.get(gateway_name(reference, virtual_service.namespace))
        if reference != MESH and gateway:
            ports |= {server.port for server in gateway.servers}
    return ports & matched if matched else ports
