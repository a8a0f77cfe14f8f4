"""Objects as `kubectl get -o yaml` prints them, without what a cluster put into them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sailwright.commands.edit.adopt.api_defaults import LAST_APPLIED, RUNNING, SPECS, without_defaults
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping, text

Tree = dict[str, Any]
_OF_CONTROLLERS = (
    LAST_APPLIED,
    "deployment.kubernetes.io/revision",
    "kubectl.kubernetes.io/restartedAt",
    "batch.kubernetes.io/job-tracking",
    "autoscaling.alpha.kubernetes.io/conditions",
    "autoscaling.alpha.kubernetes.io/current-metrics",
    "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller",
)


_TESTS = frozenset(("test", "test-success", "test-failure"))
_OF_NAMESPACES = frozenset(
    (("ConfigMap", "kube-root-ca.crt"), ("ConfigMap", "istio-ca-root-cert"), ("ServiceAccount", "default"))
)
"""What Kubernetes and Istio put into each namespace."""


def is_running(value: Mapping[str, Any]) -> bool:
    """Whether an object was read from a cluster (`kubectl get -o yaml`) rather than written by hand."""
    metadata = value.get("metadata")
    if not isinstance(metadata, dict):
        return False
    return bool({"uid", "resourceVersion", "managedFields"} & metadata.keys())


def as_written(manifest: Manifest) -> Manifest:
    """The object as somebody would write it: one that was read from a cluster without what only running objects have."""
    if not is_running(manifest.value):
        return manifest
    value = {key: entry for key, entry in manifest.value.items() if key != "status"}
    value["metadata"] = _metadata(manifest.metadata)
    spec = value.get("spec")
    if manifest.kind == "Service" and isinstance(spec, dict):
        assigned = ["ipFamilies"] if spec.get("ipFamilyPolicy", "SingleStack") == "SingleStack" else []
        assigned += ["clusterIPs", *(["clusterIP"] if spec.get("clusterIP") != "None" else [])]
        value["spec"] = {key: entry for key, entry in spec.items() if key not in assigned}
    if manifest.kind == "Job":
        value = _of_job(value)
    return Manifest(value, manifest.document, manifest.base)


def without_assigned(manifest: Manifest) -> Manifest:
    """A sound object that was read from a cluster, without the fields that the cluster filled in with their defaults."""
    if manifest.kind not in SPECS:
        return manifest
    return Manifest(without_defaults(manifest.value), manifest.document, manifest.base)


def maker_of(manifest: Manifest) -> str:
    """Who makes an object that was read from a cluster and stays with its maker; empty for one that somebody applies."""
    for reference in items(manifest.metadata.get("ownerReferences")):
        owner = mapping(reference)
        if owner.get("controller") is True and owner.get("kind") and owner.get("name"):
            return f"{owner['kind']} {owner['name']} makes it"
    hooks = {word.strip() for word in text(manifest.annotations.get("helm.sh/hook")).split(",")}
    if hooks & _TESTS:
        return "`helm test` makes it: it is no part of what runs"
    if is_running(manifest.value) and (manifest.kind, manifest.name) in _OF_NAMESPACES:
        return "every namespace gets one from the cluster"
    if is_running(manifest.value) and manifest.kind == "Endpoints":
        return "the cluster makes it from its Service"
    return ""


def replicas_of_an_autoscaler(manifest: Manifest) -> bool:
    """Whether `replicas` of a running workload was never written by those who apply it: its autoscaler has set it."""
    written = manifest.annotations.get(LAST_APPLIED)
    if isinstance(written, str):
        try:
            applied = json.loads(written)
        except ValueError:
            return False
        return "replicas" not in mapping(mapping(applied).get("spec"))
    owners = [
        mapping(entry)
        for entry in items(manifest.metadata.get("managedFields"))
        if "f:replicas" in mapping(mapping(mapping(entry).get("fieldsV1")).get("f:spec"))
    ]
    return bool(owners) and all(owner.get("subresource") == "scale" for owner in owners)


def without_replicas(manifest: Manifest) -> Manifest:
    """A workload whose number of pods is left to its autoscaler."""
    spec = {key: entry for key, entry in manifest.spec.items() if key != "replicas"}
    return Manifest({**manifest.value, "spec": spec}, manifest.document, manifest.base)


def _metadata(metadata: Mapping[str, Any]) -> Tree:
    result = {key: entry for key, entry in metadata.items() if key not in RUNNING}
    if isinstance(result.get("annotations"), dict):
        kept = {key: entry for key, entry in result["annotations"].items() if key not in _OF_CONTROLLERS}
        result["annotations"] = kept
        if not kept:
            del result["annotations"]
    return result


def _of_job(value: Tree) -> Tree:
    """A Job without the selector and the labels that its controller gave it."""
    spec = value.get("spec")
    if not isinstance(spec, dict) or spec.get("manualSelector"):
        return value
    spec = {key: entry for key, entry in spec.items() if key != "selector"}
    template = spec.get("template")
    if isinstance(template, dict) and isinstance(template.get("metadata"), dict):
        labels = template["metadata"].get("labels")
        own = ("controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name")
        if isinstance(labels, dict):
            kept = {key: entry for key, entry in labels.items() if key not in own}
            spec["template"] = {**template, "metadata": {**template["metadata"], "labels": kept}}
    return {**value, "spec": spec}
