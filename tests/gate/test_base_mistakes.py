"""What is said where the commit to compare with cannot be had: the ref that was meant, or what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.gate.test_diff_command import CART, PROJECT, git

from sailwright.runtime.errors import Failure
from sailwright.source.files.checkout import resolve_commit


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit on its branch `main`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "services" / "cart").mkdir(parents=True)
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    (tmp_path / "services" / "cart" / "service.yaml").write_text(CART)
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", "One")
    return tmp_path


def refused(ref: str) -> str:
    with pytest.raises(Failure) as told:
        resolve_commit(".", ref)
    return told.value.message


@pytest.mark.parametrize("ref", ["orgin/main", "origin/mian", "origin/man"])
def test_a_misspelt_remote_branch_is_suggested(repository: Path, ref: str) -> None:
    git("remote", "add", "origin", "https://git.example.com/mesh.git")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert refused(ref) == f"{ref}: git knows no such commit here: did you mean `origin/main`?"


@pytest.mark.parametrize("ref", ["origin/main", "master"])
def test_without_a_remote_the_local_branch_is_suggested(repository: Path, ref: str) -> None:
    assert refused(ref).endswith("did you mean `main`? The repository has no remote")


def test_a_repository_without_a_commit_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    assert refused("HEAD").endswith("this repository has no commit yet: make the first one")


def test_a_folder_in_no_repository_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused("main") == ".: this is not in a git repository, and commits are read from one: `git init` makes it"


def test_a_machine_without_git_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "git is not installed" in refused("main")
