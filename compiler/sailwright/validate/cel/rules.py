"""The validation rules (`x-kubernetes-validations`) of a schema, applied to a value as the API server applies them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sailwright.finding import Path
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


def broken(openapi: Schema, value: Any) -> Iterator[Broken]:
    """The rules of a schema that a value breaks. Null is as good as absent; what cannot be decided is passed over."""
    yield from _broken(openapi, value, ())


def _broken(schema: Schema, value: Any, path: Path) -> Iterator[Broken]:
    if value is None:
        return
    for rule in schema.get(_RULES, ()):
        if fault := _fault(rule, value):
            yield Broken(path, fault, rule["rule"])
    if isinstance(value, dict):
        properties, others = schema.get("properties", {}), schema.get("additionalProperties")
        for name, each in value.items():
            inner = properties.get(name, others)
            if isinstance(inner, dict):
                yield from _broken(inner, each, (*path, name))
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for place, each in enumerate(value):
            yield from _broken(schema["items"], each, (*path, place))


def _fault(rule: Mapping[str, Any], value: Any) -> str | None:
    text = rule.get("rule", "")
    if undecided(text):
        return None
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
