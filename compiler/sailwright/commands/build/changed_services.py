"""Build again what has changed since the last whole build: the services whose files are others, and those that would hear other
answers about them. Everything else is as that build left it.

The result is that of a whole build. Where anything else has changed (sailwright.yaml, a template, an output that somebody edited), or
anything is wrong, there is none: a whole build sees it all, and words it best.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from posixpath import basename

from sailwright.commands.build.build_cache import BuildCache
from sailwright.commands.build.build_state import BuildState
from sailwright.commands.build.built import Built, BuiltFile, ChangedPart
from sailwright.commands.build.difference import output_root, planned, stale
from sailwright.commands.build.held_to import schemas_of
from sailwright.commands.build.options import BuildResult, BuildStats, Request
from sailwright.commands.build.output.plan import Plan, Scope, guard_removals
from sailwright.commands.build.output.restarts import restarts
from sailwright.commands.build.output.write import write
from sailwright.commands.build.render_all import built_from
from sailwright.diagnostics.finding import Skipped
from sailwright.render.layout import KUSTOMIZATION, ancestors
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.checkout import Disk
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import Source
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project
from sailwright.workspace.service_change import (
    ServiceChange,
    all_findings,
    compile_again,
    own_files,
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

    loaded: LoadedProject
    change: ServiceChange
    built: Built

    @property
    def records(self) -> Mapping[str, ServiceRecord]:
        """The new records."""
        return self.built.records or {}

    @property
    def outputs(self) -> frozenset[str]:
        """The files that are rendered of these services, as they were and as they are."""
        return frozenset(path for each in (*self.change.earlier, *self.records.values()) for path in each.outputs)

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
    former = frozenset([path for record in again.earlier for path in record.outputs])
    held = schemas_of(state.known["held to"], former - state.changed_outputs)
    built = built_from(compilation, None, lambda _done, _total: None, held=held)
    compiled = _Compiled(loaded, again, built)
    same = _same_namespaces(compiled) and _same_exposure(compiled)
    failed = any(finding.severity == "error" for finding in built.findings)
    return None if failed or _clashing(compiled) or not same else compiled


def _clashing(compiled: _Compiled) -> bool:
    """Whether an object is new here that another service renders already."""
    former, others = compiled.change.records, compiled.change.others
    added = [each for path, record in compiled.records.items() for each in record.adds_objects(former.get(path))]
    return holds_any(others.values(), added)


def _same_namespaces(compiled: _Compiled) -> bool:
    """Whether services live in the same namespaces as before, in the same ways; else Namespaces and waypoints may come or go."""
    others = {place for record in compiled.change.others.values() for place in _places(record)}
    former = {place for record in compiled.change.earlier for place in _places(record)}
    now = {place for record in compiled.records.values() for place in _places(record)}
    return others | former == others | now


def _same_exposure(compiled: _Compiled) -> bool:
    """Whether the same namespaces name the project's own Gateways as before; else their listeners may take others."""
    project = compiled.loaded.project
    if not any(project.gateway_for(target) for target in compiled.loaded.targets):
        return True
    others = {place for record in compiled.change.others.values() for place in _exposed(record)}
    former = {place for record in compiled.change.earlier for place in _exposed(record)}
    now = {place for record in compiled.records.values() for place in _exposed(record)}
    return others | former == others | now


def _exposed(record: ServiceRecord) -> Iterator[tuple[int, str, str]]:
    for number, key, _, _, _, _, _, exposed, *_ in record.exports:
        yield from ((number, key.partition("/")[0], gateway) for gateway in exposed)


def _places(record: ServiceRecord) -> Iterable[tuple[int, str, str, str]]:
    """Its namespaces, and how its pods take part in the mesh there."""
    return ((number, key.partition("/")[0], inject, waypoint) for number, key, *_, inject, waypoint in record.exports)


def _finish(
    request: Request, build_cache: BuildCache, state: BuildState, compiled: _Compiled, result: BuildResult
) -> BuildResult:
    """Compare what was rendered with what stands, write it, and note it."""
    project, change = compiled.loaded.project, compiled.change
    scope = Scope(None, change.again | change.gone)
    whole = replace(compiled.built, files=(*compiled.built.files, *_other_files(state, compiled)))
    made = planned(project, whole, scope, partial(build_cache.edited, project.output.path))
    result = replace(
        result, sources=_sources(result, compiled), stats=_stats(whole, compiled, made), checked=_checked(compiled)
    )
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
    files = compiled.built.files
    part = ChangedPart(result, made.files, removed, compiled.records, change.earlier, change.gone, reads, since, files)
    build_cache.remember_part(state, part)
    return result


def _other_files(state: BuildState, compiled: _Compiled) -> list[BuiltFile]:
    """The files that are as they were: those of the other services, and Namespace objects."""
    services = {path for record in compiled.change.records.values() for path in record.outputs}
    here = {file.path for file in compiled.built.files}
    others = compiled.change.others.items()
    found = [BuiltFile("", path, file, None, (), ()) for file, record in others for path in record.outputs]
    namespaces = (path for path in state.known["written"] if path not in services and basename(path) != KUSTOMIZATION)
    return [*found, *(BuiltFile("", path, PROJECT_FILE, None, (), ()) for path in namespaces if path not in here)]


def _sources(result: BuildResult, compiled: _Compiled) -> tuple[Source, ...]:
    """The files that snippets are taken from."""
    own = {source.path: source for source in compiled.built.sources}
    return (*own.values(), *(source for source in result.sources if source.path not in own))


def _checked(compiled: _Compiled) -> tuple[int, int]:
    """How many files and documents the whole project has that were checked."""
    records = [*compiled.change.others.values(), *compiled.records.values()]
    return 1 + len(records), 1 + sum(record.documents for record in records)


def _stats(whole: Built, compiled: _Compiled, made: Plan) -> BuildStats:
    """Of the whole project."""
    records = {**compiled.change.others, **compiled.records}
    services = sum(bool(record.outputs) for record in records.values())
    namespaces = sum(file.source == PROJECT_FILE for file in whole.files)
    documents = namespaces + sum(count for record in records.values() for count in record.outputs.values())
    written = sum(change.data is not None for change in made.changes)
    removed = len(made.changes) - written
    lists = {
        f"{folder}/{KUSTOMIZATION}" if folder else KUSTOMIZATION
        for file in whole.files
        for folder in ancestors(file.path)
    }
    unchanged = len(whole.files) + len(lists) - written
    return BuildStats(services, documents, written, unchanged, removed, restarts(made))
