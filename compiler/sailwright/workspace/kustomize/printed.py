"""What `kustomize build` prints of a folder that the user names, each object with its place in the files that its author wrote.

The values are the program's; the places are those that reading the kustomization gives, else those of the origins that the program
names. What neither knows, as of a program that names none, is placed in the text that is printed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from sailwright.runtime.errors import Failure
from sailwright.runtime.offline import TIME_LIMIT, printed_by
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.kustomize import NAMES, Kustomization, Kustomizations
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Source, parse
from sailwright.workspace.kustomize.by_program import WithOrigins, traced, with_origins, without_origin
from sailwright.workspace.kustomize.files import Files


@dataclass(frozen=True, slots=True)
class Printed:
    """The objects that are printed, and the files that they are placed in.

    `charts` are the folders of charts, by what messages call the text that is printed of them.
    """

    manifests: tuple[Manifest, ...] = field(repr=False)
    sources: tuple[Source, ...] = field(repr=False)
    charts: Mapping[str, str] = field(default_factory=dict)


def printed(folder: str, command: Sequence[str], shown: str) -> Printed:
    """What the program prints of a folder; `shown` is what messages call the text. Raises Failure where it fails."""
    known = Kustomizations()
    root = known.of(folder)
    found = _with_origins(root, command) if root else None
    if root is None or found is None:
        source = parse(shown, printed_by([*command, folder]), "manifest")
        return Printed(manifests(source), (source,))
    files = Files({})
    read = _as_read(root, known, files)
    text = replace(found.source, path=shown)
    objects = tuple(_placed(each, found.folder, files, read, text) for each in manifests(found.source))
    own = [_reported(source, known) for source in files.seen.values()]
    untraced = any(each.document.source is text for each in objects)
    return Printed(objects, (*own, *((text,) if untraced or not own else ())))


def _with_origins(root: Kustomization, command: Sequence[str]) -> WithOrigins | None:
    """None where the folder cannot be a part of another, as a component cannot: then it is built as it is."""
    if root.is_component:
        return None
    try:
        return with_origins(root, command, TIME_LIMIT)
    except Failure:
        return None


_Name = tuple[str, str, str | None, str]


def _as_read(root: Kustomization, known: Kustomizations, files: Files) -> dict[_Name, Manifest]:
    """The objects as reading the kustomization makes them, by what they are called."""
    from sailwright.workspace.kustomize.build import Build

    files.seconds = 0  # the program has run
    return {_name(each): each for each in Build(known, files).of(root).manifests}


def _name(manifest: Manifest) -> _Name:
    return manifest.group, manifest.kind, manifest.namespace, manifest.name


def _placed(manifest: Manifest, folder: str, files: Files, read: dict[_Name, Manifest], text: Source) -> Manifest:
    value, _ = without_origin(manifest)
    same = read.get(_name(manifest))
    if same is not None:
        return Manifest(value, same.document, same.base, None, same.written)
    document = replace(manifest.document, source=text)
    return traced(manifest, folder, files) or Manifest(value, document, manifest.base)


def _reported(source: Source, known: Kustomizations) -> Source:
    """A file as a run over its folder counts it: a patch and a kustomization hold no objects."""
    if os.path.basename(source.path) in NAMES:
        return source
    reason = known.why_a_part(source.path)
    return replace(source, documents=(), not_a_manifest=reason) if reason else source
