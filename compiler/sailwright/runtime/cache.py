"""A place for what is slow to make and cheap to check: custom kinds, what a project says of Istio, results of past runs.

It lies in `$XDG_CACHE_HOME/sailwright` (else `~/.cache/sailwright`), never in the checkout. Entries are named by the digest of
everything they depend on, so that a miss costs time and never changes a result.

Entries hold plain data. Each is sealed: a keyed BLAKE2b (RFC 7693) of its kind, its name and its bytes, with a key that
lies outside of the cache in a file that only this user may read. What anybody else wrote there, or a disk spoiled, is a miss.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache

from sailwright import __version__
from sailwright.runtime.errors import Failure
from sailwright.runtime.folder import NO_LINK
from sailwright.runtime.git import repository_of
from sailwright.runtime.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sailwright.runtime.folder import Folder

_GENERATION = f"{__version__}-{sys.implementation.cache_tag}"
_SEAL = 32
"""Bytes of a seal, and of the key."""


@dataclass(frozen=True, slots=True)
class Cache:
    """Files below `directory`; None switches the cache off. `key` seals them."""

    directory: str | None
    key: bytes = field(default=b"", repr=False)

    def load(self, kind: str, key: str) -> bytes | None:
        """The entry `key` (hexadecimal) of a kind as this user stored it, or None."""
        if self.directory is None:
            return None
        data = _read(os.path.join(self.directory, kind, key))
        if data is None or data[:_SEAL] != self._seal(kind, key, data[_SEAL:]):
            return None
        return data[_SEAL:]

    def store(self, kind: str, key: str, data: bytes) -> None:
        """Keep an entry. A cache that cannot be written is no fault: the work was done anyway."""
        if self.directory is None:
            return
        from sailwright.runtime.atomic_file import put
        from sailwright.runtime.folder import open_folder

        path = os.path.join(self.directory, kind)
        with suppress(OSError, Failure), open_folder(path, []) as folder:
            _sweep_once(path)
            put(folder, key, self._seal(kind, key, data) + data, key)

    def _seal(self, kind: str, key: str, data: bytes) -> bytes:
        from sailwright.runtime.digests import blake2b

        seal = blake2b(f"{kind}/{key}\0".encode(), key=self.key, digest_size=_SEAL)
        seal.update(data)
        return seal.digest()


_INSTEAD: ContextVar[Cache | None] = ContextVar("instead", default=None)


@contextmanager
def temporary_cache() -> Iterator[Cache]:
    """Have a new cache in the place of the user's while this is open: what a run needs to put aside, and nobody later.

    It lies in the folder for temporary files. Where it cannot be made, nothing is kept. What killed processes left there is removed.
    """
    from tempfile import gettempdir

    from sailwright.runtime.folder import open_folder
    from sailwright.runtime.leftovers import held_folder, sweep_folders

    try:
        where = open_folder(gettempdir())
    except (OSError, Failure):
        yield Cache(None)
        return
    with where:
        sweep_folders(where)
        try:
            name, lock = held_folder(where)
        except OSError:
            yield Cache(None)
            return
        made = Cache(os.path.join(gettempdir(), name), os.urandom(_SEAL))
        token = _INSTEAD.set(made)
        try:
            yield made
        finally:
            _INSTEAD.reset(token)
            with suppress(OSError, Failure):
                where.remove_tree(name)
            os.close(lock)


def open_cache(*, enabled: bool = True, project: str | None = None) -> Cache:
    """The user's cache, or one that keeps nothing (`--no-cache`, no home, a folder that others may write).

    A cache or key in the repository at hand, or in that of `project`, could come with a commit: it is refused, which is said once.
    """
    if enabled and (instead := _INSTEAD.get()) is not None:
        return instead
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    state = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    if not enabled or not os.path.isabs(base) or not os.path.isabs(state):
        return Cache(None)
    tops = {repository_of(folder) or _project(folder) for folder in (os.curdir, project or os.curdir)}
    for variable, folder in (("XDG_CACHE_HOME", base), ("XDG_STATE_HOME", state)):
        if any(top is not None and _within(folder, top) for top in tops):
            _say(
                f"sailwright: no cache is used: {variable} is in the repository, where a commit can write; "
                "set it to a folder outside, in CI to $RUNNER_TEMP or /tmp/cache\n"
            )
            return Cache(None)
    directory = os.path.join(base, "sailwright", _GENERATION)
    key = _key(os.path.join(state, "sailwright")) if _own(directory) else None
    return Cache(None) if key is None else Cache(directory, key)


@cache
def _sweep_once(path: str) -> None:
    """Remove what killed runs left in a folder of the cache: once a run, for it may hold many entries."""
    from sailwright.runtime.folder import open_folder
    from sailwright.runtime.leftovers import sweep

    with open_folder(path) as folder:
        sweep(folder)


@cache
def _say(line: str) -> None:
    sys.stderr.write(line)


def _project(folder: str) -> str | None:
    """A project that is in no repository."""
    real = os.path.realpath(folder)
    return real if os.path.lexists(os.path.join(real, "sailwright.yaml")) else None


def _within(folder: str, top: str) -> bool:
    real = os.path.realpath(folder)
    return real == top or real.startswith(top.rstrip(os.sep) + os.sep)


def _own(directory: str) -> bool:
    """Make a folder where it is missing; whether it is this user's, and nobody else may write there."""
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
        status = os.stat(directory)
    except OSError:
        return False
    return not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)


def _key(directory: str) -> bytes | None:
    """This user's key, made where there is none yet; None where it cannot be kept."""
    path = os.path.join(directory, "cache.key")
    key = _read(path, private=True)
    if (key is None or len(key) != _SEAL) and _own(directory):
        from sailwright.runtime.atomic_file import put
        from sailwright.runtime.folder import open_folder
        from sailwright.runtime.leftovers import sweep

        with suppress(OSError, Failure), open_folder(directory) as folder:
            sweep(folder)
            if key is None:
                _link_new(folder, os.urandom(_SEAL))
            else:  # cut short, by a full disk or whatever it was
                put(folder, "cache.key", os.urandom(_SEAL), path)
        key = _read(path, private=True)  # another process may have been faster
    return key if key is not None and len(key) == _SEAL else None


def _link_new(folder: Folder, key: bytes) -> None:
    """Write the key whole or not at all, and never in the place of one that is there."""
    from sailwright.runtime.folder import write_all
    from sailwright.runtime.leftovers import held

    temporary, file = held(folder, 0o600)
    try:
        write_all(file, key)
        try:
            folder.name_too(temporary, "cache.key")
        except FileExistsError:  # another process was faster
            pass
        except OSError:  # a file system without second names
            folder.move(temporary, folder, "cache.key")
    finally:
        os.close(file)
        with suppress(OSError):
            folder.remove(temporary)


def _read(path: str, *, private: bool = False) -> bytes | None:
    """The bytes of a regular file; with `private` only of one that is this user's alone."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | NO_LINK)
    except OSError:
        return None
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or (private and not _private(status)):
            return None
        data = b""
        while chunk := os.read(file, max(status.st_size - len(data), 1)):
            data = data + chunk if data else chunk
        return data
    except OSError:
        return None
    finally:
        os.close(file)


def _private(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o077)
