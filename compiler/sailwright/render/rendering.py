"""One cluster of a project: its services rendered and injected, ready to be written or judged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from sailwright.diagnostics.finding import Finding, Path
from sailwright.mesh.values.gateway_api import bundle_of
from sailwright.mesh.values.releases import NEWEST
from sailwright.project.istio import IstioSettings
from sailwright.project.model import Project
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.project.service.trace import Spot
from sailwright.render.adopted_workloads import adopted_workload_problems
from sailwright.render.documents import render
from sailwright.render.gateway_api.words import Words
from sailwright.render.included_files import included_files
from sailwright.render.injection.inject import inject
from sailwright.render.injection.settings import InjectionSettings
from sailwright.render.injection_settings import project_settings
from sailwright.render.layout import gateway_file, header, namespace_file, service_file, waypoint_file, world_folder
from sailwright.render.proxy_places import proxy_places
from sailwright.render.render_context import RenderContext, surroundings
from sailwright.render.template_input import RenderedObject
from sailwright.render.undeclared_privileges import undeclared_privileges
from sailwright.render.unknown_callers import unknown_callers
from sailwright.render.waypoints import all_ambient, rendered_waypoints
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.emit import emit_all
from sailwright.source.emit_proven import Emitted, emit_proven
from sailwright.source.files.discovery import PROJECT_FILE
from sailwright.source.manifest import Origin, Written
from sailwright.source.templating.templates import Templates

DEFAULT_ENVIRONMENT = "default"
"""The folder of the one environment of a project that declares none."""


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One file of the output: the objects in it, what is wrong with them, and where they come from.

    `path` is relative to the output path, `source` (a service.yaml or the project file) to the project. `written` leads from the
    paths of its objects to the lines of their author.
    """

    path: str
    source: str
    rendered_objects: tuple[RenderedObject, ...]
    findings: tuple[Finding, ...]
    written: Callable[[Path], Written]

    def data(self) -> bytes:
        """The bytes of the file."""
        return (
            header(self.source) + emit_all(rendered_object.value for rendered_object in self.rendered_objects)
        ).encode()

    def emitted(self) -> Emitted:
        """The text of the file, and whether it is proven that it holds its objects."""
        first = header(self.source)
        found = emit_proven([rendered_object.value for rendered_object in self.rendered_objects])
        return Emitted(first + found.text, found.proven and first.isascii() and first[:-1].isprintable(), found.alike)

    def origin(self, rendered_object: RenderedObject) -> Origin:
        """Where the parts of one of its objects were written."""
        return Origin(rendered_object.written or self.written, rendered_object.paths)


