"""A route to a port that its host does not have ends in a 503 for every request it takes.

The cluster that the proxy looks for is named by host and service port (never by targetPort). Without that port the
cluster does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.objects.services import Service
from sailwright.mesh.queries.routed_callers import host_reached
from sailwright.mesh.world import World
from sailwright.source.untyped import text
from sailwright_policies import istioctl_analyzers

ID = "destination-port-unknown"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES = ("IST0101",)
_POD_PORT = """
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
_ALIAS = """
apiVersion: v1
kind: Service
metadata: {name: bank, namespace: shop}
spec: {type: ExternalName, externalName: bank.example.com, ports: [{name: http, port: 8080}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: bank, namespace: shop}
spec: {hosts: [bank.example.com], resolution: DNS, ports: [{name: http, number: 80, protocol: HTTP}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.example.com]
  http:
    - route:
        - destination:
            host: bank
            port: {number: 8080}  # finding
"""
BAD = (_POD_PORT, _ALIAS)
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
COMPAT = istioctl_analyzers.DESTINATION_PORT


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Compare each destination's port with those of the host it names, or that its ExternalName leads to."""
    for destination in virtual_service.destinations:
        targets = _concrete(_services(mesh.index, virtual_service, destination.full_host), mesh)
        ports = [port for target in targets for port in target.ports]
        if destination.port is None or not targets or any(port.number == destination.port for port in ports):
            continue
        numbers = ", ".join(dict.fromkeys(str(port.number) for port in ports)) or "none"
        meant = next((port.number for port in ports if port.target == destination.port), None)
        yield Problem(
            virtual_service.manifest,
            (*destination.path, "port"),
            f"`{destination.host}` has no port {destination.port} (it has {numbers})",
            f"write {meant}: routes name the Service's port, not the pods'" if meant else "name one of its ports",
            severity="warning" if destination.is_idle else None,
        )


def _services(index: Index, virtual_service: VirtualService, host: str) -> tuple[Service, ...]:
    """What stands behind a host, as the VirtualService's namespace sees it, or else some of those whom it routes."""
    found = index.registry.services(host, virtual_service.namespace)
    everywhere = found or index.registry.services(host)
    return everywhere if found or (everywhere and host_reached(index, virtual_service, host)) else ()


def _concrete(targets: tuple[Service, ...], mesh: World) -> tuple[Service, ...]:
    """An ExternalName Service is another name for a host: it is that host's ports that count, where they are known."""
    registry = mesh.index.registry
    alias = next((found for found in targets if found.is_external_name), None)
    return targets if alias is None else registry.services(text(alias.spec.get("externalName")).lower())
