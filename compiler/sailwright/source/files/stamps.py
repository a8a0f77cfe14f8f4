"""Which files and folders have changed since they were noted: by what stat says of them, and by their bytes where that says nothing.

A stamp only saves reading. A file that changed shortly before it was noted may change again within the same tick of its clock, as
git knows of its index: such a stamp is not trusted, and the bytes are compared.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Mapping

from sailwright.source.files.recorded import digest

YOUNG = 2_000_000_000
"""Nanoseconds: a file changed this shortly before it was noted may change again within one tick of its clock."""

Stamp = tuple[int, int, int, int]
"""Date of change, of status change, size and inode: together they are new for a file that was written again."""

Stamps = dict[str, tuple[Stamp, int]]
"""The stamp of each path, and when it was noted, in nanoseconds."""


def _stamp(path: str) -> Stamp | None:
    """The stamp of a file, links followed; None where nothing is there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def stamps(folder: str, paths: Iterable[str], since: int | None = None) -> Stamps:
    """The stamps of what is there of these paths, noted now, or as of when a run began to read them: a file may change while it runs."""
    now, prefix = since or time.time_ns(), folder.rstrip("/") + "/"
    found = ((path, _stamp(prefix + path)) for path in paths)
    return {path: (each, now) for path, each in found if each is not None}


Folders = dict[str, tuple[Stamp, int, bytes]]
"""The stamp of each folder, when it was noted, and a digest of the names in it."""


_TICK = 50_000_000
"""Nanoseconds that the clock of a file system may be behind that of the process."""


def folder_stamps(root: str, folders: Iterable[str], since: int | None = None) -> Folders | None:
    """The folders among these, and all folders above them up to `root`, noted now.

    What changed after `since`, when a run began to look into them, counts as not looked into. None where one is a link, or anything
    else that cannot be relied on: what is behind it may change without a sign here.
    """
    wanted = {""}
    for folder in folders:
        path = folder.rstrip("/")
        while path and path not in wanted:
            wanted.add(path)
            path = path.rpartition("/")[0]
    found: Folders = {}
    for folder in wanted:
        where = os.path.join(root, folder)
        if (noted := _noted(where)) is not None:
            late = since is not None and max(noted[0][:2]) >= since - _TICK
            found[folder] = (noted[0], noted[1], b"") if late else noted
        elif os.path.lexists(where):
            return None
    return found


def changed_folders(root: str, known: Folders) -> tuple[set[str], Folders]:
    """The folders that are none any more or have other entries, and the new stamps of those that had to be looked into."""
    changed: set[str] = set()
    renewed: Folders = {}
    for folder, (noted, when, names) in known.items():
        where = os.path.join(root, folder)
        if _own_stamp(where) == noted and max(noted[:2]) < when - YOUNG:
            continue
        now = _noted(where)
        if now is not None and now[2] == names:
            renewed[folder] = now
        else:
            changed.add(folder)
    return changed, renewed


def _noted(path: str) -> tuple[Stamp, int, bytes] | None:
    now = time.time_ns()
    found = _own_stamp(path)
    try:
        with os.scandir(path) as entries:
            names = sorted((each.name, each.is_symlink(), each.is_dir(follow_symlinks=False)) for each in entries)
    except OSError:
        return None
    return None if found is None else (found, now, digest(repr(names).encode("utf-8", "surrogateescape")))


def _own_stamp(path: str) -> Stamp | None:
    """The stamp of a folder itself; None for anything else."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISDIR(status.st_mode):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def changed_files(
    folder: str, digests: Mapping[str, bytes], known: Stamps, read: Callable[[str], object]
) -> tuple[set[str], Stamps]:
    """The files that are not as their digests say, and the new stamps of those that are, but had to be read to know it.

    `read` gives the bytes of a file, or something else where it may not be read.
    """
    changed: set[str] = set()
    renewed: Stamps = {}
    prefix, stat_of, nothing = folder.rstrip("/") + "/", os.stat, (None, 0)
    for path, wanted in digests.items():
        try:
            status = stat_of(prefix + path)
        except OSError:
            changed.add(path)
            continue
        now = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        noted, when = known.get(path, nothing)
        if now == noted and max(now[0], now[1]) < when - YOUNG:
            continue
        looked = time.time_ns()
        data = read(path)
        if isinstance(data, bytes) and digest(data) == wanted:
            renewed[path] = (now, looked)
        else:
            changed.add(path)
    return changed, renewed
