"""Which Secrets and ConfigMaps a pod uses: as volumes, as variables, for images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.source.untyped import entries

_KINDS: Final = {
    "secret": "Secret",
    "secretRef": "Secret",
    "secretKeyRef": "Secret",
    "azureFile": "Secret",
    "nodePublishSecretRef": "Secret",
    "configMap": "ConfigMap",
    "configMapRef": "ConfigMap",
    "configMapKeyRef": "ConfigMap",
}
"""The fields of core/v1 that name one, by `name` or `secretName`."""
_SCALARS: Final = frozenset((str, int, float, bool, type(None)))


def references(spec: Mapping[str, Any], place: Path) -> Iterator[tuple[str, str, Path]]:
    """Kind, name and path of each Secret and ConfigMap named in a pod spec, which is at `place`."""
    yield from _below(spec.get("volumes"), (*place, "volumes"))
    for at, secret in entries(spec.get("imagePullSecrets"), (*place, "imagePullSecrets")):
        if isinstance(secret.get("name"), str):
            yield "Secret", secret["name"], (*at, "name")
    for field in ("initContainers", "containers", "ephemeralContainers"):
        for at, container in entries(spec.get(field), (*place, field)):
            for key in ("env", "envFrom"):
                if container.get(key):
                    yield from _below(container[key], (*at, key))


def _below(value: Any, path: Path) -> Iterator[tuple[str, str, Path]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            if not (isinstance(item, dict) and _SCALARS.issuperset(map(type, item.values()))):  # most variables
                yield from _below(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(item, (dict, list)):
                continue
            kind = _KINDS.get(str(key))
            if kind is not None and isinstance(item, dict):
                for word in ("name", "secretName"):
                    if isinstance(item.get(word), str):
                        yield kind, item[word], (*path, key, word)
            else:
                yield from _below(item, (*path, key))
