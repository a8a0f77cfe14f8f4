"""A second comparison with a base renders nothing of it, and says what a comparison without cache says."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.repositories import fresh_run, git, in_process, own_store, prepared
from tests.lint.test_after_change import NAMES, edit, edits, project, substitute, whole_mesh_judged

from sailwright.project.service.model import Service
from sailwright.render.rendering import RenderedFile, Rendering
from sailwright.source.files.checkout import Commit
from sailwright.source.files.recorded import Recorded

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 3)


def committed(folder: Path) -> Path:
    """A project, committed as it is."""
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "as it is", "--allow-empty")
    return folder


def same(folder: Path, *command: str) -> str:
    """What a command says, which is what it says without cache."""
    kept, fresh = in_process(folder, *command), fresh_run(folder, *command)
    assert (kept.returncode, kept.stdout, kept.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)
    return kept.stdout


@contextmanager
def rendered(monkeypatch: pytest.MonkeyPatch, where: type = Commit) -> Iterator[list[str]]:
    """The services of a commit, or of files on disk, that are rendered meanwhile."""
    found: list[str] = []
    render = Rendering.render

    def noting(self: Rendering, service: Service) -> RenderedFile:
        if isinstance(self.project.checkout, where):
            found.append(service.name)
        return render(self, service)

    with monkeypatch.context() as patch:
        patch.setattr(Rendering, "render", noting)
        yield found


def committed_project(folder: Path) -> None:
    git(project(folder), "init", "-q")
    committed(folder)


def linted_project(folder: Path) -> None:
    committed_project(folder)
    in_process(folder, "lint")


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed project."""
    return prepared(tmp_path_factory, monkeypatch, committed_project)


def of_base(folder: Path, monkeypatch: pytest.MonkeyPatch, *command: str) -> set[str]:
    """The services of the base that a command renders."""
    with rendered(monkeypatch) as found:
        in_process(folder, *command)
    return set(found)


def test_a_base_is_rendered_once(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(repository, "cart", "prefix: /x", "prefix: /y")
    assert of_base(repository, monkeypatch, "diff", "--base", "HEAD") == set(NAMES)
    edit(repository, "cart", "prefix: /y", "prefix: /z")
    assert not of_base(repository, monkeypatch, "diff", "--base", "HEAD")
    assert not of_base(repository, monkeypatch, "check", "--base", "HEAD")
    assert "/z" in same(repository, "diff", "--base", "HEAD")
    same(repository, "check", "--base", "HEAD")


def test_what_a_lint_rendered_is_not_rendered_again(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the files on disk: those that have changed since are; the next lint knows what the last one knew."""
    in_process(repository, "lint")
    in_process(repository, "diff", "--base", "HEAD")
    edit(repository, "cart", "cpu: 50m", "cpu: 60m")
    with rendered(monkeypatch, Recorded) as found:
        in_process(repository, "diff", "--base", "HEAD")
    assert set(found) == {"cart"}
    assert "60m" in same(repository, "diff", "--base", "HEAD")
    assert not whole_mesh_judged(repository, monkeypatch)
    for old, new in (("cpu: 60m", "cpu: sixty"), ("cpu: sixty", "cpu: 50m"), ("name: v2", "name: v9")):
        edit(repository, "cart", old, new)
        same(repository, "diff", "--base", "HEAD")


def test_a_commit_with_the_same_files_is_the_same_base(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_base(repository, monkeypatch, "diff", "--base", "HEAD")
    git(repository, "commit", "-qm", "nothing", "--allow-empty")
    assert not of_base(repository, monkeypatch, "diff", "--base", "HEAD")
    edit(repository, "cart", "prefix: /x", "prefix: /y")
    committed(repository)
    assert of_base(repository, monkeypatch, "diff", "--base", "HEAD") == set(NAMES)
    assert of_base(repository, monkeypatch, "diff", "--base", "HEAD~2") == set(NAMES)
    same(repository, "diff", "--base", "HEAD~2")


def test_a_project_in_a_folder_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its base is the tree of that folder: what changes beside it does not matter."""
    own_store(monkeypatch, tmp_path)
    folder = project(tmp_path / "top" / "mesh")
    git(tmp_path / "top", "init", "-q")
    committed(tmp_path / "top")
    of_base(folder, monkeypatch, "diff", "--base", "HEAD")
    (tmp_path / "top" / "README.md").write_text("What this is.\n")
    committed(tmp_path / "top")
    assert not of_base(folder, monkeypatch, "diff", "--base", "HEAD")
    edit(folder, "cart", "prefix: /x", "prefix: /y")
    same(folder, "diff", "--base", "HEAD")


@pytest.mark.parametrize("kind", ["commit", "commit services"])
@pytest.mark.parametrize("spoiled", ["gone", "changed"])
def test_a_base_that_is_spoiled_is_rendered_again(
    repository: Path, monkeypatch: pytest.MonkeyPatch, kind: str, spoiled: str
) -> None:
    edit(repository, "cart", "prefix: /x", "prefix: /y")
    in_process(repository, "diff", "--base", "HEAD")
    (file,) = (repository.parent / "cache").rglob("*.sqlite")
    with sqlite3.connect(file) as connection:
        if spoiled == "gone":
            connection.execute("DELETE FROM entries WHERE kind = ?", (kind,))
        else:
            connection.execute("UPDATE entries SET data = CAST(data || 'x' AS BLOB) WHERE kind = ?", (kind,))
    assert of_base(repository, monkeypatch, "diff", "--base", "HEAD") == set(NAMES)
    same(repository, "diff", "--base", "HEAD")
    assert not of_base(repository, monkeypatch, "diff", "--base", "HEAD")


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(edits, st.booleans()), min_size=1, max_size=5))
def test_any_change_of_either_side_gives_what_a_comparison_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[tuple[str, tuple[str, str]], bool]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = prepared(tmp_path_factory, patch, linted_project)
        for (name, (pattern, text)), commits in steps:
            substitute(folder, name, pattern, text)
            same(folder, "diff", "--base", "HEAD")
            same(folder, "check", "--base", "HEAD")
            if commits:
                committed(folder)
