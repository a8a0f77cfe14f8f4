"""Replace a file in one step: a kill or a full disk leaves the old bytes or the new ones, never a part."""

from __future__ import annotations

import os

from sailwright.runtime.errors import Failure


def replace(path: str, data: bytes) -> None:
    """Write a file; one that is there keeps its mode, and a link keeps pointing to it. Raises Failure (status 3)."""
    target = os.path.realpath(path)
    temporary = f"{target}.sailwright-{os.getpid()}"
    try:
        if path.startswith("/dev/") or (os.path.exists(path) and not os.path.isfile(path)):
            return _write(path, data)  # a pipe or /dev/stderr is written to, not replaced
        try:
            _write(temporary, data)
            if os.path.exists(target):
                os.chmod(temporary, os.stat(target).st_mode & 0o7777)
            os.replace(temporary, target)
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}", 3) from None


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
