"""A kustomization built by the program, where reading it does not say all: `kustomize` or `kubectl` on PATH.

Offline and without plugins or charts, within a time limit, and only where nothing would have to be fetched. A wrapper asks for
`buildMetadata: [originAnnotations]`, so that every object is traced to the file that its author wrote.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any

from sailwright.runtime.errors import Failure
from sailwright.runtime.offline import printed_by
from sailwright.runtime.programs import find_program
from sailwright.runtime.records import dataclass
from sailwright.source.kustomize import Kustomization
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Source, parse
from sailwright.source.untyped import mapping, text
from sailwright.workspace.kustomize.files import Files

_ORIGIN = "config.kubernetes.io/origin"
_ASKED_FOR = ("helmCharts", "helmChartInflationGenerator")
"""What needs a flag that is not given: charts are rendered only where --helm asks for it."""


def built_by_program(root: Kustomization, tree: Iterable[Kustomization], files: Files) -> tuple[Manifest, ...] | None:
    """What the program makes of a root; None where there is none, it may not run, or it fails."""
    if files.seconds <= 0 or any(_reaches_out(each) for each in tree):
        return None
    command = kustomize_command()
    if command is None:
        return None
    start = monotonic()
    try:
        found = with_origins(root, command, files.seconds)
    except Failure:
        return None
    finally:
        files.seconds -= monotonic() - start
    own = files.document(root)
    return tuple(
        traced(each, found.folder, files) or Manifest(without_origin(each)[0], own, ("resources",))
        for each in manifests(found.source)
    )


@dataclass(frozen=True, slots=True)
class WithOrigins:
    """What the program prints of a wrapper around a root, and the folder that the origins are relative to."""

    source: Source
    folder: str


def with_origins(root: Kustomization, command: Sequence[str], seconds: float) -> WithOrigins:
    """Have a root built. Raises Failure where the program fails or takes longer."""
    with tempfile.TemporaryDirectory(prefix="sailwright-") as folder:
        real = os.path.realpath(folder)
        with open(os.path.join(real, "kustomization.yaml"), "w", encoding="utf-8") as file:
            file.write(
                f"resources: [{_quoted(os.path.relpath(root.folder, real))}]\nbuildMetadata: [originAnnotations]\n"
            )
        return WithOrigins(parse("kustomize", printed_by([*command, real], seconds), "manifest"), real)


def kustomize_command() -> list[str] | None:
    """The program with what makes it build."""
    if program := find_program("kustomize"):
        return [program, "build"]
    program = find_program("kubectl")
    return [program, "kustomize"] if program else None


def _reaches_out(kustomization: Kustomization) -> bool:
    """Whether a build would fetch something, or needs what is not allowed."""
    if any(kustomization.value.get(key) for key in _ASKED_FOR):
        return True
    return _holds_address(kustomization.value)


def _holds_address(value: Any) -> bool:
    from sailwright.source.kustomize import is_remote

    if isinstance(value, str):
        return is_remote(value)
    each = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_holds_address, each))


def _quoted(name: str) -> str:
    import json

    return json.dumps(name)


def traced(manifest: Manifest, folder: str, files: Files) -> Manifest | None:
    """An object with the document that its origin names, and without the annotation that says so; None where nothing is there."""
    value, origin = without_origin(manifest)
    found = re.search(r"^(?:path|configuredIn): (.+)$", origin, re.MULTILINE)
    source = files.read(os.path.join(folder, found[1].strip("\"'"))) if found else None
    written = _written(manifest, manifests(source) if source else ())
    if written is None:
        return None
    here = Manifest(written.value, written.document, written.base)
    return Manifest(value, written.document, written.base, None, here.written)


def without_origin(manifest: Manifest) -> tuple[dict[str, Any], str]:
    """The object as it is applied, and what its annotation says of its origin."""
    value = dict(manifest.value)
    metadata = dict(mapping(value.get("metadata")))
    annotations = dict(mapping(metadata.get("annotations")))
    origin = text(annotations.pop(_ORIGIN, ""))
    metadata.pop("annotations", None)
    value["metadata"] = {**metadata, "annotations": annotations} if annotations else metadata
    return value, origin


def _written(manifest: Manifest, candidates: tuple[Manifest, ...]) -> Manifest | None:
    """The object of a file that became this one: of its kind, and with a name that is left in its own."""
    alike = [each for each in candidates if each.kind == manifest.kind]
    named = [each for each in alike if each.name == manifest.name] or [
        each for each in alike if each.name in manifest.name
    ]
    return max(named or alike, key=lambda each: len(each.name), default=None)
