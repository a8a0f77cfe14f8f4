"""Render what was asked for, in as many processes as are worth it: the same bytes for any number of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from posixpath import basename
from typing import TYPE_CHECKING

from sailwright.commands.build.built import Built, BuiltFile
from sailwright.commands.build.validate_output import validate_output
from sailwright.diagnostics.finding import Finding, Related, any_error
from sailwright.diagnostics.merge import merge_environments
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.project.services import service_files
from sailwright.render.layout import GATEWAY_FILE, KUSTOMIZATION, NAMESPACE_FILE
from sailwright.render.rendering import RenderedFile, Rendering, file_of, folder_of
from sailwright.render.template_input import RenderedObject
from sailwright.runtime.cache import Cache
from sailwright.runtime.digests import blake2b
from sailwright.runtime.pressed import Spool, Text, plain, pressed, pressing
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import named_source
from sailwright.workspace.compile import Compilation, LoadedProject, compile_loaded
from sailwright.workspace.parallel import CHUNK, MANY
from sailwright.workspace.recording import Recording
from sailwright.workspace.service_records import DIGEST, Identity, packed, together
from sailwright.workspace.unverified_releases import refuse_to_bake
from sailwright.workspace.wrong_files import wrong_beside

if TYPE_CHECKING:
    from sailwright.runtime.executor import Workers
    from sailwright.validate.schemas.crd import CustomResource

Done = Callable[[int, int], None]
"""Hears how many services are rendered, out of how many."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to render: with sidecars or without, in how many processes (None: as many as are worth it), or by whose workers.

    `spool` takes the texts of many files.
    """

    cache: Cache
    injecting: bool = True
    jobs: int | None = None
    workers: Workers | None = None
    spool: Spool = field(default_factory=Spool)


def render_all(loaded: LoadedProject, sources: frozenset[str] | None, settings: Settings, done: Done) -> Built:
    """Render the chosen sources (None: all) for every chosen cluster, in as many processes as are worth it."""
    from sailwright.runtime.process_pool import WORTH_A_FORK, processors
    from sailwright.workspace.parallel import in_processes

    jobs, least = settings.jobs or processors(), 2 if settings.jobs else WORTH_A_FORK

    ready, all_files = [0], len(service_files(loaded.project)) if sources is None else 0
    many = all_files > MANY and settings.workers is None

    if many:
        settings.spool.open(jobs)

    def render(compilation: Compilation, number: int) -> Built:
        count_of = len(loaded.targets) * all_files
        before, total = ready[0], sum(map(len, compilation.services.by_target.values()))
        ready[0] += total
        built = built_from(compilation, None, lambda count, _total: done(jobs * (before + count), count_of))
        if settings.workers is not None:
            return small(built, pressed)
        return small(built, lambda data: settings.spool.keep(number, data)) if many else built

    if sources is None:
        if settings.workers is not None:
            from sailwright.workspace.remote import by_workers

            parts = by_workers(
                loaded, settings.cache, settings.workers, render, _by_a_worker, injecting=settings.injecting
            )
        else:
            injecting, chunk = settings.injecting, CHUNK if many else None
            parts = in_processes(loaded, settings.cache, jobs, render, injecting=injecting, least=least, chunk=chunk)
        whole = joined(parts, service_files(loaded.project)) if parts else None
        if whole is not None:
            return whole
    return built_from(compile_loaded(loaded, settings.cache, injecting=settings.injecting), sources, done)


def small(built: Built, keep: Callable[[bytes], Text]) -> Built:
    """A part of many, to be kept until all are compared: the texts put aside, and only the sources of which something will be shown."""
    shown = {finding.location.file for finding in built.findings}
    shown |= {each.location.file for finding in built.findings for each in finding.related}
    files = (replace(each, data=keep(plain(each.data)) if each.data else each.data, objects=()) for each in built.files)
    return replace(
        built,
        files=tuple(files),
        sources=tuple(named_source(source) for source in built.sources if source.path in shown),
        records=packed(built.records) if built.records is not None else None,
        checked=(len(built.sources), sum(len(source.documents) for source in built.sources)),
    )


def _by_a_worker(compilation: Compilation) -> Built:
    """In a worker: its part, small enough to travel."""
    built = built_from(compilation, None, lambda _done, _total: None)
    return small(built, pressing(file.data for file in built.files if file.data))


def joined(parts: Sequence[Built], services: Sequence[str]) -> Built | None:
    """What several processes rendered. None where anything is wrong but some of the service files by themselves: one process that has read
    all can word it best.
    """
    reads: dict[str, bytes] = {}
    globs: dict[str, tuple[str, ...]] = {}
    for built in parts:
        if built.reads is not reads:  # those of one process are the same for all of its parts
            reads = {**built.reads, **reads} if reads else dict(built.reads)
        globs |= built.globs
    counts = [built.checked for built in parts if built.checked is not None]
    whole = Built(
        _sorted(file for built in parts for file in built.files),
        merge_environments(finding for built in parts for finding in built.findings),
        tuple(source for built in parts for source in built.sources),
        reads,
        globs,
        together(built.records or {} for built in parts),
        (sum(files for files, _ in counts), sum(documents for _, documents in counts)) if counts else None,
    )
    wrong = any_error(whole.findings) and wrong_beside(whole.findings, frozenset(services))
    return None if wrong or clashing(whole.files) else whole


def built_from(
    compilation: Compilation,
    sources: frozenset[str] | None,
    done: Done,
    rendered: Mapping[Target, Sequence[RenderedFile]] | None = None,
    proved: Mapping[str, BuiltFile] | None = None,
    held: Mapping[str, bytes] | None = None,
    part: dict[Target, list[tuple[tuple[str, str], RenderedFile]]] | None = None,
) -> Built:
    """What a build writes of a compilation; services that are not among `rendered` are rendered here.

    `proved` are files, by path, that were laid out and proved elsewhere. `held` has the schemas that files are known to be held to
    as they are on disk. Where it is but a `part` of a project, that gets what is rendered, and files of no service are left out.
    """
    ready = {file.path: file for files in (rendered or {}).values() for file in files}
    by_target = compilation.services.by_target
    total = sum(map(len, by_target.values()))
    schemas = own_schemas(compilation)
    known, held = proved or {}, held or {}
    files: list[BuiltFile] = []
    owners: list[Service] = []
    recording = None if ready or sources is not None else Recording(compilation)
    for target, services in by_target.items():
        rendering, world = compilation.renderings[target], folder_of(target)
        for service in services:
            path = file_of(compilation.project, target, service)
            if sources is None or service.file in sources:
                if baked := rendering.baked(service):
                    refuse_to_bake(compilation.project, service, baked)
                if recording:
                    recording.start(target)
                file = ready.get(path) or rendering.render(service)
                files.append(known.get(path) or built_file(rendering, file, schemas, held.get(path, b"")))
                if part is not None:
                    part.setdefault(target, []).append(((service.namespace, service.name), file))
                if recording:
                    recording.note(target, service, path, files[-1].documents, files[-1].marks)
            else:
                files.append(BuiltFile(world, path, service.file, None, (), ()))
            owners.append(service)
            done(len(files), total)
    findings = [*compilation.findings, *(finding for file in files for finding in file.findings)]
    findings += _clashes(files, owners)
    findings += reserved(compilation, files, owners)
    if part is None:
        shared = shared_files(compilation, schemas)
        findings += [finding for file in shared for finding in file.findings]
        files += shared
    checkout = compilation.project.checkout
    reads, globs = (checkout.reads, checkout.globs) if isinstance(checkout, Recorded) else ({}, {})
    records = recording.records() if recording else None
    return Built(_sorted(files), merge_environments(findings), compilation.services.sources, reads, globs, records)


def shared_files(compilation: Compilation, schemas: tuple[CustomResource, ...]) -> list[BuiltFile]:
    """The files that are of no service, of the namespaces that these are in."""
    found = []
    for target, services in compilation.services.by_target.items():
        rendering, inhabited = compilation.renderings[target], {service.namespace for service in services}
        found += [built_file(rendering, file, schemas) for file in rendering.shared(inhabited)]
    return found


def own_schemas(compilation: Compilation) -> tuple[CustomResource, ...]:
    """The custom kinds of the project; what is wrong with their files, `validate` tells."""
    from sailwright.workspace.listed_schemas import listed_schemas

    rendering = next(iter(compilation.renderings.values()), None)
    return listed_schemas(compilation.project, rendering.cache)[0] if rendering else ()


def built_file(
    rendering: Rendering, file: RenderedFile, schemas: tuple[CustomResource, ...], held: bytes = b""
) -> BuiltFile:
    """A rendered file as it is written, with what is wrong with it; `schemas` are the project's own."""
    emitted = file.emitted()
    data = emitted.text.encode()
    validated = validate_output(rendering.project, file, data, rendering.context.facts, schemas, held, emitted)
    findings = (*file.findings, *validated.findings)
    objects = identities(file)
    world = folder_of(rendering.target)
    found = (*findings, *_twice(file, objects))
    return BuiltFile(world, file.path, file.source, data, objects, found, marks(world, objects), validated.schemas)


