"""Two Telemetries that select one workload leave it to chance which one counts.

Istio merges a workload's Telemetry with that of its namespace and of the mesh, but takes only one for the workload.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels

ID = "telemetry-conflict"
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


def check(world: World) -> Iterator[Problem]:
    """Ask of each workload which Telemetries select it; each is told once, under the first workload it shares."""
    index = world.index
    chosen: dict[Workload, list[Manifest]] = {}
    for manifest in index.of(kinds.TELEMETRY):
        selector = labels(get(manifest.spec, "selector", "matchLabels"))
        for workload in index.selected(selector, index.namespace_of(manifest)) if selector else ():
            chosen.setdefault(workload, []).append(manifest)
    told: set[Manifest] = set()
    for workload, found in chosen.items():
        for manifest in found if len(found) > 1 else ():
            if manifest not in told or index.facts.compat:
                told.add(manifest)
                names = ", ".join(sorted(each.name for each in found))
                message = (
                    f"the Telemetries {names} select one workload: {workload.kind} {workload.namespace}/{workload.name}"
                )
                others = tuple(
                    (other, ("metadata", "name"), "selects it too") for other in found if other is not manifest
                )
                yield Problem(
                    manifest, ("metadata", "name"), message, "merge them, or make their selectors disjoint", others
                )
