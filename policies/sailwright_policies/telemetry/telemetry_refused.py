"""A Telemetry object that Istio's webhook refuses is never applied: metrics, traces and access logs stay as they were.

istiod checks providers, sampling, tags, and that a filter is a CEL expression.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "telemetry-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: reviews, namespace: shop}
spec:
  accessLogging:
    - filter:  # finding
        expression: "response.code >="
"""
GOOD = """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: reviews, namespace: shop}
spec:
  accessLogging:
    - filter:
        expression: "response.code >= 400"
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "Telemetry", ID)
