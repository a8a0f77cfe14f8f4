"""A third reader of YAML, for the style in which people write service files: blocks, comments, lists and maps within a line.

It reads what it knows exactly as source.py does, and declines everything else: texts of several lines, anchors, tags, escapes, and
whatever the full reader has something to say about. So most runs read all that they need without PyYAML, whose import takes as long
as Python's own start. tests/source/test_service_reader.py compares the two on all kinds of text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sailwright.runtime.regex import regex

OPEN, CLOSE = "\ue000", "\ue001"
"""Private-use characters around the number of a template's placeholder: no file has them, and values never enter its text."""

_KEY = rf"[A-Za-z_{OPEN}][A-Za-z0-9_./{CLOSE}-]*"
_QUOTED = r"\"[^\"\\]*\"|'(?:[^']|'')*'"
_FIRST = rf"(?:[A-Za-z0-9_/.$(+;^{OPEN}]|--?(?=[A-Za-z0-9_/]))"
_PLAIN = rf"{_FIRST}[^ :#]*(?:(?: (?=[^ #])|:(?=[^ ]))[^ :#]*)*"
_PART = rf"[A-Za-z0-9_/.$()+;^~@%*=<>{CLOSE}-]*"
_PLAIN_WITHIN = rf"{_FIRST}{_PART}(?:(?: (?=[A-Za-z0-9_/.$(+])|:(?=[A-Za-z0-9_/.-])){_PART})*"
_LINE = regex(rf"(?:({_KEY}|{_QUOTED}):(?: +|$))?(?:({_PLAIN})|({_QUOTED})|([\[{{].*))?(?: +#.*|(?<= )#.*)?")
_WITHIN = regex(rf"(?:({_KEY}|{_QUOTED}): +)?(?:({_PLAIN_WITHIN})|({_QUOTED})|(?=[\[{{]))")
_NEXT = regex(r"(,) +| *([\]}])")
_COMMENT = regex(r"(?: +#.*)?")
_CHARACTERS = regex(rf"[\n -~{OPEN}{CLOSE}]*")
_DEEPEST = 40
"""Lists and maps inside each other."""
_LONGEST = 1000
"""Characters of a line: a key has to end within the first 1,024 of its own."""

Resolve = Callable[[str], Any]
"""The value of a plain (unquoted) scalar, or of a key; ValueError for one that is not known here."""


def read_service(text: str, resolve: Resolve) -> dict[Any, Any] | list[Any] | None:
    """The map or list that is the only document of a text; None where it is not in the style that is known here."""
    if not _CHARACTERS.fullmatch(text) or not text.endswith("\n"):
        return None
    lines = [line for line in text.split("\n") if line.lstrip(" ")[:1] not in ("", "#")]
    if lines[:1] == ["---"]:
        del lines[0]
    if not lines or max(map(len, lines)) > _LONGEST:
        return None
    reader = _Reader(lines, resolve)
    try:
        found = reader.collection(0, 0)
    except (ValueError, IndexError):
        return None
    return found if reader.at == len(lines) else None


class _Reader:
    """The lines of a document that say something, and the line that is read next."""

    __slots__ = ("at", "indents", "resolve", "texts")

    def __init__(self, lines: list[str], resolve: Resolve) -> None:
        self.texts = [line.lstrip(" ") for line in lines]
        self.indents = [len(line) - len(text) for line, text in zip(lines, self.texts, strict=True)]
        self.resolve = resolve
        self.at = 0

    def collection(self, indent: int, depth: int) -> dict[Any, Any] | list[Any]:
        """The map or list that begins in the next line, which is indented so far."""
        is_item = self.texts[self.at][:2] == "- "
        return (self._sequence if is_item else self._mapping)(indent, _deeper(depth))

    def _mapping(self, indent: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        while self.at < len(self.texts) and self.indents[self.at] == indent:
            line = _read(self.texts[self.at])
            if line is None or line[1] is None:
                raise ValueError
            key = self._key(line[1], found)
            self.at += 1
            found[key] = self._below(indent, depth) if line.lastindex == 1 else self._value(line, depth)
        if not found:
            raise ValueError
        return found

    def _below(self, indent: int, depth: int) -> Any:
        """The value of a key without one in its line."""
        below = self.indents[self.at] if self.at < len(self.texts) else -1
        if below > indent or (below == indent and self.texts[self.at][:2] == "- "):
            return self.collection(below, depth)
        return self.resolve("")

    def _sequence(self, indent: int, depth: int) -> list[Any]:
        found: list[Any] = []
        while self.at < len(self.texts) and self.indents[self.at] == indent and self.texts[self.at][:2] == "- ":
            text = self.texts[self.at][2:]
            line = _read(text)
            if line is None or line.lastindex is None:
                raise ValueError
            if line[1] is None:
                self.at += 1
                found.append(self._value(line, depth))
            else:
                self.texts[self.at], self.indents[self.at] = text, indent + 2
                found.append(self._mapping(indent + 2, _deeper(depth)))
        return found

    def _value(self, line: Any, depth: int) -> Any:
        """The value in a line."""
        if line[2] is not None:
            return self.resolve(line[2])
        if line[3] is not None:
            return _unquoted(line[3])
        value, end = self._within(line[4], 0, depth)
        if not _COMMENT.fullmatch(line[4], end):
            raise ValueError
        return value

    def _within(self, text: str, at: int, depth: int) -> tuple[Any, int]:
        """The list or map that begins at a place within a line, and the place after it."""
        keyed = text[at] == "{"
        found: dict[Any, Any] | list[Any] = {} if keyed else []
        at, depth = _after_blanks(text, at + 1), _deeper(depth)
        if text[at] == ("}" if keyed else "]"):
            return found, at + 1
        while True:
            part = _WITHIN.match(text, at)
            if part is None or (part[1] is not None) is not keyed:
                raise ValueError
            value, at = self._part(text, part, depth)
            if isinstance(found, list):
                found.append(value)
            else:
                found[self._key(part[1], found)] = value
            after = _NEXT.match(text, at)
            if after is None or after[2] == ("]" if keyed else "}"):
                raise ValueError
            at = after.end()
            if after[2]:
                return found, at

    def _part(self, text: str, part: Any, depth: int) -> tuple[Any, int]:
        """An item, or the value of a key, and the place after it."""
        if part[2] is not None:
            return self.resolve(part[2]), part.end()
        if part[3] is not None:
            return _unquoted(part[3]), part.end()
        return self._within(text, part.end(), depth)

    def _key(self, text: str, found: dict[Any, Any]) -> Any:
        key = _unquoted(text) if text[0] in "\"'" else self.resolve(text)
        if key is None or isinstance(key, (bool, int, float)) or key in found:
            raise ValueError
        return key


@lru_cache(maxsize=2048)
def _read(text: str) -> Any:
    """The parts of a line without its indentation and dash; most lines are in many files."""
    return _LINE.fullmatch(text)


def _unquoted(text: str) -> str:
    if OPEN in text:
        raise ValueError
    return text[1:-1] if text[0] == '"' else text[1:-1].replace("''", "'")


def _after_blanks(text: str, at: int) -> int:
    while text[at] == " ":
        at += 1
    return at


def _deeper(depth: int) -> int:
    if depth == _DEEPEST:
        raise ValueError
    return depth + 1
