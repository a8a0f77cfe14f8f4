"""Rendered services as plain data: as they travel between processes, and as they are kept between runs.

One text holds what is rendered of one service file, and what that says. Where a place of a rendered object was written is not in it:
the service is read again when someone asks.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.project.services import read_services
from sailwright.render.rendering import RenderedFile
from sailwright.render.template_input import RenderedObject
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest, Spot, Written
from sailwright.source.scalars import Dialect
from sailwright.source.source import Document, Source, source_of_values
from sailwright.workspace.compile import Compilation

Keyed = Sequence[tuple[tuple[str, str], RenderedFile]]
"""The files of services, each with the service's namespace and name."""


Plain = tuple[list[Any], list[Any]]
"""What is rendered of one service file, and the sources it comes from, as plain data."""


def pack(compilation: Compilation, rendered: Mapping[Target, Keyed]) -> dict[str, bytes]:
    """What is rendered of each service file, and the sources it comes from, by its path."""
    return {path: marshal.dumps(each) for path, each in _plain(compilation, rendered).items()}


def pack_together(compilation: Compilation, rendered: Mapping[Target, Keyed]) -> tuple[dict[str, bytes], bytes]:
    """As `pack`, and all of it as one: what services have in common is in that once, and is one object to `unpack_together`."""
    plain = _plain(compilation, rendered)
    return {path: marshal.dumps(each) for path, each in plain.items()}, marshal.dumps(plain)


def unpack_together(data: bytes) -> dict[str, Plain]:
    """What another process packed together, for `unpack`."""
    found: dict[str, Plain] = marshal.loads(data)  # noqa: S302  # from our own child
    return found


def _plain(compilation: Compilation, rendered: Mapping[Target, Keyed]) -> dict[str, Plain]:
    """It holds plain data alone, which marshal takes in a third of pickle's time."""
    plain: dict[str, Plain] = {source.path: ([], [_plain_source(source)]) for source in compilation.services.sources}
    for number, target in enumerate(compilation.targets):
        for key, file in rendered[target]:
            objects = [(each.value, dict(each.paths), each.written is not None) for each in file.rendered_objects]
            files, sources = plain[file.source]
            service = file.written(())
            files.append((number, key, file.path, objects, (service.document.index, service.path)))
            included = map(_plain_source, included_sources([file]))
            sources += (each for each in included if each not in sources)
    return plain


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was rendered of one service file: the files of each cluster, and the sources."""

    files: Sequence[tuple[Target, tuple[str, str], RenderedFile]]
    sources: tuple[Source, ...]


def unpack(compilation: Compilation, path: str, data: bytes | Plain) -> Unpacked:
    """What `pack` made this of. Raises ValueError, EOFError or TypeError where it is nothing of the kind."""
    plain = marshal.loads(data) if isinstance(data, bytes) else data  # noqa: S302  # from our own child, or sealed
    plain_files, plain_sources = plain
    sources = tuple(source_of_values(*plain) for plain in plain_sources)
    files = []
    for number, key, output, objects, (index, place) in plain_files:
        target = compilation.targets[number]
        elsewhere = _Elsewhere(compilation, target, path, key, Spot(sources[0].documents[index], place))
        files.append((target, key, _file(output, path, objects, elsewhere)))
    return Unpacked(files, sources)


def packed_objects(packed: Mapping[str, bytes], number: int, output: str) -> Iterable[Manifest]:
    """The objects of services in one cluster, in the order of a world. Where they were written nobody asks."""
    found: list[tuple[Any, str, list[Any]]] = []
    for data in packed.values():
        files, _ = marshal.loads(data)  # noqa: S302  # sealed: this user's own program wrote it
        found += [(key, path, objects) for where, key, path, objects, _ in files if where == number]
    for _, path, objects in sorted(found, key=lambda each: each[0]):
        source = Source(f"{output}/{path}", b"", "manifest")
        for index, (value, *_) in enumerate(objects):
            yield Manifest(value, Document(source, index, value), ())


def packed_sources(data: bytes) -> dict[str, bytes]:
    """The files that a service comes from, by path."""
    _, plain_sources = marshal.loads(data)  # noqa: S302  # what `pack` made
    return {path: content for path, content, _, _ in plain_sources}


def included_sources(files: Iterable[RenderedFile]) -> list[Source]:
    """The hand-written files that services include, each once."""
    sources = (
        rendered_object.written(()).document.source
        for file in files
        for rendered_object in file.rendered_objects
        if rendered_object.written is not None
    )
    return list({source.path: source for source in sources}.values())


def _plain_source(source: Source) -> tuple[str, bytes, Dialect, list[Any]]:
    """Of a service file with what it says; an included object is rendered already."""
    values = [document.value if source.dialect == "service" else None for document in source.documents]
    return source.path, source.data, source.dialect, values


def _file(output: str, path: str, plain_objects: list[Any], elsewhere: _Elsewhere) -> RenderedFile:
    objects = tuple(
        RenderedObject(value, paths, partial(elsewhere.written_beside, place) if included else None)
        for place, (value, paths, included) in enumerate(plain_objects)
    )
    return RenderedFile(output, path, objects, (), elsewhere.written)


@dataclass(frozen=True)
class _Elsewhere:
    """A service that was rendered elsewhere; it is read here again when someone asks where a place in it was written.

    The `whole` of it needs no reading.
    """

    compilation: Compilation
    target: Target
    file: str
    key: tuple[str, str]
    whole: Written

    @cached_property
    def _service(self) -> Service:
        services = read_services(self.compilation.project, (self.target,), (self.file,)).by_target[self.target]
        return next(each for each in services if (each.namespace, each.name) == self.key)

    @cached_property
    def _rendered(self) -> RenderedFile:
        return self.compilation.renderings[self.target].render(self._service)

    def written(self, path: Path) -> Written:
        """Where a path of the resolved service was written."""
        return self._service.written(path) if path else self.whole

    def written_beside(self, rendered_object: int, path: Path) -> Written:
        """Where a path of an included object was written."""
        written = self._rendered.rendered_objects[rendered_object].written
        return written(path) if written is not None else self.written(path)
