"""Classes of requests in the words of a diff: `GET /api/v2 with x-user-group: staff`, `everybody else`."""

from __future__ import annotations

from collections.abc import Iterable

from sailwright.route.envoy.matchers import EXACT, HEADER, PATH, PREFIX, PRESENT, QUERY, SEPARATED, Condition

EVERYBODY, EVERYBODY_ELSE = "every request", "everybody else"


def requests(conditions: Iterable[Condition], besides: Iterable[Condition] = (), *, others: bool) -> str:
    """The requests that meet all conditions and not `besides`; `others` says whether some requests are told apart at all."""
    needed = _needed(tuple(conditions))
    methods = [found for found in needed if _is(found, ":method") and not found.inverted]
    paths = [found for found in needed if found.subject == PATH]
    rest = [found for found in needed if found not in methods and found not in paths]
    apart = " or ".join(dict.fromkeys(_path(found) for found in besides))
    named = [*(_value(found) for found in methods), *(_path(found) for found in paths)]
    head = " ".join([*named, f"but not {apart}"] if apart and paths else named)
    tail = " and ".join(_with(found) for found in rest)
    if not head and not tail:
        return EVERYBODY_ELSE if others else EVERYBODY
    return " ".join(part for part in (head or "requests", tail) if part)


def _needed(conditions: tuple[Condition, ...]) -> list[Condition]:
    """Without the prefixes that another condition on the same value makes certain."""
    return [
        found
        for found in conditions
        if found.catch_all is False and not any(other is not found and _implies(other, found) for other in conditions)
    ]


def _implies(other: Condition, found: Condition) -> bool:
    same = (other.subject, other.name, other.inverted) == (found.subject, found.name, False)
    if not same or found.inverted:
        return False
    if other.kind == EXACT and not other.ignore_case:
        return found.kind != EXACT and found.holds(other.value)
    if found.kind == PRESENT:
        return other.kind != PRESENT
    if found.kind != PREFIX or other.kind not in (EXACT, PREFIX) or other.ignore_case != found.ignore_case:
        return False
    return other.value.startswith(found.value) and (other.kind, other.value) != (found.kind, found.value)


def _is(condition: Condition, header: str) -> bool:
    return condition.subject == HEADER and condition.name == header


def _path(condition: Condition) -> str:
    return f"{_value(condition)} (any case)" if condition.ignore_case else _value(condition)


def _value(condition: Condition) -> str:
    if condition.kind == EXACT:
        return condition.value or '""'
    if condition.kind == SEPARATED:
        return f"{condition.value}[/*]"
    return f"{condition.value}*" if condition.kind == PREFIX else f"~{condition.value}"


def _with(condition: Condition) -> str:
    preposition = "without" if condition.inverted else "with"
    name = f"?{condition.name}" if condition.subject == QUERY else condition.name.removeprefix(":")
    if condition.kind == PRESENT:
        return f"{preposition} {name}"
    return f"{preposition} {name}: {_value(condition)}"
