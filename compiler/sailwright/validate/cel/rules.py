"""The validation rules of a schema, applied to a value as the API server applies them.

They are `x-kubernetes-validations`, and that the items of a list which is a map or a set (`x-kubernetes-list-type`) differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass
from sailwright.validate.cel.budget import PER_EXPRESSION, PER_OBJECT, Budget

if TYPE_CHECKING:
    from sailwright.diagnostics.schema_error import SchemaError

Schema = Mapping[str, Any]

_RULES = "x-kubernetes-validations"
_LIST_TYPE = "x-kubernetes-list-type"
REPEATED: Final = "is already in the list"
"""How the message about an item that repeats another ends."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A part of a schema that has rules, or has parts that do: most of a schema has none, and no value there is visited.

    `keys` are the fields in which the items of a list must differ, none for the whole item; None where they need not.
    """

    rules: tuple[Mapping[str, Any], ...]
    keys: tuple[str, ...] | None
    properties: Mapping[str, Ruled]
    others: Ruled | None
    items: Ruled | None


def ruled(schema: Schema, known: dict[int, Ruled | None] | None = None) -> Ruled | None:
    """The parts of a schema that have rules, those about the old object left out. A part that is in many places is made once (`known`).

    A rule is parsed when the first value is checked against it: of most schemas few rules are ever reached.
    """
    known = {} if known is None else known
    if id(schema) not in known:
        known[id(schema)] = _ruled(schema, known)
    return known[id(schema)]


def _ruled(schema: Schema, known: dict[int, Ruled | None]) -> Ruled | None:
    rules = tuple(rule for rule in schema.get(_RULES, ()) if rule.get("rule") and "oldSelf" not in rule["rule"])
    inner = {name: ruled(each, known) for name, each in schema.get("properties", {}).items()}
    properties = {name: each for name, each in inner.items() if each is not None}
    others, items = (
        ruled(schema[key], known) if isinstance(schema.get(key), dict) else None
        for key in ("additionalProperties", "items")
    )
    keys = _keys(schema)
    some = rules or properties or others or items or keys is not None
    return Ruled(rules, keys, properties, others, items) if some else None


def _keys(schema: Schema) -> tuple[str, ...] | None:
    kind = schema.get(_LIST_TYPE)
    names = schema.get("x-kubernetes-list-map-keys")
    if kind == "map" and isinstance(names, list):
        return tuple(map(str, names)) or None
    return () if kind == "set" else None


def broken(part: Ruled | None, value: Any) -> Iterator[SchemaError]:
    """The rules that a value breaks: `wanted` is the author's message, then the rule.

    Null is as good as absent; what cannot be decided is passed over, and so are the rules that are left when the budget of an
    object is spent.
    """
    if part is not None:
        yield from _broken(part, value, (), Budget(PER_OBJECT))


def _broken(part: Ruled, value: Any, path: Path, budget: Budget) -> Iterator[SchemaError]:
    if value is None:
        return
    for rule in part.rules:
        if fault := _fault(rule, value, budget):
            yield _error(path, _RULES, fault, rule["rule"])
    if isinstance(value, dict):
        for name, each in value.items():
            if inner := part.properties.get(name, part.others):
                yield from _broken(inner, each, (*path, name), budget)
    elif isinstance(value, list):
        if part.keys is not None:
            yield from _repeated(value, part.keys, path)
        if part.items is not None:
            for place, each in enumerate(value):
                yield from _broken(part.items, each, (*path, place), budget)


def _repeated(items: list[Any], keys: tuple[str, ...], path: Path) -> Iterator[SchemaError]:
    seen: set[str] = set()
    for place, item in enumerate(items):
        if keys and not (isinstance(item, dict) and keys[0] in item):
            continue
        told = [item.get(key) for key in keys] if keys else item
        if repr(told) in seen:
            what = f"another item with the same {' and '.join(keys)}" if keys else "this item"
            yield _error((*path, place, *keys[:1]), _LIST_TYPE, f"{what} {REPEATED}", _LIST_TYPE)
        seen.add(repr(told))


def _error(path: Path, keyword: str, message: str, rule: str) -> SchemaError:
    from sailwright.diagnostics.schema_error import SchemaError

    return SchemaError(path, keyword, (message, rule))


def _fault(rule: Mapping[str, Any], value: Any, budget: Budget) -> str | None:
    if budget.left <= 0:
        return None
    text = rule["rule"]
    if undecided(text):
        return None
    outcome = _outcome_of_text if type(value) is str else _outcome
    holds, cost = outcome(text, value, min(budget.left, PER_EXPRESSION))
    budget.left -= cost
    return None if holds else str(rule.get("message") or f"the rule `{text}` does not hold")


def _outcome(text: str, value: Any, granted: int) -> tuple[bool, int]:
    """Whether a rule holds, and what it cost. One that is too costly is passed over."""
    from sailwright.validate.cel.evaluate import evaluate
    from sailwright.validate.cel.expression import CelError, TooCostly
    from sailwright.validate.cel.parse import parse

    spending = Budget(granted)
    try:
        holds = evaluate(parse(text), {"self": value}, spending) is True
    except CelError:
        holds = False
    except TooCostly:
        holds = True
    return holds, granted - max(spending.left, 0)


_outcome_of_text = lru_cache(maxsize=2048)(_outcome)
"""Durations and names, which are the same in many objects."""


@cache
def undecided(text: str) -> str:
    """Why a rule cannot be decided here: it compares with the old object, or calls a function that we do not have."""
    from sailwright.validate.cel.expression import CelError
    from sailwright.validate.cel.functions import unsupported
    from sailwright.validate.cel.parse import parse

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
