"""A weight on the only destination of a route does nothing: it gets all the traffic.

Whoever writes 10 there expects the other 90 to go somewhere; Istio sends 100 percent.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import BLOCKS
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, number

ID = "route-single-weight"
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


def check(world: World) -> Iterator[Problem]:
    """Single destinations with a weight below 100; even 0 means everything."""
    for service in world.index.virtual_services:
        for block in BLOCKS:
            for path, rule in service.rules(block):
                routes = list(entries(rule.get("route"), (*path, "route")))
                if len(routes) == 1 and "weight" in routes[0][1] and number(routes[0][1]["weight"]) < 100:
                    place, route = routes[0]
                    yield Problem(
                        service.manifest,
                        (*place, "weight"),
                        f"the weight {route['weight']} of the only destination is ignored: it gets all the traffic",
                        "add the destination of the rest, or remove the weight",
                    )
