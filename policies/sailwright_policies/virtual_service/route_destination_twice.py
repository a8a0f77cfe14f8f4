"""A route that names one destination twice splits its traffic in a way that nobody meant.

Envoy adds the weights of both entries up, so the share of each destination is not what either line says. Most often one
of the two was meant to name another subset.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World

ID = "route-destination-twice"
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


def check(world: World) -> Iterator[Problem]:
    """Full host names are compared, so that `reviews` in its namespace is `reviews.shop.svc.cluster.local`."""
    for virtual_service in world.index.virtual_services:
        first: dict[object, Path] = {}
        for found in virtual_service.destinations:
            target = (found.block, found.rule, found.full_host, found.port, found.subset)
            if found.is_mirror or not found.host:
                continue
            if target in first:
                subset = f" subset {found.subset}" if found.subset else ""
                yield Problem(
                    virtual_service.manifest,
                    found.path,
                    f"this route sends to {found.host}{subset} already",
                    "name another destination, or give the first entry the sum of both weights",
                    related=((virtual_service.manifest, first[target], "first named here"),),
                )
            first.setdefault(target, found.path)
