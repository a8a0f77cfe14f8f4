"""Temporary files and folders, and those that a killed process left: a lock tells them apart.

Who writes a temporary file holds an advisory lock on it (flock), which the kernel drops with the process and its children, however
they end. So one that can be locked belongs to nobody, and is removed. A temporary folder has a file in it for the lock. Without such
locks (Windows) nothing is swept.
"""

from __future__ import annotations

import os
from contextlib import suppress

from sailwright.runtime.errors import Failure
from sailwright.runtime.folder import NO_LINK, Folder
from sailwright.runtime.regex import regex

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NAME = regex(r"\.sailwright-[0-9a-f]{24}")
_FOLDER = regex(r"sailwright-[0-9a-f]{24}")
_LOCK = ".sailwright-lock"
_TO_LOCK = os.O_RDWR | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | NO_LINK


def temporary_name() -> str:
    """A name that nobody can guess."""
    return f".sailwright-{os.urandom(12).hex()}"


def held(where: Folder, mode: int) -> tuple[str, int]:
    """A new and empty temporary in an open folder, locked: its name, and its descriptor."""
    while True:
        name = temporary_name()
        file = where.create(name, mode)
        try:
            if fcntl is None:
                return name, file
            with suppress(OSError):  # a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file).st_nlink:  # nobody swept it before it was locked
                return name, file
        except BaseException:
            os.close(file)
            with suppress(OSError):
                where.remove(name)
            raise
        os.close(file)


def sweep(where: Folder) -> None:
    """Remove the temporaries of processes that are gone. What cannot be removed stays: it is in nobody's way."""
    if fcntl is None or where.descriptor is None:
        return
    with suppress(OSError):
        for name in filter(_NAME.fullmatch, where.names()):
            _remove_if_free(where, name)


def _remove_if_free(where: Folder, name: str) -> None:
    with suppress(OSError):
        file = os.open(name, _TO_LOCK, dir_fd=where.descriptor)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            where.remove(name)
        finally:
            os.close(file)


def held_folder(where: Folder) -> tuple[str, int]:
    """A new folder for this user alone in an open one: its name, and the descriptor that keeps it while it is open."""
    while True:
        name = temporary_name()[1:]
        with where.open_new(name) as made:
            file = made.create(_LOCK, 0o600)
            if fcntl is None:
                return name, file
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
            except OSError:  # a file system without locks: then nobody can know that it is left
                made.remove(_LOCK)
                return name, file
        if os.fstat(file).st_nlink:  # nobody swept it before it was locked
            return name, file
        os.close(file)


def sweep_folders(where: Folder) -> None:
    """Remove the temporary folders that processes of this user have left. What cannot be removed stays: it is in nobody's way."""
    if fcntl is None or where.descriptor is None:
        return
    with suppress(OSError):
        for name in filter(_FOLDER.fullmatch, where.names()):
            _remove_folder_if_free(where, name)


def _remove_folder_if_free(where: Folder, name: str) -> None:
    with suppress(OSError, Failure), where.open_below(name) as found:
        if not _own(found.status(os.curdir)) or not _own(found.status(_LOCK)):
            return
        file = os.open(_LOCK, _TO_LOCK, dir_fd=found.descriptor)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            where.remove_tree(name)
        finally:
            os.close(file)


def _own(status: os.stat_result | None) -> bool:
    return status is not None and status.st_uid == os.geteuid()
