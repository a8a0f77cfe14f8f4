"""What a command line selects, and what is loaded for it: the records of the loader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from sailwright.diagnostics.finding import Finding, Skipped, Summary
from sailwright.mesh.world import World
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.source import Document, Source

if TYPE_CHECKING:
    from sailwright.project.model import Project
    from sailwright.project.service.model import Service
    from sailwright.project.service.resolve import Target
    from sailwright.project.trusted_settings import Trusted
    from sailwright.runtime.cache import Cache
    from sailwright.runtime.executor import Workers
    from sailwright.source.files.checkout import Checkout
    from sailwright.workspace.built_text import Build
    from sailwright.workspace.parallel import Rendered
    from sailwright.workspace.service_change import CompiledPart


@dataclass(frozen=True, slots=True)
class Selection:
    """PATHS and the flags that say which files and which environments a command is about, and as what they are read.

    `project` is the folder that --project names, `cached` whether the cache may be used, `jobs` how many processes there may be (None: as
    many as processors). Without `injecting` no sidecar is
    rendered. `context` is what PATHS need besides their own files: `project` always loads the project around them, `own` only
    where one of them is inside its folder (schemas need no neighbours), and `mesh` takes files of which none is the project's for a
    mesh of their own, as `route` and `test` do. With `recording` the project keeps account of what was read, and with `reusing` besides
    services that have not changed since the last time are not rendered again: then nobody knows them but by their objects. `namespace` is where
    objects that name none are put, without a project. `build` is what another program renders; no project file is read then.
    `trusted` says which settings of the project count instead of those at hand. `workers` do the work in the place of processes here;
    where only some of it is for workers, `sending` keeps what they are sent. `part` is what was just read and rendered of services that
    have changed. The files of `aside` are read in the place of those on disk, and what is rendered of them is kept for this run alone.
    """

    paths: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    istio_version: str | None = None
    mesh_config_file: str | None = None
    compat: bool = False
    project: str | None = None
    stdin_filename: str | None = None
    cached: bool = False
    jobs: int | None = 1
    injecting: bool = True
    context: Literal["project", "own", "mesh"] = "project"
    recording: bool = False
    reusing: bool = False
    namespace: str | None = None
    build: Build | None = None
    trusted: Trusted | None = None
    workers: Workers | None = None
    sending: bool = False
    part: CompiledPart | None = None
    aside: Checkout | None = None

    @property
    def cache(self) -> Cache:
        """The cache of this user, or one that keeps nothing."""
        from sailwright.runtime.cache import open_cache

        return open_cache(enabled=self.cached, project=self.project)


@dataclass(frozen=True, slots=True)
class CompiledWorld:
    """What one cluster sees, and the services that were compiled into it (none where several processes rendered them)."""

    world: World
    services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True)
class WorldSet:
    """The worlds of the chosen clusters, in the order of the project file, with the services in each.

    `sources` are the files that authors own: service files and hand-written manifests. With an error among `findings` the
    worlds may lack what could not be rendered.
    """

    rendered: Rendered
    compiled_worlds: tuple[CompiledWorld, ...]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]

    @property
    def project(self) -> Project:
        """The project whose worlds they are."""
        return self.rendered.compilation.project

    @property
    def worlds(self) -> tuple[World, ...]:
        """The worlds alone."""
        return tuple(each.world for each in self.compiled_worlds)

    @property
    def rendered_from(self) -> dict[str, str]:
        """The file that each rendered file comes from; both by their paths in the project."""
        output, files = self.project.output.path, self.rendered.files.values()
        return {f"{output}/{file.path}": file.source for each in files for file in each}

    @property
    def services(self) -> Mapping[Target, tuple[Service, ...]]:
        """The services of each chosen cluster."""
        targets = self.rendered.compilation.targets
        return {target: each.services for target, each in zip(targets, self.compiled_worlds, strict=True)}


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a command works on.

    `sources` are the selected files, which are reported; together with `skipped` they account for every file that PATHS name.
    `findings` are what reading and rendering found wrong, wherever it is. File names are relative to `root`. `extra_files` are
    selected files that are not the project's own: in the `extra_worlds` they take the place of objects of the same name.
    `covers_project` says that `sources` are all the project has. With `project_invalid` sailwright.yaml could not be read, and there
    is nothing else. `compiled` holds what was rendered; None without a project. Without one, `groups` says what was taken to be applied
    together, `as_project` how a sailwright.yaml would say it where there are alternatives, and `doubts` where that is not known for
    certain. `charts` are the folders of charts that were rendered, by the names of the texts.
    """

    worlds: tuple[CompiledWorld, ...]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    project: Project | None = None
    root: str = "."
    extra_files: tuple[Source, ...] = ()
    extra_worlds: tuple[World, ...] = ()
    covers_project: bool = True
    project_invalid: bool = False
    compiled: WorldSet | None = None
    groups: tuple[str, ...] = ()
    as_project: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    charts: Mapping[str, str] = field(default_factory=dict)

    @property
    def document(self) -> Document | None:
        """The project file."""
        return self.project.document if self.project else None

    @property
    def checked_apart(self) -> bool:
        """Whether there are alternatives, each a world by itself, without a project that says so."""
        return len(self.worlds) > 1 and bool(self.groups)

    @property
    def own(self) -> tuple[Source, ...]:
        """The selected files that are the project's."""
        extra = {source.path for source in self.extra_files}
        return tuple(source for source in self.sources if source.path not in extra)

    def shown(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings with the names of files as the user sees them."""
        if self.charts:
            from sailwright.workspace.chart_templates import with_templates

            return with_templates(findings, self.sources, self.charts)
        if self.root == ".":
            return tuple(findings)
        from sailwright.diagnostics.report.places import placed

        return tuple(placed(finding, self.root) for finding in findings)

    @property
    def shown_sources(self) -> tuple[Source, ...]:
        """The selected files, named as in the findings that are shown."""
        if self.root == ".":
            return self.sources
        from sailwright.diagnostics.report.places import from_here

        return tuple(replace(source, path=from_here(source.path, self.root)) for source in self.sources)

    def summary(self, suppressed: int = 0) -> Summary:
        """What the run looked at."""
        documents = sum(len(source.documents) for source in self.sources)
        return Summary(len(self.sources), documents, self.skipped, suppressed)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What reading and rendering found wrong, in whatever file; each once."""
        read = dict.fromkeys(problem for source in self.sources for problem in source.problems)
        return (*self.findings, *(read.keys() - {replace(each, environments=()) for each in self.findings}))

    @property
    def selected_worlds(self) -> tuple[CompiledWorld, ...]:
        """The worlds as the selected files leave them: with the extra ones in their places."""
        if not self.extra_worlds:
            return self.worlds
        pairs = zip(self.worlds, self.extra_worlds, strict=True)
        return tuple(replace(each, world=world) for each, world in pairs)

    def sound_worlds(self) -> tuple[World, ...]:
        """The selected worlds, for questions about requests. Raises Failure where none has objects, or a file is at fault."""
        errors = [finding for finding in self.problems if finding.severity == "error"]
        if errors:
            place = errors[0].location
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            raise Failure(f"{place.file}:{place.line}: {errors[0].message}: correct it, then ask again{more}")
        worlds = tuple(each.world for each in self.selected_worlds)
        if not any(world.manifests for world in worlds):
            raise Failure("the input holds no objects: name files or folders, or `-` for standard input")
        return worlds
