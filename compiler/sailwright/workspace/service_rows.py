"""What is rendered of many services, in rows of the store: some dozens of services in each, by a digest of their paths.

Services are much alike, so a row takes a third of the room and of the time that its services would take one by one. A change of one
service writes one row. A row is named by what is in it: two renderings with the same services share it.
"""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sailwright.project.service.resolve import Target
from sailwright.runtime.store import Store
from sailwright.runtime.table import name_of_row, number_of_row

SERVICES = "services"
"""The kind of the rows of what was last rendered from disk."""

_IN_A_ROW = 32
"""Services in a row, about."""


DIGESTS = 512
"""Digests of services in a row of a table."""


def rows_for(services: int) -> int:
    """How many rows to make for so many services."""
    return services // _IN_A_ROW + 1


def content_digest(packed: bytes) -> str:
    """What tells apart what is rendered of a service, as `packed_services` packs it, whoever rendered it.

    marshal writes equal data in many ways, by which of its parts happen to be one object; of its version 2 there is one.
    """
    return digest_of_plain(marshal.loads(packed))  # noqa: S302  # sealed, or from our own child


def digest_of_plain(plain: Any) -> str:
    """The `content_digest` of plain data, once it is packed."""
    return name_of_row(marshal.dumps(plain, 2))


def name_of(targets: Iterable[Target]) -> str:
    """The name of the entry that leads to the rows of what is rendered for these clusters."""
    chosen = repr([(target.environment, target.cluster) for target in targets])
    return name_of_row(chosen.encode("utf-8", "surrogateescape"))


def row_names(digests: Mapping[str, str], rows: int) -> list[str]:
    """The name of each row, by the digests of services by path."""
    found: list[list[tuple[str, str]]] = [[] for _ in range(rows)]
    for path, digest in sorted(digests.items()):
        found[number_of_row(path, rows)].append((path, digest))
    return [name_of_row(marshal.dumps(each, 2)) for each in found]


def paths_by_row(paths: Iterable[str], names: Sequence[str]) -> list[list[str]]:
    """The paths of services, row by row."""
    found: list[list[str]] = [[] for _ in names]
    for path in paths:
        found[number_of_row(path, len(names))].append(path)
    return found


def changed_rows(names: Sequence[str], beside: Mapping[str, str], changed: Iterable[str]) -> list[str]:
    """The names with those rows anew that have a changed service; `beside` has the digests of all services in them, by path."""
    touched = {number_of_row(path, len(names)) for path in changed}
    again = row_names(beside, len(names))
    return [again[number] if number in touched else name for number, name in enumerate(names)]


def row_entries(
    services: Mapping[str, bytes], names: Sequence[str], known: Iterable[str], kind: str = SERVICES
) -> list[tuple[str, str, bytes]]:
    """The entries of the rows of these names that are not known. `services` has at least all services of those, by path."""
    there = frozenset(known)
    rows: dict[int, dict[str, bytes]] = {number: {} for number, name in enumerate(names) if name not in there}
    for path, data in services.items():
        number = number_of_row(path, len(names))
        if number in rows:
            rows[number][path] = data
    return [(kind, names[number], _row(row)) for number, row in rows.items()]


def row_entry(services: Mapping[str, bytes], names: Sequence[str], kind: str = SERVICES) -> tuple[str, str, bytes]:
    """The entry of the row with exactly these services, by path."""
    number = number_of_row(next(iter(services)), len(names))
    return kind, names[number], _row(services)


def _row(services: Mapping[str, bytes]) -> bytes:
    return zlib.compress(marshal.dumps(dict(services), 2), 1)


def gone_rows(former: Iterable[str], names: Iterable[str], kind: str = SERVICES) -> list[tuple[str, str]]:
    """The entries of rows that are not needed any more."""
    return [(kind, name) for name in frozenset(former) - frozenset(names)]


def in_rows(
    store: Store, names: Sequence[str], paths: Iterable[str], *, beside: bool = False, kind: str = SERVICES
) -> dict[str, bytes] | None:
    """What is rendered of some services; with those `beside` them, all of their rows. None where some are not there."""
    wanted = frozenset(paths)
    needed = {names[number_of_row(path, len(names))] for path in wanted}
    found = store.load_all(kind, needed)
    if len(found) < len(needed):
        return None
    services: dict[str, bytes] = {}
    for data in found.values():
        row: dict[str, bytes] = marshal.loads(zlib.decompress(data))  # noqa: S302  # sealed: this user's own program wrote it
        services |= row if beside else {path: row[path] for path in wanted & row.keys()}
    return services if beside or len(services) == len(wanted) else None
