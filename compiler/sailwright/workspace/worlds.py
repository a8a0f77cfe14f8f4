"""The worlds of a project: what each of its clusters sees, rendered and hand-written, for everything that judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sailwright.diagnostics.finding import Finding, Location
from sailwright.mesh.world import World
from sailwright.project import Project
from sailwright.project.service import Service, Target
from sailwright.project.service.reading import merged
from sailwright.render.rendering import RenderedFile
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass
from sailwright.source import Document, Source, parse
from sailwright.source.files.checkout import Unreadable
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import MANIFEST_LIMIT, looks_like_service
from sailwright.workspace.compile import Compilation, Opened, compile_opened
from sailwright.workspace.parallel import Rendered, render_alone, render_together


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

    @property
    def project(self) -> Project:
        """The project whose worlds they are."""
        return self.compilation.project


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The worlds of a project without the services that were compiled into them."""

    project: Project
    worlds: tuple[World, ...]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]


def worlds_of(compilation: Compilation) -> Worlds:
    """Render every chosen cluster and lay its hand-written manifests beside."""
    found = lay_out(render_alone(compilation))
    return Worlds(compilation, found.worlds, compilation.services.by_target, found.sources, found.findings)


def worlds_together(opened: Opened, cache: Cache, jobs: int) -> LaidOut:
    """The same worlds, read and rendered by several processes where that pays."""
    rendered = render_together(opened, cache, jobs) or render_alone(compile_opened(opened, cache))
    return lay_out(rendered)


def lay_out(rendered: Rendered) -> LaidOut:
    """Lay the hand-written manifests of every chosen cluster beside what is rendered there."""
    compilation = rendered.compilation
    hand_written: dict[str, Source | Finding] = {}
    found: list[World] = []
    for target in compilation.targets:
        beside = [_read(compilation, path, hand_written) for path in _paths(compilation, target)]
        ours = [manifest for file in rendered.files[target] for manifest in rendered_manifests(compilation, file)]
        written = [manifest for source in beside if isinstance(source, Source) for manifest in manifests(source)]
        facts = compilation.renderings[target].context.facts
        siblings = tuple(world for world in found if world.environment == target.environment)
        own = (*ours, *written, compilation.project.manifest)
        found.append(World(own, facts, target.environment, target.cluster, siblings=siblings))
    findings = list(rendered.findings)
    for item in hand_written.values():
        findings += item.problems if isinstance(item, Source) else (item,)
    sources = {source.path: source for source in rendered.sources}
    sources |= {item.path: item for item in hand_written.values() if isinstance(item, Source)}
    return LaidOut(compilation.project, tuple(found), tuple(sources.values()), merged(findings))


def rendered_manifests(compilation: Compilation, file: RenderedFile) -> Iterator[Manifest]:
    """The objects of a rendered file, each with its place there and its origin."""
    path = f"{compilation.project.output.path}/{file.path}"
    source = Source(path, file.data, "manifest")
    for index, piece in enumerate(file.rendered_objects):
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