@dataclass(frozen=True)
class Rendering:
    """One cluster of a project about to be rendered. `injecting` is False for `build --no-inject`.

    `own_templates` are the texts of the project's own templates, by name.
    """

    project: Project
    target: Target
    context: RenderContext
    cache: Cache
    injecting: bool = True
    own_templates: Mapping[str, str] = field(default_factory=dict)
    _istio: dict[_Sharing, IstioSettings] = field(default_factory=dict, repr=False)
    _settings: dict[_Sharing | str, InjectionSettings] = field(default_factory=dict, repr=False)
    _templates: dict[str, Templates] = field(default_factory=dict, repr=False)

    def baked(self, service: Service) -> str | None:
        """The release of the sidecar that the pods of a service get here; None where they get none."""
        istio = self._istio_of(service)
        pods = not service.external and not service.workload.external
        bakes = pods and self.injecting and service.mesh.inject == "build" and istio.sidecar_mode
        return istio.version or str(NEWEST) if bakes else None

    def render(self, service: Service) -> RenderedFile:
        """Render one service of this cluster."""
        istio = self._istio_of(service)
        namespace = self.project.namespaces.get(service.namespace)
        allowed = namespace.allow if namespace else ()
        beside = included_files(service, self.project.checkout, (*allowed, *self.context.extra_kinds))
        release = istio.version or str(NEWEST)
        words = Words(self.project.routing_for(self.target, service), release, bundle_of(release))
        rendered = render(service, self.context, self._templates_of(istio), beside, istio.revision, words, allowed)
        problems = (
            *adopted_workload_problems(service),
            *unknown_callers(service, self.context),
            *beside.problems,
            *rendered.problems,
        )
        findings = [service.written(problem.path).finding(problem) for problem in problems]
        rendered_objects = rendered.rendered_objects
        if self.injecting and service.mesh.inject == "build" and istio.sidecar_mode:
            settings = self._settings_of(service, istio)
            rendered_objects = tuple(
                _injected(service, rendered_object, settings, findings) for rendered_object in rendered_objects
            )
        findings += undeclared_privileges(
            rendered.drafted, rendered.rendered_objects, rendered_objects, service.written, self.own_templates,
            surroundings(service, self.context), allowed,
        )  # fmt: skip
        here = (self.target.environment,) if self.target.environment else ()
        found = [replace(finding, environments=here) for finding in (*findings, *beside.findings, *rendered.findings)]
        return RenderedFile(self._path(service), service.file, rendered_objects, tuple(found), service.written)

    def namespaces(self, inhabited: Collection[str]) -> Iterator[RenderedFile]:
        """The files of the Namespace objects of this cluster, for the namespaces in which services live, and of waypoints."""
        templates = self._templates_of(self.project.istio_for(self.target))
        users, folder = self.context.users, folder_of(self.target)
        for namespace in self.project.namespaces.values():
            if namespace.render and namespace.name in inhabited:
                from sailwright.render.namespaces import namespace_object

                ambient = all_ambient(namespace.name, users)
                rendered_object = namespace_object(namespace, templates, ambient=ambient)
                yield self._of_project(namespace_file(folder, namespace.name), rendered_object)
        for variables in rendered_waypoints(users, self.project.namespaces):
            from sailwright.render.namespaces import waypoint_object

            rendered_object = waypoint_object(variables, templates)
            place = rendered_object.value["metadata"]["namespace"]
            yield self._of_project(waypoint_file(folder, place, rendered_object.name), rendered_object)

    def _of_project(self, path: str, rendered_object: RenderedObject) -> RenderedFile:
        document = self.project.document
        return RenderedFile(path, PROJECT_FILE, (rendered_object,), (), lambda place: Spot(document, place))

    def shared(self, inhabited: Collection[str]) -> Iterator[RenderedFile]:
        """The files of what is of no service: Namespace objects, and the project's own Gateway."""
        gateway = self.project.gateway_for(self.target)
        yield from self.namespaces({*inhabited, gateway.namespace} if gateway else inhabited)
        if gateway:
            from sailwright.render.own_gateway import gateway_object

            users = {key.partition("/")[0] for key, found in self.context.users.items() if gateway.key in found.exposed}
            templates = self._templates_of(self.project.istio_for(self.target))
            path = gateway_file(folder_of(self.target), gateway.namespace)
            yield self._of_project(path, gateway_object(gateway, users, templates))

    def _path(self, service: Service) -> str:
        return file_of(self.project, self.target, service)

    def _templates_of(self, istio: IstioSettings) -> Templates:
        release = istio.version or str(NEWEST)
        if release not in self._templates:
            self._templates[release] = Templates(release, self.own_templates)
        return self._templates[release]

    def _istio_of(self, service: Service) -> IstioSettings:
        """What is said of Istio is the same for all services of a namespace that say nothing of their own."""
        key = _sharing(service)
        if key not in self._istio:
            self._istio[key] = self.project.istio_for(self.target, service=service)
        return self._istio[key]

    def _settings_of(self, service: Service, istio: IstioSettings) -> InjectionSettings:
        """Many namespaces have the same settings, and to build them costs more than many injections."""
        key = _sharing(service)
        if key not in self._settings:
            whole = repr(istio)
            if whole not in self._settings:
                self._settings[whole] = project_settings(istio)
            self._settings[key] = self._settings[whole]
        return self._settings[key]


_Sharing = tuple[str, str]
"""A namespace, and what a service says of Istio itself: services that have both in common are injected alike."""


def _sharing(service: Service) -> _Sharing:
    return service.namespace, repr(service.mesh.istio)


def file_of(project: Project, target: Target, service: Service) -> str:
    """The path of a service's file below the output path."""
    return path_of(project, target, service.namespace, service.name)


def path_of(project: Project, target: Target, namespace: str, name: str) -> str:
    """The path of the file of the service with a name, below the output path."""
    return service_file(project.output.layout, folder_of(target), namespace, name)


def folder_of(target: Target) -> str:
    """The folder of a cluster below the output path."""
    return world_folder(target.environment or DEFAULT_ENVIRONMENT, target.cluster)


def _injected(
    service: Service, rendered_object: RenderedObject, settings: InjectionSettings, findings: list[Finding]
) -> RenderedObject:
    """The object with the sidecar in it, or as it was where there is nothing to inject or something is wrong."""
    result = inject(rendered_object.value, settings, service.namespace)
    for problem in result.problems:
        if problem.severity != "info":
            spot = Origin(rendered_object.written or service.written, rendered_object.paths).find(problem.path)
            rule = "injection-refused" if problem.severity == "error" else "injection-doubtful"
            location = spot.document.locate(spot.path)
            findings.append(Finding(rule, problem.severity, problem.message, location, problem.help, path=spot.path))
    if not result.changed:
        return rendered_object
    paths = {**rendered_object.paths, **proxy_places(service, result.value)}
    return replace(rendered_object, value=result.value, paths=paths)
