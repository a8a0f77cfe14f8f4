"""Istio takes this WorkloadEntry and warns: it has no address of its own.

Without an address the workload must be reachable through the gateway of its network.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "workload-entry-doubtful"
SEVERITY: Severity = "warning"
ALIASES = ("IST0133",)
BAD = """
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews, namespace: shop}
spec:  # finding
  network: vpc-1
  labels: {app: reviews}
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews, namespace: shop}
spec:
  address: 10.0.0.30
  network: vpc-1
  labels: {app: reviews}
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "WorkloadEntry", ID)
