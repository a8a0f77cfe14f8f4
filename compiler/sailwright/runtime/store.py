"""What is kept of one checkout between runs: one SQLite file in the user's cache folder.

It holds plain data only. Every entry is sealed as those of the cache are, with a key that lies outside, so what anybody else wrote
there or a disk spoiled is a miss. Whatever is wrong with the file (spoiled, locked, full, read-only, of a newer program, a link), the
work is done without it; that is said once. Two processes may use it at the same time, and one may be killed at any moment.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache as once
from importlib import import_module

from sailwright.runtime.cache import Cache
from sailwright.runtime.digests import blake2b
from sailwright.runtime.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

FORMAT = 3
"""Of the tables, and of the entries that are read whichever program wrote them: what a build has written. A file of another format is
emptied."""

LIMIT = 512 << 20
"""Bytes. What was not used for the longest time makes room for the rest."""

_PATIENCE = 2.0
"""Seconds to wait for another process."""

_CHECKOUT = ("checkout", "place")
"""The kind and name of the entry that has the path of the checkout."""

_SEAL = 32
_DAY = 86_400

_TABLES = """
    CREATE TABLE IF NOT EXISTS entries
    (kind TEXT NOT NULL, name TEXT NOT NULL, used INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (kind, name))
"""


@dataclass(frozen=True, slots=True)
class Store:
    """The entries of one checkout, by kind and name. `path` is None where nothing can be kept. `key` seals them.

    `checkout` is where the checkout is: only to know a store whose checkout is gone from there.
    """

    path: str | None
    key: bytes
    checkout: str = ""
    _held: list[sqlite3.Connection] = field(default_factory=list, repr=False, compare=False)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Meanwhile one connection serves all questions: for many in a short time, without a fork in between."""
        connection = None
        if self.path is not None and not self._held and os.path.lexists(self.path):
            connection = _opened(self.path)
        if connection is None:
            yield
            return
        self._held.append(connection)
        try:
            yield
        finally:
            self._held.clear()
            _close(connection)

    def _connected(self, path: str) -> sqlite3.Connection | None:
        return self._held[0] if self._held else _opened(path)

    def _let_go(self, connection: sqlite3.Connection) -> None:
        if connection not in self._held:
            _close(connection)

    def load(self, kind: str, name: str) -> bytes | None:
        """An entry as this user stored it, or None."""
        return self.load_all(kind, (name,)).get(name)

    def load_mapping(self, kind: str, name: str) -> dict[str, Any]:
        """An entry of plain data by text, as marshal wrote it; empty where it is not there or something else."""
        import marshal

        data = self.load(kind, name)
        try:
            found = marshal.loads(data) if data else {}  # noqa: S302  # sealed: this user's own program wrote it
        except (ValueError, EOFError, TypeError):
            return {}
        return found if isinstance(found, dict) else {}

    def load_all(self, kind: str, names: Iterable[str]) -> dict[str, bytes]:
        """Those of these entries that are there as this user stored them."""
        if self.path is None or not os.path.lexists(self.path):
            return {}
        connection = self._connected(self.path)
        if connection is None:
            return {}
        found, old = {}, []
        try:
            for name in names:
                row = connection.execute(
                    "SELECT data, used FROM entries WHERE kind = ? AND name = ?", (kind, name)
                ).fetchone()
                if row and isinstance(row[0], bytes) and row[0][:_SEAL] == self._seal(kind, name, row[0][_SEAL:]):
                    found[name] = row[0][_SEAL:]
                    if isinstance(row[1], int) and row[1] < time.time() - _DAY:
                        old.append((int(time.time()), kind, name))
            if old:
                with (
                    suppress(Exception),
                    _transaction(connection),
                ):  # another process may be writing: tomorrow is early enough
                    connection.executemany("UPDATE entries SET used = ? WHERE kind = ? AND name = ?", old)
        except Exception as error:  # noqa: BLE001  # sqlite3 raises much, of which nothing may stop a run
            _troubled(self.path, error)
            return {}
        finally:
            self._let_go(connection)
        return found

    def keep(self, kind: str, name: str, data: bytes) -> None:
        """Keep an entry in the place of a former one. A store that cannot be written is no fault: the work was done anyway."""
        self.keep_all([(kind, name, data)])

    def keep_all(
        self,
        entries: Sequence[tuple[str, str, bytes]],
        gone: Iterable[tuple[str, str]] = (),
        emptied: Iterable[str] = (),
    ) -> None:
        """Keep several entries and let go of others: all of it or nothing. The last is the one that leads to the others.

        Of the kinds that are `emptied` no other entry stays.
        """
        if self.path is None:
            return
        connection = self._connected(self.path)
        if connection is None:
            return
        try:
            with _transaction(connection):
                now, place = int(time.time()), os.fsencode(self.checkout)
                connection.executemany("DELETE FROM entries WHERE kind = ?", ((kind,) for kind in emptied))
                connection.executemany("DELETE FROM entries WHERE kind = ? AND name = ?", gone)
                rows = [*entries, (*_CHECKOUT, place)]
                sealed = ((kind, name, now, self._seal(kind, name, data) + data) for kind, name, data in rows)
                connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", sealed)
                kind, name, _ = entries[-1]
                _bound(connection, kind, name)
        except Exception as error:  # noqa: BLE001
            _troubled(self.path, error)
        finally:
            self._let_go(connection)

    def _seal(self, kind: str, name: str, data: bytes) -> bytes:
        seal = blake2b(f"store/{kind}/{name}\0".encode(), key=self.key, digest_size=_SEAL)
        seal.update(data)
        return seal.digest()


