"""From a workload's pod template to the settings of a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.commands.edit.adopt.inventory import (
    Inventory,
    labels_of,
    match_labels,
    namespace_of,
    pod_spec,
    template_of,
)
from sailwright.project.schema.judge import schema
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping

Settings = dict[str, Any]
_OF_WORKLOAD = {
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
_RENAMED = {"securityContext": "podSecurityContext"}
_ELSEWHERE = frozenset(("containers", "initContainers", "serviceAccountName", "serviceAccount", "restartPolicy"))


def settings(workload: Manifest, service: str, listed: list[dict[str, Any]] | None) -> Settings:
    """The settings of the version that a workload becomes, in the words of service.yaml.

    `listed` are the ports that its container gets from the Service, None where it has to list its own. What has no word is left out: the draft is compared with
    its origin.
    """
    spec = pod_spec(workload)
    result: Settings = {key: workload.spec[key] for key in _OF_WORKLOAD.get(workload.kind, ()) if key in workload.spec}
    first, *others = [dict(item) for item in items(spec.get("containers")) if isinstance(item, dict)] or [{}]
    result |= _container(first, service, listed)
    if others:
        result["containers"] = others
    if initial := items(spec.get("initContainers")):
        result["initContainers"] = initial
    known = schema("service")["$defs"]["Settings"]["properties"]
    for key, value in spec.items():
        name = _RENAMED.get(key, key)
        if key not in _ELSEWHERE and name in known and value not in (None, [], {}):
            result[name] = value
    result |= _metadata(workload)
    return {key: value for key, value in result.items() if value not in (None, {}) and (value != [] or key == "ports")}


def _container(container: Settings, service: str, listed: list[dict[str, Any]] | None) -> Settings:
    known = schema("service")["$defs"]["Settings"]["properties"]
    result = {key: value for key, value in container.items() if key in known and key not in ("ports", "name")}
    if container.get("name") != service:
        result["containerName"] = container.get("name")
    written = [{"protocol": "TCP", **port} for port in items(container.get("ports")) if isinstance(port, dict)]
    if written != listed:
        result["ports"] = items(container.get("ports"))
    return result


def _metadata(workload: Manifest) -> Settings:
    selector = match_labels(workload)
    labels = {key: str(value) for key, value in labels_of(workload).items() if selector.get(key) != value}
    written = mapping(mapping(template_of(workload).get("metadata")).get("annotations"))
    return {"labels": labels, "annotations": {key: str(value) for key, value in written.items()}}


def names_account(workload: Manifest) -> bool:
    """Whether a workload's pods name a ServiceAccount: they run as `default` else."""
    spec = pod_spec(workload)
    return bool(spec.get("serviceAccountName") or spec.get("serviceAccount"))


def account_name(workload: Manifest) -> str:
    """The ServiceAccount that a workload's pods run as."""
    spec = pod_spec(workload)
    return str(spec.get("serviceAccountName") or spec.get("serviceAccount") or "default")


def service_account(workload: Manifest, service: str, found: Inventory, *, create: bool) -> Settings | str | None:
    """The `serviceAccount` of a version; `create` says whether this service renders the account."""
    if not names_account(workload):
        return ""
    name = account_name(workload)
    account = found.find("ServiceAccount", namespace_of(workload), name) if create else None
    if account is None:
        return {"name": name, "create": False}
    result: Settings = {"name": name} if name != service else {}
    for key, written in (("annotations", account.annotations), ("labels", account.labels)):
        if written:
            result[key] = _texts(written)
    return result or None


def _texts(written: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in written.items()}
