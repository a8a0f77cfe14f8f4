"""The baseline: old findings are quiet, new ones are not, and an entry that is no longer needed says so."""

from __future__ import annotations

import json

import pytest
from tests.lint.sample import ODD, run, source, told

from sailwright.lint.baseline import Baseline, open_baseline, read_baseline, updated
from sailwright.lint.run import LintRequest, LintResult, lint
from sailwright.lint.run_rules import EnabledRule
from sailwright.mesh.world import World
from sailwright.runtime.errors import Failure
from sailwright.source.manifest import manifests
from sailwright.source.source import Source

EMPTY = Baseline("base.json", "", ())
OLD = "kind: A\nmetadata: {name: x}\nspec: {port: 1}\n"


def baseline_of(*sources: Source) -> Baseline:
    """What --update-baseline would write, read again."""
    answer = run(*sources)
    return read_baseline("base.json", updated(EMPTY, answer.suppressible, answer.covers))


def against(baseline: Baseline, *sources: Source, rules: tuple[EnabledRule, ...] = (EnabledRule(ODD),)) -> LintResult:
    """Lint with a baseline."""
    world = World(tuple(found for each in sources for found in manifests(each)))
    return lint(LintRequest((world,), sources, (ODD,), rules, baseline=baseline))


def test_old_findings_are_quiet_wherever_they_moved() -> None:
    """And counted as suppressed."""
    answer = against(baseline_of(source(OLD)), source("# one\n# two\n" + OLD))
    assert told(answer) == []
    assert answer.suppressed == 1


def test_new_finding_beside_an_old_one_is_reported() -> None:
    """A baseline holds faults, not files."""
    answer = against(baseline_of(source(OLD)), source(OLD + "---\n" + OLD.replace("name: x", "name: y")))
    assert told(answer) == [(7, "port-odd")]


def test_entry_without_its_fault_is_stale() -> None:
    """Else it would hide the fault's return. The place is the entry's line in the baseline."""
    answer = against(baseline_of(source(OLD)), source(OLD.replace("port: 1", "port: 2")))
    assert told(answer) == [(5, "baseline-stale")]
    assert answer.findings[0].location.file == "base.json"


def test_entry_of_a_file_that_is_gone_is_stale() -> None:
    """Nothing is left to judge."""
    assert told(against(baseline_of(source(OLD)))) == [(5, "baseline-stale")]


def test_entry_that_cannot_be_judged_stays() -> None:
    """Its rule did not run: neither stale, nor lost in an update."""
    baseline = baseline_of(source(OLD))
    answer = against(baseline, source(OLD.replace("port: 1", "port: 2")), rules=())
    assert told(answer) == []
    assert read_baseline("b", updated(baseline, answer.suppressible, answer.covers)).entries == baseline.entries


def test_file_holds_no_line_and_is_sorted() -> None:
    """Its diff shows faults that came and went, and nothing else."""
    answer = run(source(OLD, "b.yaml"), source("# moved\n" + OLD, "a.yaml"))
    document = json.loads(updated(EMPTY, answer.suppressible, answer.covers))
    assert [entry["file"] for entry in document["findings"]] == ["a.yaml", "b.yaml"]
    assert all(set(entry) == {"fingerprint", "rule", "file", "object"} for entry in document["findings"])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1}', '{"version": 2, "findings": []}', "[" * 100_000])
def test_what_is_no_baseline_is_refused_in_one_line(text: str) -> None:
    """A broken baseline must not count as an empty one."""
    with pytest.raises(Failure, match="--update-baseline"):
        read_baseline("base.json", text)


def test_missing_file_is_refused_unless_it_is_to_be_written() -> None:
    """A misspelt name must not report everything, nor hide everything."""
    with pytest.raises(Failure, match="no such baseline"):
        open_baseline("nowhere.json")
    assert open_baseline("nowhere.json", may_be_new=True).entries == ()
