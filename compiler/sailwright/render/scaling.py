"""PodDisruptionBudget and HorizontalPodAutoscaler: how many pods of a version there must and may be."""

from __future__ import annotations

from sailwright.diagnostics.finding import Path
from sailwright.project.service.parts import Block, Version
from sailwright.render.template_input import TemplateInput

_BUDGET_FIELDS = ("minAvailable", "maxUnavailable", "unhealthyPodEvictionPolicy")
_DEFAULT_CPU_UTILIZATION = 80
"""Percent: what Kubernetes itself aims at where an autoscaler names no metric (autoscaling/v2)."""


def disruption_budget(version: Version) -> TemplateInput:
    """The budget of a version's pods."""
    budget: Block = version.settings["disruptionBudget"]
    variables = {
        "settings": [(key, budget[key]) for key in _BUDGET_FIELDS if key in budget],
        "selector": version.selector,
    }
    paths: dict[Path, Path] = {("spec",): (*version.path, "disruptionBudget")}
    return TemplateInput("poddisruptionbudget", version.workload_name, variables, paths)


def autoscaler(version: Version, kind: str, container: str) -> TemplateInput:
    """The autoscaler of a version's workload. The short form measures the application's container alone."""
    scaling: Block = version.settings["autoscaling"]
    variables = {
        "target": {"kind": kind, "name": version.workload_name},
        "minReplicas": scaling.get("minReplicas", 1),
        "maxReplicas": scaling["maxReplicas"],
        "metrics": scaling.get("metrics") or [_container_cpu(container, scaling)],
        "behavior": scaling.get("behavior"),
    }
    path = (*version.path, "autoscaling")
    paths: dict[Path, Path] = {("spec",): path, ("spec", "metrics", 0): (*path, "targetCPUUtilization")}
    return TemplateInput("horizontalpodautoscaler", version.workload_name, variables, paths)


def _container_cpu(container: str, scaling: Block) -> Block:
    """The CPU of one container, so that the sidecar's does not distort it (ContainerResource, Kubernetes 1.30)."""
    target = {
        "type": "Utilization",
        "averageUtilization": scaling.get("targetCPUUtilization", _DEFAULT_CPU_UTILIZATION),
    }
    return {"type": "ContainerResource", "containerResource": {"name": "cpu", "container": container, "target": target}}
