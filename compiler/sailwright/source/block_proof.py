"""Whether a text in plain block style holds some documents: it is laid out a second time beside it, of keys and scalars that are proven.

Every key and every scalar was read back once as block_reader.py reads it, and that is known from then on: services have most of them in
common. How lines are indented and which of them begin with a dash is written here anew, apart from emit.py. So a text that holds
documents here is one of which `read_blocks` gives just these. It says no to what it does not know, too.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from functools import cache
from typing import Any

from sailwright.runtime.records import dataclass, field
from sailwright.source.block_reader import BLANKS, block_text, is_plain_block_style, read_line, read_value
from sailwright.source.emit import emit
from sailwright.source.shared_parts import Part, shared_parts

_MOST = 16_384
"""Keys and scalars that are known; then all are forgotten."""


def holds(text: str, documents: Iterable[Any]) -> bool:
    """Whether a text holds exactly these documents, each a mapping with text keys or a list."""
    if not is_plain_block_style(text):
        return False
    start = 0
    while text.startswith("#", start):
        start = text.index("\n", start) + 1
    proven = _proven()
    try:
        parts = [proven.document(value) for value in documents]
    except (_Other, ValueError, RecursionError):
        return False
    return "---\n".join(parts) == text[start:]


_UNKNOWN: tuple[str, Any] = ("", None)


class _Other(Exception):
    """Something that may be read as something else, or it is not known how it is read."""


@cache
def _proven() -> _Proven:
    return _Proven()


@dataclass(frozen=True, slots=True)
class _Proven:
    """Keys with their colons, and scalars by their type, as they may be written.

    In the methods `first` is what stands before a value on its first line (indentation, and the dashes of lists), `indent` on the others.
    """

    keys: dict[str, str] = field(default_factory=dict)
    scalars: dict[type, dict[Any, str]] = field(default_factory=lambda: {str: {}, int: {}, bool: {}, type(None): {}})
    parts: dict[int, Part] = field(default_factory=shared_parts)

    def document(self, value: Any) -> str:
        """The text of a document; _Other where it is not known to be read as this value."""
        lines: list[str] = []
        self._below(value, "", "", lines)
        lines.append("")
        return "\n".join(lines)

    def _below(self, value: Any, first: str, indent: str, lines: list[str]) -> None:
        kind, part = type(value), self.parts.get(id(value))
        if part is not None:
            lines.append(first + self._shared(part, indent))
        elif kind is dict and value:
            self._mapping(value, first, indent, lines)
        elif (kind is list or kind is tuple) and value:
            self._sequence(value, first, indent, lines)
        else:
            raise _Other

    def _shared(self, part: Part, indent: str) -> str:
        """The text of a part, laid out anew where it is not as it was then: nobody is to change one, and this is where it would show."""
        now = marshal.dumps(part.value, 2)
        known = part.proven.get(indent)
        if known is None or known[0] != now:
            lines: list[str] = []
            (self._mapping if type(part.value) is dict else self._sequence)(part.value, "", indent, lines)
            known = part.proven[indent] = now, "\n".join(lines)
        return known[1]

    def _mapping(self, value: dict[Any, Any], first: str, indent: str, lines: list[str]) -> None:
        keys, scalars, prefix, deeper = self.keys, self.scalars, first, indent + BLANKS
        for key, item in value.items():
            name = keys[key] if key in keys else self._key(key)
            kind = type(item)
            if kind in scalars:
                known = scalars[kind]
                lines.append(f"{prefix}{name} {known[item] if item in known else self._inline(item, deeper)}")
            elif item and (kind is dict or kind is list or kind is tuple):
                lines.append(prefix + name)
                self._below(item, deeper, deeper, lines)
            else:
                lines.append(f"{prefix}{name} {self._inline(item, deeper)}")
            prefix = indent

    def _sequence(self, value: Iterable[Any], first: str, indent: str, lines: list[str]) -> None:
        scalars, prefix, deeper = self.scalars, first + "- ", indent + BLANKS
        for item in value:
            kind = type(item)
            if kind in scalars:
                known = scalars[kind]
                lines.append(prefix + (known[item] if item in known else self._inline(item, deeper)))
            elif item and (kind is dict or kind is list or kind is tuple):
                self._below(item, prefix, deeper, lines)
            else:
                lines.append(prefix + self._inline(item, deeper))
            prefix = indent + "- "

    def _key(self, key: Any) -> str:
        """A key with its colon, where it is read as this one above what is below it and beside a value."""
        text = f"{emit(key)[:-1]}:" if type(key) is str else ""
        if read_line(text) != (key, "below", None) or read_line(f"{text} x") != (key, "scalar", "x"):
            raise _Other
        _keep(self.keys, key, text)
        return text

    def _inline(self, item: Any, margin: str) -> str:
        """What is on the line itself, and the lines of a text of several, which begin with `margin`."""
        text = emit(item)[:-1]
        header, *rest = text.split("\n")
        kind, found = read_value(header) or _UNKNOWN
        if kind == "scalar" and found == item and type(found) is type(item):
            if type(item) in self.scalars:
                _keep(self.scalars[type(item)], item, text)
            return text
        if kind == "empty" and not item and type(item) in ((dict,) if found == "{}" else (list, tuple)):
            return text
        if kind == "block" and rest and block_text(rest, 0, found, BLANKS) == (item, len(rest)):
            return "\n".join((header, *(margin + line.removeprefix(BLANKS) if line else "" for line in rest)))
        raise _Other


def _keep(known: dict[Any, str], what: Any, text: str) -> None:
    if len(known) >= _MOST:
        known.clear()
    known[what] = text
