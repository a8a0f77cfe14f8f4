"""Kubernetes' strategic merge of a patch into a pod spec: maps by key, some lists by an item's key, null removes.

The order of a merged list is that of apimachinery's strategicpatch: the patch's items in the patch's order, and an item that
only the original has before the first patch item that stood behind it in the original, else at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MERGE_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "volumes": "name",
    "env": "name",
    "imagePullSecrets": "name",
    "ports": "containerPort",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
}
"""The lists that merge item by item (patchMergeKey of k8s.io/api core/v1); every other list is replaced."""


def merged(original: Mapping[str, Any], patch: Mapping[str, Any], *, patch_first: bool = False) -> dict[str, Any]:
    """A new map. Keys keep the original's order, new ones follow; with `patch_first` the patch's order leads."""
    result = {key: original.get(key) for key in patch} | dict(original) if patch_first else dict(original)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _value(key, original.get(key), value)
    return result


def _value(key: str, original: Any, patch: Any) -> Any:
    if isinstance(original, dict) and isinstance(patch, dict):
        return merged(original, patch)
    if isinstance(original, list) and isinstance(patch, list) and original:
        merge_key = _MERGE_KEYS.get(key)
        if merge_key and all(isinstance(item, dict) for item in [*original, *patch]):
            return _items(original, patch, merge_key)
    return patch


def _items(original: list[dict[str, Any]], patch: list[dict[str, Any]], merge_key: str) -> list[dict[str, Any]]:
    place: dict[Any, int] = {}
    for index, item in enumerate(original):
        place.setdefault(item.get(merge_key), index)
    patched: list[tuple[int | None, dict[str, Any]]] = []
    for item in patch:
        at = place.get(item.get(merge_key))
        whole = item if at is None else merged(original[at], item, patch_first=True)
        patched.append((at, whole))
    taken = {index for index, _ in patched}
    kept = [(index, item) for index, item in enumerate(original) if index not in taken]
    return _interleaved(kept, patched)


def _interleaved(
    kept: list[tuple[int, dict[str, Any]]], patched: list[tuple[int | None, dict[str, Any]]]
) -> list[dict[str, Any]]:
    result, left = [], 0
    for index, item in patched:
        while left < len(kept) and index is not None and kept[left][0] < index:
            result.append(kept[left][1])
            left += 1
        result.append(item)
    return result + [item for _, item in kept[left:]]
