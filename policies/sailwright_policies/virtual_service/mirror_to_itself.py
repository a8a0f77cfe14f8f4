"""Mirroring to the destination itself doubles its load and its writes, and tries nothing new.

A mirror is meant for another version or another host. One without a subset of its own sends copies to every version, the one
that serves the request included. A destination with weight 0 beside others gets no requests: copies to it are sound.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World

ID = "mirror-to-itself"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviews, subset: v1}}]
      mirror: {host: reviews, subset: v1}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviews, subset: v1}}]
      mirror: {host: reviews, subset: v2}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings, namespace: shop}
spec:
  hosts: [ratings]
  http:
    - route:
        - {destination: {host: ratings, subset: v1}, weight: 100}
        - {destination: {host: ratings, subset: v2}, weight: 0}
      mirror: {host: ratings, subset: v2}
"""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """Mirrors with the host, port and subset of a destination of the same rule that gets requests."""
    http = [destination for destination in virtual_service.destinations if destination.block == "http"]
    routes = {(to.rule, to.full_host, to.subset, to.port): to for to in http if not to.is_mirror and not to.is_idle}
    for mirror in http:
        same = routes.get((mirror.rule, mirror.full_host, mirror.subset, mirror.port))
        if mirror.is_mirror and same is not None and mirror.host:
            yield Problem(
                virtual_service.manifest,
                mirror.path,
                "requests are mirrored to where they go anyway",
                "mirror to another subset or host",
                related=((virtual_service.manifest, same.path, "the destination"),),
                key=True,
            )
