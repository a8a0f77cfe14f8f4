"""Write a plan so that a kill or a full disk at any moment leaves every file entirely old or entirely new.

First all temporaries are written; only then are manifests renamed into place, then kustomizations (the lower ones first,
so that none names a folder that lists nothing yet), and last come the removals (kustomizations first, the upper ones
before the lower ones, so that none names a file that is gone).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from posixpath import basename, dirname

from sailwright.commands.build.output.disk import STAGING
from sailwright.commands.build.output.plan import Change, Plan
from sailwright.render.layout import KUSTOMIZATION, ancestors
from sailwright.runtime.errors import Failure


def write(plan: Plan, root: str) -> None:
    """Bring the output folder `root` to what the plan says."""
    staging = f"{root}/{STAGING}"
    written = sorted((change for change in plan.changes if change.data is not None), key=_writing_order)
    removed = sorted((change.path for change in plan.changes if change.data is None), key=_removing_order)
    try:
        shutil.rmtree(staging, ignore_errors=True)
        if written:
            _stage(written, root, staging)
        for number, change in enumerate(written):
            os.rename(f"{staging}/{number}", f"{root}/{change.path}")
        for path in removed:
            os.unlink(f"{root}/{path}")
    except OSError as error:
        raise _failure(error, root) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    for folder in sorted({folder for path in removed for folder in ancestors(path)}, key=len, reverse=True):
        _remove_if_empty(f"{root}/{folder}")


def _stage(written: Sequence[Change], root: str, staging: str) -> None:
    """Make the folders and write the temporaries; when that fails, leave no trace."""
    made: list[str] = []
    try:
        _make_folder(staging, made)
        for folder in sorted({dirname(change.path) for change in written}):
            _make_folder(f"{root}/{folder}" if folder else root, made)
        for number, change in enumerate(written):
            _write_whole(f"{staging}/{number}", change.data or b"")
    except OSError:
        shutil.rmtree(staging, ignore_errors=True)
        for folder in reversed(made):
            _remove_if_empty(folder)
        raise


def _write_whole(path: str, data: bytes) -> None:
    """A new file, with half the system calls of `open`."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        while data:
            data = data[os.write(file, data) :]
    finally:
        os.close(file)


def _make_folder(folder: str, made: list[str]) -> None:
    """`mkdir -p`, noting what was made."""
    try:
        os.mkdir(folder)
    except FileExistsError:
        return
    except FileNotFoundError:
        _make_folder(dirname(folder), made)
        os.mkdir(folder)
    made.append(folder)


def _remove_if_empty(folder: str) -> None:
    with suppress(OSError):  # files of somebody else live there
        os.rmdir(folder)


def _writing_order(change: Change) -> tuple[bool, int, str]:
    return basename(change.path) == KUSTOMIZATION, -change.path.count("/"), change.path


def _removing_order(path: str) -> tuple[bool, int, str]:
    return basename(path) != KUSTOMIZATION, path.count("/"), path


def _failure(error: OSError, root: str) -> Failure:
    where = error.filename2 or error.filename or root
    if STAGING in str(where):
        where = root
    return Failure(
        f"{where}: {error.strerror}; every file is whole, entirely old or entirely new: make room or the folder writable, "
        "then build again",
        status=3,
    )
