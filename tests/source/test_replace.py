"""A file is replaced in one step, or written to where it is no file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sailwright.runtime.atomic_file import replace
from sailwright.runtime.errors import Failure


def test_mode_and_link_stay(tmp_path: Path) -> None:
    """The file behind a link gets the new bytes and keeps its mode; nothing else is left in the folder."""
    target, link = tmp_path / "real", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    replace(str(link), b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
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


@pytest.mark.parametrize("path", ["/dev/full", "no/such/folder/file"])
def test_what_cannot_be_written_is_a_failure_of_status_3(path: str) -> None:
    """One line that names the file."""
    with pytest.raises(Failure, match=f"{path}: cannot be written: ") as failure:
        replace(path, b"x" * 100)
    assert failure.value.status == 3
