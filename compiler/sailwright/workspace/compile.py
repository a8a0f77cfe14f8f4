"""From a checkout to what every cluster gets: read the project and its services, then render them cluster by cluster.

Services need to know of each other (accounts, hosts, ports). So that several processes can share the work, reading pauses once:
each reports what others need to know of its services (ServiceExports) and goes on with the exports of all.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Finding
from sailwright.project.model import Project
from sailwright.project.reading import read_project
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.project.services import Earlier, Services, choose_targets, not_earlier, read_services
from sailwright.render.facts import facts
from sailwright.render.own_templates import own_templates
from sailwright.render.owned_objects import Seen, owned_objects
from sailwright.render.render_context import Around, Neighbour, around, neighbour, render_context
from sailwright.render.rendering import RenderedFile, Rendering
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.files.discovery import PROJECT_FILE
from sailwright.source.source import SERVICE_LIMIT, Source
from sailwright.workspace.unverified_releases import unverified_releases

if TYPE_CHECKING:
    from sailwright.project.trusted_settings import Trusted


@dataclass(frozen=True, slots=True)
class LoadedProject:
    """A project whose sailwright.yaml was read, and the clusters that were chosen."""

    project: Project
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class InvalidProject:
    """A project whose sailwright.yaml is at fault."""

    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ServiceExports:
    """What others need to know of some services: neighbours by target and NAMESPACE/NAME, and all names in their files.

    `ways` has the ways of injection by target and namespace. `kept` answers for all services where most are not read: then the rest
    is of those that are.
    """

    neighbours: Mapping[Target, Mapping[str, Neighbour]]
    names: frozenset[str]
    ways: Mapping[tuple[Target, str], frozenset[str]]
    kept: KeptAnswers | None = None


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """All services of each cluster, and the NAMESPACE/NAME of all services, as far as anybody asks."""

    around: Mapping[Target, Around]
    names: Mapping[str, None]


@dataclass(frozen=True)
class Compilation:
    """A project that was read, ready to render. With an error among `findings`, nothing may be written."""

    project: Project
    targets: tuple[Target, ...]
    services: Services
    renderings: Mapping[Target, Rendering]
    findings: tuple[Finding, ...]

    def files(self, target: Target) -> Iterator[RenderedFile]:
        """The rendered files of one cluster."""
        rendering, services = self.renderings[target], self.services.by_target[target]
        yield from rendering.shared({service.namespace for service in services})
        for service in services:
            yield rendering.render(service)


def loaded_of(compilation: Compilation) -> LoadedProject:
    """The project of a compilation, nothing found in it."""
    return LoadedProject(compilation.project, compilation.targets, ())


def load_project(
    checkout: Checkout,
    environments: Sequence[str] = (),
    clusters: Sequence[str] = (),
    trusted: Trusted | None = None,
) -> LoadedProject | InvalidProject:
    """Read the project file of a checkout and choose clusters (all where none is named). `trusted`: as for `read_project`.

    Raises Failure for an environment or cluster that is not known.
    """
    reading = read_project(checkout, trusted=trusted)
    if reading.project is None:
        data = checkout.read(PROJECT_FILE, SERVICE_LIMIT)
        source = () if isinstance(data, Unreadable) else (Source(PROJECT_FILE, data, "service"),)
        return InvalidProject(reading.findings, source)
    return LoadedProject(reading.project, choose_targets(reading.project, environments, clusters), reading.findings)


def compile_project(
    checkout: Checkout,
    cache: Cache,
    environments: Sequence[str] = (),
    clusters: Sequence[str] = (),
    *,
    injecting: bool = True,
) -> Compilation | InvalidProject:
    """Read the project of a checkout and all its services, in this process.

    Raises Failure for an environment, cluster or Istio release that is not known.
    """
    loaded = load_project(checkout, environments, clusters)
    return loaded if isinstance(loaded, InvalidProject) else compile_loaded(loaded, cache, injecting=injecting)


def compile_loaded(
    loaded: LoadedProject, cache: Cache, *, injecting: bool = True, earlier: Earlier = not_earlier
) -> Compilation:
    """Read all services of a project; `earlier` has files that were read before. Raises Failure for an Istio release that is not known."""
    services = read_services(loaded.project, loaded.targets, None, earlier)
    known = service_exports(loaded.project, services)
    return compiled(loaded, services, renderings_of(loaded, known, cache, injecting=injecting))


def end_of(reading: Generator[ServiceExports, ServiceExports, Compilation], known: ServiceExports) -> Compilation:
    """Send a reading that pauses what the others export; the compilation it ends with."""
    try:
        reading.send(known)
    except StopIteration as end:
        compilation: Compilation = end.value
        return compilation
    raise AssertionError("reading pauses once")


def compiling(
    loaded: LoadedProject, cache: Cache, files: Sequence[str] | None, *, injecting: bool
) -> Generator[ServiceExports, ServiceExports, Compilation]:
    """Read some service files (None: all), pausing to hear of the others."""
    project, targets = loaded.project, loaded.targets
    services = read_services(project, targets, files)
    known = yield service_exports(project, services)
    return compiled(loaded, services, renderings_of(loaded, known, cache, injecting=injecting))


def compiled(loaded: LoadedProject, services: Services, renderings: Mapping[Target, Rendering]) -> Compilation:
    """Services that were read, ready to render, with everything that is wrong so far."""
    project = loaded.project
    findings = (
        *loaded.findings,
        *services.findings,
        *own_templates(project.checkout)[1],
        *unverified_releases(project, loaded.targets, services),
        *_modes(project, services),
    )
    return Compilation(project, loaded.targets, services, renderings, findings)


def renderings_of(
    loaded: LoadedProject, known: ServiceExports, cache: Cache, *, injecting: bool
) -> dict[Target, Rendering]:
    """The clusters of a project, ready to render."""
    return {
        target: rendering_of(loaded.project, target, known, cache, injecting=injecting) for target in loaded.targets
    }


def rendering_of(
    project: Project, target: Target, known: ServiceExports, cache: Cache, *, injecting: bool
) -> Rendering:
    """One cluster of a project, ready to render."""
    kept = known.kept
    context = render_context(
        kept.around[target] if kept else around(known.neighbours[target]),
        facts(project, target),
        sync_waves=project.output.sync_waves,
        everywhere=kept.names if kept else dict.fromkeys(known.names),
        extra_kinds=project.output.extra_kinds,
        namespaces=project.namespaces,
    )
    return Rendering(project, target, context, cache, injecting, own_templates(project.checkout)[0])


def service_exports(project: Project, services: Services) -> ServiceExports:
    """What others need to know of these services."""
    known = {target: facts(project, target) for target in services.by_target}
    names = {service.key for group in services.by_target.values() for service in group}
    for source in services.sources:
        for document in source.documents:
            value = document.value if isinstance(document.value, dict) else {}
            names.add(f"{value.get('namespace')}/{value.get('name')}")
    ways: dict[tuple[Target, str], set[str]] = {}
    for target, group in services.by_target.items():
        for service in group:
            if _has_pods(service):
                ways.setdefault((target, service.namespace), set()).add(service.mesh.inject)
    seen: Seen = {}
    checkout = project.checkout
    return ServiceExports(
        {
            target: {s.key: neighbour(s, known[target], owned_objects(s, checkout, seen)) for s in group}
            for target, group in services.by_target.items()
        },
        frozenset(names),
        {place: frozenset(found) for place, found in ways.items()},
    )


def combine_exports(parts: Sequence[ServiceExports]) -> ServiceExports | None:
    """All claims together; None where services of different claims exclude each other, which one reader of all can word."""
    neighbours: dict[Target, dict[str, Neighbour]] = {}
    ways: dict[tuple[Target, str], frozenset[str]] = {}
    for claim in parts:
        for target, group in claim.neighbours.items():
            known = neighbours.setdefault(target, {})
            if known.keys() & group.keys():
                return None
            known.update(group)
        for place, found in claim.ways.items():
            ways[place] = ways.get(place, frozenset()) | found
    if any({"build", "webhook"} <= found for found in ways.values()):
        return None
    return ServiceExports(neighbours, frozenset().union(*(claim.names for claim in parts)), ways)


def _modes(project: Project, services: Services) -> Iterator[Finding]:
    """Whether sidecars are native is a property of the clusters, which no default can know."""
    for target, group in services.by_target.items():
        if project.istio_for(target).sidecar_mode is not None:
            continue
        for service in group:
            bakes = _has_pods(service) and service.mesh.inject == "build"
            if bakes and project.istio_for(target, service=service).sidecar_mode is None:
                message = "`istio.sidecarMode` is not set, and the build renders sidecars"
                place = "istio" if "istio" in project.document.value else "apiVersion"
                location = project.document.locate((place,), key=True)
                yield Finding("sidecar-mode-missing", "error", message, location, _MODES, path=(place,))
                return


_MODES = (
    "write `native` where every node runs Kubernetes 1.33 or newer and the control plane injects native sidecars, "
    "else `classic`"
)


def _has_pods(service: Service) -> bool:
    return not service.external and not service.workload.external
