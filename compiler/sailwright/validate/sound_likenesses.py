"""Objects of which it is known by their likeness that all but their name is in order: one of each is checked, and the others are not.

That holds for Kubernetes' own kinds. What their schemas, and the checks of handlers and numbers, ask hangs on fields, types and numbers,
and on no text but that of a few fields. A schema does not ask how large a number is, and the checks take each that is a port.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sailwright.source.emit_proven import Likeness
from sailwright.validate.schemas.catalogue import Found

_MOST: Final = 16_384
"""Likenesses that are known; then all are forgotten."""
_LARGEST: Final = 65_535


@cache
def _known() -> set[tuple[object, ...]]:
    return set()


def is_known_as_sound(found: Found, alike: Likeness) -> bool:
    """Whether an object of this kind and likeness was checked before, and nothing was wrong with it but perhaps its name."""
    return found.version is not None and _key(found, alike) in _known()


def note_as_sound(value: Mapping[str, Any], found: Found, alike: Likeness) -> None:
    """Remember that nothing was wrong with an object but perhaps its name, where its likeness tells as much of others.

    For the few objects of a small project that is not worth it.
    """
    if found.version is None or not found.is_compiled:
        return
    fields, known = found.fields_of_value, _known()
    own = {name: item for name, item in value.items() if name not in ("apiVersion", "kind")}
    if fields is None or _has_field(own, fields):
        return
    if len(known) >= _MOST:
        known.clear()
    known.add(_key(found, alike))


def _key(found: Found, alike: Likeness) -> tuple[object, ...]:
    """The kind and the likeness, in which one number that is a port is as good as another."""
    numbers = (int if each[0] is int and 0 < each[1] <= _LARGEST else each for each in alike[1:])
    return (found.api_version, found.kind, found.version, alike[0], *numbers)


def _has_field(value: Any, fields: frozenset[str]) -> bool:
    if isinstance(value, dict):
        return not fields.isdisjoint(value) or any(_has_field(item, fields) for item in value.values())
    return isinstance(value, list) and any(_has_field(item, fields) for item in value)
