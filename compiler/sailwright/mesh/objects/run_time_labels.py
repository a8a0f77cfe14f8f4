"""Labels that pods carry and no pod template has: Kubernetes' controllers, the node and Istio's injector add them.

Sources: Kubernetes pkg/controller (statefulset, job, deployment, daemon), "Well-Known Labels"; Istio pkg/kube/inject
(applyMetadata and the injection templates), pilot/pkg/serviceregistry/util/label (what endpoints get from their node).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sailwright.mesh.objects.workloads import Workload
from sailwright.source.untyped import get, mapping, number

CANONICAL_NAME: Final = "service.istio.io/canonical-name"
CANONICAL_REVISION: Final = "service.istio.io/canonical-revision"
TLS_MODE: Final = "security.istio.io/tlsMode"

Question = Callable[[Workload, str], bool]
"""Whether a pod of a workload may carry a value of one label."""

_LONGEST_VALUE = 63
_POD_NAME: Final = "statefulset.kubernetes.io/pod-name"
_POD_INDEX: Final = "apps.kubernetes.io/pod-index"
_OF_ONE_POD: Final = (_POD_NAME, _POD_INDEX, "batch.kubernetes.io/job-completion-index", "kubernetes.io/hostname")
_OF_NODES: Final = ("topology.kubernetes.io/", "topology.istio.io/", "failure-domain.beta.kubernetes.io/")
"""Prefixes of labels that a pod or its endpoint gets from the node or the cluster."""


def is_added_later(key: str) -> bool:
    """Whether a label may stand on a pod though no pod template has it."""
    return key in _BY_CONTROLLERS or key in _BY_INJECTION or key.startswith(_OF_NODES)


def may_share_a_pod(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether one pod can carry the labels of both selectors: those of two pods of a StatefulSet differ."""
    mine, theirs = _with_implied(one), _with_implied(other)
    return all(theirs.get(key, value) == value for key, value in mine.items())


def of_some_pods(selector: Mapping[str, str]) -> bool:
    """Whether a selector takes some pods of a workload and leaves others: by what only one has, or by where they run."""
    return any(key in _OF_ONE_POD or key.startswith(_OF_NODES) for key in selector)


def _with_implied(selector: Mapping[str, str]) -> dict[str, str]:
    """A selector with the labels that a pod which has its own is sure to have too."""
    found = dict(selector)
    ordinal = selector.get(_POD_NAME, "").rpartition("-")[2]
    if ordinal:
        found.setdefault(_POD_INDEX, ordinal)
    if "job-name" in selector:
        found.setdefault("batch.kubernetes.io/job-name", selector["job-name"])
    return found


def added_value_possible(workload: Workload, key: str, value: str, injected: bool | None) -> bool:
    """Whether a pod of the workload may carry this label, which `is_added_later`. One that the template sets stays.

    `injected`: whether its pods have a sidecar, None where that cannot be decided.
    """
    if key in workload.labels:
        return workload.labels[key] == value
    if key in _BY_INJECTION:
        return injected is not False and _BY_INJECTION[key](workload, value)
    return key.startswith(_OF_NODES) or _BY_CONTROLLERS[key](workload, value)


def canonical_name(workload: Workload) -> str:
    """The value of `service.istio.io/canonical-name` that injection gives the pods of a workload."""
    own = workload.labels
    chosen = own.get("app.kubernetes.io/name") or own.get("app") or workload.name
    return chosen[:_LONGEST_VALUE].strip("-_.")


def _has_canonical_name(workload: Workload, value: str) -> bool:
    return value == canonical_name(workload)


def _has_canonical_revision(workload: Workload, value: str) -> bool:
    own = workload.labels
    return value == (own.get("app.kubernetes.io/version") or own.get("version") or "latest")


def _has_ordinal(workload: Workload, value: str) -> bool:
    """The ordinals of a StatefulSet begin at `ordinals.start`. How many there are may change at any time."""
    start = number(get(workload.manifest.spec, "ordinals", "start"))
    return workload.kind == "StatefulSet" and re.fullmatch(r"0|[1-9]\d*", value) is not None and int(value) >= start


def _has_pod_name(workload: Workload, value: str) -> bool:
    name, _, ordinal = value.rpartition("-")
    return name == workload.name and _has_ordinal(workload, ordinal)


def _has_job_name(workload: Workload, value: str) -> bool:
    """A CronJob's Jobs are named by it and the minute they are for."""
    if workload.kind == "CronJob":
        return re.fullmatch(rf"{re.escape(workload.name)}-\d+", value) is not None
    generated = "name" not in workload.manifest.metadata and value.startswith(workload.name)
    return workload.kind == "Job" and (value == workload.name or generated)


def _has_completion_index(workload: Workload, value: str) -> bool:
    job = workload.manifest.spec if workload.kind == "Job" else get(workload.manifest.spec, "jobTemplate", "spec")
    return mapping(job).get("completionMode") == "Indexed" and value.isdecimal()


def _made_by(*kinds: str) -> Question:
    """A value that the controller of these kinds computes: any."""
    return lambda workload, value: workload.kind in kinds and bool(value)


_BY_CONTROLLERS: Final[Mapping[str, Question]] = {
    _POD_NAME: _has_pod_name,
    _POD_INDEX: _has_ordinal,
    "pod-template-hash": _made_by("Deployment"),
    "rollouts-pod-template-hash": _made_by("Rollout"),
    "controller-revision-hash": _made_by("StatefulSet", "DaemonSet"),
    "pod-template-generation": _made_by("DaemonSet"),
    "job-name": _has_job_name,
    "batch.kubernetes.io/job-name": _has_job_name,
    "controller-uid": _made_by("Job", "CronJob"),
    "batch.kubernetes.io/controller-uid": _made_by("Job", "CronJob"),
    "batch.kubernetes.io/job-completion-index": _has_completion_index,
    "kubernetes.io/hostname": lambda _, value: bool(value),
    "networking.istio.io/tunnel": lambda _, value: value == "http",
    "serving.knative.dev/service": lambda workload, value: workload.kind == "Service" and value == workload.name,
    "serving.knative.dev/revision": _made_by("Service"),
    "serving.knative.dev/configuration": lambda workload, value: workload.kind == "Service" and value == workload.name,
    "deploymentconfig": lambda workload, value: workload.kind == "DeploymentConfig" and value == workload.name,
    "deployment": _made_by("DeploymentConfig"),
}

_BY_INJECTION: Final[Mapping[str, Question]] = {
    CANONICAL_NAME: _has_canonical_name,
    CANONICAL_REVISION: _has_canonical_revision,
    TLS_MODE: lambda _, value: value == "istio",
}
