"""An expression as a tree, and the tokens it is read from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex


@dataclass(frozen=True, slots=True)
class Expression:
    """A node: `operator` says what `parts` mean, `value` is a literal, a name or a function's name.

    Operators: literal, name, select (one part), index, call (free function), method (the target is the first part), macro
    (target, variable, body ...), has, list, map (keys and values in turn), conditional, and, or, not, negate and the binary
    operators by their sign.
    """

    operator: str
    value: Any = None
    parts: tuple[Expression, ...] = ()


class CelError(Exception):
    """An expression that cannot be read or evaluated; never leaves this package's callers."""


class TooCostly(Exception):
    """An expression that would take more than it may; never leaves this package's callers."""


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is name, number, string, sign or end; `value` is the decoded literal."""

    kind: str
    text: str
    value: Any = None


_TOKEN = regex(
    r"""(?P<space>[\s]+|//[^\n]*)
    |(?P<string>(?P<prefix>[rRbB]{0,2})(?P<quote>\"\"\"|'''|"|'))
    |(?P<number>0x[0-9a-fA-F]+[uU]?|(?:[0-9]+\.[0-9]+|\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?[uU]?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*|`[A-Za-z0-9_.\-/ ]+`)
    |(?P<sign>&&|\|\||[<>=!]=|[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE,
)
_DIGITS = 100
"""Digits of a number; the largest one that the API server reads has 20, and Python refuses thousands in its own way."""
_ESCAPE = regex(
    r"\\(?:([abfnrtv\\?\"'`])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.|$))", re.DOTALL
)
_CHARACTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def tokens(text: str) -> Iterator[Token]:
    """The tokens of an expression, an end token last."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise CelError(f"{text[at]!r} at character {at + 1} is not expected")
        at = match.end()
        if match["string"]:
            at, token = _string(text, at, match)
            yield token
        elif match["number"]:
            yield Token("number", match["number"], _number(match["number"]))
        elif match["name"]:
            yield Token("name", match["name"].strip("`"))
        elif match["sign"]:
            yield Token("sign", match["sign"])
    yield Token("end", "")


def _number(text: str) -> int | float:
    if text[-1] in "uU":
        text = text[:-1]
    if text.startswith("0x"):
        return int(text, 16)
    if any(sign in text for sign in ".eE"):
        return float(text)
    if len(text) > _DIGITS:
        raise CelError("a number has too many digits")
    return int(text)


def _string(text: str, start: int, match: re.Match[str]) -> tuple[int, Token]:
    quote, raw = match["quote"], "r" in match["prefix"].lower()
    at = start
    while not text.startswith(quote, at):
        if at >= len(text) or (len(quote) == 1 and text[at] in "\r\n"):
            raise CelError(f"the string at character {match.start() + 1} has no end")
        at += 2 if text[at] == "\\" and not raw else 1
    body = text[start:at]
    return at + len(quote), Token("string", body, body if raw else _ESCAPE.sub(_unescape, body))


def _unescape(match: re.Match[str]) -> str:
    simple, *codes, octal, wrong = match.groups()
    if simple:
        return _CHARACTERS.get(simple, simple)
    if wrong is not None:
        raise CelError(f"there is no escape \\{wrong}")
    code = int(octal, 8) if octal else int(next(found for found in codes if found), 16)
    if code > 0x10FFFF:
        raise CelError("an escape is beyond Unicode")
    return chr(code)
