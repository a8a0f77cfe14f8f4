"""A destination with weight 0 gets nothing: it may stay as the end of a canary, or have been forgotten.

Istio leaves it out of the configuration. That is fine before the first and after the last step of a canary.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.rollouts import steered_names
from sailwright.mesh.world import World
from sailwright.source.untyped import number

ID = "route-weight-zero"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 100}
        - destination: {host: reviews, subset: v2}
          weight: 0  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 99}
        - {destination: {host: reviews, subset: v2}, weight: 1}
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Written weights of 0 in hand-written splits that have another one; in a service file 0 says that a version rests."""
    name = virtual_service.namespace, virtual_service.manifest.name
    if virtual_service.manifest.origin is not None or name in mesh.index.derived(steered_names):
        return  # a Rollout sets the weights
    for _path, routes in virtual_service.routes():
        if len(routes) < 2 or not any(number(route.get("weight")) for _, route in routes):
            continue
        for path, route in routes:
            if "weight" in route and route["weight"] == 0 and route["weight"] is not False:
                remedy = "remove the destination when its version is retired"
                yield Problem(virtual_service.manifest, (*path, "weight"), "this destination gets no traffic", remedy)
