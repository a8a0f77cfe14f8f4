"""What Flux, Argo CD and Skaffold say is deployed: the folders, and what is set on the objects there.

Sources: the Kustomization of kustomize.toolkit.fluxcd.io, Application and ApplicationSet of argoproj.io (list and git directory
generators), skaffold.yaml. Paths are those of the repository that holds the file; where nothing lies there, nothing is known.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from glob import glob
from typing import Any

from sailwright.mesh.values.kinds import kind_of
from sailwright.runtime.records import dataclass, field
from sailwright.source.kustomize import Kustomization
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.placeholders import has_placeholder
from sailwright.source.source import Document, Source
from sailwright.source.untyped import entries, get, mapping, text

_HIGHEST = 12
"""Folders above a file that are looked at for the repository's root."""
_MOST = 500
"""Folders that one generator names at most."""
_KINDS = frozenset(("Kustomization", "Application", "ApplicationSet", "ConfigMap", "Secret"))


@dataclass(frozen=True, slots=True)
class Deployment:
    """One folder that a controller applies.

    `more` is what it sets on top, as a kustomization would; `namespace` is for objects that name none; `values` are the variables it
    fills in (None: it fills in none); `recurses` says whether folders below count where there is no kustomization.
    """

    folder: str
    what: str
    document: Document = field(repr=False)
    more: Kustomization | None = field(default=None, repr=False)
    namespace: str = ""
    values: Mapping[str, str] | None = field(default=None, repr=False)
    recurses: bool = True


def deployments(sources: Sequence[Source]) -> Iterator[Deployment]:
    """Everything that the files of a repository deploy from its folders."""
    objects = [found for source in sources if source.documents for found in manifests(source) if found.kind in _KINDS]
    for manifest in objects:
        kind = kind_of(manifest.api_version, manifest.kind)
        if kind == "Kustomization.kustomize.toolkit.fluxcd.io":
            yield from _flux(manifest, objects)
        elif kind == "Application.argoproj.io":
            yield from _application(manifest, manifest.spec, manifest.name)
        elif kind == "ApplicationSet.argoproj.io":
            yield from _application_set(manifest)


# -- Flux -----------------------------------------------------------------------------------------------------------

_FLUX_KEYS = ("namePrefix", "nameSuffix", "images", "components", "patches", "patchesStrategicMerge", "patchesJson6902")


def _flux(manifest: Manifest, objects: Sequence[Manifest]) -> Iterator[Deployment]:
    spec = manifest.spec
    folder = _folder(manifest, text(spec.get("path")))
    if folder is None:
        return
    more = {key: spec[key] for key in _FLUX_KEYS if spec.get(key)}
    if (namespace := text(spec.get("targetNamespace"))) and not has_placeholder(namespace):
        more["namespace"] = namespace
    common = mapping(spec.get("commonMetadata"))
    if labels := mapping(common.get("labels")):
        more["labels"] = [{"pairs": labels}]
    what = f"Flux Kustomization {manifest.name}"
    values = _values(manifest, objects) if "postBuild" in spec else None
    yield Deployment(folder, what, manifest.document, _more(folder, more, manifest), values=values)


def _values(manifest: Manifest, objects: Sequence[Manifest]) -> dict[str, str]:
    """The variables that are declared; those that come from the cluster stay unknown."""
    post = mapping(manifest.spec.get("postBuild"))
    found: dict[str, str] = {}
    for _, each in entries(post.get("substituteFrom"), ()):
        for held in objects:
            if (held.kind, held.name) == (each.get("kind"), each.get("name")) and held.namespace in (
                None,
                manifest.namespace,
            ):
                found |= _texts(held.value.get("data" if held.kind == "ConfigMap" else "stringData"))
    return found | _texts(post.get("substitute"))


def _texts(value: object) -> dict[str, str]:
    return {key: each for key, each in mapping(value).items() if isinstance(each, str)}


# -- Argo CD --------------------------------------------------------------------------------------------------------


