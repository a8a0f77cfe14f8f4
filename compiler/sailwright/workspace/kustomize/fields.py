"""What a kustomization sets on each object it takes: namespace, names, labels, annotations, images and replicas.

Source: kustomize's default field specs (api/internal/konfig/builtinpluginconsts) and filters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sailwright.source.cluster_scoped import CLUSTER_SCOPED
from sailwright.source.manifest import Spot
from sailwright.source.untyped import entries, items, mapping, text
from sailwright.workspace.kustomize.pieces import Piece, Trace, holders, map_at

_POD_OWNERS = ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet")
_TEMPLATED = (*_POD_OWNERS, "ReplicationController", "Job")
_SCALED = ("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController")
_NEVER_RENAMED = ("CustomResourceDefinition", "APIService", "Namespace")
Keys = tuple[str, ...]

_TEMPLATE: Keys = ("spec", "template", "metadata")
_JOB: Keys = ("spec", "jobTemplate", "metadata")
_JOB_POD: Keys = ("spec", "jobTemplate", "spec", "template", "metadata")
_AFFINE: tuple[Keys, ...] = tuple(
    ("spec", "template", "spec", "affinity", kind, *when, "labelSelector", "matchLabels")
    for kind in ("podAffinity", "podAntiAffinity")
    for when in (
        ("preferredDuringSchedulingIgnoredDuringExecution", "podAffinityTerm"),
        ("requiredDuringSchedulingIgnoredDuringExecution",),
    )
)


def set_fields(pieces: Sequence[Piece], value: Mapping[str, Any], here: Spot, trace: Trace) -> None:
    """Namespace, names and labels, in kustomize's order; `here` is the kustomization that says so."""
    if namespace := text(value.get("namespace")):
        for piece in pieces:
            set_namespace(piece, namespace, here.below("namespace"), trace)
    for key in ("namePrefix", "nameSuffix"):
        if part := text(value.get(key)):
            for piece in pieces:
                _rename(piece, key, part, here.below(key), trace)
    for piece in pieces:
        for number, each in entries(value.get("labels"), ()):
            spot = here.below("labels").below(number[0]).below("pairs")
            selectors = each.get("includeSelectors") is True
            templates = selectors or each.get("includeTemplates") is True
            _label(piece, mapping(each.get("pairs")), spot, trace, selectors=selectors, templates=templates)
        _label(piece, mapping(value.get("commonLabels")), here.below("commonLabels"), trace, selectors=True)
        _annotate(piece, mapping(value.get("commonAnnotations")), here.below("commonAnnotations"), trace)


def set_counts_and_images(pieces: Sequence[Piece], value: Mapping[str, Any], here: Spot, trace: Trace) -> None:
    """`replicas` and `images`, which come after the patches."""
    for (number,), each in entries(value.get("replicas"), ()):
        for piece in pieces:
            if piece.kind in _SCALED and any(name == each.get("name") for _, name in piece.called):
                map_at(piece.value, "spec")["replicas"] = each.get("count")
                trace.put(piece.value["spec"], "replicas", here.below("replicas").below(number).below("count"))
    for (number,), each in entries(value.get("images"), ()):
        for piece in pieces:
            if piece.kind != "CustomResourceDefinition":
                _set_images(piece.value, each, here.below("images").below(number), trace)


def set_namespace(piece: Piece, namespace: str, spot: Spot, trace: Trace) -> None:
    """The namespace of an object, the name of a Namespace, and the default ServiceAccount as a subject."""
    if piece.kind == "Namespace" and not piece.group:
        if piece.name != namespace:
            piece.remember()
        _put(piece.metadata, "name", namespace, spot, trace)
    elif piece.kind not in CLUSTER_SCOPED:
        if piece.namespace != namespace:
            piece.remember()
        _put(piece.metadata, "namespace", namespace, spot, trace)
    if piece.kind in ("RoleBinding", "ClusterRoleBinding"):
        for _, subject in entries(piece.value.get("subjects"), ()):
            if subject.get("kind") == "ServiceAccount" and subject.get("name") == "default":
                _put(subject, "namespace", namespace, spot, trace)
    elif piece.kind == "APIService":
        for service in holders(piece.value, ("spec", "service", "namespace")):
            _put(service, "namespace", namespace, spot, trace)
    elif piece.kind == "CustomResourceDefinition":
        for service in holders(piece.value, ("spec", "conversion", "webhook", "clientConfig", "service", "namespace")):
            _put(service, "namespace", namespace, spot, trace)


