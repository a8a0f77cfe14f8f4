"""Nodes from a text that defines an anchor more than once: legal YAML 1.2 (section 7.1), and refused by PyYAML's composers.

An alias means the last definition before it, as in the reader of kubectl. Built from the parser's events, several times slower than
libyaml's own composer; so only for a text on which that one gave up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from yaml.composer import ComposerError
from yaml.events import AliasEvent, MappingStartEvent, NodeEvent, ScalarEvent, SequenceEndEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sailwright.runtime.records import dataclass, field

MOST = 100_000
"""Nodes of a large document."""
_SAID = "found duplicate anchor"


def is_redefinition(error: Exception) -> bool:
    """Whether a composer gave up since an anchor is defined a second time."""
    return isinstance(error, ComposerError) and str(error.context).startswith(_SAID)


@dataclass(slots=True)
class AnchorComposer:
    """The documents of `parser`, which gives events; `resolve` gives the tag of a node that has none of its own."""

    parser: Any
    resolve: Callable[[type[Node], object, Any], str]
    bounded: bool = False
    """Whether the nodes of a document are counted, since their file is large."""
    _anchors: dict[str, Node] = field(default_factory=dict)
    _count: int = 0

    def documents(self) -> Iterator[Node]:
        """The root node of each document. Raises `yaml.MarkedYAMLError` as libyaml's composer does."""
        self.parser.get_event()  # the start of the stream
        while (event := self.parser.get_event()) is not None:
            if type(event).__name__ == "DocumentStartEvent":
                self._anchors.clear()
                root = self.node(self.parser.get_event())
                self.parser.get_event()  # the end of the document
                yield root

    def node(self, event: Any) -> Node:
        """The node that an event of the parser starts."""
        mark: Any
        if isinstance(event, AliasEvent):
            if event.anchor not in self._anchors:
                mark = event.start_mark
                raise ComposerError(None, None, f"found undefined alias {event.anchor!r}", mark)
            return self._anchors[event.anchor]
        if self._count > MOST:
            mark = event.start_mark
            raise ComposerError(None, None, f"more than {MOST:,} values have an anchor or a tag", mark)
        if isinstance(event, ScalarEvent):
            self._count += self.bounded
            return self._anchored(event, self._scalar(event))
        self._count += self.bounded
        kind: Any = MappingNode if isinstance(event, MappingStartEvent) else SequenceNode
        node: Node = kind(self._tag(kind, event), [], event.start_mark, None, event.flow_style)
        self._anchored(event, node)
        items = self._entries() if kind is MappingNode else self._items()
        node.value, node.end_mark = items
        return node

    def _scalar(self, event: Any) -> Node:
        tag = self._tag(ScalarNode, event)
        return ScalarNode(tag, event.value, event.start_mark, event.end_mark, event.style)

    def _items(self) -> tuple[list[Node], Any]:
        found: list[Node] = []
        while not isinstance(event := self.parser.get_event(), SequenceEndEvent):
            found.append(self.node(event))
        return found, event.end_mark

    def _entries(self) -> tuple[list[tuple[Node, Node]], Any]:
        found: list[tuple[Node, Node]] = []
        while isinstance(event := self.parser.get_event(), NodeEvent):
            key = self.node(event)
            found.append((key, self.node(self.parser.get_event())))
        return found, event.end_mark

    def _anchored(self, event: Any, node: Node) -> Node:
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _tag(self, kind: type[Node], event: Any) -> str:
        if event.tag is None or event.tag == "!":
            implicit = event.implicit
            return self.resolve(kind, None, implicit)
        return str(event.tag)
