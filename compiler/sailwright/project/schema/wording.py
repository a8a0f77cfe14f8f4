"""From the errors of jsonschema to messages that say what was found, what was expected and what was meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from jsonschema import Draft202012Validator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.suggestions import TYPE_WORDS, did_you_mean, listed
from sailwright.project.schema.fault import Fault
from sailwright.runtime.records import dataclass, replace

Refusal = Any
"""A `jsonschema.ValidationError`, whose attributes are typed as possibly unset."""


_SUGGESTED = 100
"""Faults of one tree that get a `did you mean`: looking for near names costs more than all else together."""


@dataclass(frozen=True, slots=True)
class _Misspelt:
    """A fault of a word that is none of the known ones."""

    fault: Fault
    word: str
    known: tuple[str, ...]

    def told(self, *, suggesting: bool) -> Fault:
        """The fault with its remedy: the near name, or for a key those that are known there."""
        near = did_you_mean(self.word, self.known) if suggesting else ""
        listing = f"known here: {listed(self.known)}" if self.fault.unknown else ""
        return replace(self.fault, help=near or listing)


def worded(schema: dict[str, Any], tree: Any) -> tuple[Fault, ...]:
    """The faults of a tree that the compiled validator refused."""
    found: dict[tuple[Path, str], Fault | _Misspelt] = {}
    for error in Draft202012Validator(schema).iter_errors(tree):
        for each in _faults(error, (), schema):
            fault = each.fault if isinstance(each, _Misspelt) else each
            found.setdefault((fault.path, fault.message), each)
    if not found:
        return (Fault((), "this does not fit the schema"),)
    order = sorted(found, key=lambda place: [str(key).rjust(6) for key in place[0]])
    told = (found[place] for place in order)
    return tuple(
        each.told(suggesting=number < _SUGGESTED) if isinstance(each, _Misspelt) else each
        for number, each in enumerate(told)
    )


def _faults(error: Refusal, above: Path, schema: dict[str, Any]) -> Iterator[Fault | _Misspelt]:
    path = (*above, *error.relative_path)
    match error.validator:
        case "anyOf" | "oneOf":
            yield from _alternatives(error, path, schema)
        case "additionalProperties":
            yield from _unknown_keys(error, path)
        case "required":
            yield from _missing(error, path, schema)
        case _ if "propertyNames" in error.relative_schema_path and isinstance(error.instance, str):
            yield Fault((*path, error.instance), _value_message(error), key=True)
        case "enum" if isinstance(error.instance, str):
            choices = tuple(choice for choice in error.validator_value if isinstance(choice, str))
            yield _Misspelt(Fault(path, _value_message(error)), error.instance, choices)
        case _:
            yield Fault(path, _value_message(error), _value_help(error))


def _alternatives(error: Refusal, path: Path, schema: dict[str, Any]) -> Iterator[Fault | _Misspelt]:
    """The faults of the one alternative whose type fits; all alternatives named where none does."""
    branches: dict[int, list[Refusal]] = {}
    for inner in error.context or ():
        branches.setdefault(int(inner.relative_schema_path[0]), []).append(inner)
    fitting = [errors for errors in branches.values() if not any(_wrong_type(inner) for inner in errors)]
    if not fitting:
        wanted = {
            kind for errors in branches.values() for inner in errors if _wrong_type(inner) for kind in _wanted(inner)
        }
        yield Fault(path, f"expected {_types(wanted)}, found {_shown(error.instance)}")
        return
    for inner in min(fitting, key=len):
        yield from _faults(inner, path, schema)


def _wrong_type(error: Refusal) -> bool:
    return error.validator == "type" and not error.relative_path


def _wanted(error: Refusal) -> list[str]:
    types = error.validator_value
    return [types] if isinstance(types, str) else list(types)


def _types(names: Iterable[str]) -> str:
    words = [word for name, word in TYPE_WORDS.items() if name in set(names)]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _unknown_keys(error: Refusal, path: Path) -> Iterator[_Misspelt]:
    known = error.schema.get("properties", {})
    offered = tuple(name for name in known if not name.startswith("$"))
    for key in error.instance:
        if key not in known:
            fault = Fault((*path, key), f"unknown key `{_clean(key)}`", key=True, unknown=True)
            yield _Misspelt(fault, str(key), offered)


def _missing(error: Refusal, path: Path, schema: dict[str, Any]) -> Iterator[Fault]:
    """All that is missing: jsonschema makes an error of each name and tells it in its message alone."""
    for name in error.validator_value:
        if name not in error.instance:
            described = _described(schema, (*path, name))
            yield Fault(path, f"`{name}` is missing", described, key=bool(path) and isinstance(path[-1], str))


def _described(schema: dict[str, Any], path: Path) -> str:
    """What the schema says about the field at a path."""
    node: dict[str, Any] = schema
    for key in path:
        while "$ref" in node and "properties" not in node and "items" not in node:
            node = _resolved(schema, node["$ref"])
        properties = node.get("properties", {})
        inner = node.get("items") if isinstance(key, int) else properties.get(key, node.get("additionalProperties"))
        if not isinstance(inner, dict):
            return ""
        node = inner
    return _sentence(str(node.get("description", "")))


def _resolved(schema: dict[str, Any], reference: str) -> dict[str, Any]:
    node: Any = schema
    for key in reference.removeprefix("#/").split("/"):
        node = node[key]
    return dict(node)


def _value_message(error: Refusal) -> str:
    found, limit = _shown(error.instance), error.validator_value
    match error.validator:
        case "type":
            wanted = _wanted(error)
            named = "pattern" in error.schema and "description" in error.schema
            text = "the text " if isinstance(error.instance, str) and error.instance else ""
            return f"expected {_expected(error.schema) if named else _types(wanted)}, found {text}{found}"
        case "enum" | "const":
            choices = [str(choice) for choice in (limit if isinstance(limit, list) else [limit]) if choice is not None]
            return f"expected {'one of ' if len(choices) > 1 else ''}{listed(choices, most=30)}, found {found}"
        case "minimum" | "exclusiveMinimum":
            return f"expected a number of at least {limit}, found {found}"
        case "maximum" | "exclusiveMaximum":
            return f"expected a number of at most {limit}, found {found}"
        case "minLength":
            return "expected some text, found none"
        case "maxLength":
            return f"expected at most {limit} characters, found {len(error.instance)}"
        case "minItems":
            return f"expected a list of at least {limit}, found {len(error.instance)}"
        case "maxItems":
            return f"expected a list of at most {limit}, found {len(error.instance)}"
        case "minProperties" | "maxProperties":
            return f"expected exactly one of {listed(error.schema.get('properties', {}))}"
        case "uniqueItems":
            return "expected each item once"
        case "pattern":
            return f"{found} does not fit here: expected {_expected(error.schema)}"
    return str(error.message)


def _value_help(error: Refusal) -> str:
    instance, wanted = error.instance, _wanted(error) if error.validator == "type" else []
    if error.validator in ("type", "pattern") and _lacks_unit(instance, error.schema):
        return f"add a unit: {instance}s"
    if "string" in wanted and isinstance(instance, (bool, int, float)) and _fits(json.dumps(instance), error.schema):
        return f"put quotes around it: without them YAML reads {_shown(instance)}"
    if isinstance(instance, str) and {"integer", "number"} & set(wanted) and instance.replace(".", "", 1).isdigit():
        return f"write it without quotes: {instance}"
    if (
        isinstance(instance, str)
        and "boolean" in wanted
        and instance.lower() in ("yes", "on", "no", "off", "true", "false")
    ):
        return f"write {'true' if instance.lower() in ('yes', 'on', 'true') else 'false'}"
    if "array" in wanted and isinstance(instance, (dict, str)):
        return "write each item on a line of its own that begins with `- `"
    return ""


def _lacks_unit(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a number stands where a duration belongs."""
    number = not isinstance(value, bool) and str(value).replace(".", "", 1).isdigit()
    return number and "pattern" in schema and not _fits(str(value), schema) and _fits(f"{value}ms", schema)


def _fits(text: str, schema: dict[str, Any]) -> bool:
    return re.search(schema.get("pattern", ""), text) is not None


def _expected(schema: dict[str, Any]) -> str:
    example = next((f", for example `{example}`" for example in schema.get("examples", ())), "")
    return (_sentence(str(schema.get("description", ""))) or "another form") + example


def _sentence(description: str) -> str:
    """A description as it continues a sentence: without its full stop, and small where it begins with a common word."""
    text = description.rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _shown(value: Any) -> str:
    """A value as a message shows it: short, and never able to break out of its line."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a map" if value else "an empty map"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, str):
        return f"`{_clean(value)}`" if value else "empty text"
    return f"`{json.dumps(value)}`"


def _clean(value: object) -> str:
    text = "".join(c if c.isprintable() else "?" for c in str(value))
    return text if len(text) <= 60 else text[:57] + "..."
