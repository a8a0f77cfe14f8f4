"""The schemas of a run as kubeconform wants them: files, without addresses that it would fetch."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.validate.schemas.catalogue import Found


def schema_locations(found: Iterable[Found], version: str, scratch: str) -> list[str]:
    """Write the schemas of the kinds below `scratch`; the `-schema-location`s: custom kinds by full group name, then others.

    Names of custom kinds come from files. A catalogue has only such that can stand in a path.
    """
    builtin = os.path.join(scratch, f"v{version}.0-standalone-strict")
    os.makedirs(builtin, exist_ok=True)
    for each in set(found):
        group, _, api = each.api_version.rpartition("/")
        if each.version is None:
            folder = os.path.join(scratch, "custom", group)
            os.makedirs(folder, exist_ok=True)
            _write(os.path.join(folder, f"{each.kind.lower()}_{api}.json"), each.strict)
        else:
            name = "-".join([each.kind.lower(), *([group.partition(".")[0]] if group else ()), api])
            _write(os.path.join(builtin, f"{name}.json"), each.strict)
    pattern = os.path.join(scratch, "custom", "{{.Group}}", "{{.ResourceKind}}_{{.ResourceAPIVersion}}.json")
    return [pattern, scratch]


def _write(path: str, schema: Mapping[str, Any]) -> None:
    """Without an address and a dialect of its own, kubeconform reads a schema as draft 4."""
    kept = {key: value for key, value in schema.items() if key not in ("$id", "$schema")}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(kept, file)
