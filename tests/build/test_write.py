"""Writing is all or nothing: a full disk changes nothing, and a kill at any moment leaves whole files."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from sailwright.commands.build.output.disk import STAGING, standing
from sailwright.commands.build.output.plan import Plan, Scope, Wanted, plan
from sailwright.commands.build.output.write import write
from sailwright.render.layout import header
from sailwright.runtime.errors import Failure


def project(count: int, mark: str) -> dict[str, Wanted]:
    """Two namespaces of services; the second half of them has another name for each mark, so that files come and go."""
    files = {}
    for number in range(count):
        name = f"s{number}" if number < count / 2 else f"s{number}-{mark}"
        source = f"services/{name}/service.yaml"
        data = (header(source) + f"mark: {mark}\n" + "filler: x\n" * 200).encode()
        files[f"prod/ns{number % 2}/{name}.yaml"] = Wanted(data, source)
    return files


def planned(root: Path, files: dict[str, Wanted]) -> Plan:
    return plan(files, standing(str(root)), Scope(), (), "sailwright.yaml", lambda _path, _old, _new: False)


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def assert_whole(root: Path, versions: list[dict[str, Wanted]]) -> None:
    """Every manifest is entirely old or entirely new, and no kustomization names what is not there."""
    known = {(path, file.data) for version in versions for path, file in version.items()}
    for path, data in snapshot(root).items():
        if path.startswith(STAGING):
            continue
        if path.endswith("kustomization.yaml"):
            for name in yaml.safe_load(data)["resources"]:
                assert (root / path).parent.joinpath(name).exists(), f"{path} names {name}, which is not there"
        else:
            assert (path, data) in known, f"{path} is neither old nor new"


@pytest.mark.parametrize("step", range(1, 60, 3))
def test_stopped_at_any_step_the_tree_is_whole_and_the_next_build_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Stands for a kill: every system call that changes the tree is a place to stop, and nothing runs after it."""
    old, new = project(12, "old"), project(12, "new")
    write(planned(tmp_path, old), str(tmp_path))
    changes = planned(tmp_path, new)

    class Killed(BaseException):
        pass

    calls = 0
    for name in ("replace", "unlink", "rmdir", "mkdir"):
        real = getattr(os, name)

        def counted(*arguments: object, real: object = real, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls >= step:
                raise Killed
            return real(*arguments, **options)  # type: ignore[operator]

        monkeypatch.setattr(os, name, counted)
    monkeypatch.setattr(shutil, "rmtree", lambda *_arguments, **_options: None)
    with suppress(Killed):
        write(changes, str(tmp_path))
    assert_whole(tmp_path, [old, new])
    monkeypatch.undo()
    write(planned(tmp_path, new), str(tmp_path))
    fresh = tmp_path.with_name("fresh")
    write(planned(fresh, new), str(fresh))
    assert snapshot(tmp_path) == snapshot(fresh)


def test_killed_for_real_half_way_the_tree_is_whole(tmp_path: Path) -> None:
    """kill -9 while a process writes over and over, a number of times."""
    old, new = project(40, "old"), project(40, "new")
    write(planned(tmp_path, old), str(tmp_path))
    script = (
        "import sys; sys.path[:0] = sys.argv[2:]\n"
        "from test_write import *\n"
        "root = Path(sys.argv[1])\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    for mark in ('new', 'old'):\n"
        "        write(planned(root, project(40, mark)), str(root))\n"
    )
    for turn in range(5):
        here = str(Path(__file__).parent)
        process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), here], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(timeout=0.02 + 0.013 * turn)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert process.returncode == -signal.SIGKILL
        assert_whole(tmp_path, [old, new])
    write(planned(tmp_path, new), str(tmp_path))
    assert planned(tmp_path, new).changes == ()
    assert not (tmp_path / STAGING).exists()


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = project(6, "old"), project(6, "new")
    write(planned(tmp_path, old), str(tmp_path))
    before = snapshot(tmp_path)
    changes = planned(tmp_path, new)
    monkeypatch.setattr(os, "open", full_after(3, os.open))
    with pytest.raises(Failure, match="No space left on device") as failure:
        write(changes, str(tmp_path))
    monkeypatch.undo()
    assert failure.value.status == 3
    assert snapshot(tmp_path) == before


def full_after(files: int, real: object) -> object:
    opened = 0

    def limited(path: str, flags: int, *arguments: object, **options: object) -> object:
        nonlocal opened
        if flags & os.O_CREAT:
            opened += 1
            if opened > files:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        return real(path, flags, *arguments, **options)  # type: ignore[operator]

    return limited


def test_a_first_build_that_fails_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "rendered"
    changes = planned(root, project(6, "new"))
    monkeypatch.setattr(os, "open", full_after(0, os.open))
    with pytest.raises(Failure):
        write(changes, str(root))
    monkeypatch.undo()
    assert not root.exists()


def test_an_output_path_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rendered").write_text("not a folder")
    with pytest.raises(Failure, match="must be a folder") as failure:
        planned(tmp_path / "rendered", project(2, "new"))
    assert failure.value.status == 3
