"""A match for a gateway that the VirtualService is not bound to is never looked at.

`match.gateways` narrows a rule to some of `spec.gateways`; it adds none. Without `spec.gateways` a VirtualService is for the
sidecars alone, and that gateway is called `mesh`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import MESH, VirtualService
from sailwright.mesh.pilot.gateway_names import gateway_name
from sailwright.mesh.world import World
from sailwright.source.untyped import texts

ID = "match-gateway-unbound"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop]
  gateways: [edge/public]
  http:
    - match:
        - gateways:
            - mesh  # finding
      route: [{destination: {host: shop, subset: v1}}]
    - match:
        - gateways: [public]  # finding
      route: [{destination: {host: shop, subset: v2}}]
    - route: [{destination: {host: shop}}]
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: edge}
spec:
  hosts: [shop.shop.svc.cluster.local]
  gateways: [mesh, edge/public]
  http:
    - match: [{gateways: [public]}]
      route: [{destination: {host: shop.shop.svc.cluster.local}}]
    - match: [{gateways: [mesh]}]
      route: [{destination: {host: shop.shop.svc.cluster.local}}]
"""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """The gateways of each match against those of the VirtualService. A delegate has those of its roots."""
    if not virtual_service.hosts:
        return
    own = virtual_service.namespace
    bound = {gateway_name(name, own) for name in virtual_service.gateways or (MESH,)}
    for place, match in virtual_service.matches():
        for position, name in enumerate(texts(match.get("gateways"))):
            if gateway_name(name, own) not in bound:
                message = f"this VirtualService is not bound to the gateway `{name}`, so the match never holds there"
                remedy = f"add {name} to spec.gateways, or name one of {', '.join(sorted(bound))}"
                yield Problem(virtual_service.manifest, (*place, "gateways", position), message, remedy)
