"""The first check of a large project is done some services at a time: it says and keeps what a check of the whole mesh does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.test_kept_base import committed
from tests.gate.test_kept_check import checked, edits, linked_edits, with_tests
from tests.hostile.repositories import git, in_process, own_store
from tests.lint import test_linked_changes as linked_changes
from tests.lint.test_after_change import substitute
from tests.lint.test_lint_in_portions import kept, small

from sailwright.commands.check.either_links import links_kept
from sailwright.commands.lint.results import last_run
from sailwright.source.files.checkout import Disk
from sailwright.workspace import parallel
from sailwright.workspace.compile import LoadedProject, load_project
from sailwright.workspace.selection import Selection
from sailwright.workspace.service_rows import name_of

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 2)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)


def linked(folder: Path) -> Path:
    """A committed project of services in groups."""
    git(linked_changes.project(folder), "init", "-q")
    return committed(folder)


def kept_of_check(folder: Path) -> dict[str, Any]:
    """What is kept of the last check besides its lint, by the kind of the entry."""
    last = last_run(Selection(project=str(folder), cached=True), (), ())
    loaded = load_project(Disk(str(folder)))
    assert last is not None
    assert isinstance(loaded, LoadedProject)
    rules, clusters = last.name, name_of(loaded.targets)
    entries = {"compared": rules, "tests": rules, "validation": clusters, "commit": clusters}
    known = {kind: last.store.load_mapping(kind, name) for kind, name in entries.items()}
    links = links_kept(last.store, last.name, known["compared"]["links"])
    assert links is not None
    table, vain = links.table, links.vain
    known["compared"]["links"] = {
        table.nodes[number]: {table.nodes[other] for other in others} for number, others in table.edges.items()
    }
    known["compared"]["in vain"] = {
        (link, table.nodes[number]) for link, number in zip(vain.links, vain.askers, strict=True)
    }
    return known


@pytest.mark.parametrize("make", [with_tests, linked])
def test_what_is_said_and_kept_is_the_same(
    make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    own_store(monkeypatch, tmp_path)
    folder = make(tmp_path / "project")
    for how in ("whole", "portions"):
        with monkeypatch.context() as patch:
            if how == "whole":
                patch.setattr(parallel, "MANY", 1_000)
            else:
                patch.setattr("sailwright.commands.check.whole.check_workspace", lambda *_, **__: 1 / 0)
            own_store(patch, tmp_path / how)
            said = in_process(folder, "check", "--base", "HEAD", "--format", "json")
            found.append((said, kept(folder), kept_of_check(folder)))
    whole, portions = found
    assert portions[0].stderr == whole[0].stderr
    assert portions[0].stdout == whole[0].stdout
    assert portions[1] == whole[1]
    traces = [each[2]["compared"].pop("trace") for each in found]
    assert traces[1][0] == traces[0][0]
    assert set(traces[1][2]) <= set(traces[0][2]), "what the tests alone have read is not among it"
    for kind, known in whole[2].items():
        for name in known:
            assert portions[2][kind][name] == known[name], (kind, name)


def some_edits(make: Callable[[Path], Path], each: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A project, what changes before its first check, and what changes then."""
    return st.tuples(st.just(make), st.lists(each, min_size=1, max_size=4), st.lists(each, min_size=1, max_size=2))


def after_changes(
    factory: pytest.TempPathFactory,
    case: tuple[Callable[[Path], Path], list[Any], list[Any]],
    same: Callable[[Path], object],
) -> None:
    """Have a project, large by what it is taken for, looked at after some changes, and again after others."""
    make, *changes = case
    top = factory.mktemp("portions")
    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        own_store(patch, top)
        folder = make(top / "kept")
        for some in changes:
            for name, (pattern, text) in some:
                linked_changes.change(folder, name, pattern, text)
            same(folder)
    shutil.rmtree(top)


def built_and_checked(folder: Path) -> None:
    in_process(folder, "build")
    checked(folder)


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(case=st.one_of(some_edits(with_tests, edits), some_edits(linked, linked_edits)))
def test_any_change_gives_what_a_check_of_the_whole_mesh_gives(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[Callable[[Path], Path], list[Any], list[Any]]
) -> None:
    """The first check of changed files against their base, and the next one after another change."""
    after_changes(tmp_path_factory, case, built_and_checked)


BASES: dict[str, Callable[[Path], object]] = {
    "nothing of it": lambda folder: git(folder, "rm", "-rq", "--cached", "."),
    "a service with an error": lambda folder: substitute(folder, linked_changes.NAMES[0], r"port: \d+", "port: none"),
    "other settings": lambda folder: (folder / "sailwright.yaml").write_text(
        (folder / "sailwright.yaml").read_text() + "lint: {failOn: warning}\n"
    ),
    "another hand-written file": lambda folder: (folder / "manifests" / "more.yaml").write_text(NAMESPACE),
    "another service": lambda folder: linked_changes.add(
        folder, "more", linked_changes.service(linked_changes.NAMES[0]).replace(linked_changes.NAMES[0], "more")
    ),
}
"""What a base has instead of the files on disk."""

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: more}\n"


@pytest.mark.parametrize("how", BASES)
def test_whatever_the_base_is_the_check_says_what_one_of_the_whole_mesh_says(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_store(monkeypatch, tmp_path)
    folder = linked(tmp_path / "project")
    BASES[how](folder)
    if how != "nothing of it":
        git(folder, "add", "-A")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "base")
    git(folder, "checkout", "-q", "HEAD~1", "--", ".")
    for extra in ("services/more/service.yaml", "manifests/more.yaml"):
        (folder / extra).unlink(missing_ok=True)
    in_process(folder, "build")
    checked(folder)
    checked(folder)


def test_files_of_the_base_that_a_partial_clone_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_store(monkeypatch, tmp_path)
    folder = linked(tmp_path / "project")
    name = git(folder, "rev-parse", f"HEAD:services/{linked_changes.NAMES[0]}/service.yaml")
    (folder / ".git" / "objects" / name[:2] / name[2:]).unlink()
    checked(folder)
