"""Read a MeshConfig from a file, as `istioctl analyze --meshConfigFile` takes it."""

from __future__ import annotations

from typing import Any

from sailwright.runtime.errors import Failure
from sailwright.source import Source, parse
from sailwright.source.files.files import read


def read_mesh_config(path: str) -> dict[str, Any]:
    """The MeshConfig in a file: bare, or as `data.mesh` of the ConfigMap that istiod reads.

    Raises Failure (status 2) where the file holds none.
    """
    config = _mapping(read(path))
    if config.get("kind") == "ConfigMap":
        data = config.get("data")
        text = data.get("mesh") if isinstance(data, dict) else None
        if not isinstance(text, str):
            raise Failure(f"{path}: this ConfigMap has no `data.mesh`: give istiod's, or the MeshConfig alone")
        return _mapping(parse(f"{path}, data.mesh", text.encode()))
    return config


def _mapping(source: Source) -> dict[str, Any]:
    if source.problems:
        problem = source.problems[0]
        raise Failure(f"{source.path}:{problem.location.line}: {problem.message}")
    values = [document.value for document in source.documents if document.value is not None]
    if not values:
        return {}
    if len(values) > 1 or not isinstance(values[0], dict):
        raise Failure(f"{source.path}: a MeshConfig is one map, such as `outboundTrafficPolicy: {{mode: ALLOW_ANY}}`")
    return values[0]
