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
        texts, indents, resolve, count = self.texts, self.indents, self.resolve, len(self.texts)
        while self.at < count and indents[self.at] == indent:
            key, levels, value = _read(texts[self.at], resolve)
            if key is None or key in found:
                raise ValueError
            self.at += 1
            found[key] = value if levels == 0 else self._collected(levels, value, indent, depth)
        if not found:
            raise ValueError
        return found

    def _sequence(self, indent: int, depth: int) -> list[Any]:
        found: list[Any] = []
        texts, indents, resolve, count = self.texts, self.indents, self.resolve, len(self.texts)
        while self.at < count and indents[self.at] == indent and texts[self.at][:2] == "- ":
            text = texts[self.at][2:]
            key, levels, value = _read(text, resolve)
            if key is not None:
                texts[self.at], indents[self.at] = text, indent + 2
                found.append(self._mapping(indent + 2, _deeper(depth)))
            elif levels == _NOTHING:
                raise ValueError
            else:
                self.at += 1
                found.append(value if levels == 0 else self._collected(levels, value, indent, depth))
        return found

    def _collected(self, levels: int, value: Any, indent: int, depth: int) -> Any:
        """A list or map: the one in a line, or what is below a key without a value in its line."""
        if levels != _NOTHING:
            if depth + levels > _DEEPEST:
                raise ValueError
            return _copied(value)
        below = self.indents[self.at] if self.at < len(self.texts) else -1
        if below > indent or (below == indent and self.texts[self.at][:2] == "- "):
            return self.collection(below, depth)
        return self.resolve("")


_NOTHING = -1
_Line = tuple[Any, int, Any]
"""The key of a line (None: it has none), how deep the lists and maps in it are (0: a scalar, _NOTHING: no value), and the value."""


@lru_cache(maxsize=4096)
def _read(text: str, resolve: Resolve) -> _Line:
    """A line without its indentation and dash; most lines are in many files. Raises ValueError for what is not known here."""
    line = _LINE.fullmatch(text)
    if line is None:
        raise ValueError
    key = None if line[1] is None else _key(line[1], resolve)
    if line[2] is not None:
        return key, 0, resolve(line[2])
    if line[3] is not None:
        return key, 0, _unquoted(line[3])
    if line[4] is None:
        return key, _NOTHING, None
    value, end = _within(line[4], 0, 0, resolve)
    if not _COMMENT.fullmatch(line[4], end):
        raise ValueError
    return key, _levels(value), value


def _within(text: str, at: int, depth: int, resolve: Resolve) -> tuple[Any, int]:
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
        value, at = _part(text, part, depth, resolve)
        if isinstance(found, list):
            found.append(value)
        else:
            key = _key(part[1], resolve)
            if key in found:
                raise ValueError
            found[key] = value
        after = _NEXT.match(text, at)
        if after is None or after[2] == ("]" if keyed else "}"):
            raise ValueError
        at = after.end()
        if after[2]:
            return found, at


def _part(text: str, part: Any, depth: int, resolve: Resolve) -> tuple[Any, int]:
    """An item, or the value of a key, and the place after it."""
    if part[2] is not None:
        return resolve(part[2]), part.end()
    if part[3] is not None:
        return _unquoted(part[3]), part.end()
    return _within(text, part.end(), depth, resolve)


def _key(text: str, resolve: Resolve) -> Any:
    key = _unquoted(text) if text[0] in "\"'" else resolve(text)
    if key is None or isinstance(key, (bool, int, float)):
        raise ValueError
    return key


def _levels(value: Any) -> int:
    """How many lists and maps are inside each other."""
    if not isinstance(value, (dict, list)):
        return 0
    return 1 + max(map(_levels, value.values() if isinstance(value, dict) else value), default=0)


def _copied(value: Any) -> Any:
    """A list or map that is known, for one more file."""
    if type(value) is dict:
        return {key: _copied(item) if type(item) in _COLLECTIONS else item for key, item in value.items()}
    return [_copied(item) if type(item) in _COLLECTIONS else item for item in value]


_COLLECTIONS = (dict, list)


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
