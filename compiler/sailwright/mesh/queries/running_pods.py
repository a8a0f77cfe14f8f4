"""Workloads without pods: their manifest says `replicas: 0`, and nothing of the input raises it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.autoscalers import autoscaled
from sailwright.mesh.queries.rollouts import scaled_by_controllers

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


def resting(index: Index, workload: Workload) -> bool:
    """Whether a workload surely has no pods: no autoscaler and no controller of rollouts sets its replicas."""
    if workload.manifest.spec.get("replicas") != 0 or workload.is_pod or autoscaled(index, workload):
        return False
    taken = index.derived(scaled_by_controllers)
    return (workload.namespace, workload.kind, workload.name) not in taken
