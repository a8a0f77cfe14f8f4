"""Mappings of which thousands have the same keys: each holds its values in one row, and shares the layout that says what is where.

A dictionary with four keys takes 200 bytes, its values in a row 70. What is asked of such a mapping is noted as `NotedFields` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from sailwright.lint.noted_fields import ALL, Noted
from sailwright.runtime.records import dataclass


class FieldLeftOut(BaseException):  # no error: a rule that may fail in any way is not to catch it
    """Someone asks for a field that was left out of an object."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(what, key)
        self.what, self.key = what, key


Row = Sequence[Any]
"""The values of all that is in a mapping, those of the mappings and lists in it among them."""


class Layout(Protocol):
    """How a value is made of its part of a row, which has `size` values."""

    @property
    def size(self) -> int:
        """How many values the part has."""

    def made(self, row: Row, start: int) -> Any:
        """The value whose part begins at `start`."""


Part = tuple[int, Layout | None]
"""Where a part of a row begins, seen from what it is in, and its layout; None where it is a single value."""


def parts_of(layouts: Sequence[Layout | None]) -> tuple[list[Part], int]:
    """The parts of a row with these layouts, one after the other, and its size."""
    parts: list[Part] = []
    size = 0
    for layout in layouts:
        parts.append((size, layout))
        size += 1 if layout is None else layout.size
    return parts, size


def value_of(row: Row, start: int, part: Part) -> Any:
    """The value of a part of what begins at `start`."""
    place, layout = part
    return row[start + place] if layout is None else layout.made(row, start + place)


@dataclass(frozen=True, slots=True, eq=False)
class ListLayout:
    """A list of such parts."""

    parts: Sequence[Part]
    size: int

    def made(self, row: Row, start: int) -> list[Any]:
        """The list."""
        return [value_of(row, start, part) for part in self.parts]


@dataclass(frozen=True, slots=True, eq=False)
class PlainLayout:
    """A mapping of which nothing is noted."""

    parts: Mapping[str, Part]
    size: int

    def made(self, row: Row, start: int) -> dict[str, Any]:
        """The mapping."""
        return {key: value_of(row, start, part) for key, part in self.parts.items()}


@dataclass(frozen=True, slots=True, eq=False)
class AlikeLayout:
    """A value that is the same for many."""

    value: Any
    size: int = 0

    def made(self, row: Row, start: int) -> Any:  # noqa: ARG002  # no part of the row is its
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True, eq=False)
class FieldsLayout:
    """A mapping whose fields, those of a `what`, are noted. Whoever asks for those that were `left_out` gets FieldLeftOut."""

    what: str
    noted: Noted
    left_out: frozenset[str]
    parts: Mapping[str, Part]
    size: int

    def made(self, row: Row, start: int) -> HeldFields:
        """The mapping."""
        return HeldFields(self, row, start)

    def part(self, key: str) -> Part | None:
        """Where a field is; None where the mapping has no such field."""
        self.noted.add((self.what, key))
        if key in self.left_out:
            raise FieldLeftOut(self.what, key)
        return self.parts.get(key)

    def all(self, row: Row, start: int) -> dict[str, Any]:
        """All fields."""
        self.noted.add((self.what, ALL))
        if self.left_out:
            raise FieldLeftOut(self.what, ALL)
        return {key: value_of(row, start, part) for key, part in self.parts.items()}


class HeldFields(dict[str, Any]):
    """A mapping that notes which of its keys are asked for. As a dictionary of C it is empty: whoever asks asks its layout."""

    __slots__ = ("_layout", "_row", "_start")

    def __init__(self, layout: FieldsLayout, row: Row, start: int) -> None:
        self._layout, self._row, self._start = layout, row, start

    def get(self, key: str, default: Any = None) -> Any:
        part = self._layout.part(key)
        return default if part is None else value_of(self._row, self._start, part)

    def __getitem__(self, key: str) -> Any:
        part = self._layout.part(key)
        if part is None:
            raise KeyError(key)
        return value_of(self._row, self._start, part)

    def __contains__(self, key: object) -> bool:
        return self._layout.part(str(key)) is not None

    def _all(self) -> dict[str, Any]:
        return self._layout.all(self._row, self._start)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        return self._all() == other

    def __ne__(self, other: object) -> bool:
        return self._all() != other

    __hash__ = None

    def __repr__(self) -> str:
        return repr(self._all())

    def __or__(self, other: Any) -> Any:
        return self._all() | other

    def __ror__(self, other: Any) -> Any:
        return other | self._all()

    def __deepcopy__(self, memo: Any) -> Any:
        from copy import deepcopy

        return deepcopy(self._all(), memo)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return dict, (self._all(),)

    def items(self) -> Any:
        return self._all().items()

    def keys(self) -> Any:
        return self._all().keys()

    def values(self) -> Any:
        return self._all().values()

    def copy(self) -> dict[str, Any]:
        return self._all()

    def _change(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a mapping that is held in part is not to be changed")

    pop = popitem = setdefault = update = clear = _change
    __setitem__ = __delitem__ = __ior__ = _change
