"""Without `mesh` among its gateways, a VirtualService does not apply to callers in the mesh, although its host is a service of the mesh.

`gateways` replaces the default, which is the sidecars. Callers in the mesh then reach the service as if there were no
VirtualService: no weights, no timeout, no retries.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.values.hosts import covers
from sailwright.mesh.world import World

ID = "mesh-left-out"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()
BAD = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart.example.com, cart]  # finding
  gateways: [edge/public]
  http:
    - timeout: 2s
      route: [{destination: {host: cart}}]
"""
GOOD = BAD.replace("  # finding", "").replace("[edge/public]", "[mesh, edge/public]")


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """The hosts that are Services of the repository, where no other VirtualService is for the sidecars."""
    if virtual_service.in_mesh:
        return
    for position, host in enumerate(virtual_service.hosts):
        services = mesh.index.registry.hosts.get(host, ())
        inside = any(not found.is_entry and mesh.index.may_be_in_mesh(found) for found in services)
        if inside and not any(covers(name, host) for name in mesh.index.derived(_for_sidecars)):
            message = f"callers in the mesh reach `{host}` without these rules: `gateways` does not name `mesh`"
            remedy = "add mesh to gateways, or leave this host out if it is meant for the gateway alone"
            yield Problem(virtual_service.manifest, ("spec", "hosts", position), message, remedy)


def _for_sidecars(index: Index) -> frozenset[str]:
    """The hosts for which some VirtualService is read by sidecars."""
    return frozenset(host for each in index.virtual_services if each.in_mesh for host in each.hosts)
