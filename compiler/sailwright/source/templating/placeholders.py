"""The placeholders of a template: where an expression stood, and the value it had."""

from __future__ import annotations

from typing import Any

from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex
from sailwright.source.service_reader import CLOSE, OPEN

PLACEHOLDER = regex(f"{OPEN}([0-9]+){CLOSE}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A value or key that an expression of the template stands for."""

    number: int


class Fragment(str):
    """Text made by the template itself (a macro, a set block), which holds placeholders and must not become one."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def fill(values: list[Any], value: Any) -> str:
    """Remember a value and return the placeholder that stands for it."""
    if type(value) is Fragment:
        return value
    number = len(values)
    values.append(value)
    return _FIRST[number] if number < _MADE else f"{OPEN}{number}{CLOSE}"


_MADE = 256
_FIRST = tuple(f"{OPEN}{number}{CLOSE}" for number in range(_MADE))
"""The placeholders of most templates, made once."""
