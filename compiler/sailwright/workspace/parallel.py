"""The one renderer of a whole project: in this process alone, or in several that share the service files."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from sailwright.diagnostics.finding import Finding, any_error
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.project.services import read_services, service_files
from sailwright.render.rendering import RenderedFile
from sailwright.runtime.cache import Cache
from sailwright.runtime.process_pool import WORTH_A_FORK, can_fork, spread, spread_apart
from sailwright.runtime.progress import counted
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.files.checkout import Disk
from sailwright.source.files.discovery import find_project
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import Source, release
from sailwright.workspace.compile import (
    Compilation,
    LoadedProject,
    ServiceExports,
    combine_exports,
    compiled,
    compiling,
    end_of,
    load_project,
    renderings_of,
    service_exports,
)
from sailwright.workspace.packed_services import Keyed, Plain, included_sources, pack_together, unpack, unpack_together
from sailwright.workspace.read_documents import ReadDocuments
from sailwright.workspace.recording import Recording
from sailwright.workspace.service_records import ServiceRecord

if TYPE_CHECKING:
    from sailwright.project.model import Project
    from sailwright.runtime.executor import Workers

Result = TypeVar("Result")

MANY: Final = 2_000
"""Service files from which on memory counts for more than time: their services are made twice, some at a time."""
CHUNK: Final = 32
"""Services that one process holds at a time where there are many."""


def is_large(project: Project) -> bool:
    """Whether memory counts for more than time, since a project has so many service files."""
    return len(service_files(project)) >= MANY


def large_project(named: str | None) -> str | None:
    """The folder of the project at hand, or of the one that --project names, where it is large; else None."""
    root = find_project(named)
    loaded = load_project(Disk(root)) if root is not None else None
    return root if isinstance(loaded, LoadedProject) and is_large(loaded.project) else None


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of each chosen cluster (Namespace objects, then services by name), whose they are, and what is wrong.

    `sources` are the service files and what they include. The compilation knows at least the services this process read;
    `services` holds those of each cluster where it read all. `records` has what each service file depends on, where the project keeps
    account of what is read. `here` are the services that this process rendered, `packed` the files of the others, as `packed_services`
    packs them; `keyed` are the files of both, each with its service's name. `digests` tell apart what is rendered of each service file, where that is kept.
    """

    compilation: Compilation
    files: Mapping[Target, Sequence[RenderedFile]]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    services: Mapping[Target, tuple[Service, ...]]
    records: Mapping[str, ServiceRecord] | None = None
    here: Mapping[Target, Keyed] = field(default_factory=dict)
    keyed: Mapping[Target, Keyed] = field(default_factory=dict)
    packed: Mapping[str, bytes] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)


Ready = Callable[[Target, Service], RenderedFile | None]
"""What is rendered of a service already; None where it must be rendered here."""


def render_alone(compilation: Compilation, ready: Ready | None = None) -> Rendered:
    """Render all services of a compilation in this process, but for those that are `ready`."""
    rendered, records = render_services(compilation, ready)
    sources = (*compilation.services.sources, *_included(rendered))
    found = (*compilation.findings, *findings_of(rendered))
    return replace(joined(compilation, rendered, sources, found, records), services=compilation.services.by_target)


def render_together(
    loaded: LoadedProject, cache: Cache, jobs: int, workers: Workers | None = None, *, injecting: bool = True
) -> Rendered | None:
    """Read and render in several processes, or by the workers of an executor; the result is the same as that of one.

    None where that does not pay, and where anything is wrong: one process that has read all can word it best.
    """
    parts: list[_Share | Packed] | None = None
    if workers is not None:
        from sailwright.workspace.remote import by_workers

        parts = by_workers(loaded, cache, workers, _part, _packed_part, injecting=injecting)
    elif jobs > 1:
        parts = in_processes(loaded, cache, jobs, _part, injecting=injecting)
    if parts is None or not isinstance(own := parts[0], _Share):
        return None
    packed = [part for part in parts if isinstance(part, Packed)]
    compilation = own.compilation
    services = {path: data for other in packed for path, data in other.services.items()}
    if isinstance(checkout := compilation.project.checkout, Recorded):
        for other in packed:
            checkout.reads.update(other.reads)
    found = [
        *compilation.findings,
        *findings_of(own.rendered),
        *(finding for other in packed for finding in other.findings),
    ]
    records = None
    if own.records is not None:
        records = {**own.records, **{path: each for other in packed for path, each in (other.records or {}).items()}}
    known = {path: plain for other in packed for path, plain in unpack_together(other.together).items()}
    return replace(with_packed(compilation, own.rendered, known, found, records), packed=services)