def _rename(piece: Piece, key: str, part: str, spot: Spot, trace: Trace) -> None:
    if piece.kind in _NEVER_RENAMED or not piece.name:
        return
    piece.remember()
    piece.affixes.append((key, part))
    name = part + piece.name if key == "namePrefix" else piece.name + part
    _put(piece.metadata, "name", name, spot, trace)


def _put(holder: dict[str, Any], key: str, value: Any, spot: Spot, trace: Trace) -> None:
    if holder.get(key) != value:
        holder[key] = value
        trace.put(holder, key, spot)


# -- labels and annotations -----------------------------------------------------------------------------------------


def _label(
    piece: Piece, pairs: Mapping[str, Any], spot: Spot, trace: Trace, *, selectors: bool, templates: bool = True
) -> None:
    if not pairs:
        return
    kind, value = piece.kind, piece.value
    _add(value, [(("metadata", "labels"), True)], pairs, spot, trace)
    if templates:
        _add(value, _templates(kind, "labels"), pairs, spot, trace)
    if selectors:
        _add(value, _selectors(kind, text(value.get("apiVersion"))), pairs, spot, trace)


def _annotate(piece: Piece, pairs: Mapping[str, Any], spot: Spot, trace: Trace) -> None:
    if pairs:
        wanted = [(("metadata", "annotations"), True), *_templates(piece.kind, "annotations")]
        _add(piece.value, wanted, pairs, spot, trace)


def _templates(kind: str, key: str) -> list[tuple[Keys, bool]]:
    """Where the pods that an object makes have their labels or annotations; whether they are made where there are none."""
    if kind == "StatefulSet" and key == "labels":
        return [((*_TEMPLATE, key), True), (("spec", "volumeClaimTemplates", "metadata", key), True)]
    if kind in _TEMPLATED:
        return [((*_TEMPLATE, key), True)]
    if kind == "CronJob":
        return [((*_JOB, key), True), ((*_JOB_POD, key), True)]
    return []


def _selectors(kind: str, version: str) -> Iterable[tuple[Keys, bool]]:
    if (kind == "Service" and version.rpartition("/")[2] == "v1") or kind == "ReplicationController":
        yield ("spec", "selector"), True
    if kind in _POD_OWNERS:
        yield ("spec", "selector", "matchLabels"), True
    if kind in ("Deployment", "StatefulSet"):
        yield from ((keys, False) for keys in _AFFINE)
        yield ("spec", "template", "spec", "topologySpreadConstraints", "labelSelector", "matchLabels"), False
    if kind in ("Job", "PodDisruptionBudget"):
        yield ("spec", "selector", "matchLabels"), False
    if kind == "CronJob":
        yield ("spec", "jobTemplate", "spec", "selector", "matchLabels"), False
    if kind == "NetworkPolicy":
        yield ("spec", "podSelector", "matchLabels"), False
        yield ("spec", "ingress", "from", "podSelector", "matchLabels"), False
        yield ("spec", "egress", "to", "podSelector", "matchLabels"), False


def _add(
    value: dict[str, Any], places: Iterable[tuple[Keys, bool]], pairs: Mapping[str, Any], spot: Spot, trace: Trace
) -> None:
    for keys, create in places:
        for holder in holders(value, keys, create=create):
            if not create and not isinstance(holder.get(keys[-1]), dict):
                continue
            for name, each in pairs.items():
                _put(map_at(holder, keys[-1]), name, each, spot.below(name), trace)


# -- images ---------------------------------------------------------------------------------------------------------


def _set_images(value: Any, image: Mapping[str, Any], spot: Spot, trace: Trace) -> None:
    """The name, tag or digest of each container's image, wherever the pod spec lies."""
    if isinstance(value, list):
        for each in value:
            _set_images(each, image, spot, trace)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key in ("containers", "initContainers") and isinstance(each, list):
                for container in filter(lambda one: isinstance(one, dict), items(each)):
                    if isinstance(container.get("image"), str):
                        _put(container, "image", _image(container["image"], image), spot, trace)
            else:
                _set_images(each, image, spot, trace)


def _image(written: str, image: Mapping[str, Any]) -> str:
    bare, at, digest = written.partition("@")
    name, colon, tag = bare.rpartition(":") if ":" in bare.rpartition("/")[2] else (bare, "", "")
    if name != image.get("name"):
        return written
    name = text(image.get("newName")) or name
    if image.get("newTag") not in (None, "") and image.get("digest"):
        return f"{name}:{image['newTag']}@{image['digest']}"
    if image.get("digest"):
        return f"{name}@{image['digest']}"
    if image.get("newTag") not in (None, ""):
        return f"{name}:{image['newTag']}{image.get('tagSuffix') or ''}"
    suffix = text(image.get("tagSuffix"))
    return f"{name}{colon}{tag}{suffix}{at}{digest}"
