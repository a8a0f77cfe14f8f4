"""Where a large project has no store, what a command puts aside goes to a temporary one: then no process need hold the whole mesh."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sailwright.runtime.cache import open_cache, temporary_cache
from sailwright.runtime.process_pool import can_fork
from sailwright.runtime.store import open_store
from sailwright.source.files.checkout import Disk
from sailwright.source.files.discovery import find_project
from sailwright.workspace.compile import InvalidProject, load_project
from sailwright.workspace.parallel import is_large

_KIND = "writable"


@contextmanager
def temporary_store(project: str | None, *, cached: bool) -> Iterator[bool]:
    """Have a temporary store in the place of the user's while this is open, where there must be one; whether there is.

    There must in a large project where the user's may not be used (not `cached`, as with `--no-cache`), or cannot be written. The caller
    asks for the cache as if it were the user's then. Of a small project the whole mesh is held: in the time that it takes to make a
    store, it is checked.
    """
    root = find_project(project)
    if root is None or not can_fork() or (cached and _writable(root)) or not _large(root):
        yield False
        return
    with temporary_cache() as cache:
        yield cache.directory is not None


def _writable(root: str) -> bool:
    """Whether entries can be kept in the user's store. Why they cannot was said."""
    store, mark = open_store(open_cache(project=root), root), os.urandom(8)
    store.keep(_KIND, "", mark)
    return store.load(_KIND, "") == mark


def _large(root: str) -> bool:
    loaded = load_project(Disk(root))
    return not isinstance(loaded, InvalidProject) and is_large(loaded.project)
