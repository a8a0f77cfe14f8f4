"""How much a value of a project's template holds, and how much all of them may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sailwright.runtime.errors import Failure

ITEMS: Final = 1_000_000
"""Items of all values that one rendering makes, compares and writes."""
DEPTH: Final = 100
"""Lists and maps inside each other."""
_CHARACTERS: Final = 64
"""Characters that count as one item."""


class Meter:
    """The items that are left to one rendering. Lists and maps that are held twice count twice."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = ITEMS

    def take(self, value: Any) -> None:
        """Take off what a value holds. Raises Failure where too little is left, or the value is nested too deeply."""
        waiting = [(value, 0)]
        while waiting:
            item, depth = waiting.pop()
            self._left -= 1 + (len(item) // _CHARACTERS if isinstance(item, str) else 0)
            if self._left < 0:
                raise Failure(f"its lists, maps and texts come to more than {ITEMS:,} items")
            if depth > DEPTH:
                raise Failure(f"lists or maps nested more than {DEPTH} deep")
            if isinstance(item, Mapping):
                waiting += ((part, depth + 1) for pair in item.items() for part in pair)
            elif isinstance(item, (list, tuple)):
                waiting += ((part, depth + 1) for part in item)
