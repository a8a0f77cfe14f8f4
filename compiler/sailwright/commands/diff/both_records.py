"""What the services that are not the same on both sides of a comparison export on either, and what hangs on that around all services."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.suggestions import one_edit_keys
from sailwright.mesh.values.hosts import service_of
from sailwright.runtime.records import dataclass
from sailwright.workspace.service_change import namespaces_after
from sailwright.workspace.service_index import places_of
from sailwright.workspace.service_records import ServiceRecord, inhabited
from sailwright.workspace.worlds import absent_by_records

if TYPE_CHECKING:
    from sailwright.workspace.kept_rendering import Part


@dataclass(frozen=True)
class BothRecords:
    """The records of the services that are not the same: as they were at the base (`before`), and as they are on disk (`after`).

    `part` gives those of all services on disk. May raise LostRow.
    """

    part: Part
    before: Mapping[str, ServiceRecord]
    after: Mapping[str, ServiceRecord]

    def same_around(self) -> bool:
        """Whether the project's own objects are the same: Namespaces, waypoints and its Gateway hang on where services are and what they
        name.
        """
        old, new = (
            {place for each in some.values() for place in places_of(each)} for some in (self.before, self.after)
        )
        moved = {place for place in old ^ new if self._is_read(place)}
        return not moved or moved <= {place for _, each in self._others() for place in places_of(each)}

    def _is_read(self, place: tuple[Any, ...]) -> bool:
        compilation = self.part.compilation
        kind, number, namespace, *_ = place
        if kind == "gateway":
            return compilation.project.gateway_for(compilation.targets[number]) is not None
        return kind == "mesh" and (namespace in compilation.project.namespaces or bool(place[-1]))

    @cached_property
    def absent(self) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
        """The `absent_hosts` of each cluster, at the base and on disk."""
        after = absent_by_records(self.part.compilation, (record for _, record in self.part.each_record()))
        if _names(self.before) == _names(self.after):
            return after, after
        others = (record for _, record in self._others())
        return absent_by_records(self.part.compilation, (*others, *self.before.values())), after

    def namespaces(self) -> set[str]:
        """The namespaces of all services on either side, in whatever cluster."""
        sides = namespaces_after(self.part.change, self.part.records), inhabited(self.before.values())
        return {name for side in sides for each in side.values() for name in each}

    def paths(self) -> dict[str, str]:
        """The service files by NAMESPACE/NAME, on either side."""
        return {key: path for path, record in self._all() for _, key, *_ in record.exports}

    def called(self, names: Collection[tuple[str, str]]) -> frozenset[str]:
        """The service files with a host that has one of these names (see `near_names`)."""
        domains = {each.context.facts.cluster_domain for each in self.part.compilation.renderings.values()}
        namespaces = {namespace for _, namespace in names}

        def is_called(host: str) -> bool:
            known = (service for domain in domains if (service := service_of(host, domain)))
            return any(
                (key, place) in names for name, place in known if place in namespaces for key in one_edit_keys(name)
            )

        return frozenset(
            path
            for path, each in self._all()
            for _, _, hosts, *_ in each.exports
            if names and any(map(is_called, hosts))
        )

    def _all(self) -> Iterator[tuple[str, ServiceRecord]]:
        yield from self.before.items()
        yield from self.part.each_record()

    def _others(self) -> Iterator[tuple[str, ServiceRecord]]:
        changed = self.before.keys() | self.after.keys()
        yield from (pair for pair in self.part.each_record() if pair[0] not in changed)


def _names(records: Mapping[str, ServiceRecord]) -> list[Any]:
    return sorted(
        (each.names, [(number, key, hosts) for number, key, hosts, *_ in each.exports]) for each in records.values()
    )
