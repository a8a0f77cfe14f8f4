"""A Sidecar that Istio's webhook refuses is never applied: its proxies keep the configuration of the whole mesh.

istiod checks listeners, their order, ports and binds, and that egress hosts have the form namespace/host.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "sidecar-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: reviews, namespace: shop}
spec:
  egress:
    - hosts:
        - api.example.com  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: reviews, namespace: shop}
spec:
  egress:
    - hosts:
        - shop/api.example.com
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "Sidecar", ID)
