"""The survey over the smallest set of other people's repositories, and what it says of two versions."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.ecosystem.survey import Found, Survey, difference, main, record, recorded, survey, table

ROOT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("SAILWRIGHT_SAMPLES", ROOT.parent / "shared" / "samples"))
PROGRAM = str(Path(sys.executable).with_name("sailwright"))

EXPECTED = {
    ("error", "kind-unknown"): 1,
    ("warning", "image-tag-latest"): 10,
    ("warning", "schema-missing"): 5,
    ("warning", "virtual-service-rule-unreachable"): 1,
    ("warning", "waypoint-unused"): 2,
}
"""Errors and warnings about what many run. PodSecurityPolicy left Kubernetes: true. No label of these files names the two waypoints: true."""


def found(file: str, rule: str, severity: str = "error") -> Found:
    return Found("shop", file, 1, severity, rule, "says something")


def test_the_samples_have_the_errors_and_warnings_that_are_known() -> None:
    """A change that makes more of them has to be looked at; one that makes fewer is written down here."""
    if not SAMPLES.is_dir():
        pytest.skip(f"no manifests of others in {SAMPLES}: name their folder with SAILWRIGHT_SAMPLES")
    counted = survey(PROGRAM, SAMPLES)
    assert counted.failures == ()
    numbers = Counter((each.severity, each.rule) for each in counted.findings if each.severity != "info")
    assert dict(sorted(numbers.items())) == EXPECTED, "\n".join(difference((), counted.findings))


def test_findings_are_counted_by_rule_and_by_100_files() -> None:
    counted = Survey(200, frozenset({found("a.yaml", "x"), found("b.yaml", "x"), found("a.yaml", "y", "warning")}))
    lines = list(table(counted))
    assert lines[0] == "200 files, 3 findings"
    assert "              2    1.00 per 100 files  x" in lines
    assert "              1    0.50 per 100 files  y" in lines


def test_the_difference_names_what_came_and_what_went(tmp_path: Path) -> None:
    before, after = Survey(1, frozenset({found("a.yaml", "x")})), Survey(1, frozenset({found("b.yaml", "x")}))
    record(before, tmp_path / "before.json")
    assert recorded(tmp_path / "before.json") == before
    assert list(difference(before.findings, after.findings)) == [
        "error    x: +1 -1",
        "    + shop/b.yaml:1: says something",
        "    - shop/a.yaml:1: says something",
    ]
    assert list(difference(before.findings, before.findings)) == []


def test_a_program_that_fails_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback is no finding."""
    (tmp_path / "repositories" / "shop").mkdir(parents=True)
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho 'Traceback: no luck' >&2\nexit 3\n")
    program.chmod(0o755)
    assert main([str(tmp_path / "repositories"), "--program", str(program)]) == 1
    assert "failed: shop: lint: exit status 3: Traceback: no luck" in capsys.readouterr().err
