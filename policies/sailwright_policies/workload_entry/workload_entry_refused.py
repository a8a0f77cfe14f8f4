"""A WorkloadEntry that Istio's webhook refuses is never applied: the machine gets no traffic.

istiod checks the address, the port names and numbers, and the labels.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "workload-entry-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews, namespace: shop}
spec:
  address: 10.0.0.300  # finding
  labels: {app: reviews}
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews, namespace: shop}
spec:
  address: 10.0.0.30
  labels: {app: reviews}
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "WorkloadEntry", ID)
