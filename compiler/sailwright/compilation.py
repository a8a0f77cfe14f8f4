"""From a checkout to what every cluster gets: read the project and its services, then render them cluster by cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sailwright.cache import Cache
from sailwright.errors import Failure
from sailwright.finding import Finding
from sailwright.project import Project, Services, choose_targets, read_project, read_services
from sailwright.releases import parse_release, unverified
from sailwright.render.facts import facts
from sailwright.render.rendering import RenderedFile, Rendering
from sailwright.render.surroundings import surroundings
from sailwright.service import Service, Spot, Target
from sailwright.source import Source
from sailwright.source.checkout import Checkout, Unreadable
from sailwright.source.files import PROJECT_FILE
from sailwright.source.source import SERVICE_LIMIT


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
        yield from rendering.namespaces(services)
        for service in services:
            yield rendering.render(service)


@dataclass(frozen=True, slots=True)
class Unread:
    """A project whose sailwright.yaml is at fault."""

    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]


def compile_project(
    checkout: Checkout,
    cache: Cache,
    environments: Sequence[str] = (),
    clusters: Sequence[str] = (),
    *,
    injecting: bool = True,
) -> Compilation | Unread:
    """Read the project of a checkout for the chosen clusters (all where none is named).

    Raises Failure for an environment, cluster or Istio release that is not known.
    """
    reading = read_project(checkout)
    if reading.project is None:
        return Unread(reading.findings, _source(checkout))
    project = reading.project
    targets = choose_targets(project, environments, clusters)
    services = read_services(project, targets)
    return Compilation(
        project,
        targets,
        services,
        {target: rendering_of(project, target, services, cache, injecting=injecting) for target in targets},
        (*reading.findings, *services.findings, *_releases(project, targets, services), *_modes(project, services)),
    )


def _source(checkout: Checkout) -> tuple[Source, ...]:
    data = checkout.read(PROJECT_FILE, SERVICE_LIMIT)
    return () if isinstance(data, Unreadable) else (Source(PROJECT_FILE, data, "service"),)


def rendering_of(project: Project, target: Target, services: Services, cache: Cache, *, injecting: bool) -> Rendering:
    """One cluster of a project, ready to render."""
    elsewhere = _names(services)
    around = surroundings(
        services.by_target[target],
        facts(project, target),
        sync_waves=project.output.sync_waves,
        everywhere=elsewhere,
    )
    return Rendering(project, target, around, cache, injecting)


def _names(services: Services) -> set[str]:
    """NAMESPACE/NAME of every service as its file has it, whether or not a chosen cluster has the service."""
    found = {service.key for group in services.by_target.values() for service in group}
    for source in services.sources:
        for document in source.documents:
            value = document.value if isinstance(document.value, dict) else {}
            found.add(f"{value.get('namespace')}/{value.get('name')}")
    return found


def _releases(project: Project, targets: Sequence[Target], services: Services) -> Iterator[Finding]:
    """Releases of a known line that are newer than any this version was compared with; unknown lines are failures."""
    places: dict[str, tuple[Spot, bool]] = {}
    root = Spot(project.document, ("istio", "version"))
    for target in targets:
        istio = project.istio_for(target)
        for release in (istio.version, *istio.control_planes.values()):
            if release:
                places.setdefault(release, (root, istio.strict_patch))
        for service in services.by_target[target]:
            if own := service.mesh.istio.get("version"):
                places.setdefault(own, (service.written(("mesh", "istio", "version")), istio.strict_patch))
    for release, (spot, strict) in places.items():
        location = spot.location()
        try:
            parsed = parse_release(release)
        except Failure as failure:
            raise Failure(f"{location.file}:{location.line}: {failure.message}") from None
        if unverified(parsed):
            message = f"Istio {release} is newer than any release this version was compared with"
            remedy = "its newest known template is used: look for a newer sailwright, and read the release notes"
            yield Finding(
                "istio-patch-unverified", "error" if strict else "warning", message, location, remedy, path=spot.path
            )


def _modes(project: Project, services: Services) -> Iterator[Finding]:
    """Whether sidecars are native is a property of the clusters that no default can know."""
    for target, group in services.by_target.items():
        for service in group:
            if _bakes(service) and project.istio_for(target, service=service).sidecar_mode is None:
                message = "`istio.sidecarMode` is not set, and sidecars are rendered by the build"
                remedy = (
                    "write `native` where every node runs Kubernetes 1.33 or newer and the mesh says so, else `classic`"
                )
                location = project.document.locate(("istio",), key=True)
                yield Finding("sidecar-mode-missing", "error", message, location, remedy, path=("istio",))
                return


def _bakes(service: Service) -> bool:
    return service.mesh.inject == "build" and not service.external and not service.workload.external
