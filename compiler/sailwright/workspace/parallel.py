"""The one renderer of a whole project: in this process alone, or in several that share the service files."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TypeVar

from sailwright.diagnostics.finding import Finding, Path
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.project.services import read_services, service_files
from sailwright.render.rendering import RenderedFile
from sailwright.render.template_input import RenderedObject
from sailwright.runtime.cache import Cache
from sailwright.runtime.process_pool import WORTH_A_FORK, can_fork, spread
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.recorded import Recorded
from sailwright.source.manifest import Written
from sailwright.source.scalars import Dialect
from sailwright.source.source import Document, Source
from sailwright.workspace.compile import Compilation, LoadedProject, ServiceExports, combine_exports, compiling, end_of

Result = TypeVar("Result")

_Keyed = Sequence[tuple[tuple[str, str], RenderedFile]]
"""The files of services, each with the service's namespace and name."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of each chosen cluster (Namespace objects, then services by name), whose they are, and what is wrong.

    `sources` are the service files and what they include. The compilation knows at least the services this process read;
    `services` holds those of each cluster where it read all.
    """

    compilation: Compilation
    files: Mapping[Target, Sequence[RenderedFile]]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    services: Mapping[Target, tuple[Service, ...]]


def render_alone(compilation: Compilation) -> Rendered:
    """Render all services of a compilation in this process."""
    rendered = _services(compilation)
    sources = (*compilation.services.sources, *_included(rendered))
    whole = _whole(compilation, rendered, sources, compilation.findings)
    return replace(whole, services=compilation.services.by_target)


def render_together(loaded: LoadedProject, cache: Cache, jobs: int, *, injecting: bool = True) -> Rendered | None:
    """Read and render in several processes; the result is the same as that of one.

    None where that does not pay, and where anything is wrong: one process that has read all can word it best.
    """

    def render(compilation: Compilation, first: bool) -> _Share | _Packed | None:
        if _failed(compilation.findings):
            return None
        rendered = _services(compilation)
        if any(_failed(file.findings) for keyed in rendered.values() for _, file in keyed):
            return None
        return _Share(compilation, rendered) if first else _packed(compilation, rendered)

    parts = in_processes(loaded, cache, jobs, render, injecting=injecting) if jobs > 1 else None
    if parts is None or not isinstance(own := parts[0], _Share):
        return None
    packed = [part for part in parts if isinstance(part, _Packed)]
    compilation = own.compilation
    rendered = {
        target: [*keyed, *(each for other in packed for each in other.files(compilation, target))]
        for target, keyed in own.rendered.items()
    }
    sources = [*compilation.services.sources, *_included(own.rendered)]
    sources += [kept.source() for other in packed for kept in other.sources]
    findings = [*compilation.findings, *(finding for other in packed for finding in other.findings)]
    if isinstance(checkout := compilation.project.checkout, Recorded):
        for other in packed:
            checkout.reads.update(other.reads)
    return _whole(compilation, rendered, sources, findings)


def in_processes(
    loaded: LoadedProject,
    cache: Cache,
    jobs: int,
    render: Callable[[Compilation, bool], Result | None],
    *,
    injecting: bool = True,
    least: int = WORTH_A_FORK,
) -> list[Result] | None:
    """Share the service files out over processes: each reads its share, hears what the others export, and renders.

    `render` gets what its process has read, and whether that is this process. None where one of them gives none, where services
    of different shares exclude each other, and where there are fewer than `least` files.
    """
    names = service_files(loaded.project)
    jobs = min(jobs, len(names))
    if jobs < 2 or not can_fork() or len(names) < least:
        return None
    shares = [names[job::jobs] for job in range(jobs)]

    def work(share: Sequence[str]) -> Generator[ServiceExports, ServiceExports | None, Result | None]:
        reading = compiling(loaded, cache, share, injecting=injecting)
        known = yield next(reading)
        return None if known is None else render(end_of(reading, known), share is shares[0])

    results = [result for result in spread(shares, work, combine_exports) if result is not None]
    return results if len(results) == jobs else None


def _failed(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def _services(compilation: Compilation) -> dict[Target, _Keyed]:
    return {
        target: [((each.namespace, each.name), compilation.renderings[target].render(each)) for each in services]
        for target, services in compilation.services.by_target.items()
    }


def _included(rendered: Mapping[Target, _Keyed]) -> list[Source]:
    """The hand-written files that services include, each once."""
    rendered_objects = (
        rendered_object for keyed in rendered.values() for _, file in keyed for rendered_object in file.rendered_objects
    )
    sources = (
        rendered_object.written(()).document.source
        for rendered_object in rendered_objects
        if rendered_object.written is not None
    )
    return list({source.path: source for source in sources}.values())


def _whole(
    compilation: Compilation,
    rendered: Mapping[Target, _Keyed],
    sources: Iterable[Source],
    findings: Iterable[Finding],
) -> Rendered:
    files: dict[Target, list[RenderedFile]] = {}
    for target, keyed in rendered.items():
        inhabited = {namespace for (namespace, _), _ in keyed}
        files[target] = list(compilation.renderings[target].shared(inhabited))
        files[target] += [file for _, file in sorted(keyed, key=lambda each: each[0])]
    reported = (*findings, *(finding for group in files.values() for file in group for finding in file.findings))
    return Rendered(compilation, files, tuple(sorted(sources, key=lambda source: source.path)), tuple(reported), {})


@dataclass(frozen=True, slots=True)
class _Share:
    """What this process read and rendered."""

    compilation: Compilation
    rendered: Mapping[Target, _Keyed]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A source on its way between processes: the values of its documents stay behind, for they are rendered already."""

    path: str
    data: bytes
    dialect: Dialect
    documents: int

    def source(self) -> Source:
        """The file as it was read, with empty documents."""
        source = Source(self.path, self.data, self.dialect)
        return replace(source, documents=tuple(Document(source, index, None) for index in range(self.documents)))


