"""Workloads to inject, and short ways to look at what came out."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from sailwright.render.injection.inject import Injected, inject
from sailwright.render.injection.settings import InjectionSettings, settings_from

LINES = ("1.24.6", "1.25.5", "1.26.8", "1.27.9", "1.28.10", "1.29.6", "1.30.3", "1.31.0")
"""The newest known patch of every release line."""


@cache
def plain(release: str, mode: str = "classic", *, compat: bool = True) -> InjectionSettings:
    """A default installation of a release."""
    return settings_from(release=release, sidecar_mode=mode, compat=compat)


def deployment(
    annotations: dict[str, str] | None = None,
    labels: dict[str, str] | None = None,
    container: dict[str, Any] | None = None,
    **spec: Any,
) -> dict[str, Any]:
    """A Deployment with one container; `spec` holds further fields of its pods."""
    metadata: dict[str, Any] = {"labels": {"app": "reviews", **(labels or {})}}
    if annotations is not None:
        metadata["annotations"] = annotations
    app = {"name": "app", "image": "example.com/reviews:1", **(container or {})}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "reviews", "namespace": "shop"},
        "spec": {
            "selector": {"matchLabels": {"app": "reviews"}},
            "template": {"metadata": metadata, "spec": {"containers": [app], **spec}},
        },
    }


def injected(workload: dict[str, Any], settings: InjectionSettings) -> dict[str, Any]:
    """The injected pod template (or Pod) of a workload that nothing is wrong with."""
    result = inject(workload, settings)
    assert not errors(result), errors(result)
    assert result.changed
    return template(result.value)


def template(workload: dict[str, Any]) -> dict[str, Any]:
    """The pod template of a workload; a Pod itself."""
    found: dict[str, Any] = workload
    if workload["kind"] == "CronJob":
        found = workload["spec"]["jobTemplate"]["spec"]["template"]
    elif workload["kind"] != "Pod":
        found = workload["spec"]["template"]
    return found


def errors(result: Injected) -> list[str]:
    """The messages of the errors among the problems."""
    return [problem.message for problem in result.problems if problem.severity == "error"]


def container(pod: dict[str, Any], name: str = "istio-proxy") -> dict[str, Any]:
    """A container of either list; there must be exactly one of that name."""
    found = [c for field in ("initContainers", "containers") for c in pod["spec"].get(field, []) if c["name"] == name]
    assert len(found) == 1, f"{len(found)} containers named {name}"
    return dict(found[0])


def order(pod: dict[str, Any], field: str) -> list[str]:
    """The names of the items of a list of the pod spec."""
    return [item["name"] for item in pod["spec"].get(field, [])]


def variable(pod: dict[str, Any], name: str) -> Any:
    """An environment variable of the sidecar: its value, or its valueFrom; None where it is not set."""
    found = [entry for entry in container(pod)["env"] if entry["name"] == name]
    assert len(found) <= 1, f"{name} is set {len(found)} times"
    return (found[0].get("value") if "value" in found[0] else found[0].get("valueFrom")) if found else None


def probers(pod: dict[str, Any]) -> Any:
    """What ISTIO_KUBE_APP_PROBERS holds; None where it is not set."""
    text = variable(pod, "ISTIO_KUBE_APP_PROBERS")
    return None if text is None else json.loads(text)


def argument(pod: dict[str, Any], flag: str, name: str = "istio-init") -> list[str]:
    """The values that follow a flag of a container, in order."""
    arguments = container(pod, name)["args"]
    return [arguments[index + 1] for index, item in enumerate(arguments) if item == flag]


def annotations_of(pod: dict[str, Any]) -> dict[str, str]:
    """The annotations of a pod."""
    return dict(pod["metadata"]["annotations"])


def labels_of(pod: dict[str, Any]) -> dict[str, str]:
    """The labels of a pod."""
    return dict(pod["metadata"]["labels"])
