"""`test` uses what earlier runs answered, and says what a run without cache says; a large project is tested without all its objects."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.test_check_in_portions import linked, some_edits
from tests.gate.test_kept_base import same
from tests.gate.test_kept_check import edits, linked_edits, with_tests
from tests.hostile.repositories import in_process, own_store
from tests.lint import test_linked_changes as linked_changes
from tests.lint.test_after_change import edit
from tests.lint.test_lint_in_portions import small

from sailwright.commands.test import kept_run, run
from sailwright.commands.test.answers import CasesRun
from sailwright.commands.test.run_cases import run_tests

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 2)

TEST = ("test", "--format", "json")


def simulated(folder: Path, patch: pytest.MonkeyPatch) -> int:
    """How many meshes a run asks; what it says is what a run without cache says."""
    asked: list[object] = []

    def noting(*given: Any) -> CasesRun:
        asked.append(given)
        return run_tests(*given)

    with patch.context() as here:
        for module in (run, kept_run):
            here.setattr(module, "run_tests", noting)
        in_process(folder, *TEST)
    same(folder, *TEST)
    return len(asked)


def test_tests_run_again_where_something_that_they_read_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a project whose rendering is kept: a lint has done that."""
    own_store(monkeypatch, tmp_path)
    folder = with_tests(tmp_path / "project")
    assert simulated(folder, monkeypatch) == 1
    in_process(folder, "lint")
    assert simulated(folder, monkeypatch) == 1
    assert simulated(folder, monkeypatch) == 0
    edit(folder, "cart", "example.com/cart:1", "example.com/cart:3")
    assert simulated(folder, monkeypatch) == 0
    edit(folder, "cart", "prefix: /x", "prefix: /y")
    assert simulated(folder, monkeypatch) == 1
    edit(folder, "cart", "expect: {route: rest}", "expect: {route: other}")
    assert simulated(folder, monkeypatch) == 1
    assert in_process(folder, *TEST).returncode == 1
    (folder / "manifests" / "more.yaml").write_text("{apiVersion: v1, kind: Namespace, metadata: {name: more}}\n")
    assert simulated(folder, monkeypatch) == 1


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(case=st.one_of(some_edits(with_tests, edits), some_edits(linked, linked_edits)), large=st.booleans())
def test_any_change_gives_what_a_run_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[Callable[[Path], Path], list[Any], list[Any]], large: bool
) -> None:
    """The first tests of changed files, and the next ones after another change."""
    make, *changes = case
    top = tmp_path_factory.mktemp("tests")
    with pytest.MonkeyPatch.context() as patch:
        if large:
            small(patch)
        own_store(patch, top)
        folder = make(top / "kept")
        if not large:
            in_process(folder, "lint")
        for some in ([], *changes):
            for name, (pattern, text) in some:
                linked_changes.change(folder, name, pattern, text)
            same(folder, *TEST)


def test_of_a_large_project_no_mesh_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    own_store(monkeypatch, tmp_path)
    folder = with_tests(tmp_path / "project")
    with monkeypatch.context() as patch:
        patch.setattr(run, "load", lambda _: 1 / 0)
        first = in_process(folder, *TEST)
    assert first.returncode == 0
    assert "18 tests run" in first.stderr
    same(folder, *TEST)


def test_a_caller_that_one_environment_lacks_is_told_by_the_names_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was meant may be any of them."""
    small(monkeypatch)
    own_store(monkeypatch, tmp_path)
    folder = with_tests(tmp_path / "project")
    for path in (folder / "services").glob("*/service.yaml"):
        if "tests:" not in path.read_text():
            path.write_text(path.read_text() + "environments: {prod: {enabled: false}}\n")
    said = same(folder, *TEST)
    assert "there is no service one/pay here" in said
    same(folder, "check", "--base", "HEAD", "--format", "json")
