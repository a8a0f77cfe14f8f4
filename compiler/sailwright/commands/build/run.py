"""One build, from the request to what is to be told about it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial

from sailwright.commands.build.build_cache import Memory
from sailwright.commands.build.difference import apart, output_root, planned, stale
from sailwright.commands.build.options import Outcome, Request, Tally
from sailwright.commands.build.output.lock import building
from sailwright.commands.build.output.plan import Plan, Scope, guard_removals
from sailwright.commands.build.output.restarts import restarts
from sailwright.commands.build.output.write import write
from sailwright.commands.build.render_all import Built, Settings, render_all
from sailwright.diagnostics.finding import Finding
from sailwright.project import Project, service_files
from sailwright.render.rendering import folder_of
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import replace
from sailwright.source import Source
from sailwright.source.files.checkout import Disk
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.compile import Opened, Unread, open_project


def run(request: Request, progress: Callable[[str, int, int], None]) -> Outcome:
    """Build. `progress` hears what is being done, and how much of it is done out of how much."""
    if request.mode != "write":
        return _run(request, progress)
    with building(request.root):
        return _run(request, progress)


def _run(request: Request, progress: Callable[[str, int, int], None]) -> Outcome:
    progress("reading", 0, 0)
    checkout = Recorded(Disk(request.root))
    opened = open_project(checkout, request.environments, request.clusters)
    if isinstance(opened, Unread):
        return Outcome(opened.findings, opened.sources, status=2)
    project = opened.project
    sources = _chosen(project, request)
    settings = Settings(request.cache, request.injecting, request.jobs)
    built = render_all(opened, sources, settings, lambda count, total: progress("rendering", count, total))
    shown = built.findings if sources is None else _narrowed(built.findings, sources, service_files(project))
    files = (project.document.source, *built.sources)
    outcome = Outcome(shown, files, str(project.lint.get("failOn", "error")))
    if any(finding.severity == "error" for finding in shown):
        return replace(outcome, status=1)
    if request.mode == "stdout":
        return _printed(outcome, built)
    progress("writing", 0, 0)
    return _compared(outcome, opened, built, request, Scope(_folders(opened, request), sources))


def _printed(outcome: Outcome, built: Built) -> Outcome:
    if not built.documents:
        raise Failure("nothing is rendered: to print nothing would make Argo CD delete the application", 1)
    return replace(outcome, text=b"---\n".join(file.data for file in built.files if file.data and file.objects))


def _compared(outcome: Outcome, opened: Opened, built: Built, request: Request, scope: Scope) -> Outcome:
    project = opened.project
    memory = Memory(request.cache, request.root)
    made = planned(project, built, scope, partial(memory.edited, project.output.path))
    if request.mode == "check":
        findings = (*outcome.findings, *stale(made, project))
        stand = [(change.path, change.old) for change in made.changes if change.old is not None]
        outcome = replace(
            outcome,
            findings=findings,
            status=int(bool(made.changes)),
            tally=_tally(built, made),
            rendered=tuple(Source(f"{project.output.path}/{path}", old, "manifest") for path, old in stand),
        )
        if request.whole and not made.changes:
            memory.remember_whole(built, made.files, project.output.path, apart(project), outcome)
        return outcome
    if not request.allow_removals:
        guard_removals(made, project.output.path)
    if made.changes:
        write(made, output_root(project))
    outcome = replace(outcome, tally=_tally(built, made))
    if request.whole:
        memory.remember_whole(built, made.files, project.output.path, apart(project), outcome)
    else:
        memory.remember(made.files)
    return outcome


def _folders(opened: Opened, request: Request) -> tuple[str, ...] | None:
    """The folders that --env and --cluster choose; None for all."""
    if not (request.environments or request.clusters):
        return None
    return tuple(folder_of(target) for target in opened.targets)


def _tally(built: Built, made: Plan) -> Tally:
    written = sum(change.data is not None for change in made.changes)
    return Tally(
        services=len({file.source for file in built.files if file.data is not None} - {PROJECT_FILE}),
        documents=built.documents,
        written=written,
        unchanged=made.unchanged,
        removed=len(made.changes) - written,
        restarts=restarts(made),
    )


def _narrowed(findings: Iterable[Finding], sources: frozenset[str], services: Iterable[str]) -> tuple[Finding, ...]:
    """PATHS narrow what is reported: what stands in the other service files, unless it has to do with one of the chosen."""
    others = frozenset(services) - sources
    return tuple(
        finding
        for finding in findings
        if finding.location.file not in others or any(each.location.file in sources for each in finding.related)
    )


def _chosen(project: Project, request: Request) -> frozenset[str] | None:
    """The service files that PATHS name; None where there are no PATHS. Failure for a path that names none."""
    files = service_files(project)
    if not files and not request.allow_empty:
        patterns = ", ".join(project.services)
        raise Failure(
            f"no file matches `services` of sailwright.yaml ({patterns}): `sailwright new NAME` adds a service"
        )
    if not request.paths:
        return None
    root = os.path.realpath(project.root)
    chosen: set[str] = set()
    for path in request.paths:
        if not os.path.exists(path):
            raise Failure(f"{path}: there is no such file or folder")
        inside = os.path.relpath(os.path.realpath(path), root)
        found = {file for file in files if inside in (".", file) or file.startswith(f"{inside}/")}
        if not found and not request.allow_empty:
            raise Failure(
                f"{path}: there is no service file of this project here; `services` in sailwright.yaml names them"
            )
        chosen |= found
    return frozenset(chosen)