def _application(manifest: Manifest, spec: Mapping[str, Any], name: str) -> Iterator[Deployment]:
    destination = text(get(spec, "destination", "namespace"))
    for _, source in entries([spec.get("source"), *_list(spec.get("sources"))], ()):
        folder = _folder(manifest, text(source.get("path")))
        if folder is None or source.get("helm") or source.get("chart"):
            continue
        more = _argo_kustomize(mapping(source.get("kustomize")))
        yield Deployment(
            folder,
            f"Argo CD Application {name}",
            manifest.document,
            _more(folder, more, manifest),
            namespace="" if has_placeholder(destination) else destination,
            recurses=get(source, "directory", "recurse") is True,
        )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _argo_kustomize(value: Mapping[str, Any]) -> dict[str, Any]:
    keys = (
        "namePrefix",
        "nameSuffix",
        "namespace",
        "commonLabels",
        "commonAnnotations",
        "patches",
        "replicas",
        "components",
    )
    more = {key: value[key] for key in keys if value.get(key) and not has_placeholder(str(value[key]))}
    images = [_image(each) for each in _list(value.get("images")) if isinstance(each, str)]
    return {**more, "images": images} if images else more


def _image(written: str) -> dict[str, str]:
    """`name=new:tag` as the entry that kustomize has for it."""
    name, equals, new = written.partition("=")
    new = new if equals else name
    bare, _, digest = new.partition("@")
    first, colon, tag = bare.rpartition(":") if ":" in bare.rpartition("/")[2] else (bare, "", "")
    return {
        "name": name if equals else first,
        "newName": first,
        **({"newTag": tag} if colon else {}),
        **({"digest": digest} if digest else {}),
    }


def _application_set(manifest: Manifest) -> Iterator[Deployment]:
    """The Applications that list and git directory generators make, as far as the file says them."""
    template = mapping(manifest.spec.get("template"))
    for _, generator in entries(manifest.spec.get("generators"), ()):
        for values in _generated(manifest, generator):
            spec = filled(mapping(template.get("spec")), values)
            name = filled(text(get(template, "metadata", "name")), values) or manifest.name
            yield from _application(manifest, spec, name)


def _generated(manifest: Manifest, generator: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for _, element in entries(get(generator, "list", "elements"), ()):
        yield {key: str(each) for key, each in element.items() if isinstance(each, str | int)}
    entered: list[str] = []
    for _, each in entries(get(generator, "git", "directories"), ()):
        path = os.path.normpath(text(each.get("path")) or ".").lstrip("/")
        if path.startswith("..") or path == ".":
            continue
        root = next((top for top in _tops(manifest) if glob(os.path.join(top, path))), None)
        found = sorted(glob(os.path.join(root, path)))[:_MOST] if root else []
        relative = [os.path.relpath(one, root) for one in found if os.path.isdir(one)]
        entered = (
            [one for one in entered if one not in relative] if each.get("exclude") is True else [*entered, *relative]
        )
    for path in entered:
        yield {"path": path, "path.path": path, "path.basename": os.path.basename(path)}


_ACTION = re.compile(r"\{\{-?\s*\.?([\w.]+)\s*-?\}\}")


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """The same data with the parameters of a generator in their places; others stay."""
    if isinstance(value, str):
        return _ACTION.sub(lambda found: values.get(found[1], found[0]), value)
    if isinstance(value, dict):
        return {key: filled(each, values) for key, each in value.items()}
    return [filled(each, values) for each in value] if isinstance(value, list) else value


# -- folders --------------------------------------------------------------------------------------------------------


def _more(folder: str, value: Mapping[str, Any], manifest: Manifest) -> Kustomization | None:
    return Kustomization(folder, value, manifest.document) if value else None


def _folder(manifest: Manifest, path: str) -> str | None:
    """The folder on disk that a path of the repository means; the whole repository is too much to be one deployment."""
    clean = os.path.normpath(path.lstrip("/")) if path and not has_placeholder(path) else "."
    if clean == "." or clean.startswith(".."):
        return None
    return next(
        (real for top in _tops(manifest) if os.path.isdir(real := os.path.realpath(os.path.join(top, clean)))), None
    )


def _tops(manifest: Manifest) -> list[str]:
    """Where the repository of a file may begin: where git says so, else the folders above it, the closest first."""
    folder = os.path.dirname(os.path.realpath(manifest.document.source.path))
    above: list[str] = []
    for _ in range(_HIGHEST):
        above.append(folder)
        if os.path.exists(os.path.join(folder, ".git")):
            return [folder, *above[:-1]]
        folder = os.path.dirname(folder)
    return above
