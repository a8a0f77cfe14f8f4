"""The pod template of a version: labels, annotations, the application's container and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.workloads import INJECT
from sailwright.mesh.values.ambient import AMBIENT, DATAPLANE_MODE
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Port, Version
from sailwright.render.render_context import RenderContext
from sailwright.render.service_objects import config_map_name
from sailwright.render.sidecar_annotations import sidecar_annotations, sidecar_places
from sailwright.render.workload import pod_place

CONFIG_DIGEST = "sailwright.dev/config-digest"
"""A pod annotation that changes with `config.files`, so that the pods roll when their configuration does."""
CONFIG_VOLUME = "config-files"
UNINJECTED = ("none", "ambient")
"""The ways of `mesh.inject` without a sidecar."""

_CONTAINER_FIELDS = (
    "imagePullPolicy",
    "command",
    "args",
    "workingDir",
    "ports",
    "env",
    "envFrom",
    "resources",
    "volumeMounts",
    "volumeDevices",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
    "securityContext",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "stdin",
    "stdinOnce",
    "tty",
    "resizePolicy",
)
_POD_FIELDS = (
    "automountServiceAccountToken",
    "securityContext",
    "imagePullSecrets",
    "nodeSelector",
    "affinity",
    "tolerations",
    "topologySpreadConstraints",
    "priorityClassName",
    "runtimeClassName",
    "schedulerName",
    "hostAliases",
    "dnsPolicy",
    "dnsConfig",
    "enableServiceLinks",
    "shareProcessNamespace",
    "restartPolicy",
    "terminationGracePeriodSeconds",
    "hostNetwork",
    "hostPID",
    "hostIPC",
    "hostUsers",
    "hostname",
    "subdomain",
    "setHostnameAsFQDN",
    "nodeName",
    "preemptionPolicy",
    "readinessGates",
    "overhead",
    "os",
)
_RENAMED = {"securityContext": "podSecurityContext"}
"""Pod fields that service.yaml calls otherwise, because a container has one of the same name."""
_KEYS = {
    "container": {name: name for name in _CONTAINER_FIELDS},
    "pod": {_RENAMED.get(name, name): name for name in _POD_FIELDS},
}
"""The keys of service.yaml, in the order of the fields that they lead to."""
_LONGEST_PORT_NAME = 15
"""Characters (IANA_SVC_NAME): a longer name of a Service's port cannot be the container's."""


def pod_labels(service: Service, version: Version) -> dict[str, str]:
    """The labels of a version's pods, beside those that injection adds."""
    return service.pod_labels(version)


def container_name(service: Service, version: Version) -> str:
    """The name of the application's container."""
    return str(version.settings.get("containerName") or service.name)


def pod(
    service: Service, version: Version, config_digest: str | None, revision: str, context: RenderContext
) -> tuple[dict[str, Any], dict[Path, Path]]:
    """The variables of the pod template, and where its parts come from, by their places in the workload."""
    settings = {**version.settings, **_derived(service, version)}
    if config_digest is not None and service.config and service.config.mount_path:
        mount = {"name": CONFIG_VOLUME, "mountPath": service.config.mount_path, "readOnly": True}
        volume = {"name": CONFIG_VOLUME, "configMap": {"name": config_map_name(service)}}
        settings["volumeMounts"] = [*(settings.get("volumeMounts") or ()), mount]
        settings["volumes"] = [*(settings.get("volumes") or ()), volume]
    annotations = _annotations(service, version, config_digest)
    variables = {
        "labels": {**pod_labels(service, version), **_mesh_labels(service, revision, context)},
        "annotations": annotations,
        "serviceAccountName": version.service_account.name if version.service_account.named else None,
        "settings": _chosen(settings, "pod"),
        "initContainers": settings.get("initContainers"),
        "container": {
            "name": container_name(service, version),
            "image": version.image,
            "settings": _chosen(settings, "container"),
        },
        "containers": settings.get("containers") or (),
        "volumes": settings.get("volumes"),
    }
    paths = _paths(pod_place(service.workload.kind), version)
    return variables, paths | _sidecar_paths(service, annotations)


def _derived(service: Service, version: Version) -> dict[str, Any]:
    """What follows from other settings where the author leaves it open."""
    derived: dict[str, Any] = {}
    ports = container_ports(service.ports)
    if ports and "ports" not in version.settings:
        derived["ports"] = ports
    constraints = version.settings.get("topologySpreadConstraints")
    if constraints:
        own = {"labelSelector": {"matchLabels": dict(version.selector)}}
        derived["topologySpreadConstraints"] = [
            {**constraint, **(own if "labelSelector" not in constraint else {})} for constraint in constraints
        ]
    if service.workload.kind in ("Job", "CronJob"):
        derived["restartPolicy"] = service.workload.fields.get("restartPolicy", "Never")
    return derived


