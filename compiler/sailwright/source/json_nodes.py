"""JSON to the same nodes as YAML's, with marks: for what YAML's parser reads otherwise or not at all.

JSON is nearly a part of YAML 1.2. libyaml stops at `"\\ud83d\\ude00"` (a character beyond U+FFFF as JSON writers escape it, RFC 8259,
section 7), and takes U+0085, U+2028 and U+2029 in a text for line breaks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from yaml.error import Mark
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

_TOKEN = regex(r'[ \t\r\n]*(?:([{}\[\],:])|("(?:[^"\\]|\\.)*")|([^\s{}\[\],:"]+))')
_BRACKET = regex(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_MAX_DEPTH = 100
_BREAKS = regex("[\x85\u2028\u2029]")
_START = regex(r"\ufeff?[ \t\r\n]*[{\[]")


def needs_json_reader(text: str) -> bool:
    """Whether a text looks like JSON and holds characters that YAML takes for line breaks."""
    return not text.isascii() and _START.match(text) is not None and _BREAKS.search(text) is not None


def is_json(text: str) -> bool:
    """Whether the text is one JSON document, with a map or a list at its top and no deeper than YAML may be."""
    if _START.match(text) is None:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    depth = deepest = 0
    for found in _BRACKET.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(found[0], 0)
        deepest = max(deepest, depth)
    return deepest <= _MAX_DEPTH


def compose_json(text: str, plain: str, quoted: str, mapping: str, sequence: str) -> Node:
    """The root node of a text that `is_json`; the four are the tags that nodes get."""
    return _Composer(text, (plain, quoted, mapping, sequence)).node()


@dataclass(slots=True)
class _Composer:
    """One way through the tokens; `_line` and `_line_start` follow the position."""

    text: str
    tags: tuple[str, str, str, str]
    _at: int = 0
    _line: int = 0
    _line_start: int = 0
    _counted: int = 0

    def node(self) -> Node:
        """The next value."""
        start, end, sign = self._next()
        if sign == "{":
            return self._collection(start, "}", self._entry, MappingNode, self.tags[2])
        if sign == "[":
            return self._collection(start, "]", self.node, SequenceNode, self.tags[3])
        return self._scalar(start, end, sign)

    def _entry(self) -> tuple[Node, Node]:
        key = self.node()
        self._next()  # the colon
        return key, self.node()

    def _collection(self, start: Mark, closing: str, item: Callable[[], Any], kind: Any, tag: str) -> Node:
        items: list[Any] = []
        if self._peek() == closing:
            _, end, _ = self._next()
            return self._made(kind, tag, items, start, end)
        while True:
            items.append(item())
            _, end, sign = self._next()
            if sign == closing:
                return self._made(kind, tag, items, start, end)

    def _made(self, kind: Any, tag: str, items: list[Any], start: Mark, end: Mark) -> Node:
        node: Node = kind(tag, items, start, end, flow_style=True)
        return node

    def _scalar(self, start: Mark, end: Mark, token: str) -> Node:
        if token[0] != '"':
            return ScalarNode(self.tags[0], token, start, end)
        value = (
            json.loads(token).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )  # a lone half as Go reads it
        return ScalarNode(self.tags[1], value, start, end, style='"')

    def _peek(self) -> str:
        found = _TOKEN.match(self.text, self._at)
        return found[found.lastindex or 0] if found else ""

    def _next(self) -> tuple[Mark, Mark, str]:
        found = _TOKEN.match(self.text, self._at)
        if found is None:
            raise ValueError("this is not JSON")
        group = found.lastindex or 0
        self._at = found.end()
        return self._mark(found.start(group)), self._mark(found.end(group)), found[group]

    def _mark(self, at: int) -> Mark:
        for _ in range(self.text.count("\n", self._counted, at)):
            self._line += 1
            self._line_start = self.text.index("\n", self._line_start) + 1
        self._counted = at
        return Mark("", at, self._line, at - self._line_start, None, 0)
