"""The worlds of a project: what each of its clusters sees, rendered and hand-written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sailwright.diagnostics.finding import Finding, Location
from sailwright.diagnostics.merge import merge_environments
from sailwright.mesh.world import World
from sailwright.project.model import Project
from sailwright.project.service.resolve import Target
from sailwright.project.services import read_services
from sailwright.render.render_context import full_name
from sailwright.render.rendering import RenderedFile
from sailwright.runtime.cache import Cache
from sailwright.runtime.executor import Workers
from sailwright.runtime.records import replace
from sailwright.source.files.checkout import Checkout, Commit, Unreadable
from sailwright.source.files.files import recognised
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import MANIFEST_LIMIT, Document, Source, looks_like_service, parse
from sailwright.workspace.compile import Compilation, InvalidProject, LoadedProject, compile_loaded, load_project
from sailwright.workspace.parallel import Rendered, render_alone, render_together, without_packed
from sailwright.workspace.selection import CompiledWorld, WorldSet
from sailwright.workspace.service_records import ServiceRecord
from sailwright.workspace.wrong_files import failed


def load_worlds(
    loaded: LoadedProject,
    cache: Cache,
    jobs: int = 1,
    workers: Workers | None = None,
    *,
    injecting: bool = True,
    reusing: bool = False,
    sending: bool = True,
) -> WorldSet:
    """Render every chosen cluster, by several processes or an executor's workers where that pays; the worlds are the same.

    With `reusing`, services that have not changed since the last time come from the store: with their sidecars, which whoever asks
    where requests go takes for what the build would bake in. Where nothing is `sending` to workers, what is packed for them is let go of.
    """
    kept = None
    if reusing:
        from sailwright.workspace.kept_rendering import kept_rendering

        kept = kept_rendering(loaded, cache, injecting=True)
        part = kept.part(loaded, cache) if kept is not None else None
        if kept is not None and part is not None:
            rendered = kept.whole(part, keeping=injecting)
            if rendered is not None:
                return build_worlds(rendered if sending else without_packed(rendered))
    rendered = render_together(loaded, cache, jobs, workers, injecting=injecting) or render_alone(
        compile_loaded(loaded, cache, injecting=injecting)
    )
    rendered = kept.keep(rendered) if kept is not None and injecting else rendered
    return build_worlds(rendered if sending else without_packed(rendered))


def kept_worlds(loaded: LoadedProject, cache: Cache) -> WorldSet | None:
    """The worlds and all services of a project on disk, with what is kept of services that have not changed; None where nothing is.

    What is kept is left as it is: the next lint knows what the last one knew.
    """
    from sailwright.workspace.kept_rendering import kept_rendering

    kept = kept_rendering(loaded, cache, injecting=True)
    part = kept.part(loaded, cache) if kept is not None else None
    rendered = kept.whole(part, keeping=False) if kept is not None and part is not None else None
    if rendered is None:
        return None
    return build_worlds(replace(rendered, services=read_services(loaded.project, loaded.targets).by_target))


def knows_all(found: WorldSet) -> bool:
    """Whether all services were read, and none comes from the store."""
    return found.rendered.services.keys() == set(found.rendered.compilation.targets)


def with_all_services(found: WorldSet, worlds: Sequence[CompiledWorld]) -> tuple[CompiledWorld, ...]:
    """The worlds of a project with all services, those that come from the store read again."""
    if knows_all(found):
        return tuple(worlds)
    targets = found.rendered.compilation.targets
    services = read_services(found.project, targets).by_target
    return tuple(replace(each, services=services[target]) for target, each in zip(targets, worlds, strict=True))


def first_worlds(loaded: LoadedProject, cache: Cache) -> WorldSet:
    """The worlds and all services of a project on disk of which nothing is kept; then something is."""
    from sailwright.workspace.kept_rendering import kept_rendering

    kept = kept_rendering(loaded, cache, injecting=True)
    rendered = render_alone(compile_loaded(loaded, cache))
    return build_worlds(kept.keep(rendered) if kept is not None else rendered)


def checkout_worlds(checkout: Checkout, cache: Cache, environments: Sequence[str] = ()) -> WorldSet | InvalidProject:
    """The worlds of a project on disk or in a commit."""
    loaded = load_project(checkout, environments)
    if isinstance(loaded, InvalidProject):
        return loaded
    if isinstance(checkout, Commit) and cache.directory is not None:
        from sailwright.workspace.kept_commit import render_commit

        rendered = render_commit(loaded, checkout, cache)
        return build_worlds(rendered)
    return load_worlds(loaded, cache)


def build_worlds(
    rendered: Rendered,
    known: Mapping[str, Source] | None = None,
    absent: Sequence[Iterable[str]] | None = None,
) -> WorldSet:
    """Put what is rendered for every chosen cluster together with the hand-written manifests assigned to it; some may be `known`.

    `absent` has the `absent_hosts` of each cluster, where they are known.
    """
    compilation = rendered.compilation
    hand_written: dict[str, Source | Finding] = dict(known or {})
    found: list[CompiledWorld] = []
    for number, target in enumerate(compilation.targets):
        read = [_read(compilation, path, hand_written) for path in manifest_files(compilation.project, target)]
        ours = [manifest for file in rendered.files[target] for manifest in rendered_manifests(compilation, file)]
        written = [manifest for source in read if isinstance(source, Source) for manifest in manifests(source)]
        context = compilation.renderings[target].context
        elsewhere = absent_hosts(compilation, target) if absent is None else absent[number]
        facts = replace(context.facts, absent_hosts=frozenset(elsewhere))
        siblings = tuple(each.world for each in found if each.world.environment == target.environment)
        own = (*ours, *written, compilation.project.manifest)
        world = World(own, facts, target.environment, target.cluster, siblings=siblings)
        found.append(CompiledWorld(world, rendered.services.get(target, ())))
    findings = list(rendered.findings)
    for item in hand_written.values():
        findings += item.problems if isinstance(item, Source) else (item,)
    sources = {source.path: source for source in rendered.sources}
    sources |= {item.path: item for item in hand_written.values() if isinstance(item, Source)}
    return WorldSet(rendered, tuple(found), tuple(sources.values()), merge_environments(findings))


def absent_hosts(compilation: Compilation, target: Target) -> Iterator[str]:
    """The hosts of the services that the project has elsewhere, and not in this environment.

    Its clusters may be one mesh, in which callers of each reach the services of all: where some are not read, nobody knows. Nor does
    anybody know of a service whose file has an error, which is reported there.
    """
    own = [each.context for found, each in compilation.renderings.items() if found.environment == target.environment]
    declared = compilation.project.clusters().get(target.environment or "", ())
    if len(own) < len(declared):
        return
    context = compilation.renderings[target].context
    here = {host for each in own for neighbour in each.neighbours.values.values() for host in neighbour.hosts}
    keys = {key for each in own for key in each.neighbours.values}
    for key in context.everywhere.values.keys() - keys - _in_error(compilation):
        namespace, _, name = key.partition("/")
        host = full_name(name, namespace, context.facts)
        if host not in here:
            yield host


def absent_by_records(compilation: Compilation, records: Iterable[ServiceRecord]) -> list[frozenset[str]]:
    """The `absent_hosts` of each cluster by the records of all services."""
    names: set[str] = set()
    in_error: set[str] = set()
    hosts: dict[int, dict[str, tuple[str, ...]]] = {number: {} for number in range(len(compilation.targets))}
    for record in records:
        names.update(record.names)
        if record.failed:
            in_error.update(record.names)
        for number, key, own, *_ in record.exports:
            hosts[number][key] = own
    found = []
    for target in compilation.targets:
        numbers = [place for place, each in enumerate(compilation.targets) if each.environment == target.environment]
        declared = compilation.project.clusters().get(target.environment or "", ())
        keys = {key for number in numbers for key in hosts[number]}
        here = {host for number in numbers for own in hosts[number].values() for host in own}
        facts = compilation.renderings[target].context.facts
        pairs = (key.partition("/") for key in names - keys - in_error if len(numbers) >= len(declared))
        found.append(frozenset(full_name(name, namespace, facts) for namespace, _, name in pairs) - here)
    return found


def _in_error(compilation: Compilation) -> frozenset[str]:
    """The services, as NAMESPACE/NAME, of files that could not be read as services."""
    found = compilation.services
    wrong = failed(found.findings)
    documents = (document.value for source in found.sources if source.path in wrong for document in source.documents)
    return frozenset(f"{each.get('namespace')}/{each.get('name')}" for each in documents if isinstance(each, dict))


def hand_written(compilation: Compilation, known: Mapping[str, Source] | None = None) -> Mapping[str, Source | Finding]:
    """The hand-written manifests of all chosen clusters by path: each as it was read, or why it cannot be. Some may be `known`."""
    found: dict[str, Source | Finding] = dict(known or {})
    for target in compilation.targets:
        for path in manifest_files(compilation.project, target):
            _read(compilation, path, found)
    return found


def rendered_manifests(compilation: Compilation, file: RenderedFile) -> Iterator[Manifest]:
    """The objects of a rendered file, each with its place there and its origin."""
    path = f"{compilation.project.output.path}/{file.path}"
    source = Source(path, file.data, "manifest")
    for index, piece in enumerate(file.rendered_objects):
        yield Manifest(piece.value, Document(source, index, piece.value), (), file.origin(piece))


def manifest_files(project: Project, target: Target) -> Sequence[str]:
    """The hand-written manifests of a cluster. What we rendered ourselves is never context."""
    ours = f"{project.output.path}/"
    found: dict[str, None] = {}
    for group in project.manifests:
        if group.in_target(target):
            for pattern in group.paths:
                found |= dict.fromkeys(project.checkout.glob(pattern))
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
            where = os.path.join(compilation.project.checkout.root, path)
            known[path] = recognised(parse(path, data, "manifest"), where)
    return known[path]
