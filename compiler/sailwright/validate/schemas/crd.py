"""CustomResourceDefinitions: the kinds that they define, each with its schema."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sailwright.runtime.records import dataclass, field
from sailwright.runtime.regex import regex
from sailwright.source.untyped import mapping

Schema = dict[str, Any]

_WORD = regex(r"[A-Za-z0-9][A-Za-z0-9.-]*")


@dataclass(frozen=True, slots=True)
class CustomResource:
    """One version of a custom kind. `packed` is its schema, which is large and mostly never needed: marshalled and compressed.

    `file` is where it was met among the files; empty for one that was named as a schema.
    """

    api_version: str
    kind: str
    packed: bytes = field(repr=False)
    file: str = ""

    @property
    def openapi(self) -> Schema:
        """The OpenAPI v3 schema as the CustomResourceDefinition has it."""
        schema: Schema = marshal.loads(zlib.decompress(self.packed))  # noqa: S302 - our own bytes, of this very run
        return schema


def custom_resource(api_version: str, kind: str, openapi: Schema) -> CustomResource:
    """A custom kind with its schema."""
    return CustomResource(api_version, kind, zlib.compress(marshal.dumps(openapi, 2), 1))


def custom_resources(value: Mapping[str, Any]) -> Iterator[CustomResource]:
    """The versions that a CustomResourceDefinition declares with a schema."""
    spec = mapping(value.get("spec"))
    group, kind = _word(spec.get("group")), _word(mapping(spec.get("names")).get("kind"))
    preserving = spec.get("preserveUnknownFields", value.get("apiVersion") == "apiextensions.k8s.io/v1beta1")
    versions = spec.get("versions")
    for version in versions if isinstance(versions, list) else ():
        schema = mapping(version).get("schema") or spec.get("validation")
        openapi = mapping(mapping(schema).get("openAPIV3Schema"))
        name = _word(mapping(version).get("name"))
        if group and kind and name and openapi and _is_schema(openapi):
            yield custom_resource(f"{group}/{name}", kind, _open(openapi) if preserving is True else openapi)


def _open(schema: Schema) -> Schema:
    """A schema that keeps unknown fields at every level, as `spec.preserveUnknownFields` has it."""
    return _mapped({**schema, "x-kubernetes-preserve-unknown-fields": True}, _open)


def _mapped(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """A schema with a change made to all parts of it. What is data, as a default, is no part."""
    found = dict(schema)
    for key in ("items", "additionalProperties", "not"):
        if isinstance(found.get(key), dict):
            found[key] = change(found[key])
    for key in ("allOf", "anyOf", "oneOf"):
        if key in found:
            found[key] = [change(part) for part in found[key]]
    if "properties" in found:
        found["properties"] = {name: change(part) for name, part in found["properties"].items()}
    return found


def _is_schema(value: Any) -> bool:
    """Whether a schema is one: of a definition that the API server would refuse, nothing can be said."""
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


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_rules(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and isinstance(each.get("rule"), str) for each in value
    )


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "enum"), _is_list),
    **dict.fromkeys(("maximum", "minimum"), _is_number),
    **dict.fromkeys((f"{end}{of}" for end in ("max", "min") for of in ("Items", "Length", "Properties")), _is_count),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum", "uniqueItems", "nullable"), _is_bool),
    **dict.fromkeys(
        (f"x-kubernetes-{name}" for name in ("embedded-resource", "int-or-string", "preserve-unknown-fields")), _is_bool
    ),
    "x-kubernetes-validations": _is_rules,
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
