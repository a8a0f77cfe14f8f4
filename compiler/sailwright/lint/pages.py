"""The pages of rules: what `explain`, docs/rules and SARIF say about each."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import cleandoc

from sailwright.lint.own import OWN
from sailwright.report.document import Page
from sailwright.rule import Rule, url


def page_of(rule_id: str, rules: Iterable[Rule]) -> Page | None:
    """The page of a rule or of one of the engine's own findings."""
    if own := OWN.get(rule_id):
        return Page(rule_id, own.severity, own.risk, own.reason, (), url(rule_id))
    rule = next((each for each in rules if rule_id == each.ID), None)
    if rule is None:
        return None
    risk, _, reason = cleandoc(rule.__doc__ or "").partition("\n")
    return Page(rule.ID, rule.SEVERITY, risk, reason.strip(), tuple(rule.ALIASES), url(rule.ID))
