"""Which objects hold pods, where in them the pod stands, and who owns the pod."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

TEMPLATE: Path = ("spec", "template")

_TEMPLATED = {
    ("apps/v1", "Deployment"): TEMPLATE,
    ("apps/v1", "StatefulSet"): TEMPLATE,
    ("apps/v1", "DaemonSet"): TEMPLATE,
    ("apps/v1", "ReplicaSet"): TEMPLATE,
    ("batch/v1", "Job"): TEMPLATE,
    ("batch/v1", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("v1", "ReplicationController"): TEMPLATE,
    ("apps.openshift.io/v1", "DeploymentConfig"): TEMPLATE,
    ("v1", "DeploymentConfig"): TEMPLATE,
    ("v1", "Pod"): (),
}
"""The kinds that are injected: those istioctl kube-inject handles."""


@dataclass(frozen=True, slots=True)
class Owner:
    """What ISTIO_META_OWNER names: the controller; its namespace is empty where nobody said."""

    api_version: str
    kind: str
    name: str
    namespace: str


def pod_path(value: Mapping[str, Any]) -> Path | None:
    """Where in an object its pod (or pod template) stands; None for objects without pods."""
    key = (value.get("apiVersion"), value.get("kind"))
    return _TEMPLATED.get(key) if isinstance(key[0], str) and isinstance(key[1], str) else None  # type: ignore[arg-type]


def is_list(value: Mapping[str, Any]) -> bool:
    """Whether the object is a `kind: List`, whose items are objects."""
    return value.get("kind") == "List" and isinstance(value.get("items"), list)


def owner(value: Mapping[str, Any], namespace: str) -> Owner:
    """The controller of a workload's pods. A bare Pod is asked for its ownerReferences, as the webhook does."""
    metadata = section(value, "metadata")
    api_version, kind = str(value.get("apiVersion", "")), str(value.get("kind", ""))
    name = str(metadata.get("name") or "")
    if kind == "Pod" and metadata.get("generateName"):
        return _controller(metadata, Owner(api_version, kind, name, namespace))
    return Owner(api_version, kind, name, namespace)


_CRON_JOB = regex(r"(.+)-[0-9]{8,10}")


def _controller(metadata: Mapping[str, Any], pod: Owner) -> Owner:
    references = metadata.get("ownerReferences")
    for reference in references if isinstance(references, list) else []:
        if isinstance(reference, dict) and reference.get("controller") is True:
            found = Owner(
                str(reference.get("apiVersion", "")),
                str(reference.get("kind", "")),
                str(reference.get("name", "")),
                pod.namespace,
            )
            return _above(found, section(metadata, "labels"))
    return pod


def _above(found: Owner, labels: Mapping[str, Any]) -> Owner:
    """The controller's own controller, which a pod can only guess from names: Deployment, Rollout, CronJob."""
    name, space = found.name, found.namespace
    if found.kind == "ReplicaSet":
        for label, api_version, kind in (
            ("pod-template-hash", found.api_version, "Deployment"),
            ("rollouts-pod-template-hash", "v1alpha1", "Rollout"),
        ):
            digest = str(labels.get(label) or "")
            if digest and name.endswith(digest):
                return Owner(api_version, kind, name.removesuffix(f"-{digest}"), space)
    if found.kind == "ReplicationController" and labels.get("deploymentconfig"):
        return Owner(found.api_version, "DeploymentConfig", str(labels["deploymentconfig"]), space)
    scheduled = _CRON_JOB.fullmatch(name) if found.kind == "Job" else None
    return Owner("batch/v1", "CronJob", scheduled[1], space) if scheduled else found


def section(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A mapping inside an object; empty where it is missing or something else."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}
