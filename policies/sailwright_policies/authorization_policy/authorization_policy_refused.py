"""An AuthorizationPolicy that Istio's webhook refuses is never applied: what it should deny stays allowed.

istiod checks that rules are not empty, that addresses, ports, paths and attributes can be read, and what an action may ask for.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "authorization-policy-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: DENY
  rules:
    - from:
        - source:
            ipBlocks: [10.0.0.0/33]  # finding
"""
GOOD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: DENY
  rules:
    - from:
        - source:
            ipBlocks: [10.0.0.0/24]
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "AuthorizationPolicy", ID)
