"""Which Secrets and ConfigMaps a pod uses: as volumes, as variables, for images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sailwright.diagnostics.finding import Path

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


def references(value: Any, path: Path) -> Iterator[tuple[str, str, Path]]:
    """Kind, name and path of each Secret and ConfigMap named in a pod spec."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from references(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            kind = _KINDS.get(str(key))
            if kind is not None and isinstance(item, dict):
                for word in ("name", "secretName"):
                    if isinstance(item.get(word), str):
                        yield kind, item[word], (*path, key, word)
            elif key == "imagePullSecrets" and isinstance(item, list):
                for index, secret in enumerate(item):
                    if isinstance(secret, dict) and isinstance(secret.get("name"), str):
                        yield "Secret", secret["name"], (*path, key, index, "name")
            elif isinstance(item, dict | list):
                yield from references(item, (*path, key))
