"""The validation rules (`x-kubernetes-validations`) of a schema, applied to a value as the API server applies them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sailwright.finding import Path
from sailwright.records import dataclass
from sailwright.validate.cel.evaluate import evaluate
from sailwright.validate.cel.expression import CelError
from sailwright.validate.cel.functions import unsupported
from sailwright.validate.cel.parse import parse

Schema = Mapping[str, Any]

_RULES = "x-kubernetes-validations"


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that does not hold for the value at `path`, in the words of the schema's author."""

    path: Path
    message: str
    rule: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """A part of a schema that has rules, or has parts that do: most of a schema has none, and no value there is visited."""

    rules: tuple[Mapping[str, Any], ...]
    properties: Mapping[str, Ruled]
    others: Ruled | None
    items: Ruled | None


def ruled(schema: Schema) -> Ruled | None:
    """The parts of a schema that have rules which can be decided."""
    rules = tuple(rule for rule in schema.get(_RULES, ()) if not undecided(rule.get("rule", "")))
    inner = {name: ruled(each) for name, each in schema.get("properties", {}).items()}
    properties = {name: each for name, each in inner.items() if each is not None}
    others, items = (
        ruled(schema[key]) if isinstance(schema.get(key), dict) else None for key in ("additionalProperties", "items")
    )
    return Ruled(rules, properties, others, items) if rules or properties or others or items else None


def broken(part: Ruled | None, value: Any, path: Path = ()) -> Iterator[Broken]:
    """The rules that a value breaks. Null is as good as absent; what cannot be decided is passed over."""
    if part is None or value is None:
        return
    for rule in part.rules:
        if fault := _fault(rule, value):
            yield Broken(path, fault, rule["rule"])
    if isinstance(value, dict):
        for name, each in value.items():
            if inner := part.properties.get(name, part.others):
                yield from broken(inner, each, (*path, name))
    elif isinstance(value, list) and part.items:
        for place, each in enumerate(value):
            yield from broken(part.items, each, (*path, place))


def _fault(rule: Mapping[str, Any], value: Any) -> str | None:
    text = rule["rule"]
    message = str(rule.get("message") or f"the rule `{text}` does not hold")
    try:
        return None if evaluate(parse(text), {"self": value}) is True else message
    except CelError:
        return message


@cache
def undecided(text: str) -> str:
    """Why a rule cannot be decided here: it compares with the old object, or calls a function that we do not have."""
    try:
        expression = parse(text)
    except CelError as fault:
        return str(fault)
    names = [*unsupported(expression)]
    return f"it calls {', '.join(names)}" if names else "it compares with the old object" if "oldSelf" in text else ""


def undecided_rules(openapi: Schema) -> Iterator[tuple[str, str]]:
    """The rules of a schema that are not applied, and why."""
    for rule in openapi.get(_RULES, ()):
        if reason := undecided(rule.get("rule", "")):
            yield rule.get("rule", ""), reason
    inner = [*openapi.get("properties", {}).values(), openapi.get("items"), openapi.get("additionalProperties")]
    for each in inner:
        if isinstance(each, dict):
            yield from undecided_rules(each)
