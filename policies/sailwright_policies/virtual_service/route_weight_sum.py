"""Weights that do not sum to 100 split traffic differently from what they say.

Istio takes each weight as a share of the sum: 90 and 20 are 82 and 18 percent. It is legal, and almost always one of the two
was changed and the other forgotten.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import number

ID = "route-weight-sum"
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
    - route:  # finding
        - {destination: {host: reviews, subset: v1}, weight: 90}
        - {destination: {host: reviews, subset: v2}, weight: 20}
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
    """The splits of hand-written http, tcp and tls routes; in a service file the sum is held by the language itself."""
    for path, routes in virtual_service.routes() if virtual_service.manifest.origin is None else ():
        weights = [number(route.get("weight")) for _, route in routes]
        total = sum(weights)
        if len(weights) > 1 and total not in (0, 100):
            shares = ", ".join(f"{weight} is {100 * weight / total:.0f}%" for weight in weights)
            message = f"the weights sum to {total}, not 100: {shares}"
            yield Problem(virtual_service.manifest, path, message, "make them sum to 100", key=True)
