"""Rules that are asked before all others, since what they find hangs on more of the mesh than what is linked to their subject.

What they read of services is noted apart (see `lint.noted_fields`): after a change of nothing of that, what they found still holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sailwright.lint.rule import Rule

REASONS: Final[Mapping[str, str]] = {
    "listener-refused": "it looks at a VirtualService as callers of all namespaces see it",
    "proxy-release-unknown": "it counts the workloads with one image, wherever they are",
    "token-not-required": "it asks whether any VirtualService routes by a claim of a token",
}
"""Why a rule whose subjects are linked to all that they ask about, or whose groups are, is not like the others."""

FOLLOWS_CALLS: Final = frozenset(("call-budget-exceeded", "timeout-outlasts-caller"))
"""Rules that follow calls over any number of services, and so hang on services that are far away; all others look at what is near."""


def asks_whole_mesh(rule: Rule) -> bool:
    """Whether what a rule finds may hang on objects that nothing links to its subject."""
    return rule.ID in REASONS or (rule.KIND.parts is None and not rule.KIND.linked)
