"""Data to YAML text: block style, readable, the same bytes everywhere, and the same data to every reader.

A string that YAML 1.1, YAML 1.2 or kustomize would read as another type is quoted (source/scalars.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sailwright.runtime.regex import regex
from sailwright.source.scalars import WORDS, ambiguous
from sailwright.source.shared_parts import Part, shared_parts

_NAME = regex(r"[A-Za-z/][A-Za-z0-9_/.-]*(?::[A-Za-z0-9_/.-]+)*")
_PLAIN = regex(r"[A-Za-z0-9_/.$(+;^]|-(?=[A-Za-z0-9_/-])")
_BODY = regex(r"(?:[A-Za-z0-9_/.$()+<>;^~@=%&*!?|'\"\\-]|,(?! )|[ ](?=[^ #])|:(?=[^ \n])|#)*", re.ASCII)
_BLOCK_TEXT = regex(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff\x85]*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_UNPRINTABLE = regex(_UNPRINTABLE_TEXT := r"[\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_SPECIAL = regex(rf"[\\\"]|{_UNPRINTABLE_TEXT}")


def emit(value: Any) -> str:
    """One document, ending in a line feed. Takes dicts with text keys, lists, tuples and scalars; keeps their order."""
    lines: list[str] = []
    if type(value) in _COLLECTIONS and value:
        _below(value, "", "", lines, shared_parts())
    else:
        lines.append(_inline(value, ""))
    return "\n".join(lines) + "\n"


def scalar_text(value: Any) -> str:
    """A scalar as `emit` writes it in a document of its own, without the line feed."""
    return _inline(value, "")


def emit_all(documents: Iterable[Any]) -> str:
    """Several documents, with `---` between them."""
    return "---\n".join(emit(document) for document in documents)


def _below(value: Any, first: str, indent: str, lines: list[str], parts: dict[int, Part]) -> None:
    """Append the lines of a collection; the first one starts with `first` (an item's dash), the others with `indent`."""
    known = parts.get(id(value))
    if known is None:
        (_mapping if type(value) is dict else _sequence)(value, first, indent, lines, parts)
        return
    text = known.written.get(indent)
    if text is None:
        own: list[str] = []
        (_mapping if type(value) is dict else _sequence)(value, "", indent, own, parts)
        text = known.written[indent] = "\n".join(own)
    lines.append(first + text)


def _mapping(value: dict[str, Any], first: str, indent: str, lines: list[str], parts: dict[int, Part]) -> None:
    prefix, deeper = first, indent + "  "
    for key, item in value.items():
        kind = type(item)  # most values are short text: look for that first
        if kind is str and "\n" not in item:
            lines.append(f"{prefix}{_text(key)}: {_text(item)}")
        elif kind in _COLLECTIONS and item:
            lines.append(f"{prefix}{_text(key)}:")
            _below(item, deeper, deeper, lines, parts)
        elif kind is int:
            lines.append(f"{prefix}{_text(key)}: {item}")
        else:
            lines.append(f"{prefix}{_text(key)}: {_inline(item, indent)}")
        prefix = indent


def _sequence(value: Iterable[Any], first: str, indent: str, lines: list[str], parts: dict[int, Part]) -> None:
    prefix, deeper = first, indent + "  "
    for item in value:
        kind = type(item)
        if kind is str and "\n" not in item:
            lines.append(f"{prefix}- {_text(item)}")
        elif kind in _COLLECTIONS and item:
            _below(item, prefix + "- ", deeper, lines, parts)
        else:
            lines.append(f"{prefix}- {_inline(item, indent)}")
        prefix = indent


_COLLECTIONS = frozenset((dict, list, tuple))


def _inline(value: Any, indent: str) -> str:
    if isinstance(value, str):
        return _block(value, indent + "  ") if "\n" in value else _text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return str(value)
    return "{}" if isinstance(value, dict) else "[]"


@lru_cache(maxsize=8192)
def _text(value: str) -> str:
    if _NAME.fullmatch(value) and value not in WORDS:  # nearly all texts: names, paths, images, hosts
        return value
    if _PLAIN.match(value) and _BODY.fullmatch(value) and not ambiguous(value) and value[:3] != "---":
        return value
    simple = value.isascii() and value.isprintable()
    if '"' in value and (
        simple or not _UNPRINTABLE.search(value)
    ):  # JSON inside a string reads better without backslashes
        return "'" + value.replace("'", "''") + "'"
    if simple:
        return '"' + value.replace("\\", "\\\\") + '"'
    return '"' + _SPECIAL.sub(_escape, value) + '"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if 0xD800 <= code < 0xE000:
        character, code = "\ufffd", 0xFFFD
    return _ESCAPES.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def _block(value: str, indent: str) -> str:
    """Text of several lines as a literal block, where that can hold it exactly; else in quotes."""
    body = value.rstrip("\n")
    ends = len(value) - len(body)
    lines = body.split("\n")
    trailing = any(line.endswith(" ") for line in lines)
    simple = value.isascii() and value.replace("\n", "").isprintable()
    if not body or body[0] in " \n" or trailing or not (simple or _BLOCK_TEXT.fullmatch(value)):
        return _text(value)
    marker = "|-" if ends == 0 else "|" if ends == 1 else "|+"
    tail = "\n" * (ends - 1) if ends > 1 else ""
    return marker + "\n" + "\n".join(indent + line if line else "" for line in lines) + tail


def _float(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}[repr(value)]
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    text = repr(value)
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}e{power}" if exponent else text
