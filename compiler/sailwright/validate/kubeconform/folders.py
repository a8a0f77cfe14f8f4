"""The schemas of a run as kubeconform wants them: files, without addresses that it would fetch."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.validate.schemas import kubernetes
from sailwright.validate.schemas.catalogue import Found

_REFERENCE = '"/api/_definitions.json#'
_LOCAL_REFERENCE = '"_definitions.json#'


def schema_locations(found: Iterable[Found], version: str, scratch: str) -> list[str]:
    """Write the schemas of the kinds below `scratch`; the `-schema-location`s: custom kinds by full group name, then others.

    Names of custom kinds come from files. A catalogue has only such that can stand in a path.
    """
    builtin = os.path.join(scratch, f"v{version}.0-standalone-strict")
    os.makedirs(builtin, exist_ok=True)
    _write(os.path.join(builtin, "_definitions.json"), kubernetes.definitions(version))
    for each in set(found):
        group, _, api = each.api_version.rpartition("/")
        if each.version is None:
            folder = os.path.join(scratch, "custom", group)
            os.makedirs(folder, exist_ok=True)
            _write(os.path.join(folder, f"{each.kind.lower()}_{api}.json"), each.strict)
        else:
            _write(os.path.join(builtin, f"{kubernetes.file_name(each.api_version, each.kind)}.json"), each.strict)
    pattern = os.path.join(scratch, "custom", "{{.Group}}", "{{.ResourceKind}}_{{.ResourceAPIVersion}}.json")
    return [pattern, scratch]


def _write(path: str, schema: Mapping[str, Any]) -> None:
    """Without its own address and dialect, kubeconform reads a schema as draft 4 and looks for references beside it."""
    kept = {key: value for key, value in schema.items() if key not in ("$id", "$schema")}
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(kept).replace(_REFERENCE, _LOCAL_REFERENCE))
