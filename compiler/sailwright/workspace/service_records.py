"""What a build notes of each service file: what it depends on, what others may ask about it, and what it renders.

A record is small (some hundred bytes): the next build reads all records, and renders only services whose own files have
changed or that asked for a name or host with another answer now.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping

from sailwright.render.render_context import Neighbour
from sailwright.runtime.records import dataclass

Identity = tuple[str, str, str, str]
"""What makes a Kubernetes object one: API group, kind, namespace, name."""

Names = tuple[str, ...]
Export = tuple[int, str, Names, tuple[int, ...], Names, str | None, Names, Names, str, str]
"""The number of a target, a service's NAMESPACE/NAME, and the fields of its Neighbour."""

DIGEST = 8
"""Bytes of an object's digest: two that are alike by chance only cost a whole build."""


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """One service file.

    `reads` are the files it comes from, `asked` the names and hosts of others it asked for. `exports` are the neighbours it is to
    others, as (number of the target, NAMESPACE/NAME, and the fields of a Neighbour), `names` the services it describes, `ways` how their
    pods get sidecars, as (number of the target, namespace, way). `outputs` has the number of objects of each rendered file, and
    `objects` a digest of each object's identity. `documents` counts those of the service file. It has `failed` where it could not be
    read as it is: then some of the services that it describes may be missing.
    """

    reads: tuple[str, ...]
    asked: tuple[str, ...]
    exports: tuple[Export, ...]
    names: tuple[str, ...]
    ways: tuple[tuple[int, str, str], ...]
    outputs: Mapping[str, int]
    objects: bytes
    documents: int
    failed: bool = False

    def packed(self) -> bytes:
        """As bytes, for `unpacked`: a third of the room."""
        outputs = dict(self.outputs)
        plain = (
            self.reads, self.asked, self.exports, self.names, self.ways, outputs, self.objects, self.documents, self.failed,
        )  # fmt: skip
        return marshal.dumps(plain, 2)

    def adds_objects(self, earlier: ServiceRecord | None) -> list[bytes]:
        """The digests of objects that an earlier record of the file does not have."""
        return sorted(_digests(self.objects) - _digests(earlier.objects if earlier else b""))


def unpacked(data: bytes) -> ServiceRecord:
    """The record that was packed."""
    return ServiceRecord(*marshal.loads(data))  # noqa: S302  # from this very run, or sealed


class PackedRecords(Mapping[str, ServiceRecord]):
    """Records by path that stay packed; each is made again whenever someone asks for it."""

    def __init__(self, packed: Mapping[str, bytes]) -> None:
        self.packed = packed

    def __getitem__(self, path: str) -> ServiceRecord:
        return unpacked(self.packed[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self.packed)

    def __len__(self) -> int:
        return len(self.packed)


def packed(records: Mapping[str, ServiceRecord]) -> PackedRecords:
    """The records, packed."""
    if isinstance(records, PackedRecords):
        return records
    return PackedRecords({path: record.packed() for path, record in records.items()})


def together(parts: Iterable[Mapping[str, ServiceRecord]]) -> Mapping[str, ServiceRecord]:
    """The records of several parts, packed where all of them are."""
    known = list(parts)
    if known and all(isinstance(each, PackedRecords) for each in known):
        return PackedRecords(
            {path: data for each in known if isinstance(each, PackedRecords) for path, data in each.packed.items()}
        )
    return {path: record for each in known for path, record in each.items()}


def _digests(objects: bytes) -> set[bytes]:
    return {objects[at : at + DIGEST] for at in range(0, len(objects), DIGEST)}


def holds_any(records: Iterable[ServiceRecord], digests: Iterable[bytes]) -> bool:
    """Whether one of these records has one of these objects."""
    wanted = frozenset(digests)
    return bool(wanted) and any(not wanted.isdisjoint(_digests(record.objects)) for record in records)


def neighbours(records: Iterable[ServiceRecord], targets: int) -> list[dict[str, Neighbour]]:
    """The neighbours in each of so many targets."""
    found: list[dict[str, Neighbour]] = [{} for _ in range(targets)]
    for record in records:
        for number, key, hosts, ports, accounts, team, owned, exposed, inject, waypoint in record.exports:
            found[number][key] = Neighbour(hosts, ports, accounts, team, owned, exposed, inject, waypoint)
    return found


def inhabited(records: Iterable[ServiceRecord]) -> dict[int, set[str]]:
    """The namespaces of the services in each target, by its number."""
    found: dict[int, set[str]] = {}
    for record in records:
        for number, key, *_ in record.exports:
            found.setdefault(number, set()).add(key.partition("/")[0])
    return found
