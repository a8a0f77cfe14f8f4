"""Callers in ambient mode do not apply the VirtualService of a service without a waypoint.

ztunnel takes their calls to any ready pod of any version: weights, matches, timeouts and retries do nothing. Sidecars and
gateways still apply them, so during a move callers are routed differently.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.waypoints import at_ztunnel_alone, may_have_ambient_callers
from sailwright.mesh.world import World

ID = "virtual-service-without-waypoint"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1109", "KIA1113")

BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "example.com/cart:1.0"}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]  # finding
  http:
    - route: [{destination: {host: cart}}]
      timeout: 3s
"""
GOOD = BAD.replace("{name: cart, namespace: shop}\nspec: {sel", "{name: cart, namespace: shop, labels: {istio.io/use-waypoint: shop}}\nspec: {sel").replace("  # finding", "")  # fmt: skip


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Those for the mesh alone, whose host is a service that callers in ambient mode reach through ztunnel alone."""
    index = mesh.index
    if not virtual_service.in_mesh or any(name != "mesh" for name in virtual_service.gateways):
        return
    for position, host in enumerate(virtual_service.hosts):
        service = index.registry.service(host)
        if service is not None and at_ztunnel_alone(index, service) and may_have_ambient_callers(index, service):
            yield Problem(
                virtual_service.manifest,
                ("spec", "hosts", position),
                f"callers in ambient mode do not apply it: Service {service.namespace}/{service.name} has no waypoint",
                "give the service a waypoint (`mesh.waypoint`, or the label istio.io/use-waypoint)",
                related=((service.manifest, ("metadata", "name"), "the service"),),
            )
