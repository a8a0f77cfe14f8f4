"""What is applied together, without a project file: kustomization roots, the paths of Argo CD, Flux and Skaffold, and plain folders.

A root takes the files it names, through its bases, as kustomize makes them; what no root takes is a unit by folder. Files of one
folder that hold the same object are alternatives, each a unit by itself.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.cluster_scoped import CLUSTER_SCOPED
from sailwright.source.files.real_paths import RealPaths
from sailwright.source.kustomize import NAMES, Kustomization, Kustomizations
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Source
from sailwright.workspace.deployment import Deployment
from sailwright.workspace.deployments import deployments
from sailwright.workspace.kustomize.build import Build, Built
from sailwright.workspace.kustomize.files import Files


@dataclass(frozen=True, slots=True)
class Unit:
    """Objects that one apply sends. `folder` is where they are, `what` says by what they were found to belong together.

    `unknown` says why they may not be all, or not exactly, what is applied; `by` is the file that says so of a deployment.
    """

    folder: str
    what: str
    manifests: tuple[Manifest, ...] = field(repr=False)
    unknown: tuple[str, ...] = ()
    by: str = ""


def units(sources: Sequence[Source], namespace: str | None = None, real: RealPaths | None = None) -> tuple[Unit, ...]:
    """The units of some files: each file is in one at least. `namespace` is where objects go that nothing else puts in one, `real`
    may know the files' paths already.
    """
    real = real or RealPaths()
    by_file = {real.of(source.path): source for source in sources}
    known = Kustomizations()
    found: list[Unit] = []
    taken: set[str] = set()
    roots = {each.folder: each for each in roots_of(by_file, known)}
    for deployment in deployments(by_file):
        if unit := _deployed(deployment, by_file, known, taken):
            found.append(unit)
            roots.pop(deployment.folder, None)
    files = Files(by_file)
    for root in roots.values():
        if not _is_taken(root, taken):
            found += _of_root(root, Build(known, files).of(root), by_file, taken)
    found += _plain({file: source for file, source in by_file.items() if file not in taken})
    if namespace is None:
        return tuple(found)
    return tuple(
        replace(each, manifests=tuple(in_namespace(one, namespace) for one in each.manifests)) for each in found
    )


def roots_of(files: Iterable[str], known: Kustomizations) -> list[Kustomization]:
    """The kustomizations beside the files that no other one takes."""
    folders = dict.fromkeys(os.path.dirname(file) for file in files)
    seen = [each for each in map(known.of, folders) if each is not None]
    used = {os.path.realpath(path) for each in seen for path in (*each.resources, *each.components)}
    return [each for each in seen if each.folder not in used and not each.is_component]


def _is_taken(root: Kustomization, taken: set[str]) -> bool:
    """Whether all that a root takes is in a unit already: a deployment takes the folder above it."""
    return bool(root.resources) and all(os.path.realpath(path) in taken for path in root.resources)


def _of_root(root: Kustomization, built: Built, by_file: Mapping[str, Source], taken: set[str]) -> Iterator[Unit]:
    taken |= built.files
    if built.manifests and (built.files & by_file.keys() or os.path.realpath(root.document.source.path) in by_file):
        yield Unit(root.folder, "kustomization", built.manifests, built.unknown)


# -- what Argo CD, Flux and Skaffold deploy -------------------------------------------------------------------------


def _deployed(
    deployment: Deployment, by_file: Mapping[str, Source], known: Kustomizations, taken: set[str]
) -> Unit | None:
    """The unit of one deployment; None where its folder holds nothing that is looked at."""
    from sailwright.workspace.substitution import as_written, substituted

    values = deployment.values
    files = Files(by_file if values is None else {file: as_written(source) for file, source in by_file.items()})
    kustomized = known.of(deployment.folder) if deployment.takes is None else None
    root = kustomized or _of_folder(deployment, by_file, known)
    built = Build(known, files).of(root, deployment.more)
    if not built.manifests or not built.files & by_file.keys():
        return None
    taken |= built.files
    objects = built.manifests
    if deployment.namespace:
        objects = tuple(in_namespace(each, deployment.namespace) for each in objects)
    if values is not None:
        objects = tuple(substituted(each, values) for each in objects)
    return Unit(deployment.folder, deployment.what, objects, built.unknown, deployment.document.source.path)


def _of_folder(deployment: Deployment, files: Iterable[str], known: Kustomizations) -> Kustomization:
    """A folder without a kustomization, as Flux makes one for it: every file below, and the kustomizations it meets."""
    folder = deployment.folder
    if deployment.takes is not None:
        takes = {"resources": list(deployment.takes)}
        return Kustomization(deployment.document.source.path, takes, deployment.document)
    names: list[str] = []
    closed: set[str] = set()
    for file in sorted(files):
        if os.path.basename(file) in NAMES or not file.startswith(folder + os.sep):
            continue
        if not deployment.recurses and os.path.dirname(file) != folder:
            continue
        above = _kustomized_above(os.path.dirname(file), folder, known)
        if above is None:
            names.append(file)
        elif above not in closed:
            closed.add(above)
            names.append(above)
    return Kustomization(folder, {"resources": names}, deployment.document)


def _kustomized_above(below: str, folder: str, known: Kustomizations) -> str | None:
    """The highest folder with a kustomization between two."""
    highest = None
    while len(below) > len(folder):
        if known.of(below) is not None:
            highest = below
        below = os.path.dirname(below)
    return highest


# -- plain folders --------------------------------------------------------------------------------------------------


def _plain(by_file: Mapping[str, Source]) -> Iterator[Unit]:
    """Folders; files of one folder that hold the same object are alternatives."""
    folders: dict[str, dict[str, tuple[Manifest, ...]]] = {}
    for file, source in by_file.items():
        if os.path.basename(file) not in NAMES and (objects := manifests(source)):
            folders.setdefault(os.path.dirname(file), {})[file] = objects
    for folder, files in folders.items():
        names = {file: set(map(identity, objects)) - {None} for file, objects in files.items()}
        counts = Counter(name for own in names.values() for name in own)
        apart = {file for file, own in names.items() if any(counts[name] > 1 for name in own)}
        for file in files:
            if file in apart:
                yield Unit(file, "file", files[file])
        if rest := tuple(each for file, objects in files.items() if file not in apart for each in objects):
            yield Unit(folder, "folder", rest)


def identity(manifest: Manifest) -> tuple[str, str, str | None, str] | None:
    """What an object is called; None for one without a name, and for a Namespace, which many may declare alike."""
    name, kind = manifest.name, manifest.kind
    if not name or kind == "Namespace":
        return None
    return manifest.group, kind, manifest.namespace, name


def in_namespace(manifest: Manifest, namespace: str) -> Manifest:
    """An object in a namespace, where it names none itself and can be in one."""
    if manifest.namespace or manifest.kind in CLUSTER_SCOPED:
        return manifest
    value = {**manifest.value, "metadata": {**manifest.metadata, "namespace": namespace}}
    return replace(manifest, value=value)
