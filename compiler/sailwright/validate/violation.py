"""What a schema refuses, in one form for every backend, and in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, value_at
from sailwright.diagnostics.suggestions import TYPE_WORDS, did_you_mean, listed
from sailwright.runtime.records import dataclass

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Violation:
    """One keyword of the schema that one value breaks.

    `keyword` is JSON Schema's, except `unknown` (a field that is not there: `path` ends in it) and `oneOf-many` (more than
    one alternative fits). `wanted` holds what the keyword asks for, as text: types, choices, a limit, missing fields.
    `causes` are, for oneOf and anyOf, what the alternatives refuse.
    """

    path: Path
    keyword: str
    wanted: tuple[str, ...] = ()
    causes: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Worded:
    """A violation in words. `key` says that the key at `path` is at fault, not its value."""

    path: Path
    message: str
    help: str = ""
    key: bool = False
    keyword: str = ""


_LIMITS = {
    "minimum": "a number of at least {}",
    "exclusiveMinimum": "a number above {}",
    "maximum": "a number of at most {}",
    "exclusiveMaximum": "a number below {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minProperties": "at least {} entries",
    "maxProperties": "at most {} entries",
    "multipleOf": "a multiple of {}",
    "format": "a {}",
    "pattern": "text that matches {}",
}


def worded(violations: Iterable[Violation], value: Any, schema: Schema) -> tuple[Worded, ...]:
    """Violations in words, the same for every backend: folded, without consequences of others, in the order of paths."""
    folded = [each for violation in violations for each in _folded(violation, value)]
    mistyped = {violation.path for violation in folded if violation.keyword == "type"}
    found = {
        _worded(violation, value, schema): None
        for violation in folded
        if violation.keyword == "type" or violation.path not in mistyped
    }
    return tuple(sorted(found, key=lambda each: ([str(key).rjust(8) for key in each.path], each.message)))


def _folded(violation: Violation, value: Any) -> Iterator[Violation]:
    """Alternatives that all want another type are one wish; null is never wrong where several alternatives allow it."""
    if violation.keyword == "oneOf-many" and value_at(value, violation.path) is None:
        return
    causes = violation.causes
    if causes and all(cause.keyword == "type" and cause.path == violation.path for cause in causes):
        yield Violation(violation.path, "type", tuple(sorted({name for cause in causes for name in cause.wanted})))
    else:
        yield Violation(violation.path, violation.keyword, violation.wanted)


def path_in(value: Any, segments: Iterable[str | int]) -> Path:
    """The path that segments of a pointer mean: whether one of digits is an index or a key, the value itself says."""
    path: list[str | int] = []
    for segment in segments:
        key = int(segment) if isinstance(value, list) and str(segment).isdecimal() else str(segment)
        value = value_at(value, (key,))
        path.append(key)
    return tuple(path)


def _worded(violation: Violation, value: Any, schema: Schema) -> Worded:
    path, keyword, wanted = violation.path, violation.keyword, violation.wanted
    given = value_at(value, path)
    if keyword == "unknown":
        known = _fields(schema, path[:-1])
        return Worded(path, f"there is no field `{path[-1]}`", did_you_mean(str(path[-1]), known), True, keyword)
    if keyword == "required":
        return Worded(path, f"`{wanted[0]}` is missing", keyword=keyword)
    if keyword == "type":
        return Worded(
            path, f"expected {_types(wanted)}, found {shown(given)}", _type_help(wanted, given), False, keyword
        )
    if keyword == "enum":
        choices = [choice for choice in wanted if choice != "null"]
        message = f"expected {'one of ' if len(choices) > 1 else ''}{listed(choices, most=30)}, found {shown(given)}"
        return Worded(path, message, did_you_mean(str(given), choices), False, keyword)
    if keyword in ("oneOf", "oneOf-many", "anyOf"):
        return Worded(path, _alternatives(_node(schema, path), given), keyword=keyword)
    # A backend may print a limit in a form of its own (kubeconform: 2.1×10⁹), so the schema has the first word.
    limits = _node(schema, path).get(keyword, *wanted[:1]) if wanted else ""
    limit = _LIMITS.get(keyword, f"something that fits the schema's `{keyword}`").format(limits)
    found = len(given) if keyword.startswith(("min", "max")) and isinstance(given, str | list | dict) else shown(given)
    return Worded(path, f"expected {limit}, found {found}", keyword=keyword)


def _types(names: Iterable[str]) -> str:
    words = [word for name, word in TYPE_WORDS.items() if name in set(names)] or ["null"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _type_help(wanted: tuple[str, ...], given: Any) -> str:
    if "string" in wanted and isinstance(given, bool | int | float):
        return f"put quotes around it: without them YAML reads {shown(given)}"
    if {"integer", "number"} & set(wanted) and isinstance(given, str) and given.strip().lstrip("-").isdigit():
        return f"write it without quotes: {given.strip()}"
    return "write each item on a line of its own that begins with `- `" if wanted[:1] == ("array",) else ""


def _alternatives(schema: Schema, given: Any) -> str:
    """Alternatives are told apart by a field in nearly every schema: which of them are there?"""
    groups = [schema, *schema.get("allOf", ())]
    names = [
        name
        for group in groups
        for keyword in ("oneOf", "anyOf")
        for alternative in group.get(keyword, ())
        for name in alternative.get("required", ())
    ]
    present = [name for name in names if isinstance(given, dict) and given.get(name) is not None]
    if len(present) > 1:
        return f"only one of {listed(present)} may be set"
    if names and not present:
        return f"one of {listed(names)} is missing"
    return f"{shown(given)} fits none of the alternatives of its schema"


def _node(schema: Schema, path: Path) -> Schema:
    """The subschema of a value, by its path."""
    root = schema
    for key in path:
        schema = _resolved(schema, root)
        if isinstance(key, int):
            following = schema.get("items", {})
        else:
            following = schema.get("properties", {}).get(key) or schema.get("additionalProperties", {})
        schema = following if isinstance(following, dict) else {}
    return _resolved(schema, root)


def _resolved(schema: Schema, root: Schema) -> Schema:
    """`$ref`s point to the definitions that all kinds of a Kubernetes version share, or into the schema itself."""
    while isinstance(schema.get("$ref"), str):
        schema = root.get("$defs", {}).get(schema["$ref"].rpartition("/")[2], {})
    return schema


def _fields(schema: Schema, path: Path) -> list[str]:
    return list(_node(schema, path).get("properties", {}))


def shown(value: Any) -> str:
    """A value in a message: short, printable, and never a whole map."""
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return ("a map" if value else "an empty map") if isinstance(value, dict) else "a list"
    if value == "":
        return "empty text"
    text = (
        "".join(each if each.isprintable() else "?" for each in value) if isinstance(value, str) else json.dumps(value)
    )
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"
