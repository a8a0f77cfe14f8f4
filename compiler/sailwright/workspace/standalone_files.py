"""Service files without a project: compiled for one cluster that no environment names, with the defaults of a release."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import chain

from sailwright.diagnostics.finding import Finding
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.project.model import Project
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.project.services import build_services
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass
from sailwright.source.files.checkout import Disk, Unreadable
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Document, Source
from sailwright.workspace.compile import Compilation, rendering_of, service_exports
from sailwright.workspace.worlds import rendered_manifests

UNDECLARED = frozenset({"environment-unknown", "unknown-service"})
"""What cannot be wrong without a project file: it alone declares environments, and says which services there are."""


@dataclass(frozen=True)
class StandaloneFiles:
    """A Checkout of files by the names the user gave them; what they include is read from the folder that holds all."""

    disk: Disk

    @property
    def root(self) -> str:
        """The folder that the user is in."""
        return "."

    def shown(self, path: str) -> str:
        """What messages call a file: its name is that already."""
        return path

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        """The bytes of a file."""
        return self.disk.read(self._inside(path), limit)

    def holds(self, path: str) -> bool:
        """Whether a path stays inside the repository."""
        return self.disk.holds(self._inside(path))

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files a pattern names."""
        found = self.disk.glob(self._inside(pattern))
        return tuple(os.path.normpath(os.path.join(self.disk.root, path)) for path in found)

    def _inside(self, path: str) -> str:
        return os.path.relpath(path, self.disk.root)


@dataclass(frozen=True, slots=True)
class StandaloneWorld:
    """The world that files make up by themselves, the services in it, and what is wrong with their service files."""

    world: World
    services: tuple[Service, ...] = ()
    findings: tuple[Finding, ...] = ()


def is_service(source: Source) -> bool:
    """Whether a file is a service file; a project file is none."""
    return source.dialect == "service" and os.path.basename(source.path) != PROJECT_FILE


def standalone_world(
    sources: Sequence[Source], facts: Facts, cache: Cache, *, injecting: bool = True
) -> StandaloneWorld:
    """The world of files that no project names; service files take part through what they render."""
    services = [source for source in sources if is_service(source)]
    written = [found for source in sources if not is_service(source) for found in manifests(source)]
    if not services:
        return StandaloneWorld(World(tuple(written), facts))
    compilation = _compiled(services, facts, cache, injecting=injecting)
    files = list(compilation.files(Target()))
    rendered: list[Manifest] = [found for file in files for found in rendered_manifests(compilation, file)]
    reported = chain(compilation.findings, *(file.findings for file in files))
    findings = tuple(finding for finding in reported if finding.rule not in UNDECLARED)
    world = World((*rendered, *written), facts)
    return StandaloneWorld(world, compilation.services.by_target[Target()], findings)


def _compiled(sources: Sequence[Source], facts: Facts, cache: Cache, *, injecting: bool) -> Compilation:
    """Sidecars are native here: nothing says what the nodes can do, and that is what new clusters have."""
    folder = os.path.commonpath([os.path.dirname(os.path.abspath(source.path)) for source in sources])
    istio = {"version": facts.istio_version, "sidecarMode": "native", "meshConfig": facts.mesh_config}
    document = Document(Source(PROJECT_FILE, b"", "service"), 0, {})
    project = Project(document, StandaloneFiles(Disk(os.path.relpath(folder))), istio=istio)
    services = build_services(project, (Target(),), sources)
    rendering = rendering_of(project, Target(), service_exports(project, services), cache, injecting=injecting)
    return Compilation(project, (Target(),), services, {Target(): rendering}, services.findings)
