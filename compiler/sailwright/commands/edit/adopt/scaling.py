"""HorizontalPodAutoscalers and PodDisruptionBudgets that a version can hold: those named as their workload is."""

from __future__ import annotations

from typing import Any

from sailwright.commands.edit.adopt.carried import Carried
from sailwright.commands.edit.adopt.inventory import Inventory, match_labels, namespace_of
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import mapping

Tree = dict[str, Any]
_AUTOSCALING = ("minReplicas", "maxReplicas", "metrics", "behavior")
_BUDGET = ("minAvailable", "maxUnavailable", "unhealthyPodEvictionPolicy")


def scaling(workload: Manifest, found: Inventory, carried: Carried) -> Tree:
    """`autoscaling` and `disruptionBudget` of a workload; what does not fit is carried along."""
    result: Tree = {}
    namespace = namespace_of(workload)
    scaler = found.find("HorizontalPodAutoscaler", namespace, workload.name)
    if scaler is not None and scaler not in carried:
        target = mapping(scaler.spec.get("scaleTargetRef"))
        if (target.get("kind"), target.get("name")) != (workload.kind, workload.name):
            carried.add(scaler, "it scales another workload than its name says")
        elif "replicas" in workload.spec or not scaler.spec.get("metrics") or not scaler.api_version.endswith("/v2"):
            carried.add(scaler, "`autoscaling` has metrics of autoscaling/v2, and its workload no `replicas`")
        else:
            result["autoscaling"] = {key: scaler.spec[key] for key in _AUTOSCALING if key in scaler.spec}
    budget = found.find("PodDisruptionBudget", namespace, workload.name)
    if budget is not None and budget not in carried:
        if budget.spec.get("selector") != {"matchLabels": match_labels(workload)}:
            carried.add(budget, "it selects other pods than those of the workload of its name")
        else:
            result["disruptionBudget"] = {key: budget.spec[key] for key in _BUDGET if key in budget.spec}
    return result
