"""A weight on the only destination of a route does nothing: it gets all the traffic.

Whoever writes 10 there expects the other 90 to go somewhere; Istio sends 100 percent.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import number

ID = "route-single-weight"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1104",)

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: {host: reviews, subset: v2}
          weight: 10  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: {host: reviews, subset: v2}
          weight: 100
"""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """Single destinations with a weight below 100; even 0 means everything."""
    for _path, routes in virtual_service.routes():
        for path, route in routes if len(routes) == 1 else ():
            if isinstance(route.get("weight"), int | float) and number(route["weight"]) < 100:
                yield Problem(
                    virtual_service.manifest,
                    (*path, "weight"),
                    f"the weight {route['weight']} of the only destination is ignored: it gets all the traffic",
                    "add the destination of the rest, or remove the weight",
                )
