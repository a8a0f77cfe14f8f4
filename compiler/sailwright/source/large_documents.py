"""Documents of a large file to plain data, straight from the parser's events: nodes would take fifty times the memory of the text.

What the value is, and what is wrong on the way, is as `tree.Builder` has it. Only what has an anchor, a tag or an alias becomes nodes,
which are bounded.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from typing import Any

from yaml.error import Mark
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sailwright.diagnostics.finding import Finding
from sailwright.runtime.records import dataclass, field
from sailwright.source.anchors import AnchorComposer
from sailwright.source.compose import PLAIN
from sailwright.source.document_places import Parts, Places
from sailwright.source.scalars import Scalar
from sailwright.source.tree import COLLECTION_TAGS, Builder, Twice

_OWN = (None, "!")
"""Tags that say nothing."""
_KNOWN = 20_000
"""Different short texts that are held once each."""
_SHORT = 80
"""Characters of such a text."""


@dataclass(slots=True)
class LargeReader:
    """The documents of one large file. `parser` gives its events; `places` learns where they are."""

    parser: Any
    places: Places
    text: str
    resolve: Callable[[str], Scalar]
    _known: dict[str, str] = field(default_factory=dict)
    _builder: Any = None
    _nodes: Any = None

    def documents(self) -> Iterator[tuple[Any, list[Finding]]]:
        """The value of each document and what is wrong with it. Raises `yaml.MarkedYAMLError`."""
        self.parser.get_event()  # the start of the stream
        while (event := self.parser.get_event()) is not None:
            if not isinstance(event, DocumentStartEvent):
                continue
            self._builder = Builder(self.places.file, self.resolve)
            self._nodes = AnchorComposer(self.parser, self.parser.resolve, bounded=True)
            root = self.parser.get_event()
            node = self._nodes.node(root) if isinstance(root, ScalarEvent) else None
            self.places.add(root.start_mark, node, self.text)
            value = self._value(root, ()) if node is None else self._builder.build(node)
            self.parser.get_event()  # the end of the document
            yield value, self._builder.findings

    def _value(self, event: Any, path: tuple[str, ...]) -> Any:
        if type(event) is ScalarEvent and event.anchor is None and event.tag in _OWN:
            return self.resolve(event.value) if event.implicit[0] else self._once(event.value)
        if getattr(event, "anchor", None) is not None or type(event) is ScalarEvent:  # an alias has one as well
            return self._builder.build(self._nodes.node(event))
        if event.tag not in _OWN and event.tag not in COLLECTION_TAGS:
            kind: Any = MappingNode if isinstance(event, MappingStartEvent) else SequenceNode
            self._builder.unknown_tag(kind(event.tag, [], event.start_mark, event.end_mark))
        if isinstance(event, SequenceStartEvent):
            return self._list(path)
        return self._mapping(path, -1 if event.flow_style else event.start_mark.column)

    def _list(self, path: tuple[str, ...]) -> list[Any]:
        value: list[Any] = []
        parts = self.places.items() if path == ("items",) else None
        while not isinstance(event := self.parser.get_event(), SequenceEndEvent):
            if parts is not None:
                parts.add(event.start_mark, alone=isinstance(event, MappingStartEvent | SequenceStartEvent))
            value.append(self._value(event, ("", "")))
        if parts is not None:
            parts.end(event.start_mark)
        return value

    def _mapping(self, path: tuple[str, ...], column: int) -> dict[str, Any]:
        """`column` is where the keys of a mapping in block style are."""
        value: dict[str, Any] = {}
        merged: list[Node] = []
        twice: list[Twice] = []
        keys, parts, numbers, count = _Keys(), Parts(), dict[str, int](), 0
        while not isinstance(event := self.parser.get_event(), MappingEndEvent):
            key, inherits, place = self._key(event)
            if not path:
                parts.add(event.start_mark, alone=event.start_mark.column == column)
                if key is not None:
                    numbers.setdefault(key, count)
                count += 1
            event_of_value = self.parser.get_event()
            if inherits:
                merged += self._builder.merged(self._nodes.node(event_of_value))
            elif key is None:
                self._value(event_of_value, ("", ""))
            elif key in value:
                twice.append((key, _mark(place), keys.first(key, value)))
                self._value(event_of_value, ("", ""))
            else:
                keys.add(place)
                value[key] = self._value(event_of_value, (*path, key))
        if not path and column >= 0 and not merged:
            self.places.keep_entries(numbers, parts, event.start_mark)
        self._builder.duplicates(twice)
        self._builder.merge(value, merged)
        return value

    def _key(self, event: Any) -> tuple[str | None, bool, Any]:
        """The text of a key, None where it is none; whether it is `<<`; and what has its marks: of an alias, what that stands for."""
        if type(event) is ScalarEvent and event.anchor is None and event.tag in _OWN:
            key = self.resolve(event.value) if event.implicit[0] else event.value
            if type(key) is str:
                return self._once(key), bool(event.implicit[0]) and key == "<<", event
        node = self._nodes.node(event)
        inherits = node.tag == PLAIN and node.value == "<<"
        return self._builder.key(node), inherits, node

    def _once(self, text: str) -> str:
        if len(text) > _SHORT or (len(self._known) >= _KNOWN and text not in self._known):
            return text
        return self._known.setdefault(text, text)


@dataclass(slots=True)
class _Keys:
    """Where the keys of one mapping are, in their order: a line and the columns of its start and end, four numbers a key."""

    _places: array[int] = field(default_factory=lambda: array("I"))
    _numbers: dict[str, int] = field(default_factory=dict)

    def add(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        self._places.extend((start.line, start.column, end.line, end.column))

    def first(self, key: str, value: dict[str, Any]) -> Node:
        """The key as a node; `value` has the keys in the same order."""
        if key not in self._numbers:
            self._numbers.update((each, number) for number, each in enumerate(value))
        at = 4 * self._numbers[key]
        line, column, end_line, end_column = self._places[at : at + 4]
        start, end = Mark("", 0, line, column, None, 0), Mark("", 0, end_line, end_column, None, 0)
        return ScalarNode("", key, start, end)


def _mark(event: Any) -> Node:
    """The key that an event is, as far as messages ask for it."""
    return ScalarNode("", "", event.start_mark, event.end_mark)
