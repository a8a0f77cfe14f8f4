"""The rules that ship with Sailwright, and the published page of each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sailwright.diagnostics.rule_page import Page
    from sailwright.lint.rule import Rule


def all_rules() -> tuple[Rule, ...]:
    """The rules, in reading order."""
    from sailwright_policies.rules import RULES

    return tuple(RULES)


class EveryRule:
    """All rules, imported when somebody looks at the first."""

    def __iter__(self) -> Iterator[Rule]:
        return iter(all_rules())


def rules_by_id(ids: Sequence[str]) -> tuple[Rule, ...] | None:
    """These rules alone, without importing the others; None where one of the names is no rule's ID."""
    if not ids:
        return None
    found = [_rule(name.strip()) for given in ids for name in given.split(",")]
    known = {rule.ID: rule for rule in found if rule is not None}
    return tuple(known.values()) if all(found) else None


def _rule(name: str) -> Rule | None:
    """A rule is a module of its name, in the folder of the kind it checks."""
    import sailwright_policies

    module = name.replace("-", "_")
    if not module.isidentifier() or module.startswith("_"):
        return None
    for root in sailwright_policies.__path__:
        for folder in sorted(os.listdir(root)):
            if os.path.isfile(os.path.join(root, folder, f"{module}.py")):
                rule: Rule = import_module(f"sailwright_policies.{folder}.{module}")
                return rule if name == rule.ID else None
    return None


def rule_of_module(name: str) -> Rule | None:
    """The rule that is the module of this name, or is called like one in the table of its folder; None where there is none."""
    try:
        rule: Rule = import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
    else:
        return rule
    folder = name.rpartition(".")[0]
    table = vars(import_module(f"{folder}.webhook")).values() if find_spec(f"{folder}.webhook") else ()
    return next((each for each in table if getattr(each, "__name__", "") == name), None)


def page(rule_id: str) -> Page | None:
    """The published page of a rule, or of a finding of the engine's or the language's; None for findings of other parts."""
    from sailwright.diagnostics.rule_page import Page
    from sailwright.lint.engine_findings import ENGINE_FINDINGS
    from sailwright.lint.gate_findings import GATE_FINDINGS
    from sailwright.lint.language_findings import LANGUAGE_FINDINGS
    from sailwright.lint.rule import page as page_of

    if kind := ENGINE_FINDINGS.get(rule_id) or LANGUAGE_FINDINGS.get(rule_id) or GATE_FINDINGS.get(rule_id):
        return Page(rule_id, kind.severity, kind.risk, kind.reason)
    return next((page_of(rule) for rule in all_rules() if rule_id == rule.ID), None)
