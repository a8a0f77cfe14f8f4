"""Istio takes this AuthorizationPolicy and warns: it is wider than it looks.

A DENY rule with HTTP conditions alone denies everything on TCP ports, where they cannot be read. A selector without labels is for
every workload of the namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "authorization-policy-doubtful"
SEVERITY: Severity = "warning"
ALIASES = ("IST0133",)
BAD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: DENY
  rules:
    - to:  # finding
        - operation: {methods: [DELETE]}
"""
GOOD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: DENY
  rules:
    - to:
        - operation: {methods: [DELETE], ports: ["8080"]}
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "AuthorizationPolicy", ID)
