"""Read a file that is one: pipes, sockets and devices are reported and never waited for."""

from __future__ import annotations

import errno
import os
import stat

from sailwright.runtime.records import dataclass

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)
NOT_REGULAR = "not a regular file"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a path gives no bytes, said so that it can follow the path and a colon."""

    reason: str


def read_regular(where: str, limit: int) -> bytes | Unreadable:
    """The bytes of a regular file of at most `limit` bytes. Raises OSError where there is none or it may not be read."""
    if special(where):  # before it is opened: to open a device can do things
        return Unreadable(NOT_REGULAR)
    try:
        file = os.open(where, _READ)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return Unreadable(NOT_REGULAR)
        raise
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            return Unreadable(NOT_REGULAR)
        if status.st_size > limit:
            return Unreadable(too_large(status.st_size, limit))
        data = b""
        while len(data) <= limit and (chunk := os.read(file, max(status.st_size - len(data), 1))):
            data = data + chunk if data else chunk
        return data if len(data) <= limit else Unreadable(too_large(len(data), limit))
    finally:
        os.close(file)


def special(where: str) -> bool:
    """Whether a path leads to what is neither a file nor a folder; False where it leads nowhere."""
    try:
        mode = os.stat(where).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def too_large(size: int, limit: int) -> str:
    """The reason for a file above the limit, both in bytes."""
    return f"the file has {size:,} bytes and the limit is {limit:,}; split it"
