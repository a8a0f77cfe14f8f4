"""What the API server makes of a custom object before it validates it: nulls pruned, defaults filled in.

Source: apiextensions-apiserver's pkg/apiserver/schema/defaulting (Default, PruneNonNullableNulls). Kubernetes' own kinds are
defaulted too, but their schemas say nothing of it.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def has_defaults(schema: Schema) -> bool:
    """Does a schema set a default anywhere?"""
    return schema.get("default") is not None or any(map(has_defaults, _parts(schema)))


def _parts(schema: Schema) -> list[Schema]:
    inner = (*(schema.get("properties") or {}).values(), schema.get("items"), schema.get("additionalProperties"))
    return [part for part in inner if isinstance(part, dict)]


def has_null(value: Any) -> bool:
    """Is a null in the value? Most have none, and no other `N` either in the form that marshal gives them."""
    try:
        if b"N" not in marshal.dumps(value, 2):
            return False
    except ValueError:  # nested very deeply, or no plain data
        pass
    pending = [value]
    for each in pending:  # which grows meanwhile
        if isinstance(each, dict):
            each = each.values()
        elif not isinstance(each, list):
            return each is None
        if None in each:
            return True
        pending += [item for item in each if isinstance(item, (dict, list))]
    return False


def admitted(value: Any, schema: Schema) -> Any:
    """The value as it is validated; what does not change is shared with the one given.

    A null that its field does not allow is as good as absent; one among the items of a list stays. Fields below what the schema
    does not know are left as they are.
    """
    if isinstance(value, dict):
        return _object(value, schema)
    items = schema.get("items")
    if isinstance(value, list) and isinstance(items, dict):
        default = None if items.get("nullable") else items.get("default")
        return [admitted(default if each is None else each, items) for each in value]
    return value


def _object(value: dict[str, Any], schema: Schema) -> dict[str, Any]:
    properties: Mapping[str, Schema] = schema.get("properties") or {}
    others = schema.get("additionalProperties")
    found: dict[str, Any] = {}
    for name, each in value.items():
        part = properties.get(name, others)
        if not isinstance(part, dict):
            found[name] = each
        elif each is not None or part.get("nullable"):
            found[name] = admitted(each, part)
        elif part.get("default") is not None:
            found[name] = admitted(part["default"], part)
    for name, part in properties.items():
        if name not in value and part.get("default") is not None:
            found[name] = admitted(part["default"], part)
    return found
