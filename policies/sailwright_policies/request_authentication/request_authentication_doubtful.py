"""Istio takes this RequestAuthentication and warns: it is wider than it looks, or carries a private key.

A selector without labels is for every workload of the namespace. Whoever can read a private key in `jwks` can sign tokens.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "request-authentication-doubtful"
SEVERITY: Severity = "warning"
ALIASES = ("IST0133",)
BAD = """
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  selector: {}  # finding
  jwtRules:
    - issuer: https://accounts.example.com
"""
GOOD = """
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews}
  jwtRules:
    - issuer: https://accounts.example.com
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "RequestAuthentication", ID)
