"""A route to a port that its host does not have ends in a 503 for every request it takes.

The cluster that the proxy looks for is named by host and service port (never by targetPort). Without that port the
cluster does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import Destination, VirtualService
from sailwright.mesh.objects.services import Service
from sailwright.mesh.queries.istioctl_compat import scoped_hosts, shown_destination
from sailwright.mesh.world import World

ID = "destination-port-unknown"
SEVERITY: Severity = "error"
ALIASES = ("IST0101",)
BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 80, targetPort: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - destination:
            host: reviews
            port: {number: 9080}  # finding
"""
GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 80, targetPort: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviews, port: {number: 80}}}]
"""


def check(world: World) -> Iterator[Problem]:
    """Compare each destination's port with those of the host it names."""
    index = world.index
    for service in index.virtual_services:
        for destination in service.destinations:
            if destination.port is None:
                continue
            if index.facts.compat:
                export_to = service.manifest.spec.get("exportTo")
                found = index.derived(scoped_hosts).find(destination.host, service.namespace, export_to)
                targets: tuple[Service, ...] = (found,) if found else ()
            else:
                targets = index.registry.services(destination.full_host, service.namespace)
            if targets and not any(target.port(destination.port) for target in targets):
                compat = index.facts.compat
                path = (
                    shown_destination(service.manifest, destination, mirror_of_rule=False)
                    if compat
                    else (*destination.path, "port")
                )
                yield _problem(service, destination, targets, path)


def _problem(
    service: VirtualService, destination: Destination, targets: tuple[Service, ...], path: tuple[str | int, ...]
) -> Problem:
    ports = [port for target in targets for port in target.ports]
    numbers = ", ".join(str(port.number) for port in ports) or "none"
    meant = next((port.number for port in ports if port.target == destination.port), None)
    remedy = f"write {meant}: routes name the Service's port, not the pods'" if meant else "name one of its ports"
    message = f"`{destination.host}` has no port {destination.port} (it has {numbers})"
    severity: Severity | None = "warning" if destination.is_idle else None
    return Problem(service.manifest, path, message, remedy, severity=severity)