def _part(compilation: Compilation, number: int) -> _Share | Packed | None:
    if any_error(compilation.findings):
        return None
    rendered, records = render_services(compilation)
    if any_error(findings_of(rendered)):
        return None
    return _packed(compilation, rendered, records) if number else _Share(compilation, rendered, records)


def _packed_part(compilation: Compilation) -> _Share | Packed | None:
    return _part(compilation, 1)


def with_packed(
    compilation: Compilation,
    rendered: Mapping[Target, Keyed],
    packed: Mapping[str, bytes] | Mapping[str, Plain],
    findings: Iterable[Finding],
    records: Mapping[str, ServiceRecord] | None,
    inhabited: Mapping[int, set[str]] | None = None,
) -> Rendered:
    """What was rendered here, together with the services that were rendered elsewhere. `findings` are those of all.

    `inhabited` are the namespaces of each target, by its number, where there are more services than these. The result holds what is
    packed as texts.
    """
    whole = {target: list(keyed) for target, keyed in rendered.items()}
    sources = [*compilation.services.sources, *_included(rendered)]
    for path, data in packed.items():
        service = unpack(compilation, path, data)
        sources += service.sources
        for target, key, file in service.files:
            whole[target].append((key, file))
    texts = {path: data for path, data in packed.items() if isinstance(data, bytes)}
    return replace(joined(compilation, whole, sources, findings, records, inhabited), here=rendered, packed=texts)


def without_packed(rendered: Rendered) -> Rendered:
    """Without the texts that others would be sent: a third of the memory, where nobody is."""
    return replace(rendered, here={}, packed={})


def in_processes(
    loaded: LoadedProject,
    cache: Cache,
    jobs: int,
    render: Callable[[Compilation, int], Result | None],
    *,
    injecting: bool = True,
    least: int = WORTH_A_FORK,
    chunk: int | None = None,
) -> list[Result] | None:
    """Share the service files out over processes: each reads its share, hears what the others export, and renders.

    `render` gets what its process has read, and the number of the process, 0 for this one. None where one of them gives none, where
    services of different shares exclude each other, and where there are fewer than `least` files. With a `chunk`, each process holds only
    so many services at a time: it reads them for what they export, and makes them again of what their files say to render them.
    """
    names = service_files(loaded.project)
    jobs = min(jobs, len(names)) if can_fork() else 1
    if len(names) < least or (jobs < 2 and (chunk is None or not names)):
        return None
    shares = [(job, names[job::jobs]) for job in range(jobs)]

    def work(share: _Names) -> Generator[ServiceExports | None, ServiceExports | None, list[Result] | None]:
        number, own = share
        if chunk is None:
            reading = compiling(loaded, cache, own, injecting=injecting)
            known = yield combine_exports([next(reading)])
            result = None if known is None else render(end_of(reading, known), number)
            return None if result is None else [result]
        chunks = [own[start : start + chunk] for start in range(0, len(own), chunk)]
        read = ReadDocuments(loaded.project.checkout)
        known = yield combine_exports([exports_of(loaded, each, read) for each in chunks])
        if known is None:
            return None
        renderings = renderings_of(loaded, known, cache, injecting=injecting)
        results: list[Result] = []
        for each in chunks:
            services = read_services(loaded.project, loaded.targets, each, read.take)
            result = render(compiled(loaded, services, renderings), number)
            if result is None:
                return None
            results.append(result)
            for source in services.sources:
                release(source)
        return results

    def together(said: Sequence[ServiceExports | None]) -> ServiceExports | None:
        known = [each for each in said if each is not None]
        return combine_exports(known) if len(known) == len(said) else None

    each = spread if chunk is None or jobs < 2 else spread_apart
    results = [result for result in each(shares, work, together) if result is not None]
    return [part for parts in results for part in parts] if len(results) == jobs else None


