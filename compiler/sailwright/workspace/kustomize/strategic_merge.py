"""Strategic merge as kustomize does it: lists of Kubernetes' own kinds merge by their keys, those of other kinds are replaced.

Source: kyaml/yaml/merge2 and the list-map-keys of Kubernetes' OpenAPI. New items come first, in the order of the patch.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sailwright.source.manifest import Spot
from sailwright.workspace.kustomize.pieces import Piece, Trace

_POD = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "volumes": ("name",),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    "env": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "resourceClaims": ("name",),
}
_OF_KIND: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Service": {"ports": ("port", "protocol")},
    "ServiceAccount": {"secrets": ("name",), "imagePullSecrets": ("name",)},
    "MutatingWebhookConfiguration": {"webhooks": ("name",)},
    "ValidatingWebhookConfiguration": {"webhooks": ("name",)},
}
_PODS = frozenset(
    ["Pod", "PodTemplate", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "ReplicationController", "Job",
     "CronJob"]
)  # fmt: skip
_GROUPS = frozenset(["", "apps", "batch", "autoscaling", "policy"])
_DIRECTIVE = "$patch"
DELETED: Any = object()
"""What is left of a value that a patch deletes."""


def is_own_kind(group: str) -> bool:
    """Whether Kubernetes itself defines the kinds of a group, so that kustomize knows the keys of their lists."""
    return group in _GROUPS or (group.endswith(".k8s.io") and group != "gateway.networking.k8s.io")


class Merge:
    """One patch laid upon one object."""

    def __init__(self, piece: Piece, trace: Trace) -> None:
        self._trace = trace
        self._kind = piece.kind if is_own_kind(piece.group) else ""

    def map(self, target: dict[str, Any], here: Spot, patch: dict[str, Any], spot: Spot) -> Any:
        """The target, changed in place, or another map, or DELETED. `here` and `spot` are where both were written."""
        directive = patch.get(_DIRECTIVE)
        if directive == "delete":
            return DELETED
        if directive == "replace":
            return _without_directives(patch)
        for key, value in patch.items():
            if not key.startswith("$"):
                self._key(target, key, self._trace.spot(target, key, here), value, spot.below(key))
        return target

    def _key(self, target: dict[str, Any], key: str, here: Spot, value: Any, spot: Spot) -> None:
        old = target.get(key)
        if value is None:
            target.pop(key, None)
            return
        if isinstance(value, dict) and isinstance(old, dict):
            new = self.map(old, here, value, spot)
            if new is DELETED:
                del target[key]
                return
            if new is old:
                return
        elif isinstance(value, list) and isinstance(old, list) and (keys := self._keys(key, old, value)) is not None:
            new = self._list(old, here, value, spot, keys)
            target[key] = new
            return
        else:
            new = _without_directives(value)
        target[key] = new
        self._trace.put(target, key, spot)

    def _keys(self, field: str, old: list[Any], new: list[Any]) -> tuple[str, ...] | None:
        """The keys by which a list merges: none for a set of texts; None where it is replaced as a whole."""
        if not self._kind:
            return None
        if field == "finalizers":
            return ()
        keys = _OF_KIND.get(self._kind, {}).get(field)
        if keys is None and self._kind in _PODS:
            keys = ("containerPort", "protocol") if field == "ports" else _POD.get(field)
        return keys if keys and all(isinstance(each, dict) for each in (*old, *new)) else None

    def _list(self, old: list[Any], here: Spot, patch: list[Any], spot: Spot, keys: tuple[str, ...]) -> list[Any]:
        """A list put together: what the patch holds, then what else was there."""
        rest = [(each, self._trace.spot(old, number, here)) for number, each in enumerate(old)]
        first: list[tuple[Any, Spot]] = []
        if {_DIRECTIVE: "replace"} in patch:
            rest = []
        for number, item in enumerate(patch):
            if isinstance(item, dict) and item.keys() == {_DIRECTIVE}:
                continue
            at = next((place for place, (each, _) in enumerate(rest) if _same_item(each, item, keys)), None)
            if at is None:
                if not (isinstance(item, dict) and item.get(_DIRECTIVE) == "delete"):
                    first.append((_without_directives(item), spot.below(number)))
                continue
            found, place = rest.pop(at)
            merged = self.map(found, place, item, spot.below(number)) if isinstance(found, dict) else found
            if merged is not DELETED:
                first.append((merged, place if merged is found else spot.below(number)))
        kept = _each_once([*first, *rest], keys)
        result = [each for each, _ in kept]
        for number, (_, place) in enumerate(kept):
            self._trace.put(result, number, place)
        return result


def _each_once(found: list[tuple[Any, Spot]], keys: tuple[str, ...]) -> list[tuple[Any, Spot]]:
    """Of items with the same key the first."""
    kept: list[tuple[Any, Spot]] = []
    seen: set[str] = set()
    for item, spot in found:
        name = str([item.get(key) for key in keys]) if keys else str(item)
        if name not in seen:
            seen.add(name)
            kept.append((item, spot))
    return kept


def _same_item(old: Any, new: Any, keys: tuple[str, ...]) -> bool:
    """Whether both are one item: alike in each key that the patch gives."""
    if not keys:
        return bool(old == new)
    given = [key for key in keys if new.get(key) not in (None, "")]
    return bool(given) and all(old.get(key) == new[key] for key in given)


def _without_directives(value: Any) -> Any:
    """A copy of what a patch brings: without directives and what it would delete."""
    if isinstance(value, dict):
        return {
            key: _without_directives(each)
            for key, each in value.items()
            if not key.startswith("$") and each is not None
        }
    if isinstance(value, list):
        return [
            _without_directives(each)
            for each in value
            if not (isinstance(each, dict) and (each.keys() == {_DIRECTIVE} or each.get(_DIRECTIVE) == "delete"))
        ]
    return copy.deepcopy(value)
