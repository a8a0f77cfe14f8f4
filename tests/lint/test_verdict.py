"""Any number of processes gives the same report."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.lint.sample import CRASHING, ODD, source

from sailwright.lint import parallel
from sailwright.lint.run import LintRequest, LintResult, lint
from sailwright.lint.run_rules import EnabledRule
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests

TEXT = source(
    "spec: {port: 1}\n---\n"
    "metadata: {annotations: {sailwright.dev/ignore: port-odd known}}\nspec: {port: 3}\n---\n"
    "spec: {port: 5}  # sailwright: ignore[port-odd] known\n"
)
WORLDS = tuple(World(manifests(TEXT), environment=name) for name in ("dev", "staging", "prod"))
CHOSEN = (EnabledRule(ODD), EnabledRule(CRASHING))


def answer(worlds: tuple[World, ...], jobs: int) -> LintResult:
    """Lint with a number of processes; what cannot be compared is taken out."""
    found = lint(LintRequest(worlds, (TEXT,), (ODD, CRASHING), CHOSEN, jobs=jobs))
    assert set(found.seconds) == {"port-odd", "rule-with-bug"}
    return replace(found, found=(), seconds={}, covers=lambda entry: True)


@pytest.mark.parametrize("worlds", [WORLDS[:1], WORLDS[:2], WORLDS], ids=len)
def test_report_does_not_depend_on_jobs(worlds: tuple[World, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds or rules are shared out; order, environments, suppressions and crashes come out alike."""
    monkeypatch.setattr(parallel, "WORTH_A_FORK", 0)
    alone, together = answer(worlds, 1), answer(worlds, 2)
    assert alone.findings == together.findings
    assert (alone.suppressed, alone.crashed, alone.suppressible) == (
        together.suppressed,
        together.crashed,
        together.suppressible,
    )
    assert any(finding.rule == "rule-crashed" for finding in together.findings)
    assert together.suppressed == 2


def test_little_is_judged_in_this_process() -> None:
    """Another process would cost more than it saves, and keeps what `--fix` needs."""
    assert len(lint(LintRequest(WORLDS, (TEXT,), (ODD,), (EnabledRule(ODD),), jobs=2)).found) == 6
