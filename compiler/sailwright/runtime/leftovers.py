"""Temporaries of one file, and those that a killed process left: a lock tells them apart.

Who writes a temporary holds an advisory lock on it (flock), which the kernel drops with the process, however that ends. So a
temporary that can be locked belongs to nobody, and is removed. Without such locks (Windows) nothing is swept.
"""

from __future__ import annotations

import os
from contextlib import suppress

from sailwright.runtime.folder import NO_LINK, Folder
from sailwright.runtime.regex import regex

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NAME = regex(r"\.sailwright-[0-9a-f]{24}")


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
        file = os.open(name, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | NO_LINK, dir_fd=where.descriptor)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            where.remove(name)
        finally:
            os.close(file)
