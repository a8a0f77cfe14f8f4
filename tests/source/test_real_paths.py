"""Real paths of many files are those that the system gives one by one, and files and pipes are read whole."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from sailwright.source.files.files import read
from sailwright.source.files.real_paths import RealPaths


@pytest.mark.parametrize(
    "path",
    ["a/one.yaml", "./a/one.yaml", "a/../a/one.yaml", "link/one.yaml", "a/alias.yaml", "a/broken.yaml", "a", "link", "a/",
     "a/.", "a/..", "link/..", "link/nowhere.yaml", "one.yaml", ".", "link/b/c.yaml", "a/b/c.yaml", "a/b/up/a/b/c.yaml",
     "a//b/./c.yaml", "nowhere/a/one.yaml", "a/b/../alias.yaml", "a/b/up/../one.yaml"],
)  # fmt: skip
@pytest.mark.parametrize("absolute", [False, True])
def test_as_the_system_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, absolute: bool) -> None:
    """Links to files and folders, links to nothing, dots, and names relative to the folder one is in."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/one.yaml").write_text("a: 1\n")
    (tmp_path / "one.yaml").write_text("a: 1\n")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "a/b").mkdir()
    (tmp_path / "a/b/c.yaml").write_text("a: 1\n")
    (tmp_path / "a/b/up").symlink_to("../..")
    (tmp_path / "a/alias.yaml").symlink_to("../one.yaml")
    (tmp_path / "a/broken.yaml").symlink_to("../nothing.yaml")
    monkeypatch.chdir(tmp_path)
    name = os.path.join(tmp_path, path) if absolute else path
    real = RealPaths()
    assert [real.of(name), real.of(name), real.now(name)] == [os.path.realpath(name)] * 3


def test_a_file_below_any_number_of_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = "a/" * 600 + "b.yaml"
    os.makedirs(os.path.dirname(path))
    assert RealPaths().of(path) == os.path.realpath(path)


@pytest.mark.skipif(not os.path.isdir("/dev/fd"), reason="no /dev/fd here")
def test_a_pipe_is_read_to_its_end() -> None:
    """What a shell's `<(command)` gives comes in pieces, and its size is not known."""
    text = b"".join(b"- item number %d\n" % number for number in range(20_000))
    reading, writing = os.pipe()

    def write() -> None:
        with open(writing, "wb") as pipe:
            pipe.write(text)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert read(f"/dev/fd/{reading}").data == text
    finally:
        thread.join()
        os.close(reading)
