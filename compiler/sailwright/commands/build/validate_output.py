"""What the API server or Istio would refuse of a rendered file: such a build writes nothing.

A file that is as it would be written was checked when it was written. Of one that the last whole build is known to have checked
against the same schemas, so was each document that is in the new text as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Finding
from sailwright.mesh.facts import Facts
from sailwright.project.model import Project
from sailwright.render.rendering import RenderedFile
from sailwright.render.template_input import RenderedObject
from sailwright.runtime.digests import blake2b
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.source.block_proof import holds
from sailwright.source.emit_proven import Emitted, Likeness
from sailwright.source.files.regular import read_regular
from sailwright.source.manifest import Manifest
from sailwright.source.same_data import same_data
from sailwright.source.source import MANIFEST_LIMIT, Document, Source, parse

if TYPE_CHECKING:
    from sailwright.validate.schemas.crd import CustomResource

_DIGEST = 8
"""Bytes: there are a few sets of schemas in a project."""


@dataclass(frozen=True, slots=True)
class Validated:
    """The errors in a file, and a digest of the schemas that all of its documents are held to; empty where they were not checked."""

    findings: tuple[Finding, ...]
    schemas: bytes


def validate_output(
    project: Project,
    file: RenderedFile,
    data: bytes,
    facts: Facts,
    imported: tuple[CustomResource, ...],
    earlier: bytes = b"",
    emitted: Emitted | None = None,
) -> Validated:
    """The errors of validation in a file that the build would change, at the lines of its author.

    `earlier` are the schemas that the file is known to be held to as it is on disk, where it is as the last build left it. `emitted`
    is what is known of the text.
    """
    path = f"{project.output.path}/{file.path}"
    stands = _standing(os.path.join(project.root, path))
    if stands == data:
        return Validated((), earlier)
    if emitted is None or not emitted.proven:
        _prove(path, data, [piece.value for piece in file.rendered_objects])
    schemas = _digest(facts, imported)
    new = list(enumerate(file.rendered_objects))
    if stands is not None and earlier == schemas:
        known, documents = _documents(stands), _documents(data)
        if len(documents) == len(new):
            new = [(index, piece) for index, piece in new if documents[index] not in known]
    alike = emitted.alike if emitted is not None else (None,) * len(file.rendered_objects)
    return Validated(tuple(_errors(Source(path, data, "manifest"), file, new, alike, facts, imported)), schemas)


def _errors(
    source: Source,
    file: RenderedFile,
    pieces: Sequence[tuple[int, RenderedObject]],
    alike: Sequence[Likeness | None],
    facts: Facts,
    imported: tuple[CustomResource, ...],
) -> Iterator[Finding]:
    if not pieces:
        return
    from sailwright.validate.findings import finding
    from sailwright.validate.run import Settings, judge

    settings = Settings(kubernetes=facts.kubernetes_versions, istio=facts.istio_version, imported=imported)
    judged = judge([piece.value for _, piece in pieces], settings, [alike[index] for index, _ in pieces])
    for (index, piece), problems in zip(pieces, judged, strict=True):
        for problem in problems:
            if problem.severity == "error":
                document = Document(source, index, piece.value)
                yield finding(problem, Manifest(piece.value, document, (), file.origin(piece)))


def _documents(data: bytes) -> list[bytes]:
    """The texts of a file's documents, below its header."""
    return data.partition(b"\n")[2].removesuffix(b"\n").split(b"\n---\n")


def _digest(facts: Facts, imported: tuple[CustomResource, ...]) -> bytes:
    """What tells the schemas of a cluster from any others that this program has."""
    return _digest_of(facts.kubernetes_versions, facts.istio_version, imported)


@cache
def _digest_of(kubernetes: tuple[str, ...], istio: str, imported: tuple[CustomResource, ...]) -> bytes:
    whole = blake2b(repr((kubernetes, istio, imported)).encode(), digest_size=_DIGEST)
    for each in imported:
        whole.update(each.packed)
    return whole.digest()


def _standing(path: str) -> bytes | None:
    try:
        found = read_regular(path, MANIFEST_LIMIT)
    except OSError:
        return None
    return found if isinstance(found, bytes) else None


def _prove(path: str, data: bytes, objects: Sequence[object]) -> None:
    """Raise Failure unless the text of a file reads back as its objects: a fault of ours is not to reach a cluster.

    The quick reader proves most; what it declines, or reads otherwise, the full reader decides.
    """
    if holds(data.decode(), objects):
        return
    source = parse(path, data, "manifest")
    values = [document.value for document in source.documents]
    if source.problems or not same_data(values, objects):
        why = f" ({source.problems[0].message})" if source.problems else ""
        raise Failure(f"{path}: what was rendered does not read back as the same objects{why}: nothing is written", 3)
