"""Structural schemas: the OpenAPI v3 schema of a custom kind as strict JSON Schema, closed where the API server prunes.

Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/ (structural schemas,
pruning, nullable) and apiextensions-apiserver's pkg/apiserver/schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = dict[str, Any]

_LIMITS = frozenset(
    (
        *("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf", "maxLength", "minLength"),
        *("maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "enum", "type"),
    )
)
_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_FORMATS = frozenset(("date", "date-time", "ipv4", "ipv6"))
"""The formats that the API server checks as JSON Schema means them; its `duration`, `uri` and others are Go's."""

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_TEXTS_OR_NULL = {"type": ["object", "null"], "additionalProperties": _TEXT_OR_NULL}
_TIME_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
_OBJECTS_OR_NULL = {"type": ["array", "null"], "items": {"type": "object"}}
#: ObjectMeta, as every object has it (apimachinery's meta/v1). It is read by Go's JSON decoder, to which null is a field that is not
#: there: generators write `creationTimestamp: null`.
METADATA: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(
            ("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "clusterName"), _TEXT_OR_NULL
        ),
        "creationTimestamp": _TIME_OR_NULL,
        "deletionTimestamp": _TIME_OR_NULL,
        "deletionGracePeriodSeconds": {"type": ["integer", "null"]},
        "generation": {"type": ["integer", "null"]},
        "labels": _TEXTS_OR_NULL,
        "annotations": _TEXTS_OR_NULL,
        "finalizers": {"type": ["array", "null"], "items": _TEXT},
        "ownerReferences": _OBJECTS_OR_NULL,
        "managedFields": _OBJECTS_OR_NULL,
    },
}


def strict_schema(openapi: Schema) -> Schema:
    """The schema of a whole object, with apiVersion, kind and metadata, whatever the definition says of these."""
    metadata = (openapi.get("properties") or {}).get("metadata") or {}
    schema = _strict({**openapi, "type": "object", "nullable": False, "x-kubernetes-int-or-string": False}, {})
    own = {"apiVersion": _TEXT, "kind": _TEXT, "metadata": _metadata(metadata)}
    return {**schema, "properties": {**schema.get("properties", {}), **own}}


def _metadata(openapi: Schema) -> Schema:
    """ObjectMeta: of a definition's own words about it only those about the names count."""
    names = {name: part for name, part in (openapi.get("properties") or {}).items() if name in ("name", "generateName")}
    narrowed = {name: {**_strict(part, {}), **_TEXT} for name, part in names.items()}
    return {**METADATA, "properties": {**METADATA["properties"], **narrowed}} if narrowed else METADATA


def _below(openapi: Schema, known: dict[int, Schema]) -> Schema:
    """A part of a schema; one that is in many places is made once."""
    if id(openapi) not in known:
        known[id(openapi)] = _strict(openapi, known)
    return known[id(openapi)]


def _strict(openapi: Schema, known: dict[int, Schema]) -> Schema:
    """One level of a structural schema, and those below it."""
    schema = _constraints(openapi)
    if openapi.get("x-kubernetes-int-or-string"):
        schema["type"] = ["integer", "string"]
    if "properties" in openapi:
        schema["properties"] = {name: _below(part, known) for name, part in openapi["properties"].items()}
    for key in ("items", "additionalProperties"):
        if key in openapi:
            schema[key] = _below(openapi[key], known) if isinstance(openapi[key], dict) else openapi[key]
    if openapi.get("x-kubernetes-embedded-resource"):
        _embed(schema)
    if _is_closed(openapi) and "additionalProperties" not in schema:
        schema |= {"properties": schema.get("properties", {}), "additionalProperties": False}
    return _nullable(schema) if openapi.get("nullable") else schema


def _is_closed(openapi: Schema) -> bool:
    """Are unknown fields of this level pruned? Those that the schema names further down are no exception from it."""
    if openapi.get("x-kubernetes-preserve-unknown-fields"):
        return False
    return openapi.get("type") == "object" or "properties" in openapi


def _embed(schema: Schema) -> None:
    """A whole object as a value: apiVersion and kind are needed, metadata is checked as everywhere."""
    schema["properties"] = {
        **schema.get("properties", {}),
        **dict.fromkeys(("apiVersion", "kind"), _TEXT),
        "metadata": METADATA,
    }
    schema["required"] = list(dict.fromkeys((*schema.get("required", ()), "apiVersion", "kind")))


def _constraints(openapi: Schema) -> Schema:
    """What a level asks of its value, apart from its structure. What JSON Schema would refuse is left out."""
    schema = {key: value for key, value in openapi.items() if key in _LIMITS}
    for key in ("allOf", "anyOf", "oneOf"):
        if openapi.get(key):
            schema[key] = [_junctor(part) for part in openapi[key]]
    if "not" in openapi:
        schema["not"] = _junctor(openapi["not"])
    if required := list(dict.fromkeys(openapi.get("required", ()))):
        schema["required"] = required
    if pattern := openapi.get("pattern"):
        schema["pattern"] = pattern
    if (form := openapi.get("format")) in _FORMATS:
        schema["format"] = form
    if openapi.get("type") == "integer" and (limits := _RANGES.get(openapi.get("format", ""))):
        schema["minimum"] = max(schema.get("minimum", limits[0]), limits[0])
        schema["maximum"] = min(schema.get("maximum", limits[1]), limits[1])
    if not schema.get("enum", True):
        del schema["enum"]
    return schema


def _junctor(openapi: Schema) -> Schema:
    """A part of `anyOf` and the like: it constrains, and closes nothing."""
    schema = _constraints(openapi)
    if "properties" in openapi:
        schema["properties"] = {name: _junctor(part) for name, part in openapi["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(openapi.get(key), dict):
            schema[key] = _junctor(openapi[key])
    return schema


def _nullable(schema: Schema) -> Schema:
    types = schema.get("type")
    if types is not None:
        schema["type"] = [*([types] if isinstance(types, str) else types), "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema


def draft_2020(schema: Any) -> Any:
    """The schema in JSON Schema's present dialect, where an exclusive limit is a number. (OpenAPI v3 has draft 4's.)"""
    if isinstance(schema, list):
        return [draft_2020(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: draft_2020(part) for key, part in _with_numbers(schema)}


def _with_numbers(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    ends = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}
    for key, value in schema.items():
        if schema.get(ends.get(key, "")) is True and not isinstance(value, dict):
            yield ends[key], value
        elif not (key in ends.values() and isinstance(value, bool)):
            yield key, value


def with_regexes_only(openapi: Schema) -> Schema:
    """A definition that somebody wrote, without the patterns that the API server could not read, which reads them as RE2 does."""
    from sailwright.mesh.values.re2 import compiled

    schema = {
        key: part
        for key, part in openapi.items()
        if key != "pattern" or (isinstance(part, str) and compiled(part) is not None)
    }
    for key in ("items", "additionalProperties", "not"):
        if isinstance(schema.get(key), dict):
            schema[key] = with_regexes_only(schema[key])
    for key in ("allOf", "anyOf", "oneOf"):
        if schema.get(key):
            schema[key] = [with_regexes_only(part) for part in schema[key]]
    if "properties" in schema:
        schema["properties"] = {name: with_regexes_only(part) for name, part in schema["properties"].items()}
    return schema
