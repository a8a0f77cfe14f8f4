"""The selector of a workload that exists cannot be changed: the API server refuses the whole apply.

`spec.selector` of Deployments, StatefulSets, DaemonSets and ReplicaSets is immutable (Kubernetes, apps/v1). Even where the
object is deleted first, its old pods are left without an owner, or all of them stop before the first new one runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "selector-changed"
KIND = WORKLOAD
COMPARES = True
SEVERITY: Severity = "error"
ALIASES = ()
_BASE = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews}}
  template: {metadata: {labels: {app: reviews, version: v1}}}
"""
_CHANGED = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews, version: v1}}  # finding
  template: {metadata: {labels: {app: reviews, version: v1}}}
"""
BAD = Example(_CHANGED, base=_BASE)
GOOD = (
    Example(_BASE, base=_BASE),
    Example(_CHANGED.replace("reviews-v1", "reviews-v1-new").replace("  # finding", ""), base=_BASE),
)

_IMMUTABLE = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Compare the selector of a workload with the one it had."""
    if mesh.base is None or workload.kind not in _IMMUTABLE:
        return
    earlier = mesh.base.index.derived(_by_name).get((workload.kind, workload.namespace, workload.name))
    if earlier is None:
        return
    old, new = (get(found.manifest.spec, "selector", "matchLabels") for found in (earlier, workload))
    if old != new:
        remedy = "keep the selector, or give the workload a new name and remove the old one in a later change"
        message = f"the selector of {workload.kind} {workload.name} cannot change: it is {_labels(old)} now"
        yield Problem(workload.manifest, ("spec", "selector"), message, remedy, key=True)


def _by_name(index: Index) -> Mapping[tuple[str, str, str], Workload]:
    return {(found.kind, found.namespace, found.name): found for found in index.workloads}


def _labels(selector: object) -> str:
    if not isinstance(selector, dict):
        return "empty"
    return ", ".join(f"{key}={value}" for key, value in selector.items())
