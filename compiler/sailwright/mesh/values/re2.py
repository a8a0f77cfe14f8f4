"""Regular expressions as Envoy and istiod read them: RE2, never Python's `re`, whose answers differ."""

from __future__ import annotations

from functools import cache
from typing import Final, Protocol, cast

from sailwright.runtime.regex import regex

_MAX_LENGTH: Final = 1024
"""Bytes of a pattern."""

GROUP = regex(r"\\(\d|\\)")


class Match(Protocol):
    """Where a pattern was found."""

    def span(self) -> tuple[int, int]:
        """Beginning and end."""

    def group(self, number: int) -> str | None:
        """The text of a group; None where it took no part."""


class Pattern(Protocol):
    """A compiled RE2 pattern, as far as routing needs one."""

    def fullmatch(self, text: str) -> Match | None:
        """A match of the whole text."""

    def search(self, text: str, pos: int) -> Match | None:
        """The first match from a position on."""


def compiled(pattern: str) -> Pattern | None:
    """The compiled pattern; None where RE2 refuses it (then istiod refuses the object)."""
    return _read(pattern)[0]


def syntax_fault(pattern: str) -> str | None:
    """What keeps RE2 from reading `pattern`."""
    return _read(pattern)[1]


def regex_fault(pattern: str) -> str | None:
    """What keeps Istio from taking `pattern`, or None. Istio limits the length because Envoy limits the program."""
    if not pattern:
        return "the regular expression is empty"
    if len(pattern.encode()) > _MAX_LENGTH:
        return f"the regular expression is longer than {_MAX_LENGTH} characters"
    return syntax_fault(pattern)


@cache
def _read(pattern: str) -> tuple[Pattern | None, str | None]:
    """The compiled pattern, or what is wrong with it."""
    import re2  # 8 ms to import, and most meshes hold no pattern

    options = re2.Options()
    options.log_errors = False
    try:
        return cast(Pattern, re2.compile(pattern, options)), None
    except re2.error as fault:
        reason = fault.args[0] if fault.args else ""
        words = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        return None, f"the regular expression is not RE2: {words}"


def replaced(pattern: Pattern, rewrite: str, text: str) -> str:
    r"""The text with every match replaced, `\1` and the like by groups, as RE2's GlobalReplace does.

    An empty match right behind the last one is none, unlike in Python.
    """
    parts: list[str] = []
    position, last_end = 0, -1
    while position <= len(text):
        found = pattern.search(text, position)
        if found is None:
            break
        start, end = found.span()
        parts.append(text[position:start])
        if start == end == last_end:
            parts.append(text[start : start + 1])
            position = start + 1
        else:
            parts.append(_expanded(found, rewrite))
            position = last_end = end
    return "".join(parts) + text[position:]


def _expanded(found: Match, rewrite: str) -> str:
    return GROUP.sub(lambda word: "\\" if word[1] == "\\" else found.group(int(word[1])) or "", rewrite)
