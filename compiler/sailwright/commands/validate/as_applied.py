"""What is known of the objects of files before they are checked: what kustomize makes of them, and their namespace."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from sailwright.commands.validate.files import Prepare
from sailwright.runtime.records import replace
from sailwright.source.files.real_paths import RealPaths
from sailwright.source.manifest import Manifest
from sailwright.source.source import Source
from sailwright.validate.objects import Objects


def as_applied(names: Sequence[str], namespace: str | None, real: RealPaths) -> tuple[Prepare, Mapping[str, Source]]:
    """Files that a kustomization takes are checked as it makes them; others as they are. Also the files that were read for that."""
    built, read = _built(names, real)

    def prepare(source: Source, found: Objects) -> Objects:
        made = built.get(os.path.realpath(source.path)) if built else None
        objects = found.manifests if made is None else made
        if namespace is not None:
            from sailwright.workspace.applied_together import in_namespace

            objects = tuple(in_namespace(each, namespace) for each in objects)
        return found if objects is found.manifests else replace(found, manifests=objects)

    return prepare, read


def as_built(made: Sequence[Manifest], namespace: str | None) -> Prepare:
    """Objects that another program made, in the place of those that lie in their files."""
    from sailwright.workspace.applied_together import in_namespace

    by_file: dict[str, list[Manifest]] = {}
    for manifest in made:
        if manifest.api_version and manifest.kind:
            placed = manifest if namespace is None else in_namespace(manifest, namespace)
            by_file.setdefault(manifest.document.source.path, []).append(placed)

    def prepare(source: Source, found: Objects) -> Objects:
        return replace(found, manifests=tuple(by_file.get(source.path, ())))

    return prepare


def _built(names: Sequence[str], real: RealPaths) -> tuple[dict[str, tuple[Manifest, ...]], dict[str, Source]]:
    """The objects that kustomizations change, by the real path of the file that holds each, or that takes it from elsewhere; and the
    files that were read, by the names of the run.
    """
    from sailwright.source.kustomize import Kustomizations

    known = Kustomizations(real)
    files = {real.of(name): os.path.normpath(name) for name in names if name != "-"}
    if not any(known.of(folder) for folder in {os.path.dirname(file) for file in files}):
        return {}, {}
    from sailwright.workspace.applied_together import roots_of
    from sailwright.workspace.kustomize.build import Build
    from sailwright.workspace.kustomize.files import Files

    read = Files({}, files)
    found: dict[str, list[Manifest]] = {}
    for root in roots_of(files, known):
        build = Build(known, read)
        built = build.of(root)
        if not build.changes:
            continue
        for file in built.files:
            found.setdefault(file, [])
        own = os.path.realpath(root.document.source.path)
        for manifest in built.manifests:
            if manifest.api_version and manifest.kind:
                file = os.path.realpath(manifest.document.source.path)
                found.setdefault(file if file in files else own, []).append(manifest)
    known_as = {
        name: source for file, name in files.items() if file == os.path.abspath(name) and (source := read.known(file))
    }
    return {file: tuple(objects) for file, objects in found.items()}, known_as
