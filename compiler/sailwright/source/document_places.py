"""Where the documents of a large file are: each is composed alone when a position in it is asked for."""

from __future__ import annotations

from array import array
from typing import Any

import yaml
from yaml.nodes import Node

from sailwright.diagnostics.finding import Location, Path
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.compose import compose
from sailwright.source.locate import locate

_NOT_ALONE = 1 << 40
"""A column that no item has."""


@dataclass(slots=True)
class Places:
    """The first lines of the documents of a file's text, as offsets in characters, and the document that was composed last."""

    file: str
    _offsets: array[int] = field(default_factory=lambda: array("Q"))
    _lines: array[int] = field(default_factory=lambda: array("Q"))
    _scalars: dict[int, Node] = field(default_factory=dict)
    _items: dict[int, array[int]] = field(default_factory=dict)
    _last: tuple[tuple[int, int], Node | None] = ((-1, -1), None)

    def add(self, start: Any, scalar: Node | None, text: str) -> None:
        """The next document, by the mark of its root, and by the root itself where that is a scalar."""
        if scalar is not None:
            self._scalars[len(self._offsets)] = scalar
        self._offsets.append(text.rfind("\n", 0, start.index) + 1)
        self._lines.append(start.line)

    def add_item(self, start: Any, *, alone: bool) -> None:
        """The next item of the `items` of the document that was added last; `alone`: it can be composed by itself."""
        found = self._items.setdefault(len(self._offsets) - 1, array("Q"))
        found.extend((start.index, start.line, start.column if alone else _NOT_ALONE))

    def end_items(self, end: Any) -> None:
        """The end of those."""
        if found := self._items.get(len(self._offsets) - 1):
            found.append(end.index)

    def locate(self, text: str, index: int, path: Path, *, key: bool) -> Location | None:
        """As `Source.locate`; None where the document cannot be composed alone, as with a tag of the file's own."""
        if index in self._scalars:
            return locate(self.file, self._scalars[index], path, key=key)
        if index >= len(self._offsets):
            return None
        item = self._item(index, path)
        if self._last[0] != (index, item):
            self._last = (index, item), self._composed(text, index, item)
        if self._last[1] is None:
            return None
        found = locate(self.file, self._last[1], path if item < 0 else path[2:], key=key)
        before = self._lines[index] if item < 0 else self._items[index][3 * item + 1]
        return replace(found, line=found.line + before, end_line=found.end_line + before)

    def _item(self, index: int, path: Path) -> int:
        """The item of a list of objects that a path leads into, -1 for none: it is composed alone."""
        number = path[1] if len(path) > 1 and path[0] == "items" else -1
        items = self._items.get(index, ())
        known = isinstance(number, int) and 0 <= number < len(items) // 3
        return int(number) if known and items[3 * int(number) + 2] != _NOT_ALONE else -1

    def _composed(self, text: str, index: int, item: int) -> Node | None:
        start, end, column = self._offsets[index], len(text), 0
        if item >= 0:
            start, _, column, end = self._items[index][3 * item : 3 * item + 4]
        elif index + 1 < len(self._offsets):
            end = self._offsets[index + 1]
        try:
            return next(compose(" " * column + text[start:end]), None)
        except yaml.YAMLError:
            return None
