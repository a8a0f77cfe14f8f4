"""A file is replaced in one step, or written to where it is no file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sailwright.runtime.atomic_file import replace
from sailwright.runtime.errors import Failure


def test_the_mode_stays(tmp_path: Path) -> None:
    """The file gets the new bytes and keeps its mode; nothing else is left in the folder."""
    target = tmp_path / "real"
    target.write_bytes(b"old")
    target.chmod(0o640)
    replace(str(target), b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["real"]


def test_a_link_is_refused(tmp_path: Path) -> None:
    """It may have come with a stranger's change, and its target may be anything: both stay as they are."""
    target, link = tmp_path / "real", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    with pytest.raises(Failure, match="link: cannot be written: this is a link; remove it") as failure:
        replace(str(link), b"new")
    assert failure.value.status == 3
    assert link.is_symlink()
    assert target.read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["link", "real"]


def test_pipe_is_written_to(tmp_path: Path) -> None:
    """`--format sarif=PIPE` must not put a file in the pipe's place."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    replace(str(pipe), b"data")
    assert os.read(reader, 10) == b"data"
    os.close(reader)
    assert pipe.is_fifo()
    with pytest.raises(Failure, match="nobody reads this pipe"):
        replace(str(pipe), b"data")


@pytest.mark.parametrize("path", ["/dev/full", "no/such/folder/file"])
def test_what_cannot_be_written_is_a_failure_of_status_3(path: str) -> None:
    """One line that names the file."""
    with pytest.raises(Failure, match=f"{path}: cannot be written: ") as failure:
        replace(path, b"x" * 100)
    assert failure.value.status == 3
