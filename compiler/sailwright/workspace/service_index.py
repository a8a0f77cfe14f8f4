"""The records of all services by what is asked of them: after a change only those that it concerns are looked at.

Facts lead from a host, an object's name, a name that somebody asked for, to the service files that have it. Where namespaces and ways
into the mesh only count, the index counts.
"""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sailwright.render.render_context import Neighbour
from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Store
from sailwright.runtime.table import Keeping, Table, new_rows, new_table, number_of_row
from sailwright.workspace.service_records import ServiceRecord, packed, unpacked

_RECORDS, _PLACES = 32, 1024
"""Keys in a row."""
_SERVICES = 16
"""Services for whose facts there is one row: each says about eight."""

Facts = dict[str, dict[str, Any]]
"""What each service file says, by fact and path."""


@dataclass(frozen=True, slots=True)
class ServiceIndex:
    """What is kept of all services. Every question may raise LostRow."""

    records: Table
    facts: Table
    places: Table
    totals: tuple[int, int, int, int]
    """How many service files, documents in them, files that render anything, and rendered objects there are."""

    def some(self, paths: Iterable[str]) -> dict[str, ServiceRecord]:
        """The records of those of these service files that there were."""
        return {path: unpacked(data) for path, data in self.records.get_all(paths).items()}

    def all(self) -> dict[str, ServiceRecord]:
        """Every record."""
        return {path: unpacked(data) for path, data in self.records.items()}

    def each(self) -> Iterator[tuple[str, ServiceRecord]]:
        """Every record, one after the other: none is held."""
        for row in self.records.rows:
            for path, data in Table(self.records.store, self.records.kind, [row]).items():
                yield path, unpacked(data)

    def readers(self, files: Iterable[str]) -> dict[str, frozenset[str]]:
        """The service files that each of these files belongs to, where it does."""
        files = tuple(files)
        own, others = self.records.get_all(files), self.facts.get_all(f"r{file}" for file in files)
        found = {file: frozenset((*((file,) if file in own else ()), *others.get(f"r{file}", ()))) for file in files}
        return {file: services for file, services in found.items() if services}

    def asking(self, names: Iterable[str]) -> frozenset[str]:
        """The service files that asked for one of these names."""
        return frozenset(path for found in self.facts.get_all(f"a{name}" for name in names).values() for path in found)

    def counts(self) -> Counter[tuple[Any, ...]]:
        """How many service files have each place, as `places_of` names them."""
        return Counter({tuple(place): count for _, (place, count) in self.places.items()})

    def changed(
        self, earlier: Mapping[str, ServiceRecord], records: Mapping[str, ServiceRecord], keeping: Keeping
    ) -> dict[str, Any]:
        """What to know of the index with other records in the place of the earlier ones; where there is none, a service is gone."""
        old, new = _facts(earlier), _facts(records)
        touched = [fact for fact in old.keys() | new.keys() if old.get(fact) != new.get(fact)]
        known = self.facts.get_all(touched)
        facts = {}
        for fact in touched:
            rest = {path: said for path, said in known.get(fact, {}).items() if path not in old.get(fact, {})}
            facts[fact] = rest | new.get(fact, {})
        counts = _counts(records.values())
        counts.subtract(_counts(earlier.values()))
        moved = {repr(place): (place, count) for place, count in counts.items() if count}
        former = self.places.get_all(moved)
        places = {key: (place, former.get(key, (place, 0))[1] + count) for key, (place, count) in moved.items()}
        return {
            "records": self.records.changed(
                {path: record.packed() for path, record in records.items()}, earlier.keys() - records.keys(), keeping
            ),
            "facts": self.facts.changed(
                {fact: said for fact, said in facts.items() if said},
                [fact for fact, said in facts.items() if not said],
                keeping,
            ),
            "places": self.places.changed(
                {key: each for key, each in places.items() if each[1]},
                [key for key, each in places.items() if not each[1]],
                keeping,
            ),
            "totals": self.totals_after(earlier, records),
        }

    def totals_after(
        self, earlier: Mapping[str, ServiceRecord], records: Mapping[str, ServiceRecord]
    ) -> tuple[int, int, int, int]:
        """The totals with other records in the place of the earlier ones."""
        less, more = _totals(earlier.values()), _totals(records.values())
        files, documents, rendering, objects = (
            known + added - removed for known, added, removed in zip(self.totals, more, less, strict=True)
        )
        return files, documents, rendering, objects


