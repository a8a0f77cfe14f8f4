"""What an expression may cost, as the API server counts it.

Source: apiextensions-apiserver's pkg/apiserver/schema/cel (PerCallLimit, RuntimeCELCostBudget), and the cost of a text's or list's
use in cel-go (a tenth of its length). Ours is a close estimate of theirs: a rule that is too costly is passed over, not refused.
"""

from __future__ import annotations

from typing import Any

from sailwright.runtime.records import dataclass

PER_EXPRESSION = 1_000_000
PER_OBJECT = 10_000_000

_SIZE_SHARE = 10
"""Characters or items that cost one."""


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
