"""What a schema refuses, in words: what was found, what was expected, and what was meant.

There are two kinds of schema. Those of the cluster (Kubernetes, Istio, custom kinds) give types, choices and limits. Those of
our own files are `documented`: their descriptions and examples continue a sentence, and say what a value is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sailwright.diagnostics.finding import Path, value_at
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.schema_error import UNKNOWN, UNKNOWN_FIELD, Schema, SchemaError
from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.diagnostics.value_words import (
    DOCUMENTED_LIMITS,
    LIMITS,
    choice,
    clean,
    limited,
    shown,
    type_help,
    types,
)

_TELLING = ("enum", "not")
"""Keywords by which alternatives say which values of a field they are for."""
_FORMATS = {"ipv4": "an IPv4 address", "ipv6": "an IPv6 address"}
_SUGGESTED = 100
"""Problems of one tree that get a `did you mean`: looking for near names costs more than all else together."""


def worded(errors: Iterable[SchemaError], value: Any, schema: Schema) -> tuple[Problem, ...]:
    """Errors of a schema of the cluster: without those that only follow from others, in the order of paths."""
    folded = [each for error in errors for each in _folded(error, value)]
    mistyped = {error.path for error in folded if error.keyword == "type"}
    kept = dict.fromkeys(error for error in folded if error.keyword == "type" or error.path not in mistyped)
    misnamed = _misnamed(kept)
    meant = {(unknown.path[:-1], name) for unknown, name in misnamed.items()}
    found = dict.fromkeys(
        _problem(error, value, schema, misnamed.get(error, ""))
        for error in kept
        if error.keyword != "required" or (error.path, error.wanted[0]) not in meant
    )
    return tuple(sorted(found, key=lambda each: ([str(key).rjust(8) for key in each.path], each.message)))


def worded_by_description(errors: Iterable[SchemaError], value: Any, schema: Schema) -> tuple[Problem, ...]:
    """Errors of a documented schema, in the order of paths. Of alternatives only the one whose type fits speaks."""
    chosen = [each for error in errors for each in _fitting(error)]
    chosen.sort(key=lambda error: [str(key).rjust(6) for key in error.path])
    found: dict[tuple[Path, str], Problem] = {}
    for error in chosen:
        problem = _documented(error, value, schema, suggesting=len(found) < _SUGGESTED)
        found.setdefault((problem.path, problem.message), problem)
    return tuple(found.values())


def _misnamed(errors: Iterable[SchemaError]) -> dict[SchemaError, str]:
    """The fields that are not there, each with the missing field of the same map that it must stand for: one slip, one problem.

    It is the missing one with a near name, or the only one where the map has one field too many and lacks one.
    """
    unknown: dict[Path, list[SchemaError]] = {}
    missing: dict[Path, list[str]] = {}
    for error in errors:
        if error.keyword == UNKNOWN:
            unknown.setdefault(error.path[:-1], []).append(error)
        elif error.keyword == "required":
            missing.setdefault(error.path, []).append(error.wanted[0])
    found: dict[SchemaError, str] = {}
    for path, names in missing.items():
        strange = unknown.get(path, ())
        for error in strange:
            near = [name for name in names if did_you_mean(str(error.path[-1]), (name,))]
            if near or len(strange) == len(names) == 1:
                found[error] = (near or names)[0]
    return found


def _problem(error: SchemaError, value: Any, schema: Schema, meant: str = "") -> Problem:
    path, keyword, wanted = error.path, error.keyword, error.wanted
    given = value_at(value, path)
    if keyword == UNKNOWN and meant:
        near = did_you_mean(str(path[-1]), (meant,), f"`{meant}` is missing here: is that meant?")
        return Problem(path, f"{UNKNOWN_FIELD}{path[-1]}`", near, rule=keyword, key=True)
    if keyword == UNKNOWN:
        near = did_you_mean(str(path[-1]), _node(schema, path[:-1]).get("properties", {}))
        return Problem(path, f"{UNKNOWN_FIELD}{path[-1]}`", near, rule=keyword, key=True)
    if keyword == "required":
        return Problem(path, f"`{wanted[0]}` is missing", rule=keyword)
    if keyword in ("oneOf", "oneOf-many", "anyOf"):
        return Problem(path, _alternatives(_node(schema, path), given), rule=keyword)
    if keyword == "type":
        message, remedy = f"expected {types(wanted)}, found {shown(given)}", type_help(wanted, given)
        return Problem(path, message, remedy, rule=keyword)
    if keyword == "enum":
        choices = [choice for choice in wanted if choice != "null"]
        return Problem(path, choice(choices, given), did_you_mean(str(given), choices), rule=keyword)
    if keyword == "format" and len(wanted) > 1:
        words = " or ".join(_FORMATS.get(name, f"a {name}") for name in wanted)
        return Problem(path, f"expected {words}, found {shown(given)}", rule=keyword)
    # A backend may print a limit in a form of its own (kubeconform: 2.1×10⁹), so the schema has the first word.
    node = _node(schema, path)
    limit = node.get(keyword, *wanted[:1]) if wanted else ""
    if limit is True:  # as OpenAPI v3 has it, the limit stands beside
        limit = node.get(keyword.removeprefix("exclusive").lower(), *wanted[:1])
    return Problem(path, limited(LIMITS, keyword, limit, given), rule=keyword)


def _documented(error: SchemaError, value: Any, schema: Schema, *, suggesting: bool) -> Problem:
    path, keyword, part = error.path, error.keyword, error.schema
    given = path[-1] if error.key else value_at(value, path)
    if keyword == UNKNOWN:
        known = [name for name in part.get("properties", {}) if not name.startswith("$")]
        near = did_you_mean(str(path[-1]), known) if suggesting else ""
        return Problem(
            path, f"unknown key `{clean(path[-1])}`", near or f"known here: {listed(known)}", rule=keyword, key=True
        )
    if keyword == "required":
        on_key = bool(path) and isinstance(path[-1], str)
        described = _sentence(str(_node(schema, (*path, error.wanted[0])).get("description", "")))
        return Problem(path, f"`{error.wanted[0]}` is missing", described, rule=keyword, key=on_key)
    if keyword == "enum":
        choices = [choice for choice in error.wanted if choice != "null"]
        near = did_you_mean(given, choices) if suggesting and isinstance(given, str) and not error.key else ""
        return Problem(path, choice(choices, given), near, rule=keyword, key=error.key)
    remedy = "" if error.key else _value_help(keyword, given, part)
    return Problem(path, _value_message(error, given), remedy, rule=keyword, key=error.key)


def _folded(error: SchemaError, value: Any) -> Iterator[SchemaError]:
    """Alternatives that all want another type or format are one wish, and where all but one are for objects that say they are of
    another kind, what that one refuses is the wish. Null is never wrong where several alternatives allow it.
    """
    if error.keyword == "oneOf-many" and value_at(value, error.path) is None:
        return
    causes = [each for cause in error.causes for each in _all_of(cause)]
    of_this_kind = [cause for cause in error.causes if not any(each.keyword in _TELLING for each in _all_of(cause))]
    for keyword in ("type", "format"):
        if causes and all(cause.keyword == keyword and cause.path == error.path for cause in causes):
            yield SchemaError(error.path, keyword, tuple(sorted({name for cause in causes for name in cause.wanted})))
            return
    if len(of_this_kind) == 1 < len(error.causes):
        for each in _all_of(of_this_kind[0]):
            yield from _folded(each, value)
    else:
        yield SchemaError(error.path, error.keyword, error.wanted, key=error.key)


def _all_of(error: SchemaError) -> tuple[SchemaError, ...]:
    return error.causes if error.keyword == "allOf" else (error,)


def _fitting(error: SchemaError) -> Iterator[SchemaError]:
    """The errors of the one alternative whose type fits; one about the type where none does."""
    if error.keyword not in ("anyOf", "oneOf"):
        yield error
        return
    branches = [_all_of(cause) for cause in error.causes]
    mistyped = [[each for each in branch if _is_mistyped(each, error.path)] for branch in branches]
    fitting = [branch for branch, wrong in zip(branches, mistyped, strict=True) if not wrong]
    if not fitting:
        names = tuple(sorted({name for wrong in mistyped for each in wrong for name in each.wanted}))
        yield SchemaError(error.path, "type", names)
        return
    for each in min(fitting, key=len):
        yield from _fitting(each)


def _is_mistyped(error: SchemaError, path: Path) -> bool:
    return error.keyword == "type" and error.path == path


def _value_message(error: SchemaError, given: Any) -> str:
    keyword, part = error.keyword, error.schema
    match keyword:
        case "type":
            named = "pattern" in part and "description" in part
            text = "the text " if isinstance(given, str) and given else ""
            return f"expected {_expected(part) if named else types(error.wanted)}, found {text}{shown(given)}"
        case "minLength":
            return "expected some text, found none"
        case "minProperties" | "maxProperties":
            return f"expected exactly one of {listed(part.get('properties', {}))}"
        case "uniqueItems":
            return "expected each item once"
        case "pattern":
            return f"{shown(given)} does not fit here: expected {_expected(part)}"
    return limited(DOCUMENTED_LIMITS, keyword, part.get(keyword, ""), given)


def _value_help(keyword: str, given: Any, part: Schema) -> str:
    if keyword in ("type", "pattern") and _lacks_unit(given, part):
        return (
            f"add a unit: {given}ms or {given}s"
            if str(given).isdecimal() and int(given) >= 100
            else f"add a unit: {given}s"
        )
    wanted = _names(part.get("type")) if keyword == "type" else ()
    if "string" in wanted and isinstance(given, bool | int | float) and _fits(json.dumps(given), part):
        return f"put quotes around it: without them YAML reads {shown(given)}"
    if isinstance(given, str) and {"integer", "number"} & set(wanted) and given.replace(".", "", 1).isdigit():
        return f"write it without quotes: {given}"
    if isinstance(given, str) and "boolean" in wanted and given.lower() in ("yes", "on", "no", "off", "true", "false"):
        return f"write {'true' if given.lower() in ('yes', 'on', 'true') else 'false'}"
    if "array" in wanted and isinstance(given, dict | str):
        return "write each item on a line of its own that begins with `- `"
    return ""


def _names(types: Any) -> tuple[str, ...]:
    return (types,) if isinstance(types, str) else tuple(types or ())


def _lacks_unit(value: Any, part: Schema) -> bool:
    """Whether a number is written where a duration belongs."""
    number = not isinstance(value, bool) and str(value).replace(".", "", 1).isdigit()
    return number and "pattern" in part and not _fits(str(value), part) and _fits(f"{value}ms", part)


def _fits(text: str, part: Schema) -> bool:
    return re.search(part.get("pattern", ""), text) is not None


def _expected(part: Schema) -> str:
    example = next((f", for example `{example}`" for example in part.get("examples", ())), "")
    return (_sentence(str(part.get("description", ""))) or "another form") + example


def _sentence(description: str) -> str:
    """A description as it continues a sentence: without its full stop, and small where it begins with a common word."""
    text = description.rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _alternatives(part: Schema, given: Any) -> str:
    """Alternatives are told apart by a field in nearly every schema: which of them are there?"""
    groups = [part, *part.get("allOf", ())]
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
    """The part of a schema for a value, by the value's path."""
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
    """`$ref`s point to the definitions that all kinds of a Kubernetes version share, or into the schema itself.

    What stands beside a reference counts for more than what it leads to.
    """
    while isinstance(schema.get("$ref"), str):
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**root.get("$defs", {}).get(schema["$ref"].rpartition("/")[2], {}), **beside}
    return schema
