"""Write a plan so that a kill or a full disk at any moment leaves every file entirely old or entirely new.

First all temporaries are written, in a folder that is made for them and that only this user may enter; only then are manifests renamed into place, then kustomizations (the lower ones first,
so that none names a folder that lists nothing yet), and last come the removals (kustomizations first, the upper ones
before the lower ones, so that none names a file that is gone).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from posixpath import basename, dirname
from typing import Self

from sailwright.commands.build.output.disk import STAGING
from sailwright.commands.build.output.plan import Change, Plan
from sailwright.render.layout import KUSTOMIZATION, ancestors
from sailwright.runtime.errors import Failure
from sailwright.runtime.folder import Folder, open_folder, open_within
from sailwright.runtime.leftovers import temporary_name
from sailwright.runtime.pressed import plain


def write(plan: Plan, root: str) -> None:
    """Bring the output folder `root` to what the plan says. Raises Failure (status 3) for links in the way and failing calls."""
    written = sorted((change for change in plan.changes if change.data is not None), key=_writing_order)
    removed = sorted((change.path for change in plan.changes if change.data is None), key=_removing_order)
    made: list[str] = []
    try:
        with open_folder(root, made) as output:
            _write_in(output, written, removed, made)
    except OSError as error:
        raise _failure(error, root) from None
    for folder in sorted({folder for path in removed for folder in ancestors(path)}, key=len, reverse=True):
        _remove_if_empty(f"{root}/{folder}")


def _write_in(output: Folder, written: Sequence[Change], removed: Sequence[str], made: list[str]) -> None:
    """Write and remove below the open output folder; `made` notes the folders that are new."""
    try:
        output.remove_tree(STAGING)
        if written:
            with output.open_new(STAGING) as staging:
                mark = temporary_name()
                _stage(written, output, staging, mark, made)
                with _Places(output) as places:
                    for number, change in enumerate(written):
                        staging.move(f"{mark}-{number}", places.at(change.path), basename(change.path))
        with _Places(output) as places:
            for path in removed:
                places.at(path).remove(basename(path))
    finally:
        with suppress(OSError, Failure):
            output.remove_tree(STAGING)


def _stage(written: Sequence[Change], output: Folder, staging: Folder, mark: str, made: list[str]) -> None:
    """Make the folders and write the temporaries; when that fails, leave no trace."""
    try:
        for folder in sorted({dirname(change.path) for change in written}):
            open_within(output, folder, made).close()
        for number, change in enumerate(written):
            staging.write_new(f"{mark}-{number}", plain(change.data or b""))
    except OSError:
        output.remove_tree(STAGING)
        for folder in reversed(made):
            _remove_if_empty(folder)
        raise


class _Places:
    """The folder of one file after the other, opened once where several follow each other in one."""

    def __init__(self, output: Folder) -> None:
        self._output = output
        self._path = ""
        self._open: Folder | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        if self._open is not None:
            self._open.close()

    def at(self, path: str) -> Folder:
        """The folder of a file, open until the next one is asked for."""
        folder = dirname(path)
        if self._open is None or folder != self._path:
            new = open_within(self._output, folder)
            if self._open is not None:
                self._open.close()
            self._path, self._open = folder, new
        return self._open


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
