"""Where the documents of a large file are: each is composed alone when a position in it is asked for.

Of a large document only a part is composed: an item of a list of objects, or a top-level entry such as `metadata`.
"""

from __future__ import annotations

from array import array
from typing import Any

import yaml
from yaml.nodes import Node

from sailwright.diagnostics.finding import Location, Path
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.compose import compose
from sailwright.source.locate import locate

LARGE_DOCUMENT = 1 << 16
"""Characters of a document of which parts are composed."""
_NOT_ALONE = 1 << 40
"""A column that no part has."""


@dataclass(slots=True)
class Parts:
    """Where the parts of one document start that follow each other in its text: three numbers a part, and where the last one ends."""

    _places: array[int] = field(default_factory=lambda: array("Q"))

    def add(self, start: Any, *, alone: bool = True) -> None:
        """The next part; `alone`: it can be composed by itself."""
        self._places.extend((start.index, start.line, start.column if alone else _NOT_ALONE))

    def end(self, end: Any) -> None:
        """The end of the last part."""
        self._places.append(end.index)

    def place(self, number: int) -> tuple[int, int, int, int] | None:
        """The offset, line and column at which a part starts, and the offset at which the next one does; None where it is not alone."""
        if not 0 <= number < len(self._places) // 3:
            return None
        start, line, column, end = self._places[3 * number : 3 * number + 4]
        return None if column == _NOT_ALONE else (start, line, column, end)


@dataclass(slots=True)
class Places:
    """Where each document of a file's text starts, in characters, lines and columns; and the part that was composed last."""

    file: str
    _offsets: array[int] = field(default_factory=lambda: array("Q"))
    _lines: array[int] = field(default_factory=lambda: array("Q"))
    _columns: array[int] = field(default_factory=lambda: array("Q"))
    _scalars: dict[int, Node] = field(default_factory=dict)
    _items: dict[int, Parts] = field(default_factory=dict)
    _entries: dict[int, tuple[dict[str, int], Parts]] = field(default_factory=dict)
    _last: tuple[tuple[int, int], Node | None] = ((-1, -1), None)

    def add(self, start: Any, scalar: Node | None, text: str) -> None:
        """The next document, by the mark of its root, and by the root itself where that is a scalar."""
        if scalar is not None:
            self._scalars[len(self._offsets)] = scalar
        self._offsets.append(text.rfind("\n", 0, start.index) + 1)
        self._lines.append(start.line)
        self._columns.append(start.column)

    def items(self) -> Parts:
        """What takes the items of the document that was added last."""
        return self._items.setdefault(len(self._offsets) - 1, Parts())

    def keep_entries(self, numbers: dict[str, int], parts: Parts, end: Any) -> None:
        """The top-level entries of that document, by their keys, if it is large enough."""
        if end.index - self._offsets[-1] >= LARGE_DOCUMENT:
            parts.end(end)
            self._entries[len(self._offsets) - 1] = numbers, parts

    def locate(self, text: str, index: int, path: Path, *, key: bool) -> Location | None:
        """As `Source.locate`; None where a part cannot be composed alone, as with an alias of what is outside of it."""
        if index in self._scalars:
            return locate(self.file, self._scalars[index], path, key=key)
        if index >= len(self._offsets):
            return None
        numbers, entries = self._entries.get(index, ({}, None))
        if not path or (entries is not None and str(path[0]) not in numbers):
            line, column = self._lines[index] + 1, self._columns[index] + 1
            return Location(self.file, line, column, line, column + 1)
        if path[0] == "items" and len(path) > 1 and isinstance(path[1], int) and index in self._items:
            if place := self._items[index].place(path[1]):
                return self._located(text, place, path[2:], key=key)
        elif entries is not None and (place := entries.place(numbers[str(path[0])])):
            return self._located(text, place, path, key=key)
        end = self._offsets[index + 1] if index + 1 < len(self._offsets) else len(text)
        return self._located(text, (self._offsets[index], self._lines[index], 0, end), path, key=key)

    def _located(self, text: str, place: tuple[int, int, int, int], path: Path, *, key: bool) -> Location | None:
        start, line, column, end = place
        if self._last[0] != (start, end):
            self._last = (start, end), _composed(" " * column + text[start:end])
        if self._last[1] is None:
            return None
        found = locate(self.file, self._last[1], path, key=key)
        return replace(found, line=found.line + line, end_line=found.end_line + line)


def _composed(text: str) -> Node | None:
    try:
        return next(compose(text), None)
    except yaml.YAMLError:
        return None
