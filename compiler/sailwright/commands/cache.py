"""`cache`: what is kept between runs, and how large it is; and to let go of it."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from sailwright.runtime.cache import open_cache
from sailwright.runtime.records import dataclass
from sailwright.runtime.store import FOLDER, LIMIT, open_store
from sailwright.source.files.discovery import find_project


@dataclass(frozen=True, slots=True)
class CacheReport:
    """The user's cache folder (None: none is used). Sizes are in bytes: of all of it, and of the store of this checkout."""

    directory: str | None
    files: int = 0
    size: int = 0
    checkouts: int = 0
    store: str | None = None
    store_size: int = 0
    limit: int = LIMIT


def report(project: str | None) -> CacheReport:
    """What there is now."""
    cache = open_cache(project=project)
    if cache.directory is None:
        return CacheReport(None)
    sizes = _sizes(cache.directory)
    store = open_store(cache, find_project(project) or os.curdir).path
    checkouts = sum(os.path.basename(os.path.dirname(path)) == FOLDER for path in sizes)
    return CacheReport(cache.directory, len(sizes), sum(sizes.values()), checkouts, store, sizes.get(store or "", 0))


def clear(project: str | None, *, everything: bool) -> int:
    """Remove the store of this checkout, or all that this version has kept; the bytes that are free then."""
    found = report(project)
    if found.directory is None:
        return 0
    freed = 0
    for path, size in _sizes(found.directory).items():
        if everything or path == found.store:
            with suppress(OSError):
                os.unlink(path)
                freed += size
    return freed


def _sizes(directory: str) -> dict[str, int]:
    """The size of each file below a folder; links are neither followed nor counted."""
    found: dict[str, int] = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(folder, name)
            with suppress(OSError):
                status = os.lstat(path)
                if stat.S_ISREG(status.st_mode):
                    found[path] = status.st_size
    return found
