"""What services depend on and export, noted while they are rendered."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from sailwright.project.model import Project
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.project.services import Services
from sailwright.render.render_context import Neighbour
from sailwright.runtime.records import dataclass
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import Source
from sailwright.workspace.compile import Compilation, service_exports
from sailwright.workspace.service_records import ServiceRecord
from sailwright.workspace.wrong_files import failed

_FIELDS = attrgetter(*Neighbour.__match_args__)


class Recording:
    """The records of a compilation, gathered while its services are rendered one after the other."""

    def __init__(self, compilation: Compilation) -> None:
        self._compilation = compilation
        checkout = compilation.project.checkout
        self._recent = checkout.recent if isinstance(checkout, Recorded) else set()
        self._numbers = {target: number for number, target in enumerate(compilation.targets)}
        self._notes: dict[str, _Notes] = {}
        wrong = failed(compilation.services.findings)
        for source in compilation.services.sources:
            self._notes[source.path] = _notes(source, failed=source.path in wrong)

    def start(self, target: Target) -> None:
        """A service of this cluster is about to be rendered."""
        self._recent.clear()
        self._compilation.renderings[target].context.asked.clear()

    def note(self, target: Target, service: Service, path: str, count: int, marks: bytes = b"") -> None:
        """The service is rendered, to so many objects in the file at a path. `marks` has a digest of each of them."""
        notes, number = self._notes[service.file], self._numbers[target]
        context = self._compilation.renderings[target].context
        notes.reads |= self._recent
        notes.asked |= context.asked
        notes.export(number, service, context.neighbours.values[service.key])
        notes.outputs[path] = count
        notes.objects += marks

    def records(self) -> Mapping[str, ServiceRecord]:
        """The record of each service file."""
        return {path: notes.record() for path, notes in self._notes.items()}

    def record(self, path: str) -> ServiceRecord:
        """The record of one service file."""
        return self._notes[path].record()


def exported_records(project: Project, services: Services) -> dict[str, ServiceRecord]:
    """What is known of the record of each service file before it is rendered: what it exports, and its names."""
    exports, found = service_exports(project, services), {}
    for source in services.sources:
        notes = _notes(source, failed=False)
        for number, (target, group) in enumerate(services.by_target.items()):
            for service in group:
                if service.file == source.path:
                    notes.export(number, service, exports.neighbours[target][service.key])
        found[source.path] = notes.record()
    return found


def _notes(source: Source, *, failed: bool) -> _Notes:
    values = (document.value for document in source.documents)
    names = {f"{value.get('namespace')}/{value.get('name')}" for value in values if isinstance(value, dict)}
    return _Notes({source.path}, set(), [], sorted(names), [], {}, b"", len(source.documents), failed)


@dataclass(slots=True)
class _Notes:
    """A record in the making."""

    reads: set[str]
    asked: set[str]
    exports: list[Any]
    names: list[str]
    ways: list[tuple[int, str, str]]
    outputs: dict[str, int]
    objects: bytes
    documents: int
    failed: bool

    def export(self, number: int, service: Service, neighbour: Neighbour) -> None:
        self.exports.append((number, service.key, *_FIELDS(neighbour)))
        if service.external is None and not service.workload.external:
            self.ways.append((number, service.namespace, service.mesh.inject))

    def record(self) -> ServiceRecord:
        return ServiceRecord(
            tuple(sorted(self.reads)),
            tuple(sorted(self.asked)),
            tuple(self.exports),
            tuple(self.names),
            tuple(self.ways),
            self.outputs,
            self.objects,
            self.documents,
            self.failed,
        )
