"""What one process takes of files of facts, service by service, and puts aside; and what it renders where facts do not hold."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from os.path import join
from typing import TYPE_CHECKING, Any

from sailwright.commands.build.built import BuiltFile
from sailwright.commands.build.render_all import built_file, built_from
from sailwright.diagnostics.finding import Finding, Path, any_error
from sailwright.project.services import read_services
from sailwright.render.answers import answers
from sailwright.render.rendering import RenderedFile, Rendering, folder_of, path_of
from sailwright.render.template_input import RenderedObject
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.pressed import OnDisk, Spool, Text, plain
from sailwright.runtime.progress import counted
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.checkout import Disk
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.recorded import Recorded
from sailwright.source.manifest import Written
from sailwright.source.source import MANIFEST_LIMIT, SERVICE_LIMIT
from sailwright.workspace.compile import (
    LoadedProject,
    ServiceExports,
    combine_exports,
    compiled,
    renderings_of,
    service_exports,
)
from sailwright.workspace.facts_reading import WRONG, ShardFacts, damaged
from sailwright.workspace.listed_schemas import listed_schemas
from sailwright.workspace.packed_services import pack
from sailwright.workspace.parallel import CHUNK, findings_of
from sailwright.workspace.service_records import ServiceRecord, neighbours
from sailwright.workspace.service_rows import content_digest, digest_of_plain
from sailwright.workspace.shard_facts import NOTHING, FileFacts
from sailwright.workspace.unverified_releases import MINOR, PATCH

if TYPE_CHECKING:
    from sailwright.project.service.resolve import Target


@dataclass(frozen=True, slots=True)
class Share:
    """What one process took of the facts, or rendered: the digest and the text of each service by path, what is wrong, what each depends
    on, what was read, and all rendered files.
    """

    services: dict[str, tuple[str, Text]]
    findings: list[Finding]
    records: dict[str, bytes]
    reads: dict[str, bytes]
    globs: dict[str, tuple[str, ...]]
    built: list[BuiltFile]


def _says_more(findings: Iterable[Finding]) -> bool:
    """Whether something is wrong, or is reported at the first of all services."""
    found = list(findings)
    first = ((each.rule == PATCH and each.location.file != PROJECT_FILE) or each.rule == MINOR for each in found)
    return any_error(found) or any(first)


def _files(shards: Sequence[ShardFacts], findings: list[Finding]) -> Iterator[tuple[ShardFacts, FileFacts]]:
    """The service files of shards, as long as nothing is wrong with them; what reading them found is added to the findings."""
    known = 0
    for shard in shards:
        for file in shard.files(findings):
            if _says_more(findings[known:]):
                return
            known = len(findings)
            yield shard, file


class Taking:
    """What one process takes of the facts, file by file."""

    def __init__(self, loaded: LoadedProject, cache: Cache, spool: Spool, number: int) -> None:
        self._loaded, self._cache, self._spool, self._number = loaded, cache, spool, number
        self._output = loaded.project.output.path
        self._disk = Disk(loaded.project.root)
        self._asked: dict[str, bytes] = {}
        self._again: list[str] = []
        self._share = Share({}, [], {}, {}, {}, [])
        self._built: dict[str, list[BuiltFile]] = {}
        self._findings: dict[str, list[Finding]] = {}

    def taken(self, shards: Sequence[ShardFacts], total: int) -> ServiceExports | None:
        """What the services of some shards export, about so many; what is known of them is put aside.

        None where some exclude each other, or anything is wrong.
        """
        records: dict[str, list[ServiceRecord]] = {shard.path: [] for shard in shards}
        findings: list[Finding] = []
        unread: list[str] = []
        for shard, file in counted(_files(shards, findings), "reading", total):
            data = self._loaded.project.checkout.read(file.path, SERVICE_LIMIT)
            if not isinstance(data, bytes) or sha256(data).hexdigest() != file.digest:
                raise Failure(f"{shard.path}: {file.path} differs there: run every job and merge on the same commit")
            if file.record is None:
                unread.append(file.path)
                continue
            records[shard.path].append(file.record)
            places = {(number, key) for number, key, *_ in file.record.exports}
            if file.said == NOTHING or places != {(each.place[0], "/".join(each.place[1:])) for each in file.services}:
                self._again.append(file.path)
            else:
                try:
                    self._take(shard, file, data, file.record)
                except WRONG:
                    raise damaged(shard.path) from None
        if _says_more(findings):
            return None
        self._again += unread
        self._share.findings.extend(findings)
        known = [_exports(self._loaded.targets, each) for each in records.values()]
        for start in range(0, len(unread), CHUNK):
            some = read_services(self._loaded.project, self._loaded.targets, unread[start : start + CHUNK])
            known.append(service_exports(self._loaded.project, some))
        return combine_exports(known)

    def _take(self, shard: ShardFacts, file: FileFacts, data: bytes, record: ServiceRecord) -> None:
        """Put aside what a shard has rendered of a service file."""
        project, targets, path = self._loaded.project, self._loaded.targets, file.path
        files = []
        for each in file.services:
            number, namespace, name = each.place
            objects = [
                (value, table, False) for value, table in zip(shard.objects(each.objects), each.tables, strict=True)
            ]
            output = path_of(project, targets[number], namespace, name)
            files.append((number, (namespace, name), output, objects, each.root))
            text = self._text(output, each.digest, partial(_emitted, path, objects))
            built = BuiltFile(folder_of(targets[number]), output, path, text, (), each.proved, each.marks)
            self._built.setdefault(path, []).append(built)
            if each.findings:
                self._findings.setdefault(path, []).extend(each.findings)
        whole = files, [(path, data, "service", shard.said(file.said))]
        self._share.services[path] = digest_of_plain(whole), self._spool.keep(self._number, marshal.dumps(whole))
        self._share.records[path] = record.packed()
        self._asked[path] = marshal.dumps([(each.place[0], each.asked, each.answers) for each in file.services])

    def _text(self, path: str, digest: str, emitted: Callable[[], bytes]) -> Text:
        """The text of a rendered file: that on disk where it has its digest."""
        place = join(self._output, path)
        stands = self._disk.read(place, MANIFEST_LIMIT)
        if isinstance(stands, bytes) and sha256(stands).hexdigest() == digest:
            return OnDisk(join(self._disk.root, place), len(stands))
        return self._spool.keep(self._number, emitted())

    def rendered(self, known: ServiceExports) -> Share | None:
        """What was put aside, where services were told what the whole project answers; the others are rendered. None where one is wrong."""
        renderings = renderings_of(self._loaded, known, self._cache, injecting=True)
        contexts = [renderings[target].context for target in self._loaded.targets]
        for path, plain_asked in self._asked.items():
            told = marshal.loads(plain_asked)  # noqa: S302  # made here
            if all(answers(contexts[number], asked) == answered for number, asked, answered in told):
                self._share.built.extend(self._built.pop(path))
                self._share.findings.extend(self._findings.pop(path, ()))
            else:
                self._again.append(path)
        for start in range(0, len(self._again), CHUNK):
            if not self._render(renderings, self._again[start : start + CHUNK]):
                return None
        if self._number == 0:
            self._share.built.extend(self._shared(renderings, known))
        if any(_says_more(each.findings) for each in self._share.built):
            return None
        checkout = self._loaded.project.checkout
        if isinstance(checkout, Recorded):
            self._share.reads.update(checkout.reads)
            self._share.globs.update(checkout.globs)
        return self._share

    def _render(self, renderings: Mapping[Target, Rendering], paths: Sequence[str]) -> bool:
        """Render some services here; False where anything is wrong with them."""
        services = read_services(self._loaded.project, self._loaded.targets, paths)
        compilation = compiled(self._loaded, services, renderings)
        if _says_more(compilation.findings):
            return False
        part: dict[Target, list[tuple[tuple[str, str], RenderedFile]]] = {target: [] for target in compilation.targets}
        built = built_from(compilation, None, lambda _done, _total: None, part=part)
        share = self._share
        share.built.extend(self._small(each) for each in built.files)
        share.findings.extend((*compilation.findings, *findings_of(part)))
        records = (built.records or {}).items()
        share.records.update((path, replace(each, objects=b"").packed()) for path, each in records)
        for path, data in pack(compilation, part).items():
            share.services[path] = content_digest(data), self._spool.keep(self._number, data)
        return True

    def _shared(self, renderings: Mapping[Target, Rendering], known: ServiceExports) -> Iterator[BuiltFile]:
        """The files that are of no service."""
        for target, rendering in renderings.items():
            namespaces = {key.partition("/")[0] for key in known.neighbours[target]}
            schemas = listed_schemas(self._loaded.project, self._cache)[0]
            for file in rendering.shared(namespaces):
                yield self._small(built_file(rendering, file, schemas))

    def _small(self, file: BuiltFile) -> BuiltFile:
        data = plain(file.data or b"")
        return replace(file, data=self._text(file.path, sha256(data).hexdigest(), lambda: data), objects=())


def _exports(targets: Sequence[Target], records: Sequence[ServiceRecord]) -> ServiceExports:
    """What services export, by their records."""
    ways: dict[tuple[Target, str], frozenset[str]] = {}
    names: set[str] = set()
    for record in records:
        names.update(record.names, (key for _, key, *_ in record.exports))
        for number, namespace, way in record.ways:
            place = targets[number], namespace
            ways[place] = ways.get(place, frozenset()) | {way}
    return ServiceExports(dict(zip(targets, neighbours(records, len(targets)), strict=True)), frozenset(names), ways)


def _emitted(service: str, objects: Iterable[tuple[Any, Any, bool]]) -> bytes:
    """The text of the rendered file of a service."""
    rendered = tuple(RenderedObject(value, paths, None) for value, paths, _ in objects)
    return RenderedFile("", service, rendered, (), _nowhere).data()


def _nowhere(_path: Path) -> Written:
    raise AssertionError("nobody asks where it was written")
