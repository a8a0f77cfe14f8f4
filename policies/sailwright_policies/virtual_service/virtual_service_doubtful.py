"""Istio takes this VirtualService and warns: part of it is deprecated or does not work everywhere.

The webhook's warnings are printed once, by kubectl, and lost: in a pipeline nobody sees them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "virtual-service-doubtful"
SEVERITY: Severity = "warning"
ALIASES = ("IST0133",)
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - mirror: {host: reviews-canary}
      mirrorPercent: 10  # finding
      route: [{destination: {host: reviews}}]
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - mirror: {host: reviews-canary}
      mirrorPercentage: {value: 10}
      route: [{destination: {host: reviews}}]
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "VirtualService", ID)
