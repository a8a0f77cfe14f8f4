"""A route that names one destination twice splits its traffic in an unintended way.

Envoy adds the weights of both entries up, so the share of each destination is not what either line says. Most often one
of the two was meant to name another subset.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World

ID = "route-destination-twice"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES = ("KIA1105",)
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 80}
        - {destination: {host: reviews, subset: v1}, weight: 20}  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 80}
        - {destination: {host: reviews, subset: v2}, weight: 20}
"""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """Full host names are compared, so that `reviews` in its namespace is `reviews.shop.svc.cluster.local`."""
    first: dict[object, Path] = {}
    for found in virtual_service.destinations:
        if found.is_mirror or not found.host:
            continue
        before = first.setdefault((found.block, found.rule, found.full_host, found.port, found.subset), found.path)
        if before != found.path:
            subset = f" subset {found.subset}" if found.subset else ""
            yield Problem(
                virtual_service.manifest,
                found.path,
                f"this route sends to {found.host}{subset} already",
                "name another destination, or give the first entry the sum of both weights",
                related=((virtual_service.manifest, before, "first named here"),),
            )
