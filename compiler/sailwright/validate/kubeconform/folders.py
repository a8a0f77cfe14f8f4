"""The schemas as kubeconform wants them: files, without addresses that it would fetch."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from typing import Any

from sailwright.cache import Cache
from sailwright.validate.schemas import kubernetes
from sailwright.validate.schemas.catalogue import Found

_REFERENCE = b'"/api/_definitions.json#'
_LOCAL_REFERENCE = b'"_definitions.json#'


def schema_folders(found: Iterable[Found], version: str, cache: Cache, scratch: str) -> list[str]:
    """The `-schema-location`s for the kinds of a run: ours first, by full group name, then Kubernetes'."""
    custom = os.path.join(scratch, "custom")
    for each in found:
        if each.version is None:
            _write_custom(custom, each)
    pattern = os.path.join(custom, "{{.Group}}", "{{.ResourceKind}}_{{.ResourceAPIVersion}}.json")
    return [pattern, _kubernetes_folder(version, cache, scratch)]


def _write_custom(folder: str, found: Found) -> None:
    """Names come from CustomResourceDefinitions and manifests: what is no file name is left to the built-in backend."""
    group, _, version = found.api_version.rpartition("/")
    directory = os.path.join(folder, group)
    path = os.path.join(directory, f"{found.kind.lower()}_{version}.json")
    if not os.path.exists(path):
        os.makedirs(directory, exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(found.strict, file)


def _kubernetes_folder(version: str, cache: Cache, scratch: str) -> str:
    """A folder that holds `v1.34.0-standalone-strict`, made once a version and kept in the cache."""
    source = kubernetes.folder(version)
    base = scratch if cache.directory is None else os.path.join(cache.directory, "kubeconform", _digest(source))
    target = os.path.join(base, f"v{version}.0-standalone-strict")
    if os.path.isdir(target):
        return base
    os.makedirs(base, exist_ok=True)
    temporary = f"{target}.{os.getpid()}"
    os.mkdir(temporary)
    for name in os.listdir(source):
        if name.endswith(".json"):
            with open(os.path.join(source, name), "rb") as file:
                data = _without_addresses(file.read())
            with open(os.path.join(temporary, name), "wb") as file:
                file.write(data)
    try:
        os.rename(temporary, target)
    except OSError:  # another run was quicker
        shutil.rmtree(temporary, ignore_errors=True)
    return base


def _without_addresses(data: bytes) -> bytes:
    schema: dict[str, Any] = json.loads(data.replace(_REFERENCE, _LOCAL_REFERENCE))
    schema.pop("$id", None)
    schema.pop("$schema", None)
    return json.dumps(schema, separators=(",", ":")).encode()


def _digest(folder: str) -> str:
    """Names the package's schemas: where they are, and when their definitions were written."""
    status = os.stat(os.path.join(folder, "_definitions.json"))
    return hashlib.sha256(f"{folder}:{status.st_size}:{status.st_mtime_ns}".encode()).hexdigest()[:16]
