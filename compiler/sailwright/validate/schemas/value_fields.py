"""Which fields a JSON Schema holds to more than types and fields: of all others, the value is of no matter to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.schema_fit import NUMBER_FORMATS

Schema = Mapping[str, Any]

_OF_SHAPE: Final = frozenset(
    ("$defs", "$ref", "additionalProperties", "items", "oneOf", "properties", "required", "type")
)
"""The keywords that ask for types, fields, and the same of what is below."""
_UNKNOWN: Final[Schema] = {"not": True}


def fields_of_value(schema: Schema) -> frozenset[str] | None:
    """The names of the fields of which a schema, or one of its definitions, asks anything else; None where it asks that of no field."""
    definitions: Mapping[str, Schema] = schema.get("$defs", {})
    if _asks_more(schema, definitions, frozenset()):
        return None
    return frozenset(name for part in (schema, *definitions.values()) for name in _fields(part, definitions))


def _fields(part: Any, definitions: Mapping[str, Schema]) -> Iterator[str]:
    if not isinstance(part, dict):
        return
    for name, each in part.get("properties", {}).items():
        if _asks_more(each, definitions, frozenset()):
            yield name
        yield from _fields(each, definitions)
    for each in _same_value(part):
        yield from _fields(each, definitions)


def _same_value(part: Schema) -> tuple[Any, ...]:
    """The parts of a schema about the value itself, and about what is in it under no name of its own."""
    return (part.get("items"), part.get("additionalProperties"), *part.get("oneOf", ()))


def _asks_more(part: Any, definitions: Mapping[str, Schema], seen: frozenset[str]) -> bool:
    """Whether a schema asks more of the value of a field, or of what is in it under no name of its own."""
    if not isinstance(part, dict):
        return False
    if any(key not in _OF_SHAPE and not (key == "format" and part[key] in NUMBER_FORMATS) for key in part):
        return True
    name = str(part.get("$ref", "")).removeprefix("#/$defs/")
    if name and name not in seen and _asks_more(definitions.get(name, _UNKNOWN), definitions, seen | {name}):
        return True
    return any(_asks_more(each, definitions, seen) for each in _same_value(part))
