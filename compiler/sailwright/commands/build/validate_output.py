"""What the API server or Istio would refuse of a rendered file: such a build writes nothing.

Files that are as they would be written were checked when they were written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Finding
from sailwright.mesh.facts import Facts
from sailwright.project.model import Project
from sailwright.render.rendering import RenderedFile
from sailwright.runtime.errors import Failure
from sailwright.source.block_proof import holds
from sailwright.source.files.regular import read_regular
from sailwright.source.manifest import Manifest
from sailwright.source.same_data import same_data
from sailwright.source.source import MANIFEST_LIMIT, Document, Source, parse

if TYPE_CHECKING:
    from sailwright.validate.schemas.crd import CustomResource


def validate_output(
    project: Project, file: RenderedFile, data: bytes, facts: Facts, imported: tuple[CustomResource, ...]
) -> Iterator[Finding]:
    """The errors of validation in a file that the build would change, at the lines of its author."""
    from sailwright.validate.findings import finding
    from sailwright.validate.run import Settings, judge

    path = f"{project.output.path}/{file.path}"
    if _stands(os.path.join(project.root, path), data):
        return
    _prove(path, data, [piece.value for piece in file.rendered_objects])
    settings = Settings(kubernetes=facts.kubernetes_versions, istio=facts.istio_version, imported=imported)
    source = Source(path, data, "manifest")
    judged = judge([piece.value for piece in file.rendered_objects], settings)
    for index, (piece, problems) in enumerate(zip(file.rendered_objects, judged, strict=True)):
        for problem in problems:
            if problem.severity == "error":
                document = Document(source, index, piece.value)
                yield finding(problem, Manifest(piece.value, document, (), file.origin(piece)))


def _stands(path: str, data: bytes) -> bool:
    try:
        return read_regular(path, MANIFEST_LIMIT) == data
    except OSError:
        return False


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