@dataclass(frozen=True, slots=True)
class Pending:
    """A store of which entries are written together, at the end: `written` gives them to it."""

    store: Store
    entries: list[tuple[str, str, bytes]] = field(default_factory=list)

    def load_mapping(self, kind: str, name: str) -> dict[str, Any]:
        """An entry of the store."""
        return self.store.load_mapping(kind, name)

    def keep(self, kind: str, name: str, data: bytes) -> None:
        """Keep an entry, later."""
        self.entries.append((kind, name, data))

    def written(self) -> None:
        """Keep them all."""
        if self.entries:
            self.store.keep_all(self.entries)
            self.entries.clear()


def open_store(cache: Cache, checkout: str) -> Store:
    """The store of the checkout at a path, next to the user's cache; one that keeps nothing where that does.

    A checkout without one takes over that of a checkout which is gone: CI keeps the cache of a job whose folder had another name.
    Entries hold no path, so a wrong one is only of no use.
    """
    if cache.directory is None:
        return Store(None, b"")
    real = os.path.realpath(checkout)
    name = blake2b(os.fsencode(real), digest_size=16).hexdigest()
    path = os.path.join(cache.directory, FOLDER, f"{name}.sqlite")
    if not os.path.lexists(path):
        _take_over(path, cache.key)
    return Store(path, cache.key, real)


_MOST = 8
"""Stores that are looked at for one to take over, the newest first."""


def _take_over(path: str, key: bytes) -> None:
    folder = os.path.dirname(path)
    with suppress(OSError):
        names = [name for name in os.listdir(folder) if name.endswith(".sqlite")]
        others = sorted((os.path.join(folder, name) for name in names), key=os.path.getmtime, reverse=True)
        for other in others[:_MOST]:
            place = Store(other, key).load(*_CHECKOUT)
            if place and not os.path.lexists(os.fsdecode(place)):
                os.rename(other, path)
                return


FOLDER = "checkouts"
"""The folder of the stores below that of the cache."""


class _transaction:  # noqa: N801  # used like a function
    """All of it or nothing; the lock is taken at once, so that two processes wait for each other instead of failing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self._connection.execute("COMMIT" if kind is None else "ROLLBACK")


def _sqlite3() -> Any:
    """The module, without what it does about dates, where there is such a part: that takes longer to load than the rest."""
    try:
        return import_module("_sqlite3")
    except ImportError:
        import sqlite3

        return sqlite3


def _close(connection: sqlite3.Connection) -> None:
    with suppress(Exception):
        connection.close()


def _opened(path: str) -> sqlite3.Connection | None:
    """A connection to a store of this format; None, which is said once, where there can be none."""
    module = _sqlite3()
    try:
        if reason := _unfit(path):
            _say(path, reason)
            return None
        connection: sqlite3.Connection = module.connect(path, timeout=_PATIENCE, isolation_level=None)
    except (OSError, module.Error) as error:
        _troubled(path, error)
        return None
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            _emptied(connection)
    except Exception as error:  # noqa: BLE001
        connection.close()
        _troubled(path, error)
        return None
    else:
        return connection


def _emptied(connection: sqlite3.Connection) -> None:
    """Make the tables anew."""
    connection.execute("PRAGMA auto_vacuum = FULL")
    with _transaction(connection):
        connection.execute("DROP TABLE IF EXISTS entries")
        connection.execute(_TABLES)
        connection.execute(f"PRAGMA user_version = {FORMAT}")


def _bound(connection: sqlite3.Connection, kind: str, name: str) -> None:
    """Let go of what was not used for the longest time, until the rest fits. The entry just kept stays."""
    pages, size_of_page = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    if pages * size_of_page <= LIMIT:
        return
    size = connection.execute("SELECT sum(length(data)) FROM entries").fetchone()[0] or 0
    rows = connection.execute("SELECT kind, name, length(data) FROM entries ORDER BY used, kind, name").fetchall()
    for other_kind, other_name, length in rows:
        if size <= LIMIT:
            return
        if (other_kind, other_name) != (kind, name):
            connection.execute("DELETE FROM entries WHERE kind = ? AND name = ?", (other_kind, other_name))
            size -= length


def _unfit(path: str) -> str:
    """Why a path cannot be a store of ours; empty where it can. Makes its folder."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    for each in (path, f"{path}-journal"):
        try:
            status = os.lstat(each)
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(status.st_mode):
            return "it is no regular file"
        if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
            return "it belongs to another user"
        if status.st_mode & 0o022:
            return "others may write to it"
    return ""


_SPOILED = ("malformed", "not a database", "disk image", "no such table", "no such column", "encrypted")


def _troubled(path: str, error: Exception) -> None:
    """Say it once. A spoiled file is removed, so that the next run has a sound one."""
    if any(word in str(error) for word in _SPOILED):
        for each in (f"{path}-journal", path):
            with suppress(OSError):
                os.unlink(each)
        return
    _say(path, str(error))


@once
def _say(path: str, reason: str) -> None:
    sys.stderr.write(f"sailwright: results of earlier runs are not used: {path}: {reason}\n")
