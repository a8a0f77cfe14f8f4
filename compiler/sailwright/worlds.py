"""The worlds of a project: what each of its clusters sees, rendered and hand-written, for everything that judges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sailwright.compilation import Compilation
from sailwright.finding import Finding, Location
from sailwright.manifest import Manifest, manifests
from sailwright.mesh.world import World
from sailwright.render.rendering import RenderedFile
from sailwright.rendered_files import rendered_files
from sailwright.service import Service, Target
from sailwright.source import Document, Source, parse
from sailwright.source.checkout import Unreadable
from sailwright.source.source import MANIFEST_LIMIT, looks_like_service


@dataclass(frozen=True, slots=True)
class Worlds:
    """The worlds of the chosen clusters, in the order of the project file, and the services in each.

    `sources` are the files that authors own: service files and hand-written manifests. With an error among `findings` the
    worlds may lack what could not be rendered.
    """

    compilation: Compilation
    worlds: tuple[World, ...]
    services: Mapping[Target, tuple[Service, ...]]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]


def worlds_of(compilation: Compilation, jobs: int = 1) -> Worlds:
    """Render every chosen cluster, in several processes if need be, and lay its hand-written manifests beside."""
    rendered_by = rendered_files(compilation, jobs)
    hand_written: dict[str, Source | Finding] = {}
    findings = list(compilation.findings)
    found: list[World] = []
    for target in compilation.targets:
        files = rendered_by[target]
        findings += [finding for file in files for finding in file.findings]
        beside = [_read(compilation, path, hand_written) for path in _paths(compilation, target)]
        rendered = [manifest for file in files for manifest in rendered_manifests(compilation, file)]
        written = [manifest for source in beside if isinstance(source, Source) for manifest in manifests(source)]
        rendering = compilation.renderings[target]
        siblings = tuple(world for world in found if world.environment == target.environment)
        own = (*rendered, *written, compilation.project.manifest)
        found.append(World(own, rendering.around.facts, target.environment, target.cluster, siblings=siblings))
    for item in hand_written.values():
        findings += item.problems if isinstance(item, Source) else (item,)
    sources = {item.path: item for item in hand_written.values() if isinstance(item, Source)}
    sources |= _included(file for files in rendered_by.values() for file in files)
    return Worlds(
        compilation,
        tuple(found),
        compilation.services.by_target,
        (*compilation.services.sources, *sources.values()),
        tuple(dict.fromkeys(findings)),
    )


def _included(files: Iterable[RenderedFile]) -> dict[str, Source]:
    """The hand-written files that services include."""
    found = (piece.written(()).document.source for file in files for piece in file.pieces if piece.written is not None)
    return {source.path: source for source in found}


def rendered_manifests(compilation: Compilation, file: RenderedFile) -> Iterator[Manifest]:
    """The objects of a rendered file, each with its place there and its origin."""
    path = f"{compilation.project.output.path}/{file.path}"
    source = Source(path, file.data, "manifest")
    for index, piece in enumerate(file.pieces):
        yield Manifest(piece.value, Document(source, index, piece.value), (), file.origin(piece))


def _paths(compilation: Compilation, target: Target) -> Sequence[str]:
    """The hand-written manifests of a cluster. What we rendered ourselves is never context, nor are service files."""
    checkout = compilation.project.checkout
    ours = f"{compilation.project.output.path}/"
    found: dict[str, None] = {}
    for group in compilation.project.manifests:
        if group.in_target(target):
            for pattern in group.paths:
                found |= dict.fromkeys(checkout.glob(pattern))
    return [path for path in found if path.endswith((".yaml", ".yml", ".json")) and not path.startswith(ours)]


def _read(compilation: Compilation, path: str, known: dict[str, Source | Finding]) -> Source | Finding:
    if path not in known:
        data = compilation.project.checkout.read(path, MANIFEST_LIMIT)
        if isinstance(data, Unreadable):
            known[path] = Finding("unreadable-file", "error", data.reason, Location(path))
        elif looks_like_service(data):
            message = "a service file is listed under `manifests` of sailwright.yaml, which are hand-written"
            known[path] = Finding("unreadable-file", "error", message, Location(path), "list it under `services`")
        else:
            known[path] = parse(path, data, "manifest")
    return known[path]