@dataclass(frozen=True, slots=True)
class _Packed:
    """What another process read and rendered: `data` holds plain data alone, which marshal takes in a third of pickle's time.

    For each target and file: key, path, source, and each object with its paths and whether they lead to an included file.
    """

    data: bytes
    findings_of: tuple[tuple[Finding, ...], ...]
    sources: tuple[_Kept, ...]
    findings: tuple[Finding, ...]
    reads: Mapping[str, bytes]

    def files(self, compilation: Compilation, target: Target) -> Iterator[tuple[tuple[str, str], RenderedFile]]:
        """The rendered files of one cluster."""
        number = list(compilation.targets).index(target)
        for at, key, path, source, rendered_objects, findings_of in marshal.loads(self.data):  # noqa: S302  # from our own child
            if at == number:
                elsewhere = _Elsewhere(compilation, target, source, key)
                objects = tuple(
                    RenderedObject(value, paths, partial(elsewhere.written_beside, place) if included else None)
                    for place, (value, paths, included) in enumerate(rendered_objects)
                )
                yield key, RenderedFile(path, source, objects, self.findings_of[findings_of], elsewhere.written)


def _packed(compilation: Compilation, rendered: Mapping[Target, _Keyed]) -> _Packed:
    plain = []
    findings_of: list[tuple[Finding, ...]] = []
    for number, target in enumerate(compilation.targets):
        for key, file in rendered[target]:
            rendered_objects = [
                (rendered_object.value, dict(rendered_object.paths), rendered_object.written is not None)
                for rendered_object in file.rendered_objects
            ]
            plain.append((number, key, file.path, file.source, rendered_objects, len(findings_of)))
            findings_of.append(file.findings)
    sources = tuple(
        _Kept(source.path, source.data, source.dialect, len(source.documents))
        for source in (*compilation.services.sources, *_included(rendered))
    )
    checkout = compilation.project.checkout
    reads = checkout.reads if isinstance(checkout, Recorded) else {}
    return _Packed(marshal.dumps(plain), tuple(findings_of), sources, compilation.findings, reads)


@dataclass(frozen=True)
class _Elsewhere:
    """A service that another process read; it is read here again when someone asks where a place in it was written."""

    compilation: Compilation
    target: Target
    file: str
    key: tuple[str, str]

    @cached_property
    def _service(self) -> Service:
        services = read_services(self.compilation.project, (self.target,), (self.file,)).by_target[self.target]
        return next(each for each in services if (each.namespace, each.name) == self.key)

    @cached_property
    def _rendered(self) -> RenderedFile:
        return self.compilation.renderings[self.target].render(self._service)

    def written(self, path: Path) -> Written:
        """Where a path of the resolved service was written."""
        return self._service.written(path)

    def written_beside(self, rendered_object: int, path: Path) -> Written:
        """Where a path of an included object was written."""
        written = self._rendered.rendered_objects[rendered_object].written
        return written(path) if written is not None else self.written(path)
