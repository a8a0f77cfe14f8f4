"""What a schema refuses, in one form whichever program found it: jsonschema-rs, kubeconform, or our reading of CEL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, value_at
from sailwright.runtime.records import dataclass, field

Schema = Mapping[str, Any]

UNKNOWN_FIELD = "there is no field `"
"""How a problem with a field begins that the schema does not have."""
UNKNOWN = "unknown"
"""The keyword of a field that the schema does not have (JSON Schema reports it as `additionalProperties`)."""


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One keyword of the schema that one value breaks.

    `keyword` is JSON Schema's, except `unknown` (the path ends in the field that is not there) and `oneOf-many` (more than
    one alternative fits). `wanted` holds what the keyword asks for, as text: types, choices, a limit, missing fields.
    `causes` are, for oneOf and anyOf, what the alternatives refuse; one that refuses several things is an `allOf` of them.
    `key`: a name of a field breaks the keyword, not its value. `schema` is the part of the schema, where the library says which.
    """

    path: Path
    keyword: str
    wanted: tuple[str, ...] = ()
    causes: tuple[SchemaError, ...] = ()
    key: bool = False
    schema: Schema = field(default_factory=dict, compare=False, repr=False)


def schema_errors(found: Iterable[Any], value: Any, schema: Schema) -> Iterator[SchemaError]:
    """The errors that a validator of jsonschema-rs found in `value`."""
    for error in found:
        yield from _errors(error, value, schema)


def _errors(error: Any, value: Any, schema: Schema) -> Iterator[SchemaError]:
    kind, path, part = error.kind, path_in(value, error.instance_path), _part(schema, error.schema_path)
    match kind.name:
        case "additionalProperties":
            yield from (SchemaError((*path, name), UNKNOWN, schema=part) for name in kind.unexpected)
        case "required":
            yield SchemaError(path, "required", (kind.property,), schema=part)
        case "type":
            yield SchemaError(path, "type", tuple(sorted(name for name in kind.types if name != "null")), schema=part)
        case "enum":
            yield SchemaError(path, "enum", tuple(_text(option) for option in kind.options), schema=part)
        case "const":
            yield SchemaError(path, "enum", (_text(kind.expected_value),), schema=part)
        case "pattern":
            yield SchemaError(path, "pattern", (kind.pattern,), schema=part)
        case "format":
            yield SchemaError(path, "format", (kind.format,), schema=part)
        case "propertyNames":
            inner = kind.error
            for each in _errors(inner, inner.instance, schema):
                yield SchemaError((*path, inner.instance), each.keyword, each.wanted, (), True, each.schema)
        case "oneOf" if not all(kind.context):
            yield SchemaError(path, "oneOf-many", schema=part)
        case "anyOf" | "oneOf":
            branches = ([each for inner in branch for each in _errors(inner, value, schema)] for branch in kind.context)
            yield SchemaError(path, kind.name, (), tuple(_branch(path, branch) for branch in branches), schema=part)
        case _:
            limits = [getattr(kind, name) for name in ("limit", "multiple_of") if hasattr(kind, name)]
            yield SchemaError(path, kind.name, tuple(_text(limit) for limit in limits), schema=part)


def _branch(path: Path, errors: list[SchemaError]) -> SchemaError:
    return errors[0] if len(errors) == 1 else SchemaError(path, "allOf", (), tuple(errors))


def _part(schema: Schema, steps: Iterable[str | int]) -> Schema:
    """The part of a schema whose keyword the last of the steps is. A reference is followed where the steps pass one."""
    node: Any = schema
    for step in list(steps)[:-1]:
        if isinstance(node, dict) and step == "$ref":
            node = value_at(schema, tuple(str(node.get("$ref", "")).removeprefix("#/").split("/")))
        else:
            node = value_at(node, (step,))
    return node if isinstance(node, dict) else {}


def path_in(value: Any, segments: Iterable[str | int]) -> Path:
    """The path that segments of a pointer mean: whether one of digits is an index or a key, the value itself says."""
    path: list[str | int] = []
    for segment in segments:
        key = int(segment) if isinstance(value, list) and str(segment).isdecimal() else str(segment)
        value = value_at(value, (key,))
        path.append(key)
    return tuple(path)


def _text(value: Any) -> str:
    """A choice or a limit, as kubeconform writes it too."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return {None: "null", True: "true", False: "false"}[value]
    return json.dumps(value) if isinstance(value, (dict, list)) else f"{value:.15g}"