def container_ports(ports: tuple[Port, ...]) -> list[dict[str, Any]]:
    """The container's side of the service's ports: one for each number and transport."""
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for port in ports:
        named = isinstance(port.target_port, str)
        name = str(port.target_port) if named else port.name
        number = port.port if isinstance(port.target_port, str) else port.target_port
        entry: dict[str, Any] = {"name": name} if len(name) <= _LONGEST_PORT_NAME else {}
        found.setdefault((number, port.protocol), {**entry, "containerPort": number, "protocol": port.protocol})
    return list(found.values())


def _chosen(settings: Mapping[str, Any], of: str) -> list[tuple[str, Any]]:
    """The settings of a container or a pod, in the order of their fields."""
    names = _KEYS[of]
    return [(names[key], settings[key]) for key in _known(tuple(settings), of) if settings[key] not in (None, [], {})]


@lru_cache(maxsize=256)
def _known(keys: tuple[str, ...], of: str) -> tuple[str, ...]:
    """Those of some keys that lead to fields, in the order of these: many versions have the same keys."""
    return tuple(key for key in _KEYS[of] if key in keys)


def _annotations(service: Service, version: Version, config_digest: str | None) -> dict[str, str]:
    annotations = dict(version.settings.get("annotations") or {})
    if service.mesh.inject not in UNINJECTED:
        annotations |= sidecar_annotations(service.mesh.sidecar)
    if config_digest is not None:
        annotations[CONFIG_DIGEST] = config_digest
    return annotations


def _mesh_labels(service: Service, revision: str, context: RenderContext) -> dict[str, str]:
    """How the pods take part in the mesh: what tells the webhook to inject them or not to, and ambient mode.

    A baked pod says nothing to the webhook: its namespace keeps it out, and with `inject: namespace` it decides. A pod in ambient
    mode refuses the sidecar, so that a namespace may still have the webhook while its services move. In a namespace whose label
    puts pods in ambient mode, those that are not to be say so.
    """
    inject = service.mesh.inject
    if inject == "namespace":
        return {}
    if inject == "ambient":
        return {DATAPLANE_MODE: AMBIENT, INJECT: "false"}
    labels = {INJECT: "false"} if inject == "none" else {}
    if inject == "webhook":
        labels = {INJECT: "true"} if revision == "default" else {INJECT: "true", "istio.io/rev": revision}
    declared = context.facts.namespaces.get(service.namespace, {})
    return {**labels, DATAPLANE_MODE: "none"} if declared.get(DATAPLANE_MODE) == AMBIENT else labels


def _paths(place: Path, version: Version) -> dict[Path, Path]:
    """Places of the pod template, which has a place in the workload, to places of the resolved version."""
    own, settings = version.path, version.settings
    paths: dict[Path, Path] = {
        (): own,
        ("metadata", "labels"): (*own, "labels"),
        ("metadata", "annotations"): (*own, "annotations"),
        ("spec", "serviceAccountName"): version.service_account.path,
        ("spec", "containers", 0, "image"): (*own, "image"),
        ("spec", "containers", 0, "ports"): ("ports",),  # where the version lists none itself, see below
    }
    for name in _CONTAINER_FIELDS:
        if name in settings:
            paths["spec", "containers", 0, name] = (*own, name)
    for name in (*_POD_FIELDS, "initContainers", "volumes"):
        key = _RENAMED.get(name, name)
        if key in settings:
            paths["spec", name] = (*own, key)
    for index in range(len(settings.get("containers") or ())):
        paths["spec", "containers", index + 1] = (*own, "containers", index)
    return {(*place, *inner): path for inner, path in paths.items()}


def _sidecar_paths(service: Service, annotations: Mapping[str, str]) -> dict[Path, Path]:
    """The labels and annotations of the pod template that say what `mesh` says, each to its key there."""
    if service.mesh.inject in UNINJECTED:
        return {}
    places = sidecar_places(service.mesh.sidecar).items() if service.mesh.sidecar else ()
    metadata: Path = (*pod_place(service.workload.kind), "metadata")
    paths: dict[Path, Path] = {
        (*metadata, "annotations", name): ("mesh", "sidecar", *keys) for name, keys in places if name in annotations
    }
    if service.mesh.inject == "webhook" and service.mesh.istio.get("revision"):
        paths[*metadata, "labels", "istio.io/rev"] = ("mesh", "istio", "revision")
    return paths
