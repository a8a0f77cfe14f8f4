"""One file, its documents, and `locate`: from a key path to line and column."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Finding, Location, Path
from sailwright.runtime.records import dataclass, field
from sailwright.runtime.regex import regex
from sailwright.source.files.recorded import digest
from sailwright.source.scalars import Dialect, Scalar, resolver

if TYPE_CHECKING:
    from sailwright.source.document_places import Places

SERVICE_LIMIT = 1 << 20
MANIFEST_LIMIT = 32 << 20
"""Bytes: larger files are refused unread."""

_SERVICE = regex(rb"^apiVersion:[ \t]*[\"']?sailwright/", re.MULTILINE)


def looks_like_service(data: bytes) -> bool:
    """Whether a file is one of ours (`apiVersion: sailwright/...`) rather than a Kubernetes manifest."""
    return b"sailwright/" in data and _SERVICE.search(data) is not None


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document of a file. `index` counts the file's documents from 0, empty ones included."""

    source: Source
    index: int
    value: Any

    def locate(self, path: Path, *, key: bool = False) -> Location:
        """Where the value at `path` stands; where it is missing, the deepest part of the path that is there.

        A scalar gives its own span, a collection the span of its key (or of its first line where it has none); `key=True`
        always gives the key.
        """
        return self.source.locate(self.index, path, key=key)


class _Cached:
    """Has room for what is worked out once, beside slots for fields: a file whose fields are in a dictionary too takes 200 bytes more."""


@dataclass(frozen=True, slots=True)
class Source(_Cached):
    """A file as it was read. `path` is what messages print; `problems` say why a document is missing or doubtful.

    `content` is the file's bytes, or for a file we render what makes them: most are never looked at. `not_a_manifest` says why
    the whole file is for another program: then it has no documents and no problems.
    """

    path: str
    content: bytes | Callable[[], bytes] = field(repr=False)
    dialect: Dialect
    documents: tuple[Document, ...] = field(default=(), repr=False)
    problems: tuple[Finding, ...] = ()
    not_a_manifest: str = ""

    @cached_property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.content if isinstance(self.content, bytes) else self.content()

    @cached_property
    def digest(self) -> bytes:
        """What tells the file's bytes from any others."""
        return digest(self.data)

    @cached_property
    def text(self) -> str:
        """The file's text, without a byte order mark; bytes that are no UTF-8 are replaced."""
        return self.data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")

    @cached_property
    def lines(self) -> list[str]:
        """The file's lines, without their ends."""
        return self.text.splitlines()

    @cached_property
    def _nodes(self) -> list[Any]:
        """Composed anew, and only when a position is asked for: most files never need one."""
        import yaml

        from sailwright.source.compose import compose

        nodes: list[Any] = []
        with suppress(yaml.YAMLError):  # told in `problems`; what stands before the fault can still be located
            nodes.extend(compose(self.text))
        return nodes

    @cached_property
    def _places(self) -> Places | None:
        """Where the documents of a large file are, so that those are composed one by one; None of other files."""
        return None

    def locate(self, index: int, path: Path, *, key: bool = False) -> Location:
        """As `Document.locate`, for the document number `index`."""
        from sailwright.source.locate import locate

        if self._places is not None and (found := self._places.locate(self.text, index, path, key=key)) is not None:
            return found
        nodes = self._nodes
        return locate(self.path, nodes[index] if index < len(nodes) else None, path, key=key)


def parse(path: str, data: bytes, dialect: Dialect | None = None, *, size: int = 0, quick: bool = True) -> Source:
    """Read bytes into a Source. Never raises: what cannot be read is a problem of the Source.

    `size` is that of the whole file, where `data` is only its start. Without a `dialect`, service files are told apart by their apiVersion.
    `quick` lets the reader of plain block style read what it can.
    """
    if dialect is None:
        dialect = "service" if looks_like_service(data) else "manifest"
    reason = _unreadable(data, dialect, max(size, len(data)))
    if reason:
        return Source(path, data, dialect, (), (Finding("unreadable-file", "error", reason, Location(path)),))
    source = Source(path, data, dialect)
    source.__dict__["data"] = data  # asked of every file: the property would lock for it
    documents: list[Document] = []
    problems: list[Finding] = []
    for index, (value, faults) in enumerate(_documents(source, quick=quick)):
        problems.extend(faults)
        if value is not _BROKEN:
            documents.append(Document(source, index, value))
    object.__setattr__(source, "documents", tuple(documents))  # documents and source know each other
    object.__setattr__(source, "problems", tuple(problems))
    if len(data) >= LARGE:  # most files are never asked for it again
        source.__dict__.pop("text", None)
    return source


