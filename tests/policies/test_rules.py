"""Every rule is held to its own examples, and every list of rules to the folders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import sailwright_policies
from sailwright.diagnostics.finding import SEVERITIES
from sailwright.diagnostics.merge import order
from sailwright.lint.deduplicate import resolve
from sailwright.lint.rule import PRESETS, Example, Rule, defaults, examples, family, parameters, preset, replaces
from sailwright.lint.run_rules import EnabledRule, run_rules
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright_policies import RULES
from sailwright_policies.webhook import WebhookRule

MARK = re.compile(r"#\s*finding(?: \((\d+)\))?\s*$")
"""`# finding`, or `# finding (2)` where one line is reported twice."""

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.ID)


def lines(rule: Rule, example: Example) -> list[int]:
    """The lines at which a rule reports an example."""
    source = parse("example.yaml", example.text.encode())
    assert not source.problems, source.problems
    base, sibling = (
        World(manifests(parse("example.yaml", text.encode())), example.facts, example.environment) if text else None
        for text in (example.base, example.sibling)
    )
    siblings = (sibling,) if sibling else ()
    world = World(manifests(source), example.facts, example.environment, base=base, siblings=siblings)
    rule_run = run_rules([world], [EnabledRule(rule, parameters=example.parameters)])
    assert not rule_run.crashes, rule_run.crashes
    return [finding.location.line for finding in sorted(map(resolve, rule_run.found), key=order)]


def marked(example: Example) -> list[int]:
    """The lines of an example that end in the mark."""
    found = ((number, MARK.search(line)) for number, line in enumerate(example.text.splitlines(), 1))
    return [number for number, mark in found if mark for _ in range(int(mark[1] or 1))]


@each_rule
def test_bad_examples_are_reported_exactly_where_marked(rule: Rule) -> None:
    """Each line that ends in `# finding` is reported, and no other."""
    for example in examples(rule.BAD):
        assert marked(example), "a bad example marks at least one line"
        assert lines(rule, example) == marked(example)


@each_rule
def test_good_examples_are_silent(rule: Rule) -> None:
    """What is right is not reported."""
    for example in examples(rule.GOOD):
        assert lines(rule, example) == []


@each_rule
def test_rule_tells_what_it_is(rule: Rule) -> None:
    """Name, severity, preset, parameters and page are there and agree with each other."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.ID)
    assert rule.__name__.rpartition(".")[2] == rule.ID.replace("-", "_")
    assert rule.SEVERITY in SEVERITIES
    assert preset(rule) in PRESETS
    assert set(replaces(rule)) <= {other.ID for other in RULES}
    assert set(parameters(rule)) == set(defaults(rule))
    page = (rule.__doc__ or "").strip()
    assert page.partition("\n")[0].endswith("."), "the first line is the risk in one sentence"
    assert page.partition("\n\n")[2], "the paragraphs after it say why"


def rules_of(table: str) -> Iterator[str]:
    """The rules that a table holds as data, named as modules are."""
    for value in vars(import_module(f"sailwright_policies.{table}")).values():
        if isinstance(value, WebhookRule):
            yield value.__name__.removeprefix("sailwright_policies.")


def test_list_holds_every_module_of_the_folders() -> None:
    """A rule that stands in a folder and not in RULES would never run."""
    root = Path(sailwright_policies.__file__).parent
    modules = {f"{path.parent.name}.{path.stem}" for path in root.glob("*/*.py") if not path.stem.startswith("_")}
    tables = {name for name in modules if name.endswith(".webhook")}
    modules = modules - tables | {rule for table in tables for rule in rules_of(table)}
    listed = [f"{family(rule)}.{rule.__name__.rpartition('.')[2]}" for rule in RULES]
    assert len(listed) == len(set(listed))
    assert set(listed) == modules


def test_ids_are_unique() -> None:
    """An ID is a name that people write into suppressions: it means one rule."""
    assert len({rule.ID for rule in RULES}) == len(RULES)
