"""Regular expressions that are compiled when they are first used.

A module names its expressions at its head, and a command imports hundreds of modules and uses few of their expressions. Compiling one
takes a quarter of a millisecond, all of them a sixth of a short run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["regex"]

if TYPE_CHECKING:
    from re import compile as regex

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class _Regex:
    """As `re.Pattern`: the first method that is asked for has it compiled, and all are then as quick as its own."""

    __slots__ = ("_arguments", "pattern", *_METHODS)

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self._arguments = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        import re

        compiled = re.compile(*self._arguments)
        for each in _METHODS:
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


if not TYPE_CHECKING:
    regex = _Regex
