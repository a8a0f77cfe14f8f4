"""Where a large project has no store, what a command puts aside goes to a temporary one: then no process need hold the whole mesh."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sailwright.source.files.discovery import find_project

if TYPE_CHECKING:
    from sailwright.workspace.compile import LoadedProject

_KIND = "writable"


@contextmanager
def temporary_store(project: str | None, *, cached: bool, loaded: LoadedProject | None = None) -> Iterator[bool | None]:
    """Have a temporary store in the place of the user's while this is open, where there must be one; whether there is.

    There must in a large project where the user's may not be used (not `cached`, as with `--no-cache`), or cannot be written. The caller
    asks for the cache as if it were the user's then. Of a small project (None) the whole mesh is held: in the time that it takes to make
    a store, it is checked. `loaded` is the project where it is read already.
    """
    root = find_project(project)
    if root is None or not _large(root, loaded):
        yield None
        return
    from sailwright.runtime.cache import temporary_cache
    from sailwright.runtime.process_pool import can_fork

    if not can_fork() or (cached and _writable(root)):
        yield False
        return
    with temporary_cache() as cache:
        yield cache.directory is not None


def _writable(root: str) -> bool:
    """Whether entries can be kept in the user's store. Why they cannot was said."""
    from sailwright.runtime.cache import open_cache
    from sailwright.runtime.store import open_store

    store, mark = open_store(open_cache(project=root), root), os.urandom(8)
    store.keep(_KIND, "", mark)
    return store.load(_KIND, "") == mark


def _large(root: str, loaded: LoadedProject | None) -> bool:
    from sailwright.source.files.checkout import Disk
    from sailwright.workspace.compile import InvalidProject, load_project
    from sailwright.workspace.parallel import is_large

    found = loaded or load_project(Disk(root))
    return not isinstance(found, InvalidProject) and is_large(found.project)
