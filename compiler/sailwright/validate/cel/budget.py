"""What an expression may cost, as the API server counts it.

Source: apiextensions-apiserver's pkg/apiserver/schema/cel (PerCallLimit, RuntimeCELCostBudget), and the cost of a text's or list's
use in cel-go (a tenth of its length). Ours is a close estimate of theirs: a rule that is too costly is passed over, not refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sailwright.runtime.records import dataclass

PER_EXPRESSION = 1_000_000
PER_OBJECT = 10_000_000

_SIZE_SHARE = 10
"""Characters or items that cost one."""


def cost_of_call(name: str, arguments: Sequence[Any]) -> int:
    """What a call costs beyond the size of its arguments and result, known before it is made.

    A regular expression is run over the whole text; `replace` and `join` repeat an argument. What is of another type is the
    function's to refuse.
    """
    match name, arguments:
        case "matches", [str() as text, str() as pattern]:
            return (len(text) // _SIZE_SHARE + 1) * (len(pattern) // 4 + 1)
        case "replace", [str() as text, str() as old, str() as new]:
            return (len(text) + text.count(old) * len(new)) // _SIZE_SHARE
        case "join", [list() as texts, str() as separator]:
            return (
                len(texts) * len(separator) // _SIZE_SHARE
                + sum(len(t) for t in texts if isinstance(t, str)) // _SIZE_SHARE
            )
        case (("min" | "max"), [list() as values]):
            return sum(1 + (len(value) if isinstance(value, list | str) else 0) for value in values) // _SIZE_SHARE
    return 0


@dataclass(slots=True)
class Budget:
    """What is left to spend."""

    left: int = PER_EXPRESSION

    def spend(self, cost: int) -> None:
        """Take off a cost. Raises TooCostly where too little is left."""
        self.left -= cost
        if self.left < 0:
            from sailwright.validate.cel.expression import TooCostly

            raise TooCostly("it costs more than the API server allows")

    def spend_on(self, value: Any) -> None:
        """Take off what a value costs by its size."""
        if isinstance(value, str | list | dict):
            self.spend(len(value) // _SIZE_SHARE)

    def spend_on_parts(self, value: Any) -> None:
        """Take off what a value costs that is read to its leaves, as by a comparison. What is held twice costs twice."""
        waiting = [value]
        while waiting:
            part = waiting.pop()
            self.spend_on(part)
            if isinstance(part, list | dict):
                self.spend(1)
                waiting += part.values() if isinstance(part, dict) else part
