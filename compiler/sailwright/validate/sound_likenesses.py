"""What is known of objects by their likeness to others: one of each kind is checked, and the others are not.

What the schemas of Kubernetes' own kinds, and the checks of handlers and numbers, ask hangs on fields, types and numbers, and on no text
but that of a few fields. A schema does not ask how large a number is, and the checks take each that is a port. What the schemas of
Istio's kinds, their rules and Istio's reader ask hangs on the values of some fields as well: on those of a duration, not of a host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sailwright.source.document_shapes import getter, scalars_in
from sailwright.source.emit_proven import Likeness
from sailwright.source.shared_parts import shared_parts
from sailwright.validate.schemas.catalogue import Found

if TYPE_CHECKING:
    from sailwright.validate.cel.rules import Ruled

_MOST: Final = 16_384
"""Likenesses that are known; then all are forgotten."""
_LARGEST: Final = 65_535

_Values = Callable[[Likeness], tuple[object, ...]]
"""What gives the values of an object that are looked at."""


@cache
def _known() -> set[tuple[object, ...]]:
    return set()


def is_known_as_sound(found: Found, alike: Likeness) -> bool:
    """Whether an object of one of Kubernetes' own kinds is alike one with which nothing was wrong but perhaps its name."""
    return found.version is not None and _key(found, alike) in _known()


def note_as_sound(value: Mapping[str, Any], found: Found, alike: Likeness) -> None:
    """Remember that nothing was wrong with an object but perhaps its name, where its likeness tells as much of others.

    For the few objects of a small project that is not worth it.
    """
    if found.version is None or not found.is_compiled:
        return
    fields = found.fields_of_value
    own = {name: item for name, item in value.items() if name not in ("apiVersion", "kind")}
    if fields is not None and not _has_field(own, fields):
        _note(_key(found, alike))


def _note(key: tuple[object, ...]) -> None:
    known = _known()
    if len(known) >= _MOST:
        known.clear()
    known.add(key)


def _key(found: Found, alike: Likeness) -> tuple[object, ...]:
    """The kind and the likeness, in which one number that is a port is as good as another."""
    numbers = (int if kind is int and 0 < value <= _LARGEST else (kind, value) for kind, value in alike.others)
    return (found.api_version, found.kind, found.version, alike.number, *numbers)


def _has_field(value: Any, fields: frozenset[str]) -> bool:
    if isinstance(value, dict):
        return not fields.isdisjoint(value) or any(_has_field(item, fields) for item in value.values())
    return isinstance(value, list) and any(_has_field(item, fields) for item in value)


@cache
def _values() -> dict[tuple[Found, int], _Values]:
    return {}


def is_known_as_readable(found: Found, alike: Likeness) -> bool:
    """Whether an object of one of Istio's kinds is alike one that its schema, its rules and Istio's reader took as it was written."""
    values = _values().get((found, alike.number))
    return values is not None and (found, alike.number, *values(alike)) in _known()


def note_as_readable(value: Mapping[str, Any], found: Found, alike: Likeness) -> None:
    """Remember that the schema of one of Istio's kinds, its rules and Istio's reader take an object as it is written."""
    if found.given or not found.is_compiled:
        return
    values = _values()
    if (found, alike.number) not in values:
        fields = _fields(found)
        places = scalars_in(value, fields, shared_parts()) if fields is not None else None
        if places is None or (len(places.texts), len(places.others)) != (len(alike.texts), len(alike.others)):
            return
        values[found, alike.number] = _at(places.texts, places.others)
    _note((found, alike.number, *values[found, alike.number](alike)))


def _at(texts: Sequence[bool], others: Sequence[bool]) -> _Values:
    """What gives the values at those places that are marked."""
    of_texts, of_others = (
        getter(tuple(place for place, marked in enumerate(marks) if marked)) for marks in (texts, others)
    )
    return lambda alike: (*of_texts(alike.texts), *of_others(alike.others))


@cache
def _fields(found: Found) -> frozenset[str] | None:
    """The fields whose values the schema, its rules and Istio's reader look at; None where that may be any."""
    from sailwright.validate.schemas.value_fields import fields_of_value
    from sailwright.validate.webhook_checks.proto import duration_names

    own, ruled = fields_of_value(found.strict), frozenset(_ruled(found.rules, ""))
    return None if own is None or "" in ruled else own | ruled | duration_names(found.openapi or {})


def _ruled(part: Ruled | None, name: str) -> Iterator[str]:
    """The names of the fields that have rules, or whose items or entries do."""
    if part is None:
        return
    if part.rules or part.keys is not None:
        yield name
    for inner, named in part.properties.items():
        yield from _ruled(named, inner)
    for below in (part.others, part.items):
        yield from _ruled(below, name)
