"""The rendered files of every cluster of a project, for those who judge them; the work may be shared by several processes."""

from __future__ import annotations

import marshal
from collections.abc import Generator, Iterator, Mapping, Sequence

from sailwright.compilation import Compilation
from sailwright.finding import Finding
from sailwright.forking import WORTH_A_FORK, can_fork, spread
from sailwright.render.draft import Piece
from sailwright.render.rendering import RenderedFile
from sailwright.service import Service, Target

_Item = tuple[Target, Service]
_Packed = tuple[bytes, list[tuple[Finding, ...]]]
"""Rendered files on their way between processes: path, source, and each object with its paths; and the files' findings."""


def rendered_files(compilation: Compilation, jobs: int = 1) -> Mapping[Target, Sequence[RenderedFile]]:
    """The files of each chosen cluster in their order: Namespace objects, then services; alike for any number of jobs."""
    by_target = compilation.services.by_target
    items = [(target, service) for target in compilation.targets for service in by_target[target]]
    rendered = _rendered(compilation, items, jobs)
    files: dict[Target, list[RenderedFile]] = {}
    for target in compilation.targets:
        inhabited = {service.namespace for service in by_target[target]}
        files[target] = list(compilation.renderings[target].namespaces(inhabited))
        files[target] += [next(rendered) for _ in by_target[target]]
    return files


def _rendered(compilation: Compilation, items: Sequence[_Item], jobs: int) -> Iterator[RenderedFile]:
    travelling = [number for number, (_, service) in enumerate(items) if not service.include]
    if jobs < 2 or not can_fork() or len(travelling) < WORTH_A_FORK:
        yield from (compilation.renderings[target].render(service) for target, service in items)
        return
    # What a service includes has its place in other files, which does not travel: those stay in this process.
    staying = [number for number, (_, service) in enumerate(items) if service.include]
    shares = [(job, [*(staying if job == 0 else ()), *travelling[job::jobs]]) for job in range(jobs)]

    def work(share: tuple[int, list[int]]) -> Generator[None, None, list[RenderedFile] | _Packed]:
        job, numbers = share
        files = [compilation.renderings[items[number][0]].render(items[number][1]) for number in numbers]
        yield
        return files if job == 0 else _packed(files)

    found: dict[int, RenderedFile] = {}
    for (_, numbers), result in zip(shares, spread(shares, work, lambda _: None), strict=True):
        files = result if isinstance(result, list) else _unpacked(result, [items[number][1] for number in numbers])
        found |= dict(zip(numbers, files, strict=True))
    yield from (found[number] for number in range(len(items)))


def _packed(files: Sequence[RenderedFile]) -> _Packed:
    """marshal takes plain data alone, and a third of the time of pickle."""
    plain = [(file.path, file.source, [(piece.value, dict(piece.paths)) for piece in file.pieces]) for file in files]
    return marshal.dumps(plain), [file.findings for file in files]


def _unpacked(packed: _Packed, services: Sequence[Service]) -> list[RenderedFile]:
    data, findings = packed
    return [
        RenderedFile(path, source, tuple(Piece(value, paths) for value, paths in pieces), told, service.written)
        for (path, source, pieces), told, service in zip(
            marshal.loads(data),  # noqa: S302  # from our own child
            findings,
            services,
            strict=True,
        )
    ]
