"""Istio takes this TrafficExtension and warns: its selector has no labels, so it is for every workload of the namespace.

An empty selector looks like a narrow setting and is a wide one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "traffic-extension-doubtful"
SEVERITY: Severity = "warning"
ALIASES = ("IST0133",)
BAD = """
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: {name: reviews, namespace: shop}
spec:
  selector: {}  # finding
  wasm:
    url: oci://registry.example.com/filter:1.0
"""
GOOD = """
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews}
  wasm:
    url: oci://registry.example.com/filter:1.0
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "TrafficExtension", ID)
