"""A PeerAuthentication that Istio's webhook refuses is never applied: mutual TLS stays as it was.

Port-level settings need a selector with labels, and ports are those of the workload, 1 to 65535.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "peer-authentication-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  portLevelMtls:  # finding
    8080: {mode: DISABLE}
"""
GOOD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews}
  portLevelMtls:
    8080: {mode: DISABLE}
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "PeerAuthentication", ID)
