"""From a workload's pod template to the settings of a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.commands.edit.adopt.inventory import WORKLOADS, Inventory, Notes, labels_of, namespace_of, template_of
from sailwright.commands.edit.adopt.not_carried_over import note_fields
from sailwright.diagnostics.finding import Path
from sailwright.project.schema.judge import schema
from sailwright.source.manifest import Manifest

Settings = dict[str, Any]
_INJECTED = frozenset(("istio-proxy", "istio-init", "istio-validation"))
_OF_WORKLOAD = {
    "Deployment": ("replicas", "strategy", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"),
    "StatefulSet": ("replicas", "minReadySeconds", "revisionHistoryLimit"),
    "DaemonSet": ("minReadySeconds", "revisionHistoryLimit"),
}
_RENAMED = {"securityContext": "podSecurityContext"}
_ELSEWHERE = frozenset(("containers", "initContainers", "serviceAccountName", "serviceAccount", "restartPolicy"))


def settings(workload: Manifest, service: str, found: Inventory, notes: Notes) -> Settings:
    """The settings of the version that a workload becomes, in the words of service.yaml."""
    template = template_of(workload)
    spec: Mapping[str, Any] = template.get("spec") or {}
    place = (*WORKLOADS[workload.kind], "spec")
    result: Settings = {key: workload.spec[key] for key in _OF_WORKLOAD.get(workload.kind, ()) if key in workload.spec}
    if workload.kind == "Deployment":
        fields = {*_OF_WORKLOAD["Deployment"], "selector", "template"}
        note_fields(workload, ("spec",), workload.spec, fields, notes)
    containers = _own(workload, spec, "containers", place, notes)
    if containers:
        index = _application(containers, service, labels_of(workload).get("app", ""))
        result |= _container(workload, containers.pop(index), service, (*place, "containers", index), notes)
    if containers:
        result["containers"] = containers
    if initial := _own(workload, spec, "initContainers", place, notes):
        result["initContainers"] = initial
    known = schema("service")["$defs"]["Settings"]["properties"]
    for key, value in spec.items():
        name = _RENAMED.get(key, key)
        if key in _ELSEWHERE or value in (None, [], {}):
            continue
        if name in known:
            result[name] = value
        else:
            notes.add(
                workload,
                (*place, key),
                f"`{key}` of the pod has no field in service.yaml; write a patch, or do without",
            )
    result |= _metadata(workload, template, service)
    result["serviceAccount"] = _service_account(spec, service, namespace_of(workload), found)
    return {key: value for key, value in result.items() if value not in (None, {}, [])}


def _own(workload: Manifest, spec: Mapping[str, Any], key: str, place: Path, notes: Notes) -> list[Settings]:
    """The containers that are the author's, not injection's."""
    items = [item for item in spec.get(key) or () if isinstance(item, dict)]
    for index, item in enumerate(items):
        if item.get("name") in _INJECTED:
            notes.add(
                workload,
                (*place, key, index),
                f"`{item['name']}` is an injected container; `mesh.inject` takes its place",
            )
    return [dict(item) for item in items if item.get("name") not in _INJECTED]


def _application(containers: list[Settings], service: str, app: str) -> int:
    """The container of the application: the one named as the service or its pods, else the first."""
    names = [item.get("name") for item in containers]
    return next((names.index(name) for name in (service, app) if name in names), 0)


def _container(workload: Manifest, container: Settings, service: str, place: Path, notes: Notes) -> Settings:
    result: Settings = {}
    known = schema("service")["$defs"]["Settings"]["properties"]
    numbers = {port.get("name"): port.get("containerPort") for port in container.get("ports") or ()}
    for key, value in container.items():
        if key == "name":
            if value != service:
                result["containerName"] = value
        elif key in known:
            result[key] = _numbered(value, numbers) if key.endswith("Probe") else value
        elif key != "ports":
            notes.add(
                workload,
                (*place, key),
                f"`{key}` of the container has no field in service.yaml; write a patch, or do without",
            )
    return result


def _numbered(probe: Settings, numbers: Mapping[str | None, int | None]) -> Settings:
    """A probe with the number of its port: the names of a service's ports may differ from the container's."""
    result = dict(probe)
    for key in ("httpGet", "tcpSocket"):
        action = probe.get(key)
        if isinstance(action, dict) and action.get("port") in numbers:
            result[key] = {**action, "port": numbers[action["port"]]}
    return result


def _metadata(workload: Manifest, template: Mapping[str, Any], service: str) -> Settings:
    metadata = template.get("metadata") or {}
    selector = (workload.spec.get("selector") or {}).get("matchLabels") or {}
    fixed = {"app": service, **selector}
    labels = {key: value for key, value in labels_of(workload).items() if key != "version" and fixed.get(key) != value}
    annotations = {key: str(value) for key, value in (metadata.get("annotations") or {}).items()}
    return {"labels": labels, "annotations": annotations}


def _service_account(spec: Mapping[str, Any], service: str, namespace: str, found: Inventory) -> Settings | None:
    name = spec.get("serviceAccountName") or spec.get("serviceAccount") or "default"
    account = found.find("ServiceAccount", namespace, name)
    if account is None:
        return {"name": name, "create": False}
    annotations = {key: str(value) for key, value in account.annotations.items()}
    result = {"name": name} if name != service else {}
    return {**result, **({"annotations": annotations} if annotations else {})} or None


def container_ports(workload: Manifest) -> dict[str, int]:
    """The named ports of a workload's containers."""
    spec = template_of(workload).get("spec") or {}
    ports = (port for container in spec.get("containers") or () for port in container.get("ports") or ())
    return {port["name"]: port["containerPort"] for port in ports if "name" in port and "containerPort" in port}
