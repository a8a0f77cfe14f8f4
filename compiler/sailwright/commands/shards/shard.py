"""`check --shard I/N --facts OUT`: one of N jobs reads, renders and proves its share of the services, and notes what it found.

Nothing is reported: that is for `merge`, which knows all shares. A service that asks about one of another share is rendered with what its
file says, where a look at names finds it; `merge` compares the answers, and renders again what was told otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from posixpath import splitext
from typing import TYPE_CHECKING

from sailwright.commands.build.render_all import built_file, own_schemas, reserved
from sailwright.project.services import read_services, service_files, without_findings
from sailwright.render.answers import answers
from sailwright.render.own_templates import own_templates
from sailwright.runtime.atomic_file import replace as replace_file
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.pressed import plain
from sailwright.runtime.regex import regex
from sailwright.source.files.checkout import Disk
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import SERVICE_LIMIT, Source, release
from sailwright.workspace.compile import (
    Compilation,
    InvalidProject,
    LoadedProject,
    ServiceExports,
    combine_exports,
    compiled,
    load_project,
    renderings_of,
    service_exports,
)
from sailwright.workspace.listed_schemas import listed_schemas
from sailwright.workspace.parallel import CHUNK, MANY, exports_of
from sailwright.workspace.program import program
from sailwright.workspace.read_documents import ReadDocuments
from sailwright.workspace.recording import Recording
from sailwright.workspace.shard_facts import NOTHING, FactsText, FileFacts, ServiceFacts, exact_text

if TYPE_CHECKING:
    from sailwright.project.service.model import Service
    from sailwright.project.service.resolve import Target
    from sailwright.validate.schemas.crd import CustomResource

_SHARD = regex(r"([1-9]\d{0,5})/([1-9]\d{0,5})")


def parse_shard(text: str) -> tuple[int, int]:
    """I and N of `I/N`. Raises Failure (status 2) for anything else."""
    found = _SHARD.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise Failure(f"--shard {text}: write I/N with 1 <= I <= N, as 2/8")
    return int(found[1]), int(found[2])


def write_facts(root: str, shard: tuple[int, int], out: str, cache: Cache) -> tuple[int, int] | InvalidProject:
    """Work on a share and write its facts; how many service files it has, and how many there are."""
    loaded = load_project(Recorded(Disk(root)))
    if isinstance(loaded, InvalidProject):
        return loaded
    digests = program_digest(cache, root), project_digest(loaded)
    number, count = shard
    names = service_files(loaded.project)
    own = names[number - 1 :: count]
    text = FactsText()
    for compilation in _compiled(loaded, own, names, cache):
        _add(text, compilation)
    replace_file(out, text.done(shard, *digests))
    return len(own), len(names)


def facts_text(compilation: Compilation) -> bytes:
    """The facts about the services of a compilation, as a file has them that is the only one."""
    _add(text := FactsText(), compilation)
    return text.done((1, 1), "", "")


def _add(text: FactsText, compilation: Compilation) -> None:
    text.add_findings(compilation.findings)
    for file in _files(compilation):
        text.add(file)


def program_digest(cache: Cache, root: str) -> str:
    """What tells this program from any other version of it."""
    from sailwright.runtime.store import open_store

    return program(open_store(cache, root)).hex()


def project_digest(loaded: LoadedProject) -> str:
    """What tells the project from any other, and from itself at another commit, the contents of its service files aside.

    It is asked of a project that was just loaded from a Recorded checkout, of which nothing but the project file was read.
    """
    checkout = loaded.project.checkout
    own_templates(checkout)
    listed_schemas(loaded.project, Cache(None))
    names = service_files(loaded.project)
    reads, globs = (checkout.reads, checkout.globs) if isinstance(checkout, Recorded) else ({}, {})
    noted = (sorted(reads.items()), sorted(globs.items()), names)
    return sha256(repr(noted).encode("utf-8", "surrogateescape")).hexdigest()


def _compiled(loaded: LoadedProject, own: Sequence[str], names: Sequence[str], cache: Cache) -> Iterator[Compilation]:
    """The services of the share, with what is known of those that they name: where they are many, some at a time."""
    read = ReadDocuments(loaded.project.checkout)
    chunks = [own[start : start + CHUNK] for start in range(0, len(own), CHUNK)] if len(own) >= MANY else []
    known = combine_exports([exports_of(loaded, each, read) for each in chunks]) if chunks else None
    if known is None:
        services = read_services(loaded.project, loaded.targets, own)
        known = _with_named(loaded, services.sources, names, service_exports(loaded.project, services))
        yield compiled(loaded, services, renderings_of(loaded, known, cache, injecting=True))
        return
    texts = (Source(path, read.text(path), "service") for path in own)
    renderings = renderings_of(loaded, _with_named(loaded, [*texts], names, known), cache, injecting=True)
    for each in chunks:
        services = read_services(loaded.project, loaded.targets, each, read.take)
        yield compiled(loaded, services, renderings)
        for source in services.sources:
            release(source)


def _with_named(
    loaded: LoadedProject, own: Sequence[Source], names: Sequence[str], known: ServiceExports
) -> ServiceExports:
    """What services of the share export, and those of other shares that they seem to name."""
    if len(own) == len(names):
        return known
    named = read_services(loaded.project, loaded.targets, _named(loaded, own, names, known))
    return combine_exports((known, service_exports(loaded.project, named))) or known


_NAME = regex(rb"^(name|namespace):[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_NAMESPACE = regex(rb"\bnamespace:[ \t]*[\"']?([a-z0-9-]+)")
_WORD = regex(rb"[a-z0-9][a-z0-9.-]*(?:/[a-z0-9][a-z0-9.-]*)?")


def _named(loaded: LoadedProject, own: Sequence[Source], names: Sequence[str], exports: ServiceExports) -> list[str]:
    """The files of other shards whose service one of this share seems to name.

    Where the paths of this share tell the names of its services, those of the others are taken to do so too, and only files with
    such a name are looked into. A service that is not found is no error: `merge` knows it.
    """
    checkout = loaded.project.checkout
    places: set[int] | None = set()
    words: set[bytes] = set()
    for source in own:
        words.update(_WORD.findall(source.data))
        places = _told(source.path, {key.partition("/")[2] for key in _keys(source.data)}, places)
    spoken = {word.rpartition(b"/")[2].partition(b".")[0].decode() for word in words}
    by_key: dict[str, str] = {}
    mine = {source.path for source in own}
    for path in names:
        if path in mine or (places is not None and spoken.isdisjoint(_parts(path)[place] for place in places)):
            continue
        data = checkout.read(path, SERVICE_LIMIT)
        if isinstance(data, bytes):
            by_key |= {key: path for key in _keys(data) if key.partition("/")[2] in spoken}
    if not by_key:
        return []
    here = {key.partition("/")[0] for key in exports.names}
    return sorted({by_key[key] for source in own for key in _questions(source.data, here) if key in by_key})


def _told(path: str, names: set[str], places: set[int] | None) -> set[int] | None:
    """The places in paths that tell the names of services, and those where this path tells these; None where it does not."""
    found = {place for place, part in enumerate(_parts(path)) if part in names}
    return None if places is None or not found else places | found


_PARTS = 8


def _parts(path: str) -> list[str]:
    """The name of a path's file without its ending, and those of the folders above, the lowest first; so many."""
    parts = splitext(path)[0].split("/")[: -_PARTS - 1 : -1]
    return parts + [""] * (_PARTS - len(parts))


