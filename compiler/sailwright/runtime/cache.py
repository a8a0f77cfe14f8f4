"""A place for what is slow to make and cheap to check: compiled templates, digests of past builds.

It lies in `$XDG_CACHE_HOME/sailwright` (else `~/.cache/sailwright`), never in the checkout. Entries are named by the digest of
everything they depend on, so that a miss costs time and never changes a result.
"""

from __future__ import annotations

import os
import sys

from sailwright import __version__
from sailwright.runtime.records import dataclass

_GENERATION = f"{__version__}-py{sys.version_info[0]}{sys.version_info[1]}"


@dataclass(frozen=True, slots=True)
class Cache:
    """Files below `directory`; None switches the cache off."""

    directory: str | None

    def load(self, kind: str, key: str) -> bytes | None:
        """The entry `key` (hexadecimal) of a kind, or None."""
        if self.directory is None:
            return None
        try:
            with open(os.path.join(self.directory, kind, key), "rb") as file:
                return file.read()
        except OSError:
            return None

    def store(self, kind: str, key: str, data: bytes) -> None:
        """Keep an entry. A cache that cannot be written is no fault: the work was done anyway."""
        if self.directory is None:
            return
        folder = os.path.join(self.directory, kind)
        temporary = os.path.join(folder, f".{key}.{os.getpid()}")
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            with open(temporary, "wb") as file:
                file.write(data)
            os.replace(temporary, os.path.join(folder, key))
        except OSError:
            return


def open_cache(*, enabled: bool = True) -> Cache:
    """The user's cache, or one that keeps nothing (`--no-cache`, no home, a folder that others may write)."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    if not enabled or not os.path.isabs(base):
        return Cache(None)
    directory = os.path.join(base, "sailwright", _GENERATION)
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
        status = os.stat(directory)
    except OSError:
        return Cache(None)
    trusted = not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)
    return Cache(directory if trusted else None)
