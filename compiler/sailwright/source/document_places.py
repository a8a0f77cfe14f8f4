"""Where the documents of a large file are: each is composed alone when a position in it is asked for."""

from __future__ import annotations

from array import array

import yaml
from yaml.nodes import Node, ScalarNode

from sailwright.diagnostics.finding import Location, Path
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.compose import compose
from sailwright.source.locate import locate


@dataclass(slots=True)
class Places:
    """The first lines of the documents of a file's text, as offsets in characters, and the document that was composed last."""

    file: str
    _offsets: array[int] = field(default_factory=lambda: array("Q"))
    _lines: array[int] = field(default_factory=lambda: array("Q"))
    _scalars: dict[int, Node] = field(default_factory=dict)
    _last: tuple[int, Node | None] = (-1, None)

    def add(self, root: Node, text: str) -> None:
        """The next document, by its root."""
        if isinstance(root, ScalarNode):
            self._scalars[len(self._offsets)] = root
        start = root.start_mark
        self._offsets.append(text.rfind("\n", 0, start.index) + 1)
        self._lines.append(start.line)

    def locate(self, text: str, index: int, path: Path, *, key: bool) -> Location | None:
        """As `Source.locate`; None where the document cannot be composed alone, as with a tag of the file's own."""
        if index in self._scalars:
            return locate(self.file, self._scalars[index], path, key=key)
        if index >= len(self._offsets):
            return None
        if self._last[0] != index:
            self._last = (index, self._composed(text, index))
        if self._last[1] is None:
            return None
        found = locate(self.file, self._last[1], path, key=key)
        before = self._lines[index]
        return replace(found, line=found.line + before, end_line=found.end_line + before)

    def _composed(self, text: str, index: int) -> Node | None:
        end = self._offsets[index + 1] if index + 1 < len(self._offsets) else len(text)
        try:
            return next(compose(text[self._offsets[index] : end]), None)
        except yaml.YAMLError:
            return None
