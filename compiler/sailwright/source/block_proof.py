"""Whether a text in plain block style holds some documents: line by line beside the values, without building them again.

The lines are read as block_reader.py reads them, so a text that holds documents here is one of which `read_blocks` gives just these.
It says no to what it does not know, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sailwright.source.block_reader import BLANKS, block_text, is_plain_block_style, read_line


def holds(text: str, documents: Iterable[Any]) -> bool:
    """Whether a text holds exactly these documents, each a mapping with text keys or a list."""
    if not is_plain_block_style(text):
        return False
    lines = text[:-1].split("\n")
    at = next((number for number, line in enumerate(lines) if line[:1] != "#"), len(lines))
    proof = _Proof(lines)
    try:
        for number, value in enumerate(documents):
            if number:
                if lines[at] != "---":
                    return False
                at += 1
            at = proof.below(value, at, "", "")
    except (_Other, IndexError, RecursionError):
        return False
    return at == len(lines)


class _Other(Exception):
    """A line says something else, or it is not known what it says."""


class _Proof:
    """The lines of a text. Each method takes the number of the line that is next, and returns that of the line after the value.

    `first` is what stands before the value on its first line (indentation, and the dashes of lists), `indent` on the others.
    """

    __slots__ = ("lines",)

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def below(self, value: Any, at: int, first: str, indent: str) -> int:
        """A mapping or list that has entries."""
        kind = type(value)
        if kind is dict and value:
            return self._mapping(value, at, first, indent)
        if (kind is list or kind is tuple) and value:
            return self._sequence(value, at, first, indent)
        raise _Other

    def _mapping(self, value: dict[Any, Any], at: int, first: str, indent: str) -> int:
        lines, prefix, width, deeper = self.lines, first, len(first), indent + BLANKS
        for key, item in value.items():
            line = lines[at]
            known = read_line(line[width:])
            if known is None or line[:width] != prefix or known[0] != key or type(key) is not str:
                raise _Other
            at += 1
            _, kind, found = known
            if kind == "scalar":
                if found != item or type(found) is not type(item):
                    raise _Other
            elif kind == "below":
                at = self.below(item, at, deeper, deeper)
            else:
                at = self._inline(item, kind, found, at, deeper)
            prefix = indent
        return at

    def _sequence(self, value: Iterable[Any], at: int, first: str, indent: str) -> int:
        lines, prefix, deeper = self.lines, first + "- ", indent + BLANKS
        for item in value:
            kind = type(item)
            if item and (kind is dict or kind is list or kind is tuple):
                at = self.below(item, at, prefix, deeper)
            else:
                line, width = lines[at], len(prefix)
                known = read_line(line[width:])
                if known is None or line[:width] != prefix or known[0] is not None:
                    raise _Other
                at = self._inline(item, known[1], known[2], at + 1, deeper)
            prefix = indent + "- "
        return at

    def _inline(self, item: Any, kind: str, found: Any, at: int, margin: str) -> int:
        """What is on the line itself: a scalar, an empty collection, or the header of a text whose lines begin with `margin`."""
        if kind == "scalar" and found == item and type(found) is type(item):
            return at
        if kind == "empty" and not item and type(item) in ((dict,) if found == "{}" else (list, tuple)):
            return at
        if kind == "block":
            text, after = block_text(self.lines, at, found, margin)
            if text == item:
                return after
        raise _Other
