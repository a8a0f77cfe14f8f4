"""What a kustomization sets on each object it takes: namespace, labels, annotations, images and replicas.

Source: kustomize's default field specs (api/internal/konfig/builtinpluginconsts). Names are left as they are written: a prefix
is put on references as well, and so changes nothing between objects of one kustomization.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sailwright.source.untyped import entries, get, mapping, text

CLUSTER_SCOPED = frozenset(
    [
        "Namespace",
        "Node",
        "PersistentVolume",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "StorageClass",
        "IngressClass",
        "PriorityClass",
        "GatewayClass",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
        "APIService",
        "RuntimeClass",
        "ClusterIssuer",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "CSIDriver",
    ]
)
_TEMPLATES = (("spec", "template"), ("spec", "jobTemplate", "spec", "template"))
_MATCHED = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def with_fields(value: Mapping[str, Any], kustomization: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of an object as one kustomization leaves it, its patches left out."""
    changed = copy.deepcopy(dict(value))
    kind = text(changed.get("kind"))
    namespace = text(kustomization.get("namespace"))
    if namespace and kind not in CLUSTER_SCOPED:
        _map(changed, "metadata")["namespace"] = namespace
    _add(changed, kind, "labels", mapping(kustomization.get("commonLabels")), selectors=True, templates=True)
    for _, each in entries(kustomization.get("labels"), ()):
        selectors = each.get("includeSelectors") is True
        templates = selectors or each.get("includeTemplates") is True
        _add(changed, kind, "labels", mapping(each.get("pairs")), selectors=selectors, templates=templates)
    annotations = mapping(kustomization.get("commonAnnotations"))
    _add(changed, kind, "annotations", annotations, selectors=False, templates=True)
    for _, each in entries(kustomization.get("images"), ()):
        _set_images(changed, each)
    for _, each in entries(kustomization.get("replicas"), ()):
        if each.get("name") == get(changed, "metadata", "name") and kind in _MATCHED:
            _map(changed, "spec")["replicas"] = each.get("count")
    return changed


def _add(
    value: dict[str, Any], kind: str, key: str, pairs: Mapping[str, Any], *, selectors: bool, templates: bool
) -> None:
    if not pairs:
        return
    _map(_map(value, "metadata"), key).update(pairs)
    for path in _TEMPLATES if templates else ():
        if isinstance(get(value, *path), dict):
            _map(_map(mapping(get(value, *path)), "metadata"), key).update(pairs)
    if selectors and kind in _MATCHED:
        _map(_map(_map(value, "spec"), "selector"), "matchLabels").update(pairs)
    if selectors and kind == "Service":
        _map(_map(value, "spec"), "selector").update(pairs)


def _set_images(value: Any, image: Mapping[str, Any]) -> None:
    """The name, tag or digest of each container's image, wherever the pod spec lies."""
    if isinstance(value, list):
        for each in value:
            _set_images(each, image)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key in ("containers", "initContainers") and isinstance(each, list):
                for container in each:
                    if isinstance(container, dict) and isinstance(container.get("image"), str):
                        container["image"] = _image(container["image"], image)
            else:
                _set_images(each, image)


def _image(written: str, image: Mapping[str, Any]) -> str:
    bare, at, digest = written.partition("@")
    name, colon, tag = bare.rpartition(":") if ":" in bare.rpartition("/")[2] else (bare, "", "")
    if name != image.get("name"):
        return written
    name = text(image.get("newName")) or name
    if image.get("digest"):
        return f"{name}@{image['digest']}"
    if image.get("newTag") is not None:
        return f"{name}:{image['newTag']}"
    return f"{name}{colon}{tag}{at}{digest}"


def _map(value: dict[str, Any], key: str) -> dict[str, Any]:
    """The map at a key, made where there is none."""
    if not isinstance(value.get(key), dict):
        value[key] = {}
    found: dict[str, Any] = value[key]
    return found
