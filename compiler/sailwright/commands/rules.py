"""The rules that ship with Sailwright, and the published page of each."""

from __future__ import annotations

from sailwright.diagnostics.rule_page import Page
from sailwright.lint.rule import Rule


def all_rules() -> tuple[Rule, ...]:
    """The rules, in reading order."""
    from sailwright_policies import RULES

    return tuple(RULES)


def page(rule_id: str) -> Page | None:
    """The published page of a rule, or of a finding of the engine's or the language's; None for findings of other parts."""
    from sailwright.lint.engine_findings import ENGINE_FINDINGS
    from sailwright.lint.language_findings import LANGUAGE_FINDINGS
    from sailwright.lint.rule import page as page_of

    if kind := ENGINE_FINDINGS.get(rule_id) or LANGUAGE_FINDINGS.get(rule_id):
        return Page(rule_id, kind.severity, kind.risk, kind.reason)
    return next((page_of(rule) for rule in all_rules() if rule_id == rule.ID), None)
