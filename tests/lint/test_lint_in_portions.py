"""The first lint of a large project runs rules over some services at a time: it finds and keeps what a lint of the whole mesh does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.repositories import own_store
from tests.lint import test_after_change, test_linked_changes
from tests.lint.test_kept_results import outcome, without_cache

from sailwright.commands.lint import in_portions as lint_in_portions
from sailwright.commands.lint.results import last_run
from sailwright.commands.portions import around as portion_around
from sailwright.commands.portions.mesh import open_mesh
from sailwright.workspace import parallel
from sailwright.workspace.selection import Selection

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 2)

FIELDS = [
    "ids",
    "rules",
    "noted",
    "asked",
    "around",
    "absent",
    "uncertain",
    "traits",
    "seen",
    "found",
    "hidden",
    "used",
    "problems",
    "skipped",
    "marked",
    "names",
    "ignore",
    "annotations",
    "ran",
    "count",
    "output",
    "worlds",
]
"""What is kept as it is."""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)


def small(patch: pytest.MonkeyPatch) -> None:
    """Have portions of one or two services, in projects of any size, and look around one environment at a time."""
    patch.setattr(parallel, "MANY", 1)
    patch.setattr(lint_in_portions, "AT_ONCE", 2)
    patch.setattr(portion_around, "AT_ONCE", 1)


def kept(folder: Path) -> dict[str, Any]:
    """What is kept of the last lint of a project. Findings count within their file: what counts is their order."""
    last = last_run(Selection(project=str(folder), cached=True), (), ())
    assert last is not None
    known = {name: last.known[name] for name in (*FIELDS, "asking rules", "around noted")}
    known |= {name: dict(last.known[name].items()) for name in ("files", "services")}
    known["places"] = [dict(each) for each in last.known["places"]]
    known["seen"] = [(*each[:3], *each[4:]) for each in known["seen"]]
    return known


def first_lint(
    folder: Path, patch: pytest.MonkeyPatch, *, portions: bool
) -> tuple[tuple[int, str, str], dict[str, Any]]:
    """What a first lint prints, and what it keeps."""
    with patch.context() as here:
        if not portions:
            here.setattr(parallel, "MANY", 1_000)
        own_store(here, folder.parent / ("portions" if portions else "whole"))
        shown = outcome(folder)
        return shown, kept(folder)


def hidden(folder: Path) -> Path:
    """A project where callers of another namespace are sent to what they do not see."""
    made = test_linked_changes.project(folder)
    test_linked_changes.add(made, "t1", test_linked_changes.ALONE.format(name="t1", namespace="team"))
    for name in ("b1", "c1", "t1"):
        path = made / f"services/{name}/service.yaml"
        path.write_text(path.read_text() + "exportTo: [.]\n")
    return made


@pytest.mark.parametrize("make", [test_after_change.project, test_linked_changes.project, hidden])
def test_what_is_found_and_kept_is_the_same(
    make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path / "project")
    whole, portions = (first_lint(folder, monkeypatch, portions=each) for each in (False, True))
    assert portions[0] == whole[0]
    for name in whole[1]:
        assert portions[1][name] == whole[1][name], name


@pytest.mark.parametrize("why", ["linked", "fault"])
def test_where_portions_are_no_way_the_whole_mesh_is_linted(
    why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it has shown that they are not, they are not tried again."""
    folder = test_linked_changes.project(tmp_path / "kept")
    own_store(monkeypatch, tmp_path)
    if why == "linked":
        monkeypatch.setattr(lint_in_portions, "_MOST", 1)
    else:
        monkeypatch.setattr(lint_in_portions, "_portion", lambda *_: 1 / 0)
    tried: list[int] = []

    def counted(*given: Any) -> Any:
        tried.append(1)
        return open_mesh(*given)

    monkeypatch.setattr(lint_in_portions, "open_mesh", counted)
    assert outcome(folder) == without_cache(folder)
    (folder / "manifests/strict.yaml").unlink()
    assert outcome(folder) == without_cache(folder)
    assert len(tried) == 1


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(test_linked_changes.edits, min_size=1, max_size=6),
    later=st.lists(test_linked_changes.edits, min_size=1, max_size=2),
)
def test_any_services_give_what_the_whole_mesh_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Any], later: list[Any]
) -> None:
    """After any edits, in the first lint and in the next one."""
    top = tmp_path_factory.mktemp("portions")
    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        own_store(patch, top)
        folder = test_linked_changes.project(top / "kept")
        for name, (pattern, text) in steps:
            test_linked_changes.change(folder, name, pattern, text)
        assert outcome(folder) == without_cache(folder)
        for name, (pattern, text) in later:
            test_linked_changes.change(folder, name, pattern, text)
            assert outcome(folder) == without_cache(folder)
    shutil.rmtree(top)
