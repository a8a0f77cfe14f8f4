"""The objects that can be drafted from: each once, as the API server would take it, and a Deployment with what it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sailwright.commands.edit.adopt.inventory import GROUPS, WORKLOADS, Key, Notes, key_of, namespace_of
from sailwright.commands.edit.adopt.live_objects import (
    as_written,
    maker_of,
    replicas_of_an_autoscaler,
    without_assigned,
    without_replicas,
)
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import mapping
from sailwright.validate.run import validate_each

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An object that adoption does not touch, and why: it stays where it is."""

    manifest: Manifest
    reason: str


@dataclass(slots=True)
class Sound:
    """The objects to draft from, and those that are left out."""

    objects: list[Manifest] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    made: list[LeftOut] = field(default_factory=list)
    """Those that a controller of the cluster makes and keeps."""


def sound(manifests: Iterable[Manifest], notes: Notes) -> Sound:
    """Sort objects out: Lists are opened already; what was read from a cluster loses what the cluster put in."""
    result = Sound()
    known: dict[Key, Manifest] = {}
    read: list[Manifest] = []
    running: set[Key] = set()
    listed = list(manifests)
    scaled = _scaled(listed)
    for original in listed:
        if original.kind and original.name and (maker := maker_of(original)):
            result.made.append(LeftOut(original, maker))
            continue
        manifest = as_written(original)
        if manifest is not original and _target(manifest) in scaled and replicas_of_an_autoscaler(original):
            manifest = without_replicas(manifest)
        if not manifest.kind or not manifest.name or manifest.api_version.startswith("sailwright/"):
            continue  # values of a chart, a kustomization, one of our own files: no object of a cluster
        if not manifest.api_version:
            result.left_out.append(LeftOut(manifest, "it names no apiVersion, and so it is no Kubernetes object"))
            continue
        first = known.setdefault(key_of(manifest), manifest)
        if manifest is not original:
            running.add(key_of(manifest))
        if first is not manifest:
            place = first.locate(()).location
            result.left_out.append(LeftOut(manifest, f"the one at {place.file}:{place.line} is taken"))
        elif manifest.kind in GROUPS and manifest.group in GROUPS[manifest.kind]:
            read.append(_completed(manifest, notes) if manifest.kind == "Deployment" else manifest)
        else:
            result.objects.append(manifest)
    checked = [manifest for manifest in read if manifest.kind != "Rollout"]
    for manifest, findings in zip(checked, validate_each(checked), strict=True):
        wrong = next((finding for finding in findings if finding.severity == "error"), None)
        if wrong is None:
            result.objects.append(without_assigned(manifest) if key_of(manifest) in running else manifest)
        else:
            result.left_out.append(LeftOut(manifest, f"the API server refuses it: {wrong.message}"))
    result.objects += (manifest for manifest in read if manifest.kind == "Rollout")
    result.objects.sort(key=_order)
    return result


Target = tuple[str, str, str]
"""Namespace, kind and name of a workload."""


def _scaled(manifests: Iterable[Manifest]) -> set[Target]:
    """The workloads that an autoscaler scales."""
    result = set()
    for one in manifests:
        target = mapping(one.spec.get("scaleTargetRef"))
        if one.kind in ("HorizontalPodAutoscaler", "ScaledObject") and target.get("name"):
            result.add((namespace_of(one), str(target.get("kind") or "Deployment"), str(target["name"])))
    return result


def _target(manifest: Manifest) -> Target:
    return namespace_of(manifest), manifest.kind, manifest.name


def _order(manifest: Manifest) -> tuple[str, int]:
    place = manifest.document
    return place.source.path, place.index


def _completed(manifest: Manifest, notes: Notes) -> Manifest:
    """A Deployment with labels and selector: without them the API server refuses it, so none such runs anywhere."""
    spec = manifest.spec
    template = mapping(spec.get("template"))
    metadata = mapping(template.get("metadata"))
    missing = []
    labels = metadata.get("labels")
    selector = mapping(mapping(spec.get("selector")).get("matchLabels"))
    if labels is None:
        missing.append("its pods have no labels")
        labels = selector or {"app": manifest.name}
        metadata = {**metadata, "labels": labels}
    if spec.get("selector") is None and isinstance(labels, dict):
        missing.append("it has no selector")
        spec = {**spec, "selector": {"matchLabels": labels}}
    if not missing or not isinstance(labels, dict) or not template:
        return manifest
    words = ", ".join(f"{key}: {value}" for key, value in labels.items())
    message = f"{' and '.join(missing)}, and the API server refuses it so: drafted with {{{words}}}"
    notes.add(manifest, ("spec",), message)
    value = {**manifest.value, "spec": {**spec, "template": {**template, "metadata": metadata}}}
    return Manifest(value, manifest.document, manifest.base)


def note_hooks(objects: Iterable[Manifest], notes: Notes) -> None:
    """Hooks are Helm's: applied by others, they are objects like all."""
    for one in objects:
        hook = one.annotations.get("helm.sh/hook")
        if hook:
            message = f"Helm runs it as {hook}: Argo CD does so too, and kubectl and Flux apply it as any object"
            notes.add(one, ("metadata", "annotations", "helm.sh/hook"), message)


def note_namespaces(objects: Iterable[Manifest], notes: Notes) -> None:
    """Objects that name no namespace are applied to whichever `kubectl -n` says; a service file says it itself."""
    without = [one for one in objects if one.namespace is None and one.kind in ("Service", *WORKLOADS)]
    if without:
        others = f", nor do {len(without) - 1} others" if len(without) > 1 else ""
        message = f"it names no namespace{others}: drafted into `{namespace_of(without[0])}`"
        notes.add(without[0], ("metadata",), message)
