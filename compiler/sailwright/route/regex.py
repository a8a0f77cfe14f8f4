"""Regular expressions as Envoy and istiod read them: RE2, never Python's `re`, whose answers differ."""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast


class Pattern(Protocol):
    """A compiled RE2 pattern, as far as routing needs one."""

    def fullmatch(self, text: str) -> object | None:
        """A match of the whole text."""

    def sub(self, replacement: str, text: str) -> str:
        """The text with every match replaced; `\\1` stands for a group."""


@cache
def compiled(pattern: str) -> Pattern | None:
    """The compiled pattern; None where RE2 refuses it (then istiod refuses the object)."""
    import re2  # 8 ms to import, and most meshes hold no pattern

    options = re2.Options()
    options.log_errors = False
    try:
        return cast(Pattern, re2.compile(pattern, options))
    except re2.error:
        return None
