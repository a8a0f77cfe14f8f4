"""What is applied together, without a project file: kustomization roots, the paths of Argo CD and Flux, and plain folders.

A root takes the files it names, through its bases, with the namespace and labels it sets; what no root takes is a unit by folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sailwright.mesh.values.kinds import kind_of
from sailwright.runtime.records import dataclass, field
from sailwright.source.kustomize import NAMES, Kustomization, Kustomizations
from sailwright.source.kustomize_fields import CLUSTER_SCOPED, with_fields
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Source
from sailwright.source.untyped import entries, get, text

_DEEPEST = 20
"""Kustomizations that take each other: more are a circle."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Objects that one apply sends. `folder` is where they are, `what` says by what they were found to belong together."""

    folder: str
    what: str
    manifests: tuple[Manifest, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file that a root takes, with the kustomizations it passes on the way, the innermost first."""

    file: str
    through: tuple[Kustomization, ...]


def units(sources: Sequence[Source], namespace: str | None = None) -> tuple[Unit, ...]:
    """The units of some files: each file is in one at least. `namespace` is where objects go that nothing else puts in one."""
    by_file = {os.path.realpath(source.path): source for source in sources}
    known = Kustomizations()
    found: list[Unit] = []
    taken: set[str] = set()
    for root in _roots(by_file, known):
        files = [each for each in _walk(root, (), known) if each.file in by_file]
        taken |= {each.file for each in files}
        objects = tuple(made for each in files for made in _through(by_file[each.file], each.through))
        if objects:
            found.append(Unit(root.folder, "kustomization", objects))
    plain: dict[str, list[Manifest]] = {}
    for file, source in by_file.items():
        if file not in taken and os.path.basename(file) not in NAMES:
            plain.setdefault(os.path.dirname(file), []).extend(manifests(source))
    found += [Unit(folder, "folder", tuple(objects)) for folder, objects in plain.items() if objects]
    placed = tuple(_with_namespaces(found))
    if namespace is None:
        return placed
    return tuple(
        Unit(each.folder, each.what, tuple(in_namespace(found, namespace) for found in each.manifests))
        for each in placed
    )


def _roots(files: Iterable[str], known: Kustomizations) -> list[Kustomization]:
    """The kustomizations beside the files that no other one takes."""
    folders = dict.fromkeys(os.path.dirname(file) for file in files)
    seen = [each for each in map(known.of, folders) if each is not None]
    used = {path for each in seen for path in (*each.resources, *each.components)}
    return [each for each in seen if each.folder not in used and not each.is_component]


def _walk(kustomization: Kustomization, outer: tuple[Kustomization, ...], known: Kustomizations) -> Iterator[_Taken]:
    """The files a kustomization takes. Its components change all it takes, before it does itself."""
    if len(outer) > _DEEPEST:
        return
    components = tuple(each for each in map(known.of, kustomization.components) if each is not None)
    through = (*components, kustomization, *outer)
    for path in kustomization.resources:
        below = known.of(path) if os.path.isdir(path) else None
        if below is not None:
            yield from _walk(below, through, known)
        else:
            yield _Taken(os.path.realpath(path), through)
    for component in components:
        yield from (_Taken(os.path.realpath(path), through) for path in component.resources)


_SETS = ("namespace", "labels", "commonLabels", "commonAnnotations", "images", "replicas")


def _through(source: Source, kustomizations: Sequence[Kustomization]) -> Iterator[Manifest]:
    setting = [each.value for each in kustomizations if any(each.value.get(key) for key in _SETS)]
    for manifest in manifests(source):
        value = manifest.value
        for each in setting:
            value = with_fields(value, each)
        yield Manifest(value, manifest.document, manifest.base, manifest.origin) if setting else manifest


# -- Argo CD and Flux ----------------------------------------------------------------------------------------------


def _with_namespaces(found: Sequence[Unit]) -> Iterator[Unit]:
    """The units, objects without a namespace in the one that the Application or Flux Kustomization of their folder gives."""
    given = _given_namespaces([manifest for unit in found for manifest in unit.manifests])
    for unit in found:
        names = {name for path, names in given.items() if _below(unit.folder, path) for name in names}
        if len(names) != 1:
            yield unit
            continue
        name = next(iter(names))
        yield Unit(unit.folder, unit.what, tuple(in_namespace(each, name) for each in unit.manifests))


def _given_namespaces(objects: Iterable[Manifest]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for manifest in objects:
        kind = kind_of(manifest.api_version, manifest.kind)
        pairs: list[tuple[str, str]] = []
        if kind == "Application.argoproj.io":
            namespace = text(get(manifest.spec, "destination", "namespace"))
            wanted = [manifest.spec.get("source"), *(each for _, each in entries(manifest.spec.get("sources"), ()))]
            pairs = [(text(each.get("path")), namespace) for each in wanted if isinstance(each, dict)]
        elif kind == "Kustomization.kustomize.toolkit.fluxcd.io":
            pairs = [(text(manifest.spec.get("path")), text(manifest.spec.get("targetNamespace")))]
        for path, namespace in pairs:
            clean = os.path.normpath(path.lstrip("/")) if path else ""
            if clean not in ("", ".") and namespace:
                found.setdefault(clean, set()).add(namespace)
    return found


def _below(folder: str, path: str) -> bool:
    """Whether a folder of the machine is a path of the repository, or below it."""
    return f"/{path}/" in f"{folder}/"


def in_namespace(manifest: Manifest, namespace: str) -> Manifest:
    """An object in a namespace, where it names none itself and can be in one."""
    if manifest.namespace or manifest.kind in CLUSTER_SCOPED:
        return manifest
    value = with_fields(manifest.value, {"namespace": namespace})
    return Manifest(value, manifest.document, manifest.base, manifest.origin)
