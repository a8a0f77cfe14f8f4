"""The placeholders of a template: where an expression stood, and the value it had."""

from __future__ import annotations

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


def placeholder(number: int) -> str:
    """What stands for the value of that number."""
    return f"{OPEN}{number}{CLOSE}"
