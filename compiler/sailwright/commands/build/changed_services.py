"""Build again what has changed since the last whole build: the services whose files are others, and those that would hear other
answers about them. Everything else is as that build left it.

The result is that of a whole build. Where anything else has changed (sailwright.yaml, a template, an output that somebody edited), or
anything is wrong, there is none: a whole build sees it all, and words it best.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from posixpath import basename

from sailwright.commands.build.build_cache import BuildCache
from sailwright.commands.build.build_state import BuildState
from sailwright.commands.build.built import Built, BuiltFile, ChangedPart
from sailwright.commands.build.difference import output_root, planned, stale
from sailwright.commands.build.options import BuildResult, BuildStats, Request
from sailwright.commands.build.output.disk import standing_files
from sailwright.commands.build.output.plan import Plan, Scope, Wanted, guard_removals, plan_same_files
from sailwright.commands.build.output.restarts import restarts
from sailwright.commands.build.output.write import write
from sailwright.commands.build.render_all import built_from
from sailwright.diagnostics.finding import Skipped, any_error
from sailwright.project.service.resolve import Target
from sailwright.render.layout import KUSTOMIZATION
from sailwright.render.rendering import RenderedFile
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.checkout import Disk
from sailwright.source.files.discovery import PROJECT_FILE
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import Source
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project
from sailwright.workspace.service_change import (
    CompiledPart,
    ServiceChange,
    all_findings,
    compile_again,
    own_files,
    same_places,
    service_change,
)
from sailwright.workspace.service_records import ServiceRecord, holds_any


def build_changed(request: Request, build_cache: BuildCache, state: BuildState) -> BuildResult | None:
    """The result of a whole build, from the last one and what has changed since.

    None where that cannot be: of the output only files of the changed services may not stand as they were left, as where somebody else has
    built them.
    """
    loaded = load_project(Recorded(Disk(request.root)))
    if isinstance(loaded, InvalidProject):
        return None
    change = service_change(loaded, state.inputs)
    compiled = _compiled(loaded, change, request, state) if change else None
    if compiled is None or not state.changed_outputs <= compiled.outputs:
        return None
    known = build_cache.result(state.known)
    findings = all_findings(compiled.change, compiled.own_files, known.findings, compiled.built.findings)
    if findings is None:
        return None
    skipped = known.skipped if state.inputs.same_globs else _skipped(loaded, request)
    return _finish(request, build_cache, state, compiled, replace(known, findings=findings, skipped=skipped))


def _skipped(loaded: LoadedProject, request: Request) -> tuple[Skipped, ...]:
    from sailwright.commands.build.select import select_services

    return select_services(loaded.project, request).skipped


@dataclass(frozen=True)
class _Compiled:
    """What was rendered again, and the change that it was rendered for."""

    part: CompiledPart
    built: Built

    @property
    def loaded(self) -> LoadedProject:
        """The project."""
        return self.part.loaded

    @property
    def change(self) -> ServiceChange:
        """The change that it was rendered for."""
        return self.part.change

    @property
    def records(self) -> Mapping[str, ServiceRecord]:
        """The new records."""
        return self.part.records

    @cached_property
    def totals(self) -> tuple[int, ...]:
        """What the index counts, after the change."""
        return self.change.index.totals_after(self.change.earlier, self.records)

    @property
    def outputs(self) -> frozenset[str]:
        """The files that are rendered of these services, as they were and as they are."""
        return frozenset(
            path for each in (*self.change.earlier.values(), *self.records.values()) for path in each.outputs
        )

    @cached_property
    def own_files(self) -> frozenset[str]:
        """The files of what was rendered again or is gone, as they were and as they are."""
        return own_files(self.change, self.records)


def _compiled(loaded: LoadedProject, change: ServiceChange, request: Request, state: BuildState) -> _Compiled | None:
    """Read and render."""
    read = compile_again(loaded, change, request.cache)
    if read is None:
        return None
    again, compilation = read
    former = frozenset(path for record in again.earlier.values() for path in record.outputs)
    held = state.held_to.get_all(former - state.changed_outputs)
    rendered: dict[Target, list[tuple[tuple[str, str], RenderedFile]]] = {target: [] for target in compilation.targets}
    built = built_from(compilation, None, lambda _done, _total: None, held=held, part=rendered)
    part = CompiledPart(loaded, again, compilation, rendered, built.records or {}, state.inputs)
    compiled = _Compiled(part, built)
    failed = any_error(built.findings)
    return None if failed or _clashing(compiled) or not _same_places(compiled) else compiled


def _clashing(compiled: _Compiled) -> bool:
    """Whether an object is new here that another service renders already."""
    former = compiled.change.earlier
    added = [each for path, record in compiled.records.items() for each in record.adds_objects(former.get(path))]
    return bool(added) and holds_any(compiled.change.others.values(), added)


def _same_places(compiled: _Compiled) -> bool:
    """Whether services live in the same namespaces as before, in the same ways; else Namespaces and waypoints may come or go. And whether
    the same namespaces name the project's own Gateways: else their listeners may take others.
    """
    project = compiled.loaded.project
    gateways = any(project.gateway_for(target) for target in compiled.loaded.targets)
    return same_places(compiled.change, compiled.records, "mesh", *(("gateway",) if gateways else ()))


def _finish(
    request: Request, build_cache: BuildCache, state: BuildState, compiled: _Compiled, result: BuildResult
) -> BuildResult:
    """Compare what was rendered with what stands, write it, and note it."""
    project = compiled.loaded.project
    totals = compiled.totals
    made = _planned(build_cache, state, compiled)
    stats = _stats(state, compiled, made)
    checked = 1 + totals[0], 1 + totals[1]
    result = replace(result, sources=_sources(result, compiled), stats=stats, checked=checked, part=compiled.part)
    if request.mode == "check" and made.changes:
        stands = [(each.path, each.old) for each in made.changes if each.old is not None]
        rendered = tuple(Source(f"{project.output.path}/{path}", old, "manifest") for path, old in stands)
        return replace(result, findings=(*result.findings, *stale(made, project)), status=1, rendered=rendered)
    if not request.allow_removals:
        guard_removals(made, project.output.path)
    if made.changes:
        write(made, output_root(project))
    checkout = project.checkout
    removed = frozenset(each.path for each in made.changes if each.data is None)
    reads, since = (checkout.reads, checkout.since) if isinstance(checkout, Recorded) else ({}, None)
    more, files = _more_files(made), compiled.built.files
    part = ChangedPart(result, made.files, removed, compiled.records, compiled.change, reads, since, more, files)
    build_cache.remember_part(state, part)
    return result


def _planned(build_cache: BuildCache, state: BuildState, compiled: _Compiled) -> Plan:
    """What to write and remove. Where the services render the same files as before, no others are looked at."""
    project, change = compiled.loaded.project, compiled.change
    edited = partial(build_cache.edited, project.output.path)
    former = {path for record in change.earlier.values() for path in record.outputs}
    files = compiled.built.files
    if former == {file.path for file in files} and (stands := standing_files(output_root(project), former)):
        return plan_same_files({file.path: Wanted(file.data or b"", file.source) for file in files}, stands, edited)
    scope = Scope(None, change.again | change.gone)
    return planned(project, replace(compiled.built, files=(*files, *_other_files(state, compiled))), scope, edited)


def _other_files(state: BuildState, compiled: _Compiled) -> list[BuiltFile]:
    """The files that are as they were: those of the other services, and of no service."""
    change = compiled.change
    others = {path: file for file, record in change.others.items() for path in record.outputs}
    services = others.keys() | {path for record in change.earlier.values() for path in record.outputs}
    found = [BuiltFile("", path, file, None, (), ()) for path, file in others.items()]
    shared = (path for path in state.written.paths() if path not in services and basename(path) != KUSTOMIZATION)
    return [*found, *(BuiltFile("", path, PROJECT_FILE, None, (), ()) for path in shared)]


def _sources(result: BuildResult, compiled: _Compiled) -> tuple[Source, ...]:
    """The files that snippets are taken from."""
    own = {source.path: source for source in compiled.built.sources}
    return (*own.values(), *(source for source in result.sources if source.path not in own))


def _more_files(made: Plan) -> int:
    """How many files more there are than before."""
    new = sum(change.data is not None and change.old is None for change in made.changes)
    return new - sum(change.data is None for change in made.changes)


def _stats(state: BuildState, compiled: _Compiled, made: Plan) -> BuildStats:
    """Of the whole project."""
    totals, known = compiled.totals, state.known
    _, documents = known["stats"]
    written = sum(change.data is not None for change in made.changes)
    unchanged = known["files"] + _more_files(made) - written
    documents += totals[3] - known["totals"][3]
    return BuildStats(totals[2], documents, written, unchanged, len(made.changes) - written, restarts(made))
