"""Autoscalers: they set the replicas of workloads, whatever the manifests say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.mesh.values import kinds
from sailwright.source.untyped import get, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.objects.workloads import Workload


def autoscaled(index: Index, workload: Workload) -> bool:
    """Whether an autoscaler sets the replicas of a workload."""
    return (workload.namespace, workload.name) in index.derived(_targets)


def _targets(index: Index) -> frozenset[tuple[str, str]]:
    """Namespace and name of what autoscalers scale."""
    scalers = index.of(kinds.HORIZONTAL_POD_AUTOSCALER, kinds.SCALED_OBJECT)
    return frozenset((index.namespace_of(found), text(get(found.spec, "scaleTargetRef", "name"))) for found in scalers)
