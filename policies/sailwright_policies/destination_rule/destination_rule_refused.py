"""A DestinationRule that Istio's webhook refuses is never applied: its subsets do not exist, and routes to them answer 503.

istiod checks the host, subset names and labels, and every block of a traffic policy: durations, limits, locality weights, TLS
files that belong together.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "destination-rule-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    tls:  # finding (2)
      mode: MUTUAL
  subsets:
    - name: v1.2  # finding
      labels: {version: v1}
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
  subsets:
    - name: v1-2
      labels: {version: v1}
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "DestinationRule", ID)
