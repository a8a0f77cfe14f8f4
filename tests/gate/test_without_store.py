"""A large project without a store is checked some services at a time over a temporary one: with `--no-cache`, or where the user's cannot
be written. What is said is what is found over the whole mesh; nothing stays, and the user's store is left as it is.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from tests.gate.test_check_in_portions import linked
from tests.gate.test_kept_check import with_tests
from tests.hostile.repositories import fresh_run, in_process, own_store
from tests.lint.test_after_change import substitute
from tests.lint.test_lint_in_portions import small

from sailwright.runtime.store import Store
from sailwright.workspace import load as loading

COMMANDS = {
    "lint": ("lint",),
    "lint of some files": ("lint", "services/cart"),
    "lint without settings": ("lint", "--no-config"),
    "a baseline": ("lint", "--baseline", "known.json", "--update-baseline"),
    "check": ("check", "--base", "HEAD"),
    "test": ("test",),
    "validate": ("validate", "--backend", "builtin"),
}


@pytest.fixture
def aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    return tmp_path / "aside"


def stored(folder: Path) -> dict[Path, bytes]:
    """What is in the store, with what else is kept there."""
    return {path: path.read_bytes() for path in (folder / "cache").rglob("*") if path.is_file()}


def says(folder: Path, *command: str) -> tuple[int, str]:
    """What a command says of a large project, in which no whole mesh can be loaded."""
    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        patch.setattr(loading, "_in_project", lambda *_: 1 / 0)
        done = in_process(folder, *command, "--format", "json")
    return done.returncode, done.stdout


def whole(folder: Path, *command: str) -> tuple[int, str]:
    """What it says with the whole mesh in memory."""
    done = fresh_run(folder, *command, "--format", "json")
    return done.returncode, done.stdout


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("changed", [False, True])
def test_no_cache_is_used_and_no_mesh_is_loaded(
    command: str, changed: bool, tmp_path: Path, aside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is kept of other files."""
    own_store(monkeypatch, tmp_path)
    folder = with_tests(tmp_path / "project")
    in_process(folder, "build")
    in_process(folder, "check", "--base", "HEAD")
    if changed:
        substitute(folder, "cart", r"port: \d+", "port: 8099")
    before = stored(tmp_path)
    assert before
    assert says(folder, *COMMANDS[command], "--no-cache") == whole(folder, *COMMANDS[command])
    assert stored(tmp_path) == before
    assert not list(aside.iterdir())


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Another process writes for a long time."""
    other = sqlite3.connect(store, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.close()


@contextmanager
def foreign(store: Path) -> Iterator[None]:
    """Others may write there."""
    store.chmod(0o666)
    yield


@contextmanager
def link(store: Path) -> Iterator[None]:
    """It is somewhere else."""
    store.rename(store.with_name("elsewhere"))
    store.symlink_to(store.with_name("elsewhere"))
    yield


@contextmanager
def folder_of_others(store: Path) -> Iterator[None]:
    """Others may write to the folder of the cache."""
    store.parent.parent.chmod(0o777)
    yield


@contextmanager
def full(store: Path) -> Iterator[None]:
    """There is no room."""
    keep = Store.keep_all

    def kept(self: Store, *entries: object) -> None:
        if self.path != str(store):
            keep(self, *entries)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "keep_all", kept)
        yield


@pytest.mark.parametrize(
    ("command", "how"),
    [("lint", locked), ("lint", foreign), ("lint", link), ("lint", folder_of_others), ("lint", full), ("check", full)],
)
def test_where_the_store_cannot_be_written_no_mesh_is_loaded(
    how: Callable[[Path], AbstractContextManager[None]],
    command: str,
    tmp_path: Path,
    aside: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sailwright.runtime.store._PATIENCE", 0.01)
    own_store(monkeypatch, tmp_path)
    folder = linked(tmp_path / "project")
    in_process(folder, "lint", "--select", "image-tag-latest")
    store = next((tmp_path / "cache").rglob("*.sqlite"))
    with how(store):
        assert says(folder, *COMMANDS[command]) == whole(folder, *COMMANDS[command])
    assert not list(aside.iterdir())


def test_of_a_small_project_nothing_is_put_aside(tmp_path: Path, aside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_store(monkeypatch, tmp_path)
    folder = with_tests(tmp_path / "project")
    monkeypatch.setattr("sailwright.runtime.cache.temporary_cache", lambda: 1 / 0)
    for command in COMMANDS.values():
        assert in_process(folder, *command, "--no-cache").returncode in (0, 1)
