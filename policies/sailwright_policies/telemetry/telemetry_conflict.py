"""Two Telemetries that select one workload leave it to chance which one counts.

Istio merges a workload's Telemetry with that of its namespace and of the mesh, but takes only one for the workload.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import TELEMETRY
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.telemetries import shared_workloads
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "telemetry-conflict"
KIND = TELEMETRY
SEVERITY: Severity = "error"
ALIASES = ("IST0159",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart, version: v1}}}}
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: cart  # finding
  namespace: shop
spec: {selector: {matchLabels: {app: cart}}, accessLogging: [{providers: [{name: envoy}]}]}
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: cart-v1  # finding
  namespace: shop
spec: {selector: {matchLabels: {version: v1}}, tracing: [{randomSamplingPercentage: 10}]}
"""
GOOD = BAD.replace("  # finding", "").replace("{version: v1}}, t", "{app: mail}}, t")


def check(telemetry: Manifest, mesh: World) -> Iterator[Problem]:
    """The workloads that it shares; it is reported once, for the first of them. The analyzers report each."""
    shared = mesh.index.derived(shared_workloads).get(telemetry, ())
    for workload, found in shared if mesh.facts.compat else shared[:1]:
        names = ", ".join(sorted(each.name for each in found))
        yield Problem(
            telemetry,
            ("metadata", "name"),
            f"the Telemetries {names} select one workload: {workload.kind} {workload.namespace}/{workload.name}",
            "merge them, or make their selectors disjoint",
            tuple((other, ("metadata", "name"), "selects it too") for other in found if other is not telemetry),
        )
