"""A VirtualService and a route of the Gateway API for one service: Istio does not define which of the two applies.

Sidecars and waypoints read both, and their order may change with any release. Move all of a service's routes
to one API. Without a sailwright.yaml, files of different folders count as alternatives of which one is applied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import dirname

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import HTTP_OR_GRPC_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.values.hosts import covers, service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "route-beside-virtual-service"
KIND = HTTP_OR_GRPC_ROUTE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs:
    - group: ""
      kind: Service
      name: cart  # finding
  rules: [{backendRefs: [{name: cart, port: 80}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http: [{route: [{destination: {host: cart}}], timeout: 3s}]
"""
GOOD = BAD.replace("  # finding", "").replace("hosts: [cart]\n", "hosts: [shop.example.com]\n  gateways: [public]\n")


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """Routes with a Service as parent whose host a VirtualService of the mesh claims, by its name or by a wildcard."""
    index = mesh.index
    own = index.namespace_of(route)
    for path, parent in entries(route.spec.get("parentRefs"), ("spec", "parentRefs")):
        if parent.get("kind") != "Service":
            continue
        name, namespace = text(parent.get("name")), text(parent.get("namespace")) or own
        claim = _claim(index, service_host(name, namespace, index.domain))
        if claim is not None and (mesh.project is not None or _folder(claim.manifest) == _folder(route)):
            yield Problem(
                route,
                (*path, "name"),
                f"VirtualService {claim.namespace}/{claim.manifest.name} routes the calls to Service {name} too: "
                "Istio does not define which of the two applies",
                "move its rules to one of them",
                related=((claim.manifest, ("spec", "hosts"), "claims the same host"),),
            )


def _folder(manifest: Manifest) -> str:
    return dirname(manifest.document.source.path)


def _claim(index: Index, host: str) -> VirtualService | None:
    claims = index.derived(_claims)
    if host in claims:
        return claims[host]
    return next((found for name, found in claims.items() if name.startswith("*") and covers(name, host)), None)


def _claims(index: Index) -> Mapping[str, VirtualService]:
    """The VirtualServices that sidecars use, by host."""
    found: dict[str, VirtualService] = {}
    for virtual_service in index.virtual_services:
        for host in virtual_service.hosts if virtual_service.in_mesh else ():
            found.setdefault(host, virtual_service)
    return found