def source_of_values(
    path: str, content: bytes | Callable[[], bytes], dialect: Dialect, values: Iterable[Any]
) -> Source:
    """A file that was read before, with the values of its documents; it had no problems."""
    source = Source(path, content, dialect)
    documents = tuple(Document(source, index, value) for index, value in enumerate(values))
    object.__setattr__(source, "documents", documents)
    return source


def named_source(source: Source, *, empty: bool = False) -> Source:
    """The file with its number of documents, without their values; `empty`: without its text too, of which nothing will be shown."""
    return source_of_values(
        source.path, b"" if empty else source.data, source.dialect, (None for _ in source.documents)
    )


def release(source: Source) -> None:
    """Let go of the documents of a source that nobody reads any more.

    The two hold each other, and a command runs without a collector of cycles: of large files that would fill the memory.
    """
    object.__setattr__(source, "documents", ())


_BROKEN: Any = object()


def _unreadable(data: bytes, dialect: Dialect, size: int) -> str:
    limit = SERVICE_LIMIT if dialect == "service" else MANIFEST_LIMIT
    if size > limit:
        return f"the file has {size:,} bytes and the limit is {limit:,}: split it"
    if b"\0" in data:
        return "this is a binary file, not YAML: remove it from the inputs"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        return f"byte {fault.start} (line {line}) is not UTF-8: save the file as UTF-8"
    return ""


LARGE = 1 << 20
"""Bytes of a file whose documents are located one by one: the nodes of all together take twenty times the memory of the text."""


def _large_documents(source: Source, resolve: Callable[[str], Scalar]) -> Iterator[tuple[Any, list[Finding]]] | None:
    """The documents of a large file; None of JSON that only its own reader takes."""
    from sailwright.source.compose import events
    from sailwright.source.document_places import Places
    from sailwright.source.json_nodes import is_json, needs_json_reader
    from sailwright.source.large_documents import LargeReader

    if needs_json_reader(source.text) and is_json(source.text):
        return None
    places = Places(source.path)
    source.__dict__["_places"] = places
    return LargeReader(events(source.text), places, source.text, resolve).documents()


def _in_blocks(source: Source) -> list[Any] | None:
    """The values of a manifest in plain block style; None of any other."""
    if source.dialect != "manifest" or len(source.data) >= LARGE:
        return None
    from sailwright.source.block_reader import read_blocks

    return read_blocks(source.text)


def _documents(source: Source, *, quick: bool) -> Iterator[tuple[Any, list[Finding]]]:
    if quick and source.dialect == "service":
        from sailwright.source.service_reader import read_service

        if (value := read_service(source.text, resolver("service"))) is not None:
            yield value, []
            return
    from sailwright.source.depth import MAX_DEPTH, may_be_deep

    shallow = not may_be_deep(source.text)
    if quick and shallow and (values := _in_blocks(source)) is not None:
        yield from ((value, []) for value in values)
        return
    import yaml

    from sailwright.source.compose import compose, too_deep
    from sailwright.source.tree import Builder

    if line := 0 if shallow else too_deep(source.text):
        message = f"collections are nested more than {MAX_DEPTH} deep: flatten them"
        yield _BROKEN, [Finding("yaml-too-deep", "error", message, Location(source.path, line, 1, line, 1))]
        return
    if quick and not shallow and (values := _in_blocks(source)) is not None:
        yield from ((value, []) for value in values)
        return
    resolve = resolver(source.dialect)
    try:
        if len(source.data) >= LARGE and (large := _large_documents(source, resolve)):
            yield from large
            return
        for node in compose(source.text):
            builder = Builder(source.path, resolve, aliases="*" in source.text)
            value = builder.build(node)
            yield value, builder.findings
    except yaml.YAMLError as error:
        from sailwright.source.syntax import syntax_finding

        yield _BROKEN, [syntax_finding(source.path, source.text, error)]
