"""The folder of a temporary store is removed by the next run where its process was killed, and never while that runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.gate.test_kept_check import with_tests
from tests.hostile.repositories import in_process, own_store
from tests.lint.test_lint_in_portions import small

from sailwright.runtime.cache import temporary_cache
from sailwright.runtime.folder import open_folder
from sailwright.runtime.leftovers import held_folder, sweep_folders

WAITING = """
import time
from sailwright.runtime import process_pool
from sailwright.cli import main
from sailwright.workspace import parallel, render_portions
parallel.MANY = 1
keep = render_portions.KeptRendering.keep_all
def kept(*arguments):
    done = keep(*arguments)
    print("now", flush=True)
    time.sleep(600)
    return done
render_portions.KeptRendering.keep_all = kept
main(["check", "--no-cache", "--base", "HEAD"])
"""
"""A check that waits once its store has something in it."""

fcntl = pytest.importorskip("fcntl", reason="a system without such locks")


@pytest.fixture
def aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    return tmp_path / "aside"


def waiting(folder: Path, aside: Path) -> subprocess.Popen[str]:
    """A check in the middle of its work, in a group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(aside)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "now\n"
    return process


def killed(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_what_a_killed_check_left_is_gone_after_the_next(
    tmp_path: Path, aside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of one that is still running stays, whatever project it is in."""
    own_store(monkeypatch, tmp_path)
    folder = with_tests(tmp_path / "project")
    first, second = waiting(folder, aside), waiting(folder, aside)
    try:
        left = set(aside.iterdir())
        assert len(left) == 2
        assert all(list(each.rglob("*.sqlite")) for each in left)
        killed(first)
        small(monkeypatch)
        assert in_process(folder, "check", "--no-cache", "--base", "HEAD").returncode in (0, 1)
        (stays,) = aside.iterdir()
        assert list(stays.rglob("*.sqlite"))
    finally:
        killed(second)
    with temporary_cache() as cache:
        assert [str(each) for each in aside.iterdir()] == [cache.directory]
    assert not list(aside.iterdir())


def test_nothing_else_is_removed(aside: Path, tmp_path: Path) -> None:
    """Nor is any link followed: what looks like such a folder may have been put there."""
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / ".sailwright-lock").touch()
    names = [f"sailwright-{number:024x}" for number in range(5)]
    (aside / names[0]).symlink_to(tmp_path / "precious")
    (aside / names[1]).touch()
    (aside / names[2]).mkdir()
    (aside / names[3]).mkdir()
    (aside / names[3] / ".sailwright-lock").symlink_to(tmp_path / "precious" / ".sailwright-lock")
    (aside / names[4]).mkdir()
    (aside / names[4] / ".sailwright-lock").mkdir()
    (aside / "sailwright-of-mine").mkdir()
    (aside / "sailwright-of-mine" / ".sailwright-lock").touch()
    before = sorted(tmp_path.rglob("*"))
    with temporary_cache():
        pass
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_in_a_left_folder_is_removed_and_not_what_it_leads_to(aside: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    with open_folder(str(aside)) as where:
        name, lock = held_folder(where)
        (aside / name / "link").symlink_to(tmp_path / "precious")
        sweep_folders(where)
        assert list(aside.iterdir())
        os.close(lock)
        sweep_folders(where)
    assert not list(aside.iterdir())
    assert (tmp_path / "precious" / "file").exists()


def test_a_folder_of_another_user_stays(aside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_folder(str(aside)) as where:
        name, lock = held_folder(where)
        os.close(lock)
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        sweep_folders(where)
    assert [each.name for each in aside.iterdir()] == [name]


def test_a_folder_that_is_swept_before_it_is_locked_is_made_again(aside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = fcntl.flock
    with open_folder(str(aside)) as where:

        def swept(file: int, how: int) -> None:
            monkeypatch.setattr(fcntl, "flock", lock)
            sweep_folders(where)
            lock(file, how)

        monkeypatch.setattr(fcntl, "flock", swept)
        name, file = held_folder(where)
        sweep_folders(where)
        os.close(file)
    assert [each.name for each in aside.iterdir()] == [name]


def test_where_nothing_can_be_locked_nothing_is_swept(aside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", refused)
        with open_folder(str(aside)) as where:
            name, file = held_folder(where)
            sweep_folders(where)
    with temporary_cache():
        assert (aside / name).exists()
    os.close(file)


def test_a_folder_for_temporary_files_that_cannot_be_used_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with temporary_cache() as cache:
        assert cache.directory is None
