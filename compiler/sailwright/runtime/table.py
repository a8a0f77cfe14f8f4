"""Plain data of many things by text, kept in the store in rows of some dozens: a change reads and writes the rows that it touches.

A row is named by what is in it. So a table is the list of its rows' names, two tables with the same names hold the same, and another
process that changes a table meanwhile can only make a row be gone, never another one.
"""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sailwright.runtime.digests import blake2b
from sailwright.runtime.records import dataclass, field
from sailwright.runtime.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

AT_ONCE = 2 << 20
"""Bytes of rows of one table that are held at a time."""


class LostRow(Exception):  # no error: the answer is elsewhere
    """A row is not there any more: what is kept is of no use."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is to be kept together: new entries, those that go, and the kinds of which nothing else stays."""

    store: Store
    entries: list[tuple[str, str, bytes]] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)

    def keep_so_far(self) -> None:
        """Keep what there is before the rest is known: rows of many services are not all held at once.

        Whoever is killed after this leaves rows that nothing leads to, or what leads to rows that are gone: that is of no use then.
        """
        self.store.keep_all(self.entries, self.gone, self.emptied)
        for each in (self.entries, self.gone, self.emptied):
            each.clear()

    def keep(self, kind: str, name: str, known: Mapping[str, Any]) -> None:
        """Keep all of it, and the entry that leads to the rest."""
        self.store.keep_all([*self.entries, (kind, name, marshal.dumps(dict(known)))], self.gone, self.emptied)


def name_of_row(data: bytes) -> str:
    """The name of a row with this in it."""
    return blake2b(data, digest_size=16).hexdigest()


def number_of_row(key: str, rows: int) -> int:
    """The number of the row of a key, of so many."""
    return zlib.crc32(key.encode("utf-8", "surrogateescape")) % rows


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one kind in the store. Every reading may raise LostRow. `seen` has the rows that were read, by number."""

    store: Store
    kind: str
    rows: Sequence[str]
    seen: dict[int, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    def get(self, key: str) -> Any:
        """What is kept of a key; None where it is not there."""
        return self.get_all((key,)).get(key)

    def get_all(self, keys: Iterable[str]) -> dict[str, Any]:
        """What is kept of those keys that are there."""
        numbers = {key: number_of_row(key, len(self.rows)) for key in keys}
        self._read(frozenset(numbers.values()))
        return {key: self.seen[number][key] for key, number in numbers.items() if key in self.seen[number]}

    def items(self) -> Iterator[tuple[str, Any]]:
        """All of it."""
        self._read(range(len(self.rows)))
        for number in range(len(self.rows)):
            yield from self.seen[number].items()

    def _read(self, numbers: Iterable[int]) -> None:
        missing = {number: self.rows[number] for number in numbers if number not in self.seen}
        if not missing:
            return
        found = self.store.load_all(self.kind, missing.values())
        for number, name in missing.items():
            if name not in found:
                raise LostRow
            self.seen[number] = marshal.loads(found[name])  # noqa: S302  # sealed: this user's own program wrote it

    def changed(self, new: Mapping[str, Any], gone: Iterable[str], keeping: Keeping) -> Sequence[str]:
        """The names of the rows with some keys anew and others gone."""
        gone = frozenset(gone)
        touched = {number_of_row(key, len(self.rows)) for key in (*new, *gone)}
        self._read(touched)
        rows = {
            number: {key: value for key, value in self.seen[number].items() if key not in gone and key not in new}
            for number in touched
        }
        for key, value in new.items():
            rows[number_of_row(key, len(self.rows))][key] = value
        names = list(self.rows)
        for number, row in rows.items():
            names[number] = _add(self.kind, row, keeping)
        keeping.gone.extend((self.kind, name) for name in frozenset(self.rows) - frozenset(names))
        return names


class Rows(Mapping[str, "Any"]):
    """A table as a mapping, or that part of it whose keys begin with a prefix: nothing is read before it is asked for."""

    def __init__(self, table: Table, prefix: str = "") -> None:
        self.table, self._prefix = table, prefix

    def __getitem__(self, key: str) -> Any:
        return self.table.get_all((self._prefix + key,))[self._prefix + key]

    def __iter__(self) -> Iterator[str]:
        return (key.removeprefix(self._prefix) for key, _ in self.table.items() if key.startswith(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def new_table(kind: str, items: Mapping[str, Any], in_a_row: int, keeping: Keeping) -> Sequence[str]:
    """The names of the rows of a new table, with about so many keys in each; nothing else of its kind stays."""
    count = len(items) // in_a_row + 1
    rows: list[list[str]] = [[] for _ in range(count)]
    for key in items:
        rows[number_of_row(key, count)].append(key)
    return new_rows(kind, ({key: items[key] for key in row} for row in rows), keeping)


def new_rows(kind: str, rows: Iterable[Mapping[str, Any]], keeping: Keeping) -> Sequence[str]:
    """The names of the rows of a new table, each key in the row of its number; nothing else of its kind stays."""
    keeping.emptied.append(kind)
    names, size = [], 0
    for row in rows:
        names.append(_add(kind, row, keeping))
        size += len(keeping.entries[-1][2])
        if size > AT_ONCE:
            keeping.keep_so_far()
            size = 0
    return names


def _add(kind: str, row: Mapping[str, Any], keeping: Keeping) -> str:
    data = marshal.dumps(dict(sorted(row.items())), 2)
    name = name_of_row(data)
    keeping.entries.append((kind, name, data))
    return name
