"""A destination without a weight in a split gets no traffic, and a split without any weight is refused.

With one destination the weight does not matter. With several, a missing weight counts as 0: Istio drops the destination, and
rejects the whole VirtualService where nothing is left.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import number

ID = "route-weight-missing"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
REPLACES = ("virtual-service-refused",)

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:  # finding
        - destination: {host: reviews, subset: v1}
        - destination: {host: reviews, subset: v2}
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 100}
        - destination: {host: reviews, subset: v2}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviews, subset: v1}}]
  tcp:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 90}
        - {destination: {host: reviews, subset: v2}, weight: 10}
"""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """The splits of http, tcp and tls routes."""
    for path, routes in virtual_service.routes():
        if len(routes) < 2:
            continue
        if sum(number(route.get("weight")) for _, route in routes) == 0:
            yield Problem(
                virtual_service.manifest,
                path,
                f"none of {len(routes)} destinations has a weight above 0: Istio refuses the route",
                "give each destination a weight; together they should be 100",
                key=True,
            )
            continue
        for place, route in routes:
            if route.get("weight") is None:
                yield Problem(
                    virtual_service.manifest,
                    place,
                    "a destination without a weight gets no traffic: beside others it counts as 0",
                    "give it a weight, or remove it",
                    severity="warning",
                )
