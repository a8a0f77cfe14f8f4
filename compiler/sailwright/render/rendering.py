"""One cluster of a project: its services rendered and injected, ready to be written or judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sailwright.cache import Cache
from sailwright.emit import emit_all
from sailwright.finding import Finding
from sailwright.injection import InjectionSettings, inject, settings_from
from sailwright.manifest import Origin
from sailwright.output.layout import header, service_file, world_folder
from sailwright.project import IstioSettings, Project
from sailwright.releases import NEWEST
from sailwright.render.companions import companions
from sailwright.render.documents import render
from sailwright.render.draft import Piece
from sailwright.render.neighbours import strangers
from sailwright.render.surroundings import Surroundings
from sailwright.service import Service, Target
from sailwright.templating import Templates

DEFAULT_ENVIRONMENT = "default"
"""The folder of the one environment of a project that declares none."""


@dataclass(frozen=True, slots=True)
class ServiceOutput:
    """What a service renders to in one cluster. `path` is that of its file below the output path."""

    service: Service
    path: str
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]

    def data(self) -> bytes:
        """The bytes of the rendered file."""
        return (header(self.service.file) + emit_all(piece.value for piece in self.pieces)).encode()


@dataclass(frozen=True)
class Rendering:
    """One cluster of a project about to be rendered. `injecting` is False for `build --no-inject`."""

    project: Project
    target: Target
    around: Surroundings
    cache: Cache
    injecting: bool = True
    _settings: dict[str, InjectionSettings] = field(default_factory=dict, repr=False)
    _templates: dict[str, Templates] = field(default_factory=dict, repr=False)

    def render(self, service: Service) -> ServiceOutput:
        """Render one service of this cluster."""
        istio = self.project.istio_for(self.target, service=service)
        beside = companions(service, self.project.checkout)
        rendered = render(service, self.around, self._templates_of(istio), beside, istio.revision)
        problems = (*strangers(service, self.around), *beside.problems, *rendered.problems)
        findings = [problem.finding(service.written(problem.path)) for problem in problems]
        pieces = rendered.pieces
        if self.injecting and service.mesh.inject == "build" and istio.sidecar_mode:
            settings = self._settings_of(istio)
            pieces = tuple(_injected(service, piece, settings, findings) for piece in pieces)
        here = (self.target.environment,) if self.target.environment else ()
        found = [replace(finding, environments=here) for finding in (*findings, *beside.findings)]
        return ServiceOutput(service, self._path(service), pieces, tuple(found))

    def _path(self, service: Service) -> str:
        return service_file(self.project.output.layout, folder_of(self.target), service.namespace, service.name)

    def _templates_of(self, istio: IstioSettings) -> Templates:
        release = istio.version or str(NEWEST)
        if release not in self._templates:
            self._templates[release] = Templates(release, self.cache)
        return self._templates[release]

    def _settings_of(self, istio: IstioSettings) -> InjectionSettings:
        """Most services share their settings, and to build them costs more than an injection."""
        key = repr(istio)
        if key not in self._settings:
            self._settings[key] = injection_settings(istio, self.cache)
        return self._settings[key]


def injection_settings(istio: IstioSettings, cache: Cache) -> InjectionSettings:
    """The injector's settings for what a project says of Istio: only keys that are written stand above its values."""
    return settings_from(
        istio.values,
        istio.mesh_config,
        release=istio.version or str(NEWEST),
        revision=istio.revision,
        sidecar_mode=istio.sidecar_mode or "classic",
        cni=istio.cni if "cni" in istio.given else None,
        cluster_domain=istio.cluster_domain if "clusterDomain" in istio.given else None,
        cluster_id=istio.cluster_id,
        network=istio.network,
        cache=cache,
    )


def folder_of(target: Target) -> str:
    """The folder of a cluster below the output path."""
    return world_folder(target.environment or DEFAULT_ENVIRONMENT, target.cluster)


def origin_of(service: Service, piece: Piece) -> Origin:
    """Where the parts of a rendered object were written."""
    return Origin(piece.written or service.written, piece.paths)


def _injected(service: Service, piece: Piece, settings: InjectionSettings, findings: list[Finding]) -> Piece:
    """The object with the sidecar in it, or as it was where there is nothing to inject or something is wrong."""
    result = inject(piece.value, settings, service.namespace)
    for problem in result.problems:
        if problem.severity != "info":
            spot = origin_of(service, piece).find(problem.path)
            rule = "injection-refused" if problem.severity == "error" else "injection-doubtful"
            location = spot.document.locate(spot.path)
            findings.append(Finding(rule, problem.severity, problem.message, location, problem.help, path=spot.path))
    return replace(piece, value=result.value) if result.changed else piece
