"""One Kubernetes object, wherever it came from, and where each of its values stands in a file of its author."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from sailwright.diagnostics.finding import Location, ObjectRef, Path, Rendered, Skipped, pointer, value_at
from sailwright.runtime.records import dataclass, field
from sailwright.source.source import Document, Source
from sailwright.source.untyped import mapping, text


class Written(Protocol):
    """A key path in a file as its author wrote it."""

    @property
    def document(self) -> Document:
        """The document that holds it."""

    @property
    def path(self) -> Path:
        """The path there."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a rendered object came from: which part of the resolved service caused which part of the object.

    `paths` maps a path of the object to one of the resolved service; the longest prefix wins, and what lies below it is taken
    to be a copy. The empty path stands for the rest. `written` leads from there to service.yaml, an overlay in it, or the
    project file.
    """

    written: Callable[[Path], Written]
    paths: Mapping[Path, Path]

    @property
    def document(self) -> Document:
        """The service file."""
        return self.written(()).document

    def find(self, path: Path) -> Written:
        """The place that caused `path` of the rendered object."""
        for length in range(len(path), 0, -1):
            source = self.paths.get(path[:length])
            if source is not None:
                return self.written(source + path[length:])
        return self.written(self.paths.get((), ()))


@dataclass(frozen=True, slots=True)
class Place:
    """A resolved place: the location its author owns, the path in that file, and the rendered twin if there is one."""

    location: Location
    path: Path
    rendered: Rendered | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A key path in a document."""

    document: Document = field(repr=False)
    path: Path = ()

    def below(self, key: str | int) -> Spot:
        """The place of one key or item of the value here."""
        return Spot(self.document, (*self.path, key))


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Manifest:
    """A Kubernetes object. `document` holds it at `base` (an item of a List has one); rendered ones have an `origin`.

    `traced` says where each part was written, for an object that kustomize puts together from several files. `opaque`: something
    changes it that cannot be read, so that nothing is known of it; `lacking`: objects that cannot be read are applied with it.

    Two manifests are equal when they are the same object in memory: the same text may stand in several files.
    """

    value: dict[str, Any] = field(repr=False)
    document: Document = field(repr=False)
    base: Path = ()
    origin: Origin | None = field(default=None, repr=False)
    traced: Callable[[Path], Written] | None = field(default=None, repr=False)
    opaque: bool = False
    lacking: bool = False

    @property
    def api_version(self) -> str:
        """`apiVersion`, empty where it is missing."""
        found = self.value.get("apiVersion")
        return found if isinstance(found, str) else ""

    @property
    def group(self) -> str:
        """The API group, empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def kind(self) -> str:
        """`kind`, empty where it is missing."""
        found = self.value.get("kind")
        return found if isinstance(found, str) else ""

    @property
    def metadata(self) -> dict[str, Any]:
        """`metadata`, empty where it is missing or no mapping."""
        found = self.value.get("metadata")
        return found if isinstance(found, dict) else {}

    @property
    def name(self) -> str:
        """`metadata.name`, else `metadata.generateName`."""
        metadata = self.metadata
        return text(metadata.get("name")) or text(metadata.get("generateName"))

    @property
    def namespace(self) -> str | None:
        """`metadata.namespace`, None where the file names none."""
        metadata = self.value.get("metadata")
        found = metadata.get("namespace") if isinstance(metadata, dict) else None
        return found if found and isinstance(found, str) else None

    @property
    def labels(self) -> dict[str, Any]:
        """`metadata.labels`."""
        return mapping(self.metadata.get("labels"))

    @property
    def annotations(self) -> dict[str, Any]:
        """`metadata.annotations`."""
        return mapping(self.metadata.get("annotations"))

    @property
    def spec(self) -> dict[str, Any]:
        """`spec`, empty where it is missing or no mapping."""
        found = self.value.get("spec")
        return found if isinstance(found, dict) else {}

    @property
    def ref(self) -> ObjectRef:
        """What reports call this object."""
        return ObjectRef(self.api_version, self.kind, self.namespace, self.name)

    @property
    def written_ref(self) -> ObjectRef:
        """What the file that holds this object calls it: several kustomizations may take it and name it anew."""
        if self.traced is None:
            return self.ref
        return Manifest(mapping(value_at(self.document.value, self.base)), self.document).ref

    def written(self, path: Path) -> Written:
        """The place that its author gave the value at `path`."""
        if self.origin is not None:
            return self.origin.find(path)
        return Spot(self.document, self.base + path) if self.traced is None else self.traced(path)

    def locate(self, path: Path, *, key: bool = False) -> Place:
        """Where the value at `path` of this object stands in the file its author owns."""
        if self.traced is not None:
            spot = self.traced(path)
            return Place(spot.document.locate(spot.path, key=key), spot.path)
        shown = self.document.locate(self.base + path, key=key)
        if self.origin is None:
            return Place(shown, self.base + path)
        written = self.written(path)
        rendered = Rendered(shown.file, shown.line, pointer(self.base + path))
        return Place(written.document.locate(written.path, key=key), written.path, rendered)


def manifests(source: Source) -> tuple[Manifest, ...]:
    """The Kubernetes objects of a file, the items of a `kind: List` one by one. What is no mapping is left out, and so are
    documents that another program reads.
    """
    return tuple(found for found in _maps(source) if not _of_another_program(found))


def _maps(source: Source) -> Iterator[Manifest]:
    return (found for document in source.documents for found in _expand(document.value, document, ()))


def _expand(value: Any, document: Document, base: Path) -> Iterator[Manifest]:
    if not isinstance(value, dict):
        return
    items = value.get("items")
    if text(value.get("kind")).endswith("List") and isinstance(items, list):
        for index, item in enumerate(items):
            yield from _expand(item, document, (*base, "items", index))
    else:
        yield Manifest(value, document, base)


_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def not_objects(source: Source) -> Iterator[Skipped]:
    """The documents of a manifest file that the API server is never sent, each with the reason; a whole file with one."""
    if source.not_a_manifest:
        yield Skipped(source.path, source.not_a_manifest)
        return
    for document in source.documents:
        if document.value is not None and not isinstance(document.value, dict):
            yield _skipped(document, "it is no map")
    for manifest in _maps(source):
        if reason := why_not_an_object(manifest):
            yield _skipped(manifest.document, reason)


def why_not_an_object(manifest: Manifest) -> str:
    """Why a document is not for the cluster; empty for an object. A key that is misspelt does not make it something else."""
    name = manifest.document.source.path.rpartition("/")[2]
    if name in _KUSTOMIZATIONS and not (manifest.api_version and manifest.kind):
        return "kustomize reads it, not the cluster"  # kustomize knows its own file by the name
    if reason := _of_another_program(manifest):
        return reason
    if not manifest.api_version and not manifest.kind:
        return "it has no apiVersion and no kind"
    if not manifest.kind and name == "Chart.yaml":
        return "Helm reads it, not the cluster"
    return ""


def of_another_program(document: Document) -> str:
    """Why a document, or an item of the List it is, is for another program than the cluster; empty where nothing of it is."""
    found = (_of_another_program(manifest) for manifest in _expand(document.value, document, ()))
    return next(filter(None, found), "")


def _of_another_program(manifest: Manifest) -> str:
    from sailwright.source.other_programs import document_of

    return "a patch of kustomize, no object" if "$patch" in manifest.value else document_of(manifest.value)


def _skipped(document: Document, why: str) -> Skipped:
    return Skipped(document.source.path, f"document {document.index + 1} is no object of the cluster: {why}")