_Names = tuple[int, Sequence[str]]
"""The number of a process, and the service files of its share."""


def exports_of(loaded: LoadedProject, files: Sequence[str], read: ReadDocuments) -> ServiceExports:
    """What some service files export; what they say is kept small."""
    services = read_services(loaded.project, loaded.targets, files)
    found = service_exports(loaded.project, services)
    read.keep(services)
    return found


def findings_of(rendered: Mapping[Target, Keyed]) -> list[Finding]:
    """What rendering found wrong."""
    return [finding for keyed in rendered.values() for _, file in keyed for finding in file.findings]


def render_services(
    compilation: Compilation, ready: Ready | None = None
) -> tuple[dict[Target, Keyed], Mapping[str, ServiceRecord] | None]:
    """Render all services that were read; with what each depends on, where the project keeps account of it.

    Of services that are `ready` it is not known here what they depend on.
    """
    recording = Recording(compilation) if ready is None and isinstance(compilation.project.checkout, Recorded) else None
    rendered: dict[Target, Keyed] = {}
    for target, services in compilation.services.by_target.items():
        keyed = []
        for service in counted(services, "rendering"):
            if recording:
                recording.start(target)
            file = (ready(target, service) if ready else None) or compilation.renderings[target].render(service)
            keyed.append(((service.namespace, service.name), file))
            if recording:
                recording.note(target, service, file.path, len(file.rendered_objects))
        rendered[target] = keyed
    return rendered, recording.records() if recording else None


def _included(rendered: Mapping[Target, Keyed]) -> list[Source]:
    return included_sources(file for keyed in rendered.values() for _, file in keyed)


def joined(
    compilation: Compilation,
    rendered: Mapping[Target, Keyed],
    sources: Iterable[Source],
    findings: Iterable[Finding],
    records: Mapping[str, ServiceRecord] | None,
    inhabited: Mapping[int, set[str]] | None = None,
) -> Rendered:
    """Everything that is rendered, with the Namespace objects that go with it."""
    files: dict[Target, list[RenderedFile]] = {}
    for number, target in enumerate(compilation.targets):
        keyed = rendered[target]
        here = {namespace for (namespace, _), _ in keyed} if inhabited is None else inhabited.get(number, set())
        files[target] = list(compilation.renderings[target].shared(here))
        files[target] += [file for _, file in sorted(keyed, key=lambda each: each[0])]
    ordered = tuple(sorted(sources, key=lambda source: source.path))
    return Rendered(compilation, files, ordered, tuple(findings), {}, records, rendered, rendered)


@dataclass(frozen=True, slots=True)
class _Share:
    """What this process read and rendered."""

    compilation: Compilation
    rendered: Mapping[Target, Keyed]
    records: Mapping[str, ServiceRecord] | None


@dataclass(frozen=True, slots=True)
class Packed:
    """What another process read and rendered, each service by itself and all together: see `packed_services`."""

    services: Mapping[str, bytes]
    together: bytes
    findings: tuple[Finding, ...]
    reads: Mapping[str, bytes]
    records: Mapping[str, ServiceRecord] | None


def _packed(
    compilation: Compilation, rendered: Mapping[Target, Keyed], records: Mapping[str, ServiceRecord] | None
) -> Packed:
    checkout = compilation.project.checkout
    reads = checkout.reads if isinstance(checkout, Recorded) else {}
    found = (*compilation.findings, *findings_of(rendered))
    return Packed(*pack_together(compilation, rendered), found, reads, records)
