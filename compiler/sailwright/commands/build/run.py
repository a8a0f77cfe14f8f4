"""`build`: load the project, select services, render them, compare with what is on disk, write, report.

load      workspace/compile.py  the project and its services
select    select.py             the services that PATHS name
render    render_all.py         in as many processes as are worth it, and validate what would change
compare   difference.py         with what is in the output folder
write     output/               all or nothing
report    cli/build.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from sailwright.commands.build.build_cache import BuildCache
from sailwright.commands.build.built import Built, BuiltFile
from sailwright.commands.build.difference import output_root, planned, separate_clusters, stale
from sailwright.commands.build.options import BuildResult, BuildStats, Request
from sailwright.commands.build.output.lock import building
from sailwright.commands.build.output.plan import Plan, Scope, guard_removals
from sailwright.commands.build.output.restarts import restarts
from sailwright.commands.build.output.write import write
from sailwright.commands.build.render_all import Settings, built_from, render_all
from sailwright.commands.build.select import SelectedServices, select_services
from sailwright.diagnostics.finding import Finding, any_error
from sailwright.project.model import Project
from sailwright.project.services import service_files
from sailwright.render.rendering import folder_of
from sailwright.runtime.errors import Failure
from sailwright.runtime.pressed import Aside, Spool, plain, pressed
from sailwright.runtime.records import replace
from sailwright.source.files.checkout import Disk
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import Source
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project, loaded_of
from sailwright.workspace.narrow import narrow
from sailwright.workspace.parallel import Rendered

Progress = Callable[[str, int, int], None]


def run(
    request: Request,
    progress: Progress,
    rendered: Rendered | None = None,
    proved: Mapping[str, BuiltFile] | None = None,
) -> BuildResult:
    """Load, select, render, compare, write. `progress` hears what is being done, and how much of it out of how much.

    `rendered` is what was rendered of the project already, for commands that do more than build; `proved` are files of it, by path, that
    were laid out and proved elsewhere.
    """
    with Spool() as spool:
        if request.mode != "write":
            return _run(request, progress, spool, rendered, proved)
        with building(request.root):
            return _run(request, progress, spool)


def _run(
    request: Request,
    progress: Progress,
    spool: Spool,
    rendered: Rendered | None = None,
    proved: Mapping[str, BuiltFile] | None = None,
) -> BuildResult:
    progress("reading", 0, 0)
    loaded = _loaded(request, rendered)
    if isinstance(loaded, InvalidProject):
        return BuildResult(loaded.findings, loaded.sources, status=2)
    project = loaded.project
    services = select_services(project, request)
    if services.refused:
        return BuildResult((), (), status=2, skipped=services.skipped, refused=services.refused)
    settings = Settings(request.cache, request.injecting, request.jobs, request.workers, spool)

    def done(count: int, total: int) -> None:
        progress("rendering", count, total)

    if rendered is None:
        built = render_all(loaded, services.files, settings, done)
    else:
        built = built_from(rendered.compilation, services.files, done, rendered.files, proved)
    done(1, 1)
    return _result(request, loaded, built, services, progress)


def result_of(request: Request, loaded: LoadedProject, built: Built) -> BuildResult:
    """The result of a build of a whole project that was rendered already."""
    return _result(request, loaded, built, select_services(loaded.project, request), lambda _what, _done, _total: None)


def _result(
    request: Request, loaded: LoadedProject, built: Built, services: SelectedServices, progress: Progress
) -> BuildResult:
    project = loaded.project
    shown = _narrowed(built.findings, services.files, service_files(project))
    files = (project.document.source, *built.sources)
    fail_on = str(project.lint.get("failOn", "error"))
    result = BuildResult(shown, files, fail_on, skipped=services.skipped, checked=_checked(built, project))
    if any_error(shown):
        return replace(result, status=1)
    if request.mode == "stdout":
        return _printed(result, built)
    progress("writing", 0, 0)
    return _compared(result, loaded, built, request, Scope(_folders(loaded, request), services.files))


def _loaded(request: Request, rendered: Rendered | None) -> LoadedProject | InvalidProject:
    if rendered is not None:
        return loaded_of(rendered.compilation)
    return load_project(Recorded(Disk(request.root)), request.environments, request.clusters)


def _checked(built: Built, project: Project) -> tuple[int, int] | None:
    """How many files and documents were read, with sailwright.yaml; None where the sources of the result say so."""
    if built.checked is None:
        return None
    files, documents = built.checked
    return files + 1, documents + len(project.document.source.documents)


def _printed(result: BuildResult, built: Built) -> BuildResult:
    if not built.documents:
        raise Failure("nothing is rendered: to print nothing would make Argo CD delete the application", 1)
    texts = (file.data for file in built.files if file.data and file.documents)
    return replace(result, printed=tuple(pressed(plain(each)) if isinstance(each, Aside) else each for each in texts))


def _compared(result: BuildResult, loaded: LoadedProject, built: Built, request: Request, scope: Scope) -> BuildResult:
    project = loaded.project
    build_cache = BuildCache(request.cache, request.root)
    recorded = project.checkout if isinstance(project.checkout, Recorded) else None
    made = planned(project, built, scope, partial(build_cache.edited, project.output.path))
    if request.mode == "check":
        result = _with_changes(result, project, built, made)
        if request.whole and not made.changes:
            build_cache.remember_whole(
                built, made.files, project.output.path, separate_clusters(project), result, recorded
            )
        return result
    if not request.allow_removals:
        guard_removals(made, project.output.path)
    if made.changes:
        write(made, output_root(project))
    result = replace(result, stats=_stats(built, made))
    if request.whole:
        build_cache.remember_whole(built, made.files, project.output.path, separate_clusters(project), result, recorded)
    else:
        build_cache.remember(made.files, project.output.path)
    return result


def _with_changes(result: BuildResult, project: Project, built: Built, made: Plan) -> BuildResult:
    """The result with what a build would change."""
    stand = [(change.path, change.old) for change in made.changes if change.old is not None]
    return replace(
        result,
        findings=(*result.findings, *stale(made, project)),
        status=int(bool(made.changes)),
        stats=_stats(built, made),
        rendered=tuple(Source(f"{project.output.path}/{path}", old, "manifest") for path, old in stand),
    )


def compared(request: Request, project: Project, built: Built) -> BuildResult:
    """What `build --check` says of a whole project without errors that was rendered elsewhere; nothing of it is remembered."""
    edited = partial(BuildCache(request.cache, request.root).edited, project.output.path)
    result = BuildResult(built.findings, (), str(project.lint.get("failOn", "error")))
    return _with_changes(result, project, built, planned(project, built, Scope(), edited))


def _folders(loaded: LoadedProject, request: Request) -> tuple[str, ...] | None:
    """The folders that --env and --cluster choose; None for all."""
    if not (request.environments or request.clusters):
        return None
    return tuple(folder_of(target) for target in loaded.targets)


def _stats(built: Built, made: Plan) -> BuildStats:
    written = sum(change.data is not None for change in made.changes)
    return BuildStats(
        services=len({file.source for file in built.files if file.data is not None} - {PROJECT_FILE}),
        documents=built.documents,
        written=written,
        unchanged=made.unchanged,
        removed=len(made.changes) - written,
        restarts=restarts(made),
    )


def _narrowed(
    findings: tuple[Finding, ...], chosen: frozenset[str] | None, services: Iterable[str]
) -> tuple[Finding, ...]:
    """PATHS leave out what is wrong in the other service files, unless it has to do with one of the chosen."""
    others = frozenset(services) - chosen if chosen is not None else frozenset()
    return narrow(findings, lambda file: file not in others, lambda file: chosen is not None and file in chosen)