def service_index(store: Store, kind: str, known: Mapping[str, Any]) -> ServiceIndex:
    """The index that `known` leads to, with rows of a kind."""
    records, facts, places = (Table(store, f"{kind} {name}", known[name]) for name in ("records", "facts", "places"))
    return ServiceIndex(records, facts, places, known["totals"])


def new_index(kind: str, records: Mapping[str, ServiceRecord], keeping: Keeping) -> dict[str, Any]:
    """What to know of an index of these services, with rows of a kind."""
    facts: list[list[bytes]] = [[] for _ in range(len(records) // _SERVICES + 1)]
    counts: Counter[tuple[Any, ...]] = Counter()
    totals = 0, 0, 0, 0
    paths = list(records)
    for number, path in enumerate(paths):
        record = records[path]
        counts.update(places_of(record))
        totals = _added(totals, record)
        for fact, said in _said(path, record):
            facts[number_of_row(fact, len(facts))].append(marshal.dumps((fact, number, said), 2))
    places = {repr(place): (place, count) for place, count in counts.items()}
    return {
        "records": new_table(f"{kind} records", packed(records).packed, _RECORDS, keeping),
        "facts": new_rows(f"{kind} facts", (_gathered(row, paths) for row in facts), keeping),
        "places": new_table(f"{kind} places", places, _PLACES, keeping),
        "totals": totals,
    }


def _gathered(row: list[bytes], paths: Sequence[str]) -> Facts:
    """The facts of a row, which take a third of the room while they are packed one by one; they are let go of."""
    found: Facts = {}
    row.reverse()
    while row:
        fact, number, said = marshal.loads(row.pop())  # noqa: S302  # packed just now
        _note(found, fact, paths[number], said)
    return found


def _note(facts: Facts, fact: str, path: str, said: Any) -> None:
    """Add to a fact what one service file says."""
    by_path = facts.setdefault(fact, {})
    by_path[path] = max(by_path[path], said) if said and path in by_path else said


def _facts(records: Mapping[str, ServiceRecord]) -> Facts:
    """What the index is asked for: neighbours, hosts and objects of each target, names, who asks for one, and files beside services."""
    found: Facts = {}
    for path, record in records.items():
        for fact, said in _said(path, record):
            _note(found, fact, path, said)
    return found


def _said(path: str, record: ServiceRecord) -> Iterator[tuple[str, Any]]:
    for number, key, hosts, ports, accounts, team, owned, exposed, inject, waypoint in record.exports:
        yield f"{number} s{key}", (hosts, ports, accounts, team, owned, exposed, inject, waypoint)
        for host in hosts:
            yield f"{number} h{host}", key
        for name in owned:
            yield f"{number} o{key.partition('/')[0]}/{name}", key
    for name in record.names:
        yield f"n{name}", None
    for name in record.asked:
        yield f"a{name}", None
    for file in record.reads:
        if file != path:
            yield f"r{file}", None


def places_of(record: ServiceRecord) -> frozenset[tuple[Any, ...]]:
    """Where a service takes part: `mesh`, its namespaces and how its pods are in the mesh there; `gateway`, the Gateways that they name;
    `way`, how they get sidecars.
    """
    found: set[tuple[Any, ...]] = {("way", *way) for way in record.ways}
    for number, key, _, _, _, _, _, exposed, inject, waypoint in record.exports:
        namespace = key.partition("/")[0]
        found.add(("mesh", number, namespace, inject, waypoint))
        found |= {("gateway", number, namespace, gateway) for gateway in exposed}
    return frozenset(found)


def _counts(records: Iterable[ServiceRecord]) -> Counter[tuple[Any, ...]]:
    return Counter(place for record in records for place in places_of(record))


Totals = tuple[int, int, int, int]


def _added(totals: Totals, record: ServiceRecord) -> Totals:
    files, documents, rendering, objects = totals
    outputs = record.outputs
    return files + 1, documents + record.documents, rendering + bool(outputs), objects + sum(outputs.values())


def _totals(records: Iterable[ServiceRecord]) -> Totals:
    totals = 0, 0, 0, 0
    for record in records:
        totals = _added(totals, record)
    return totals


def neighbour_of(said: Sequence[Any]) -> Neighbour:
    """The neighbour that a fact is about."""
    return Neighbour(*said)
