"""No request reaches this match of a VirtualService: an earlier one takes its requests.

The match stands in an earlier rule too, or an earlier prefix covers its own under the same conditions.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "virtual-service-match-unreachable"
SEVERITY: Severity = "info"
ALIASES = ("IST0131",)
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [istio-ingress/public]
  http:
    - match:
        - uri: {prefix: /api}
      route: [{destination: {host: api}}]
    - match:
        - uri: {prefix: /api/v2}  # finding
        - uri: {prefix: /static}
      route: [{destination: {host: web}}]
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [istio-ingress/public]
  http:
    - match:
        - uri: {prefix: /api/v2}
        - uri: {prefix: /static}
      route: [{destination: {host: web}}]
    - match:
        - uri: {prefix: /api}
      route: [{destination: {host: api}}]
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "VirtualService", ID)
