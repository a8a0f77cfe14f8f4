"""The published page of a rule, as the reports link to it."""

from __future__ import annotations

from sailwright.diagnostics.finding import Severity
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """The published page of a rule: the risk in one sentence, why, and what else it is called."""

    rule: str
    severity: Severity
    risk: str
    reason: str
    aliases: tuple[str, ...] = ()


def url(rule_id: str) -> str:
    """Where the page of a rule is published."""
    return f"https://sailwright.dev/rules/{rule_id}"
