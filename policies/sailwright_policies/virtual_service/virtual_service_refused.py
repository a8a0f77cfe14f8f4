"""A VirtualService that Istio's webhook refuses is never applied, and the traffic keeps following the old one.

istiod checks hosts, gateways, matches, weights, durations, regular expressions (RE2) and which settings of a rule exclude each
other. Where the webhook is switched off, istiod ignores the object instead, and says so only in its log.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "virtual-service-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match:
        - uri:
            regex: "^/x("  # finding
      retries: {attempts: 2, retryOn: "5xx, reset"}  # finding
      timeout: 500us  # finding
      route: [{destination: {host: reviews}}]
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match:
        - uri:
            regex: "^/x.*"
      retries: {attempts: 2, retryOn: "5xx,reset"}
      timeout: 500ms
      route: [{destination: {host: reviews}}]
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "VirtualService", ID)
