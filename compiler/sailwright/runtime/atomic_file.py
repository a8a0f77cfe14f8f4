"""The one way to write a file: in one step, so that a kill or a full disk leaves the old bytes or the new ones, never a part.

The new bytes go to a temporary of a random name in the same folder, which is opened by descriptor; what is in the way
(a link, a socket) is refused and stays. What a killed run left in that folder, the next one that writes there removes.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress

from sailwright.runtime.errors import Failure
from sailwright.runtime.folder import NO_LINK, Folder, open_folder, write_all
from sailwright.runtime.leftovers import held, sweep


def replace(path: str, data: bytes | Iterable[bytes], *, make_folders: bool = False) -> None:
    """Write a file, all at once or chunk by chunk; one that is there keeps its mode. Raises Failure (status 3).

    A device of `/dev` and a pipe that somebody reads are written to. A link is refused, and one on the way there as `folder.py` says.
    """
    try:
        if _is_device(path):
            with open(path, "wb") as file:
                file.writelines(_chunks(data))
            return
        folder, name = os.path.split(path)
        with open_folder(folder, [] if make_folders else None) as where:
            sweep(where)
            put(where, name, data, path)
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}", 3) from None


def put(where: Folder, name: str, data: bytes | Iterable[bytes], shown: str) -> None:
    """Write a file in an open folder; messages call it `shown`. Raises Failure for what is in the way, OSError for the rest."""
    status = where.status(name)
    if status is not None and stat.S_ISFIFO(status.st_mode):
        return _to_reader(where, name, data, shown)
    if status is not None and not stat.S_ISREG(status.st_mode):
        kind = "a link" if stat.S_ISLNK(status.st_mode) else "a folder" if stat.S_ISDIR(status.st_mode) else "no file"
        raise Failure(f"{shown}: cannot be written: this is {kind}; remove it, or name another file", 3)
    temporary, file = held(where, 0o666 if status is None else 0o600)
    try:
        _fill(file, data)
        if status is not None:
            where.permit(temporary, stat.S_IMODE(status.st_mode))
        if where.descriptor is None:  # Windows moves no open file
            os.close(file)
            file = -1
        where.move(temporary, where, name)
    except BaseException:
        with suppress(OSError):
            where.remove(temporary)
        raise
    finally:
        if file >= 0:
            os.close(file)


def _fill(file: int, data: bytes | Iterable[bytes]) -> None:
    """Write all bytes. Some systems say only at a close that they could not: the lock stays with the other descriptor."""
    second = os.dup(file)
    try:
        for chunk in _chunks(data):
            write_all(second, chunk)
    except BaseException:
        with suppress(OSError):
            os.close(second)
        raise
    os.close(second)


def _chunks(data: bytes | Iterable[bytes]) -> Iterable[bytes]:
    return (data,) if isinstance(data, bytes) else data


def _is_device(path: str) -> bool:
    """`/dev/stdout`, `/dev/fd/63`; `/dev/shm` is a folder as any other."""
    return path.startswith("/dev/") and not path.startswith("/dev/shm/")  # noqa: S108


def _to_reader(where: Folder, name: str, data: bytes | Iterable[bytes], shown: str) -> None:
    """Write to a named pipe, where somebody reads it: without a reader, to open it would wait for ever."""
    try:
        file = os.open(name, os.O_WRONLY | os.O_NONBLOCK | NO_LINK, dir_fd=where.descriptor)
    except OSError:
        raise Failure(f"{shown}: cannot be written: nobody reads this pipe", 3) from None
    try:
        os.set_blocking(file, True)
        for chunk in _chunks(data):
            write_all(file, chunk)
    finally:
        os.close(file)
