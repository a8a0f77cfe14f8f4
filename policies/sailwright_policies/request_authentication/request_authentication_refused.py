"""A RequestAuthentication that Istio's webhook refuses is never applied: tokens are not checked.

istiod checks issuers, key sets and their addresses, and where tokens are read from and claims written to.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "request-authentication-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  jwtRules:
    - issuer: https://accounts.example.com
      jwksUri: accounts.example.com/keys  # finding
"""
GOOD = """
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  jwtRules:
    - issuer: https://accounts.example.com
      jwksUri: https://accounts.example.com/keys
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "RequestAuthentication", ID)
