"""One build at a time: an advisory lock that leaves no file behind and that the kernel drops with the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sailwright.runtime.errors import Failure


@contextmanager
def building(project: str) -> Iterator[None]:
    """Hold the lock of the project folder; a second build waits for the first and says so."""
    try:
        import fcntl
    except ImportError:  # no advisory locks on this system
        yield
        return
    try:
        folder = os.open(project, os.O_RDONLY)
    except OSError as error:
        raise Failure(f"{project}: {error.strerror}; the project folder must be readable", status=3) from None
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.write(2, b"sailwright: another build of this project is running; waiting for it\n")
            fcntl.flock(folder, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks (some network mounts): two builds at once are the user's to avoid
        yield
    finally:
        os.close(folder)
