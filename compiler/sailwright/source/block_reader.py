"""A second reader of YAML, for the block style that emit.py and kubectl write: strict, several times faster than libyaml, and apart from the emitter.

It reads what it knows exactly as source.py does, and declines everything else. So a text that it reads is proven to hold that data;
for any other text the full reader is asked, and for places in it. tests/source/test_block_reader.py compares the two on all kinds of text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sailwright.runtime.regex import regex
from sailwright.source.scalars import resolver

_PLAIN = r"(?:[A-Za-z0-9_/.$(+;^]|-(?=[A-Za-z0-9_/-]))(?:[!-\"$-9;-~]++|:(?=[^\s])|(?<=[^\s])#|[ ](?=[^\s#]))*+"
_DOUBLE = r'"[ !#-\[\]-~]*"'
_SINGLE = r"'(?:[ -&(-~]++|'')*+'"
_KEYED = regex(rf"({_PLAIN}|{_DOUBLE}|{_SINGLE}):(?: (.+))?")
_SCALAR = regex(rf"({_PLAIN})|({_DOUBLE})|({_SINGLE})")
_NO_PLAIN = ("---", "...")
_BLOCKS = ("|", "|-", "|+")
_STEP = 2
"""Spaces of indentation of each level."""
BLANKS = " " * _STEP
"""The indentation of one level."""

_resolve = resolver("manifest")


def read_blocks(text: str) -> list[Any] | None:
    """The values of the documents of a text; None where it is not in the style that is known here."""
    if not is_plain_block_style(text):
        return None
    lines = text[:-1].split("\n")
    start = next((number for number, line in enumerate(lines) if line[:1] != "#"), len(lines))
    if not all(map(str.isprintable, lines[:start])):
        return None
    try:
        return [_document(part) for part in _parts(lines[start:])]
    except (ValueError, IndexError, RecursionError):
        return None


def is_plain_block_style(text: str) -> bool:
    """Whether a text may be in the style that is known here, by its characters."""
    return text.isascii() and "\t" not in text and "\r" not in text and text.endswith("\n")


def _parts(lines: list[str]) -> list[list[str]]:
    """The lines of each document."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if line == "---":
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _document(lines: list[str]) -> Any:
    reader = _Reader(lines)
    value = reader.node(0)
    if reader.at != len(lines):
        raise ValueError
    return value


class _Reader:
    """The lines of one document, and the line that is read next. An item's dash is taken off its line when it is read."""

    __slots__ = ("at", "indents", "lines", "texts")

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.texts = [line.lstrip(" ") for line in lines]
        self.indents = [len(line) - len(text) for line, text in zip(lines, self.texts, strict=True)]
        self.at = 0

    def node(self, indent: int) -> Any:
        """The value that begins at the next line, which must be indented so far."""
        if self.indents[self.at] != indent:
            raise ValueError
        text = self.texts[self.at]
        if text[:2] == "- ":
            return self._sequence(indent)
        known = read_line(text)
        if known is None:
            raise ValueError
        if known[0] is not None:
            return self._mapping(indent)
        self.at += 1
        return self._value(known[1], known[2], indent - _STEP)

    def _mapping(self, indent: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        count, indents, texts = len(self.lines), self.indents, self.texts
        while self.at < count and indents[self.at] == indent:
            known = read_line(texts[self.at])
            if known is None:
                raise ValueError
            key, kind, value = known
            if key is None or key in found:
                raise ValueError
            self.at += 1
            if kind == "scalar":
                found[key] = value
            elif kind == "below":
                items_here = self.at < count and indents[self.at] == indent and texts[self.at][:2] == "- "
                found[key] = self._sequence(indent) if items_here else self.node(indent + _STEP)
            else:
                found[key] = self._value(kind, value, indent)
        return found

    def _sequence(self, indent: int) -> list[Any]:
        found: list[Any] = []
        count, indents, texts = len(self.lines), self.indents, self.texts
        while self.at < count and indents[self.at] == indent and texts[self.at][:2] == "- ":
            texts[self.at] = texts[self.at][2:]
            indents[self.at] = indent + _STEP
            found.append(self.node(indent + _STEP))
        return found

    def _value(self, kind: str, value: Any, indent: int) -> Any:
        """A value on its line, or a block below a line that is indented so far."""
        if kind == "scalar":
            return value
        if kind == "empty":
            return {} if value == "{}" else []
        if kind == "block":
            found, self.at = block_text(self.lines, self.at, str(value), " " * (indent + _STEP))
            if found is None:
                raise ValueError
            return found
        raise ValueError


def block_text(lines: list[str], at: int, header: str, margin: str) -> tuple[str | None, int]:
    """Text of several lines from line `at` on, and the number of the line after it; None where it is not in the style that is known here.

    The first line is neither empty nor indented further, which would mean something else. Raises IndexError where there is no line.
    """
    width, found = len(margin), []
    if lines[at][:width] != margin or lines[at][width : width + 1] in ("", " "):
        return None, at
    while at < len(lines) and (lines[at][:width] == margin or not lines[at]):
        found.append(lines[at][width:])
        at += 1
    if (header != "|+" and not found[-1]) or not all(map(str.isprintable, found)):
        return None, at
    return "\n".join(found) + ("" if header == "|-" else "\n"), at


_Line = tuple[str | None, str, Any]
"""The key of an entry (None: the line is a value alone), what its value is, and the value."""


@lru_cache(maxsize=8192)
def read_line(text: str) -> _Line | None:
    """One line without its indentation; None where it is nothing known here. Most lines are in every file."""
    if keyed := _KEYED.fullmatch(text):
        key, rest = _scalar(keyed[1]), keyed[2]
        if key is None or text.startswith(_NO_PLAIN):
            return None
        name = key[0] if isinstance(key[0], str) else _key(keyed[1], key[0])
        if rest is None:
            return name, "below", None
        value = read_value(rest)
        return None if value is None else (name, *value)
    value = read_value(text)
    return None if value is None else (None, *value)


def read_value(text: str) -> tuple[str, Any] | None:
    """What is on a line by itself, or behind a key or a dash, where it is no entry: what it is, and the value."""
    if text in _BLOCKS:
        return "block", text
    if text in ("{}", "[]"):
        return "empty", text
    found = _scalar(text)
    return None if found is None else ("scalar", found[0])


def _scalar(text: str) -> tuple[Any] | None:
    """The value of a scalar, by itself in a tuple."""
    found = _SCALAR.fullmatch(text)
    if found is None or text.startswith(_NO_PLAIN):
        return None
    if found[1] is not None:
        return (_resolve(text),)
    return (text[1:-1] if found[2] is not None else text[1:-1].replace("''", "'"),)


def _key(text: str, value: Any) -> str:
    """Keys are text, as in JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else text