def _keys(data: bytes) -> Iterator[str]:
    """NAMESPACE/NAME of the services that a file seems to describe."""
    found: dict[bytes, list[str]] = {b"name": [], b"namespace": []}
    for kind, word in _NAME.findall(data):
        found[kind].append(word.decode("utf-8", "replace"))
    return (f"{namespace}/{name}" for namespace in found[b"namespace"] for name in found[b"name"])


def _questions(data: bytes, here: set[str]) -> Iterator[str]:
    """What a file may ask for: NAMESPACE/NAME as written, and those of the hosts and names in it.

    A name alone is of a namespace that the file names, or else of one of those that are `here`.
    """
    own = {word.decode() for word in _NAMESPACE.findall(data)} or here
    for word in {word.decode() for word in _WORD.findall(data)}:
        if "/" in word:
            yield word
            continue
        name, _, rest = word.partition(".")
        if rest:
            yield f"{rest.partition('.')[0]}/{name}"
        else:
            yield from (f"{namespace}/{name}" for namespace in own)


def _files(compilation: Compilation) -> Iterator[FileFacts]:
    """The facts of each service file."""
    schemas, recording = own_schemas(compilation), Recording(compilation)
    sound = without_findings(compilation.services)
    services: dict[str, list[tuple[Target, Service]]] = {}
    for target, group in compilation.services.by_target.items():
        for service in group:
            services.setdefault(service.file, []).append((target, service))
    for source in compilation.services.sources:
        path = source.path
        found = [_facts(compilation, *each, schemas, recording) for each in services.get(path, ())]
        said = exact_text([document.value for document in source.documents])
        noted = recording.record(path)
        record = noted if said is not None and noted.reads == (path,) else None
        known = [each for each in found if each is not None]
        yield FileFacts(path, sha256(source.data).hexdigest(), path in sound, record, said or NOTHING, known)


def _facts(
    compilation: Compilation,
    target: Target,
    service: Service,
    schemas: tuple[CustomResource, ...],
    recording: Recording,
) -> ServiceFacts | None:
    """What a service comes to; None where JSON cannot hold it, or it includes files: then `merge` renders it."""
    rendering = compilation.renderings[target]
    recording.start(target)
    file = rendering.render(service)
    names = tuple(sorted(rendering.context.asked))
    objects = file.rendered_objects
    recording.note(target, service, file.path, len(objects))
    text = None if any(each.written for each in objects) else exact_text([each.value for each in objects])
    if text is None:
        return None
    built = built_file(rendering, file, schemas)
    written = service.written(())
    return ServiceFacts(
        (compilation.targets.index(target), service.namespace, service.name),
        (written.document.index, written.path),
        names,
        answers(rendering.context, names),
        [each.paths for each in objects],
        sha256(plain(built.data or b"")).hexdigest(),
        built.marks,
        file.findings,
        (*built.findings, *reserved(compilation, [built], [service])),
        text,
    )
