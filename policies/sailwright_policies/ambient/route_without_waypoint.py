"""Callers in ambient mode do not apply a route of the Gateway API whose parent is a Service without a waypoint.

ztunnel does not read HTTPRoutes: it sends their calls to any ready pod of the Service. Sidecars still apply the route.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import GATEWAY_API_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.waypoints import at_ztunnel_alone, may_have_ambient_callers
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text
from sailwright_policies.ambient import virtual_service_without_waypoint

ID = "route-without-waypoint"
KIND = GATEWAY_API_ROUTE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

_ROUTE = """---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs:
    - group: ""
      kind: Service
      name: cart  # finding
  rules: [{backendRefs: [{name: cart, port: 80}], timeouts: {request: 3s}}]
"""
BAD = virtual_service_without_waypoint.BAD.partition("---\napiVersion: networking")[0] + _ROUTE
GOOD = virtual_service_without_waypoint.GOOD.partition("---\napiVersion: networking")[0] + _ROUTE.replace(
    "  # finding", ""
)


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """HTTPRoutes and GRPCRoutes for the mesh alone; a parent Service that callers in ambient mode reach through ztunnel alone."""
    index = mesh.index
    own = index.namespace_of(route)
    if any(parent.get("kind", "Gateway") == "Gateway" for _, parent in entries(route.spec.get("parentRefs"), ())):
        return
    for path, parent in entries(route.spec.get("parentRefs"), ("spec", "parentRefs")):
        if parent.get("kind") != "Service":
            continue
        namespace = text(parent.get("namespace")) or own
        service = index.registry.service(service_host(text(parent.get("name")), namespace, index.domain))
        if service is not None and at_ztunnel_alone(index, service) and may_have_ambient_callers(index, service):
            yield Problem(
                route,
                (*path, "name"),
                f"callers in ambient mode do not apply it: Service {service.namespace}/{service.name} has no waypoint",
                "give the service a waypoint (`mesh.waypoint`, or the label istio.io/use-waypoint)",
                related=((service.manifest, ("metadata", "name"), "the service"),),
            )
