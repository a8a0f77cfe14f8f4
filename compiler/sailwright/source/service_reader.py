"""A third reader of YAML, for the style in which people write service files: blocks, comments, lists and maps within a line.

It reads what it knows exactly as source.py does, and declines everything else: texts of several lines, anchors, tags, escapes, and
whatever the full reader has something to say about. So most runs read all that they need without PyYAML, whose import takes as long
as Python's own start. tests/source/test_service_reader.py compares the two on all kinds of text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

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
_CHARACTERS = regex(rf"[ -~{OPEN}{CLOSE}]*")
_DEEPEST = 40
"""Lists and maps inside each other."""
_LONGEST = 1000
"""Characters of a line: a key has to end within the first 1,024 of its own."""

Read = TypeVar("Read")
Resolve = Callable[[str], Any]
"""The value of a plain (unquoted) scalar, or of a key; ValueError for one that is not known here."""


def read_service(text: str, resolve: Resolve) -> dict[Any, Any] | list[Any] | None:
    """The map or list that is the only document of a text; None where it is not in the style that is known here."""
    if not text.endswith("\n"):
        return None
    known = _lines(resolve)
    try:
        lines = [line for each in text[:-1].split("\n") if (line := known[each]) is not None]
        if lines[0] is _START:
            del lines[0]
        return _collection(lines, resolve(""))
    except (ValueError, IndexError):
        return None


_NOTHING = -1
_Line = tuple[int, bool, Any, int, Any]
"""What a line says: its indentation, whether it begins an item, its key (None: it has none), how deep the lists and maps in it are (0: a
scalar, _NOTHING: no value), and the value.
"""
_START: _Line = (-1, False, None, _NOTHING, None)
"""The line `---`, which is nothing but the first one."""


class _Known(dict[str, Read]):
    """What texts say, which are in many files. Raises ValueError for what is not known here."""

    def __init__(self, read: Callable[[str, Resolve], Read], resolve: Resolve) -> None:
        super().__init__()
        self._read = read
        self._resolve = resolve

    def __missing__(self, text: str) -> Read:
        if len(self) >= _KEPT:
            self.clear()
        found = self[text] = self._read(text, self._resolve)
        return found


_KEPT = 8192
"""Texts."""


@cache
def _lines(resolve: Resolve) -> _Known[_Line | None]:
    return _Known(_read, resolve)


@cache
def _entries(resolve: Resolve) -> _Known[tuple[Any, Any]]:
    return _Known(_entry, resolve)


def _read(line: str, resolve: Resolve) -> _Line | None:
    """What a line says; None of one that says nothing."""
    text = line.lstrip(" ")
    if not _CHARACTERS.fullmatch(text):
        raise ValueError
    if text[:1] in ("", "#"):
        return None
    if line == "---":
        return _START
    if len(line) > _LONGEST:
        raise ValueError
    is_item = text[:2] == "- "
    key, levels, value = _said(text[2:] if is_item else text, resolve)
    if key is None and (levels == _NOTHING or not is_item):
        raise ValueError
    return len(line) - len(text), is_item, key, levels, value


def _said(text: str, resolve: Resolve) -> tuple[Any, int, Any]:
    """The key of a line without its indentation and dash, how deep its value is, and that."""
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
    if (flat := _flat(line[4], resolve)) is not None:
        return key, 1, flat
    value, end = _within(line[4], 0, 0, resolve)
    if not _COMMENT.fullmatch(line[4], end):
        raise ValueError
    return key, _levels(value), value


def _collection(lines: list[_Line], nothing: Any) -> dict[Any, Any] | list[Any]:
    """The map or list that lines make; `nothing` is the value of a key without one. Raises ValueError or IndexError where they make none."""
    whole: dict[Any, Any] | list[Any] = [] if lines[0][1] else {}
    into: Any = whole
    at, listed, key = 0, lines[0][1], None
    around: list[tuple[int, bool, Any]] = []  # what the one in hand is in
    for indent, is_item, own, levels, value in lines:
        if key is not None:  # it has no value in its line
            if indent > at or (is_item and indent == at):
                around.append((at, listed, into))
                into[key] = into = [] if is_item else {}
                at, listed = indent, is_item
            else:
                into[key] = nothing
            key = None
        while at > indent or (listed and not is_item and at == indent):
            at, listed, into = around.pop()
        if at != indent or listed is not is_item:
            raise ValueError
        if is_item and own is not None:  # an item that is a map, which begins in its line
            around.append((at, listed, into))
            into.append({})
            at, listed, into = indent + 2, False, into[-1]
        if levels > 0:
            value = value.copy() if levels == 1 else _copied(value)
            if len(around) + levels >= _DEEPEST:
                raise ValueError
        elif len(around) >= _DEEPEST:
            raise ValueError
        if listed:
            into.append(value)
        elif own in into:
            raise ValueError
        elif levels == _NOTHING:
            key = own
        else:
            into[own] = value
    if key is not None:
        into[key] = nothing
    return whole


def _flat(text: str, resolve: Resolve) -> dict[Any, Any] | list[Any] | None:
    """The list or map of scalars that a text is the whole of; None where it may be another."""
    if text[-1] != ("}" if text[0] == "{" else "]"):
        return None
    known = _entries(resolve)
    try:
        entries = [known[each] for each in text[1:-1].strip(" ").split(", ")]
    except ValueError:
        return None
    if text[0] == "[":
        return [value for _, value in entries] if all(key is None for key, _ in entries) else None
    found = dict(entries)
    return found if None not in found and len(found) == len(entries) else None


def _entry(text: str, resolve: Resolve) -> tuple[Any, Any]:
    """The key of an entry within a line (None: it is an item), and its scalar. Raises ValueError where it is not all there, or no scalar."""
    part = _WITHIN.fullmatch(text)
    if part is None:
        raise ValueError
    key = None if part[1] is None else _key(part[1], resolve)
    return key, _part(text, part, 0, resolve)[0]


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
    """A list or map with others in it that is known, for one more file."""
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
