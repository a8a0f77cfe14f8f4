"""The workload of a version: Deployment, StatefulSet, DaemonSet, Job or CronJob context its pod template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Version
from sailwright.render.template_input import TemplateInput

_VERSION_FIELDS: Mapping[str, tuple[str, ...]] = {
    "Deployment": (
        "replicas",
        "strategy",
        "minReadySeconds",
        "revisionHistoryLimit",
        "progressDeadlineSeconds",
        "paused",
    ),
    "StatefulSet": ("replicas", "minReadySeconds", "revisionHistoryLimit"),
    "DaemonSet": ("minReadySeconds", "revisionHistoryLimit"),
}
"""Settings of a version that belong to the workload's spec, by kind."""
_JOB_FIELDS = (
    "suspend",
    "completions",
    "parallelism",
    "completionMode",
    "backoffLimit",
    "activeDeadlineSeconds",
    "ttlSecondsAfterFinished",
)
_WORKLOAD_FIELDS: Mapping[str, tuple[str, ...]] = {
    "Deployment": (),
    "StatefulSet": (
        "podManagementPolicy",
        "updateStrategy",
        "persistentVolumeClaimRetentionPolicy",
        "volumeClaimTemplates",
    ),
    "DaemonSet": ("updateStrategy",),
    "Job": _JOB_FIELDS,
    "CronJob": (
        "timeZone",
        "concurrencyPolicy",
        "suspend",
        "startingDeadlineSeconds",
        "successfulJobsHistoryLimit",
        "failedJobsHistoryLimit",
    ),
}
"""Fields of `workload` that belong to the workload's spec, by kind."""


def workload(
    service: Service, version: Version, template: dict[str, Any], pod_paths: Mapping[Path, Path]
) -> TemplateInput:
    """The workload context a rendered pod template. `pod_paths` lead from places of the workload."""
    kind, fields = service.workload.kind, service.workload.fields
    own = [key for key in _VERSION_FIELDS.get(kind, ()) if key in version.settings]
    shared = [key for key in _WORKLOAD_FIELDS[kind] if key in fields]
    variables: dict[str, Any] = {
        "settings": [(key, version.settings[key]) for key in own] + [(key, fields[key]) for key in shared],
        "selector": version.selector,
        "pod": template,
    }
    if kind == "StatefulSet":
        variables["serviceName"] = fields.get("serviceName", service.host_name)
    if kind == "CronJob":
        variables["schedule"] = fields.get("schedule", "")  # where it is missing, the language has said so
        variables["jobSettings"] = [(key, fields[key]) for key in _JOB_FIELDS if key in fields and key != "suspend"]
    paths: dict[Path, Path] = {(): version.path}
    paths |= {("spec", key): (*version.path, key) for key in own}
    paths |= {("spec", key): ("workload", key) for key in (*shared, "schedule", "serviceName")}
    paths |= pod_paths
    return TemplateInput(
        kind.lower(), version.workload_name, variables, paths,
        labels=version.workload_labels, annotations=version.workload_annotations,
    )  # fmt: skip


def pod_place(kind: str) -> Path:
    """Where the pod template stands in a workload of this kind."""
    return ("spec", "jobTemplate", "spec", "template") if kind == "CronJob" else ("spec", "template")
