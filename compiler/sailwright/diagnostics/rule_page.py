"""The published page of a rule, as the reports link to it."""

from __future__ import annotations

from typing import Final

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


DOCUMENTATION: Final = ""
"""Where the documentation is published: `Documentation` of `project.urls` in pyproject.toml. Empty: nowhere yet."""


def url(rule_id: str) -> str:
    """Where the page of a rule is published; empty where no documentation is."""
    return f"{DOCUMENTATION}/rules/{rule_id}" if DOCUMENTATION else ""
