"""Two Sidecars that select one workload leave it to chance which one counts.

Istio takes one of them whole and does not merge them. Which one may differ between istiod's restarts.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "sidecar-conflict"
SEVERITY: Severity = "error"
ALIASES = ("IST0110", "KIA0003")
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart, version: v1}}}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: cart  # finding
  namespace: shop
spec: {workloadSelector: {labels: {app: cart}}, egress: [{hosts: ["./*"]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: cart-v1  # finding
  namespace: shop
spec: {workloadSelector: {labels: {version: v1}}, egress: [{hosts: ["*/*"]}]}
"""
GOOD = BAD.replace("  # finding", "").replace("labels: {version: v1}}, e", "labels: {app: mail}}, e")


def check(world: World) -> Iterator[Problem]:
    """Ask of each workload which Sidecars select it; a pair is told once, under the first workload they share."""
    index = world.index
    chosen: dict[Workload, list[Sidecar]] = {}
    for sidecar in index.sidecars.all:
        for workload in index.selected(sidecar.selector, sidecar.namespace) if sidecar.selector else ():
            chosen.setdefault(workload, []).append(sidecar)
    told: set[Sidecar] = set()
    for workload, sidecars in chosen.items():
        if len(sidecars) < 2 or (index.facts.compat and _redirected(workload)):
            continue
        for sidecar in sidecars:
            if sidecar in told and not index.facts.compat:
                continue
            told.add(sidecar)
            others = [
                (other.manifest, ("metadata", "name"), "selects it too") for other in sidecars if other is not sidecar
            ]
            names = ", ".join(sorted(each.manifest.name for each in sidecars))
            message = f"the Sidecars {names} select one workload: {workload.kind} {workload.namespace}/{workload.name}"
            yield Problem(
                sidecar.manifest, ("metadata", "name"), message, "make their selectors disjoint", tuple(others)
            )


def _redirected(pod: Workload) -> bool:
    """A pod in ambient mode has no sidecar."""
    return pod.annotations.get("ambient.istio.io/redirection") == "enabled"
