"""CustomResourceDefinitions as strict JSON Schema: what the API server would refuse, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sailwright.runtime.records import dataclass, field

Schema = dict[str, Any]

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_KEPT = frozenset(
    [
        "additionalProperties",
        "allOf",
        "anyOf",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "type",
        "uniqueItems",
    ]
)
_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_TEXT = {"type": "string"}
_TEXTS = {"type": "object", "additionalProperties": _TEXT}
#: ObjectMeta, as every object has it (apimachinery's meta/v1).
METADATA: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(
            ("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "clusterName"), _TEXT
        ),
        "creationTimestamp": {"type": "string", "format": "date-time"},
        "deletionTimestamp": {"type": "string", "format": "date-time"},
        "deletionGracePeriodSeconds": {"type": "integer"},
        "generation": {"type": "integer"},
        "labels": _TEXTS,
        "annotations": _TEXTS,
        "finalizers": {"type": "array", "items": _TEXT},
        "ownerReferences": {"type": "array", "items": {"type": "object"}},
        "managedFields": {"type": "array", "items": {"type": "object"}},
    },
}


@dataclass(frozen=True, slots=True)
class CustomResource:
    """One version of a custom kind, and its OpenAPI v3 schema as the CustomResourceDefinition has it."""

    api_version: str
    kind: str
    openapi: Schema = field(repr=False)


def custom_resources(value: Mapping[str, Any]) -> Iterator[CustomResource]:
    """The versions that a CustomResourceDefinition (apiextensions.k8s.io/v1) declares with a schema."""
    spec = _mapping(value.get("spec"))
    group, kind = _word(spec.get("group")), _word(_mapping(spec.get("names")).get("kind"))
    versions = spec.get("versions")
    for version in versions if isinstance(versions, list) else ():
        openapi = _mapping(_mapping(_mapping(version).get("schema")).get("openAPIV3Schema"))
        name = _word(_mapping(version).get("name"))
        if group and kind and name and openapi and _is_schema(openapi):
            yield CustomResource(f"{group}/{name}", kind, openapi)


def _is_schema(value: Any) -> bool:
    """Whether a schema is one: of a definition that the API server would refuse, nothing can be judged."""
    if not isinstance(value, dict) or not all(_TYPES[key](each) for key, each in value.items() if key in _TYPES):
        return False
    properties = value.get("properties", {})
    inner = [value[key] for key in ("items", "not") if key in value]
    inner += [each for key in ("allOf", "anyOf", "oneOf") for each in value.get(key, ())]
    more = value.get("additionalProperties", True)
    return (
        isinstance(properties, dict)
        and all(map(_is_schema, [*properties.values(), *inner]))
        and (isinstance(more, bool) or _is_schema(more))
    )


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "enum"), _is_list),
    **dict.fromkeys(("maximum", "minimum"), _is_number),
    **dict.fromkeys((f"{end}{of}" for end in ("max", "min") for of in ("Items", "Length", "Properties")), _is_count),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum", "uniqueItems"), lambda value: isinstance(value, bool)),
    "multipleOf": lambda value: _is_number(value) and value > 0,
    "format": lambda value: isinstance(value, str),
    "pattern": lambda value: isinstance(value, str),
    "required": lambda value: _is_list(value) and all(isinstance(each, str) for each in value),
    "type": lambda value: value in ("array", "boolean", "integer", "number", "object", "string"),
}
"""What the words of a schema take (apiextensions.k8s.io/v1, JSONSchemaProps)."""


def _word(value: Any) -> str:
    """Groups, kinds and versions become paths, for kubeconform: what could not is left out."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def strict_schema(openapi: Schema) -> Schema:
    """The schema of a whole object: closed, with apiVersion, kind and metadata."""
    schema = _strict(openapi)
    schema["type"] = "object"
    schema["properties"] = {
        **schema.get("properties", {}),
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": METADATA,
    }
    schema.setdefault("additionalProperties", False)
    return schema


def _strict(openapi: Schema) -> Schema:
    """The structural part: properties, items and additionalProperties; the rest keeps its meaning."""
    schema = {key: value for key, value in openapi.items() if key in _KEPT}
    if openapi.get("x-kubernetes-int-or-string"):
        schema.pop("type", None)
        schema["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    if openapi.get("x-kubernetes-embedded-resource"):
        embedded = dict.fromkeys(("apiVersion", "kind"), _TEXT)
        schema["properties"] = {**schema.get("properties", {}), **embedded, "metadata": METADATA}
    if "properties" in schema:
        schema["properties"] = {name: _strict(each) for name, each in schema["properties"].items()}
        if not openapi.get("x-kubernetes-preserve-unknown-fields"):
            schema.setdefault("additionalProperties", False)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            schema[key] = _strict(schema[key])
    if schema.get("type") == "integer" and (limits := _RANGES.get(schema.get("format", ""))):
        schema["minimum"] = max(schema.get("minimum", limits[0]), limits[0])
        schema["maximum"] = min(schema.get("maximum", limits[1]), limits[1])
    return _nullable(schema) if openapi.get("nullable") else schema


def _nullable(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str):
        schema = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        schema = {**schema, "enum": [*schema["enum"], None]}
    return schema


def without_patterns(schema: Any) -> Any:
    """A schema that holds texts to no regular expression; a field may still be called `pattern`."""
    if isinstance(schema, dict):
        kept = ((key, each) for key, each in schema.items() if key != "pattern" or not isinstance(each, str))
        return {key: without_patterns(each) for key, each in kept}
    return [without_patterns(each) for each in schema] if isinstance(schema, list) else schema


def without_nulls(value: Any) -> Any:
    """The API server drops the null fields of a custom kind before it validates; a null in a list stays."""
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value
