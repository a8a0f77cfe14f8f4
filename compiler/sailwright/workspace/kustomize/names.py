"""References between objects of one build: where a name is the name of another object, it is renamed with it.

Source: kustomize's name references (api/internal/konfig/builtinpluginconsts/namereference.go). Kinds of Istio are not among them: a host
in a VirtualService stays as it is written, and so it is here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sailwright.source.cluster_scoped import CLUSTER_SCOPED
from sailwright.source.manifest import Spot
from sailwright.source.untyped import entries, mapping
from sailwright.workspace.kustomize.pieces import Piece, Trace, holders

Keys = tuple[str, ...]
_POD_SPECS: Mapping[str, Keys] = {
    "Pod": ("spec",),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    **dict.fromkeys(
        ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "ReplicationController", "Job"),
        ("spec", "template", "spec"),
    ),
}
_IN_CONTAINERS: tuple[tuple[str, Keys], ...] = (
    ("ConfigMap", ("env", "valueFrom", "configMapKeyRef", "name")),
    ("ConfigMap", ("envFrom", "configMapRef", "name")),
    ("Secret", ("env", "valueFrom", "secretKeyRef", "name")),
    ("Secret", ("envFrom", "secretRef", "name")),
)
_IN_PODS: tuple[tuple[str, Keys], ...] = (
    ("ConfigMap", ("volumes", "configMap", "name")),
    ("ConfigMap", ("volumes", "projected", "sources", "configMap", "name")),
    ("Secret", ("volumes", "secret", "secretName")),
    ("Secret", ("volumes", "projected", "sources", "secret", "name")),
    ("Secret", ("imagePullSecrets", "name")),
    ("PersistentVolumeClaim", ("volumes", "persistentVolumeClaim", "claimName")),
    ("ServiceAccount", ("serviceAccountName",)),
    ("PriorityClass", ("priorityClassName",)),
    *((kind, (key, *keys)) for key in ("containers", "initContainers") for kind, keys in _IN_CONTAINERS),
)
_ELSEWHERE: Mapping[str, tuple[tuple[str, Keys], ...]] = {
    "StatefulSet": (
        ("Service", ("spec", "serviceName")),
        ("StorageClass", ("spec", "volumeClaimTemplates", "spec", "storageClassName")),
    ),
    "ServiceAccount": (("Secret", ("imagePullSecrets", "name")), ("Secret", ("secrets", "name"))),
    "Ingress": (
        ("Secret", ("spec", "tls", "secretName")),
        ("Service", ("spec", "rules", "http", "paths", "backend", "service", "name")),
        ("Service", ("spec", "rules", "http", "paths", "backend", "serviceName")),
        ("Service", ("spec", "defaultBackend", "service", "name")),
        ("Service", ("spec", "backend", "serviceName")),
        ("IngressClass", ("spec", "ingressClassName")),
    ),
    "APIService": (("Service", ("spec", "service", "name")),),
    "PersistentVolumeClaim": (
        ("PersistentVolume", ("spec", "volumeName")),
        ("StorageClass", ("spec", "storageClassName")),
    ),
    "PersistentVolume": (("StorageClass", ("spec", "storageClassName")),),
}
_WEBHOOKS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")


def rename_references(pieces: Sequence[Piece], trace: Trace) -> None:
    """Give every reference the name that its object has at the end."""
    candidates: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        for name in {name for _, name in piece.names}:
            candidates.setdefault((piece.kind, name), []).append(piece)
    if not candidates:
        return
    for piece in pieces:
        for kind, holder, key, mapped in _references(piece):
            found = candidates.get((kind, str(holder.get(key))), [])
            if mapped:
                _rename_pair(piece, holder, found, trace)
            elif target := _the_one(piece, [each for each in found if _reachable(piece, each)]):
                _set(holder, key, target.name, target, trace)


def _references(piece: Piece) -> Iterator[tuple[str, dict[str, Any], str, bool]]:
    """The kind that is referred to, the map that does and its key, and whether a namespace stands beside it."""
    if base := _POD_SPECS.get(piece.kind):
        yield from _held(piece.value, [(kind, (*base, *keys)) for kind, keys in _IN_PODS])
    yield from _held(piece.value, _ELSEWHERE.get(piece.kind, ()))
    if piece.kind in ("RoleBinding", "ClusterRoleBinding"):
        reference = mapping(piece.value.get("roleRef"))
        if reference.get("kind") in ("Role", "ClusterRole"):
            yield reference["kind"], reference, "name", False
        for _, subject in entries(piece.value.get("subjects"), ()):
            if subject.get("kind") == "ServiceAccount":
                yield "ServiceAccount", subject, "name", True
    elif piece.kind == "HorizontalPodAutoscaler":
        for holder in holders(piece.value, ("spec", "scaleTargetRef", "name")):
            yield str(holder.get("kind")), holder, "name", False
    elif piece.kind in _WEBHOOKS:
        for holder in holders(piece.value, ("webhooks", "clientConfig", "service", "name")):
            yield "Service", holder, "name", True


def _held(value: Any, wanted: Sequence[tuple[str, Keys]]) -> Iterator[tuple[str, dict[str, Any], str, bool]]:
    for kind, keys in wanted:
        for holder in holders(value, keys):
            if isinstance(holder.get(keys[-1]), str):
                yield kind, holder, keys[-1], False


def _reachable(piece: Piece, target: Piece) -> bool:
    return target.kind in CLUSTER_SCOPED or piece.kind in CLUSTER_SCOPED or _same(piece.namespace, target.namespace)


def _same(one: str, other: str) -> bool:
    return (one or "default") == (other or "default")


def _the_one(piece: Piece, found: Sequence[Piece]) -> Piece | None:
    """The object that is meant: the only one, or the only one with the same prefixes and suffixes."""
    if len(found) > 1:
        found = [each for each in found if each.affixes == piece.affixes]
    return found[0] if len({each.name for each in found}) == 1 else None


def _rename_pair(piece: Piece, holder: dict[str, Any], found: Sequence[Piece], trace: Trace) -> None:
    """A reference with a namespace beside it: both are those that the object had, and become those that it has."""
    wanted = str(holder.get("namespace") or piece.namespace)
    target = _the_one(piece, [each for each in found if any(_same(wanted, at) for at, _ in each.called)])
    if target is None:
        return
    _set(holder, "name", target.name, target, trace)
    if target.namespace:
        _set(holder, "namespace", target.namespace, target, trace)


def _set(holder: dict[str, Any], key: str, value: str, target: Piece, trace: Trace) -> None:
    """The reference is told where the name that it got was set."""
    if holder.get(key) != value:
        holder[key] = value
        if key == "name" or key.endswith("Name"):
            return  # it is still the reference that its author wrote
        trace.put(holder, key, _where(target, trace))


def _where(target: Piece, trace: Trace) -> Spot:
    return trace.find(target.value, ("metadata", "namespace"), target.written)