def marks(world: str, objects: Iterable[Identity]) -> bytes:
    """A digest of each object of a cluster, by what tells it from all others there."""
    return b"".join(blake2b(repr((world, each)).encode(), digest_size=DIGEST).digest() for each in objects)


def identities(file: RenderedFile) -> tuple[Identity, ...]:
    """What makes each object of a file one."""
    objects = []
    for rendered_object in file.rendered_objects:
        metadata = rendered_object.value.get("metadata") or {}
        group = str(rendered_object.value.get("apiVersion", "")).rpartition("/")[0]
        objects.append((group, rendered_object.kind, str(metadata.get("namespace") or ""), rendered_object.name))
    return tuple(objects)


def _twice(file: RenderedFile, objects: Sequence[Identity]) -> Iterator[Finding]:
    """Objects that one service renders twice: by itself and by an included file, or by two of those."""
    seen: dict[Identity, RenderedObject] = {}
    for rendered_object, identity in zip(file.rendered_objects, objects, strict=True):
        first = seen.setdefault(identity, rendered_object)
        if first is not rendered_object:
            here, there = (file.origin(each).find(("metadata", "name")) for each in (rendered_object, first))
            _, kind, namespace, name = identity
            message = (
                f"{kind} {namespace}/{name} is rendered from here, and {there.document.source.path} renders it too"
            )
            related = (Related("the other one", there.document.locate(there.path)),)
            location = here.document.locate(here.path)
            yield Finding("duplicate-object", "error", message, location, _RENAME, path=here.path, related=related)


