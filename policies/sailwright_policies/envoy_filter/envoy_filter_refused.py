"""An EnvoyFilter that Istio's webhook refuses is never applied.

istiod checks that applyTo, match, operation and value go together, and that regular expressions are RE2.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "envoy-filter-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: reviews, namespace: shop}
spec:
  configPatches:
    - applyTo: CLUSTER
      patch:  # finding
        operation: MERGE
"""
GOOD = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: reviews, namespace: shop}
spec:
  configPatches:
    - applyTo: CLUSTER
      patch:
        operation: MERGE
        value: {connect_timeout: 5s}
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "EnvoyFilter", ID)
