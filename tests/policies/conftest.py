"""What one rule says of a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sailwright.lint.rule import Problem, Rule
from sailwright.lint.run_rules import EnabledRule, run_rules
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright_policies import RULES

Ask = Callable[..., list[Problem]]


@pytest.fixture
def ask() -> Ask:
    """`ask(rule, text, facts=..., environment=..., **parameters)`: the problems that a rule finds."""

    def problems(
        rule_id: str, text: str, facts: Facts | None = None, environment: str | None = None, **parameters: Any
    ) -> list[Problem]:
        rule: Rule = next(rule for rule in RULES if rule_id == rule.ID)
        world = World(manifests(parse("example.yaml", text.encode())), facts or Facts(), environment)
        rule_run = run_rules([world], [EnabledRule(rule, parameters=parameters)])
        assert not rule_run.crashes, rule_run.crashes
        return [found.problem for found in rule_run.found]

    return problems