def _sorted(files: Iterable[BuiltFile]) -> tuple[BuiltFile, ...]:
    """By path, each once: processes that share a namespace each have its Namespace object."""
    by_path = {file.path: file for file in files}
    return tuple(by_path[path] for path in sorted(by_path))


def clashing(files: Iterable[BuiltFile]) -> bool:
    """Whether an object of one cluster is rendered twice, as far as digests tell."""
    found = [each.marks[at : at + DIGEST] for each in files for at in range(0, len(each.marks), DIGEST)]
    return len(set(found)) < len(found)


def _clashes(files: Sequence[BuiltFile], owners: Sequence[Service]) -> Iterator[Finding]:
    """Objects that one cluster would get twice: the second would overwrite the first."""
    if not clashing(files):
        return
    seen: dict[tuple[str, Identity], Service] = {}
    for file, service in zip(files, owners, strict=True):
        for identity in file.objects:
            first = seen.setdefault((file.world, identity), service)
            if first is service or first.key == service.key:  # two files for one service: `duplicate-service`
                continue
            _, kind, namespace, name = identity
            message = f"{kind} {namespace}/{name} is rendered from here, and {first.file} renders it too"
            related = (Related("the other one", first.written(("name",)).location()),)
            remedy = "leave it to one: `serviceAccount: {create: false}`" if kind == "ServiceAccount" else _RENAME
            yield _at_name("duplicate-object", service, message, remedy, related)


_RENAME = "rename one of them"


def reserved(compilation: Compilation, files: Sequence[BuiltFile], owners: Sequence[Service]) -> Iterator[Finding]:
    """Services whose file would be the kustomization.yaml of its folder, or its namespace.yaml."""
    for file, service in zip(files, owners, strict=True):
        namespace = compilation.project.namespaces.get(service.namespace)
        taken = [KUSTOMIZATION, NAMESPACE_FILE] if namespace and namespace.render else [KUSTOMIZATION]
        gateway = compilation.project.gateway_for(Target(service.environment, service.cluster))
        taken += [GATEWAY_FILE] if gateway and gateway.namespace == service.namespace else []
        if basename(file.path) in taken:
            message = f"a service cannot be named `{service.name}` here: its folder has another {service.name}.yaml"
            yield _at_name("name-reserved", service, message, "choose another name")


def _at_name(rule: str, service: Service, message: str, remedy: str, related: tuple[Related, ...] = ()) -> Finding:
    spot = service.written(("name",))
    return Finding(rule, "error", message, spot.location(), remedy, path=spot.path, related=related)
