"""Istio takes this Telemetry object and warns: part of it is not used, or it is wider than it looks.

Of several tracing entries or tracing providers the first is used. A selector without labels is for the whole namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "telemetry-doubtful"
SEVERITY: Severity = "warning"
ALIASES = ("IST0133",)
BAD = """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: reviews, namespace: shop}
spec:
  tracing:
    - providers: [{name: zipkin}, {name: otel}]  # finding
"""
GOOD = """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: reviews, namespace: shop}
spec:
  tracing:
    - providers: [{name: otel}]
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "Telemetry", ID)
