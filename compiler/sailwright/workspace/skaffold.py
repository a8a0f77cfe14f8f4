"""What Skaffold deploys: the manifests and kustomizations that skaffold.yaml names, with tags for the images that it builds.

Source: the schemas of skaffold/v1 to v4beta13. `manifests` (v3 and later) and `deploy` name the same; without either Skaffold
takes k8s/*.yaml. The tag of a build is not known before it. Profiles, charts and what lies elsewhere are left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from glob import escape, iglob
from itertools import islice
from typing import Any

from sailwright.source.kustomize import NAMES, Kustomization
from sailwright.source.placeholders import has_placeholder
from sailwright.source.source import SERVICE_LIMIT, Document, Source, parse
from sailwright.source.untyped import entries, get, mapping, text, texts
from sailwright.workspace.deployment import Deployment, tops

_NAMES = ("skaffold.yaml", "skaffold.yml")
_MOST = 2_000
"""Files that one pattern names at most."""
_BUILT = "${SKAFFOLD_TAG}"
"""Stands for the tag that a build makes."""


def of_skaffold(by_file: Mapping[str, Source]) -> Iterator[Deployment]:
    """What the skaffold.yaml files deploy that are among the files (by their real paths), or above them in their repository."""
    found: list[tuple[Document, dict[str, Any], str]] = []
    for path in _beside(by_file):
        source = by_file.get(path) or _read(path)
        documents = ((each, mapping(each.value)) for each in source.documents)
        folder = os.path.dirname(path)
        found += [(document, value, folder) for document, value in documents if _is_skaffold(value)]
    images = [each for _, value, _ in found for each in _built_images(value)]
    alone = {folder for _, _, folder in found if sum(each[2] == folder for each in found) == 1}
    known: set[tuple[str, ...]] = set()
    for document, value, folder in found:
        takes = tuple(
            dict.fromkeys([*_manifests(value, folder, by_file, folder in alone), *_kustomized(value, folder)])
        )
        if takes and takes not in known:
            known.add(takes)
            more = Kustomization(folder, {"images": images}, document) if images else None
            name = text(get(value, "metadata", "name"))
            yield Deployment(folder, f"Skaffold {name}".rstrip(), document, more, takes=takes)


def _is_skaffold(value: Mapping[str, Any]) -> bool:
    return text(value.get("apiVersion")).startswith("skaffold/")


def _beside(files: Iterable[str]) -> list[str]:
    """The skaffold.yaml files above some files, up to the root of the repository."""
    folders: dict[str, None] = {}
    for folder in {os.path.dirname(file): None for file in files}:
        if folder not in folders:
            above = tops(os.path.join(folder, "file"))
            folders |= dict.fromkeys(_to_root(folder, above[0]) if _is_root(above[0]) else [folder])
    paths = (os.path.join(folder, name) for folder in folders for name in _NAMES)
    return [path for path in paths if os.path.isfile(path)]


def _is_root(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


def _to_root(folder: str, root: str) -> list[str]:
    found = [folder]
    while folder != root and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        found.append(folder)
    return found


def _read(path: str) -> Source:
    with open(path, "rb") as file:
        return parse(os.path.relpath(path), file.read(SERVICE_LIMIT), "manifest")


def _built_images(value: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The images that Skaffold builds, as kustomize would set their tags; those of one module are there for all."""
    for _, each in entries(get(value, "build", "artifacts"), ()):
        name = _without_tag(text(each.get("image")) or text(each.get("imageName")))
        if name and not has_placeholder(name):
            yield {"name": name, "newTag": _BUILT}


def _without_tag(image: str) -> str:
    first, colon, _ = image.rpartition(":")
    return first if colon and "/" not in image[len(first) :] else image


def _manifests(value: Mapping[str, Any], folder: str, files: Iterable[str], is_alone: bool) -> list[str]:
    """The files, of those that are looked at, that Skaffold gives to kubectl as they are."""
    named = [*texts(get(value, "manifests", "rawYaml")), *texts(get(value, "deploy", "kubectl", "manifests"))]
    said = mapping(value.get("manifests")).keys() | mapping(value.get("deploy")).keys()
    if is_alone and not named and said <= _SAY_NOTHING:
        named = ["k8s/*.yaml"]
    found: dict[str, None] = {}
    for pattern in named:
        if "://" not in pattern and not has_placeholder(pattern):
            matched = iglob(os.path.join(escape(folder), pattern), recursive=True)
            found |= dict.fromkeys(map(os.path.realpath, islice(matched, _MOST)))
    return [
        file
        for file in files
        if os.path.basename(file) not in NAMES and (file in found or any(_holds(each, file) for each in found))
    ]


_SAY_NOTHING = frozenset(("kubectl", "kubeContext", "statusCheck", "statusCheckDeadlineSeconds", "logs", "hooks"))
"""Keys of `deploy` beside which the manifests that it takes without being told still count."""


def _holds(folder: str, file: str) -> bool:
    return file.startswith(folder + os.sep) and os.path.isdir(folder)


def _kustomized(value: Mapping[str, Any], folder: str) -> list[str]:
    """The folders of kustomizations."""
    named = [*texts(get(value, "manifests", "kustomize", "paths")), *texts(get(value, "deploy", "kustomize", "paths"))]
    old = text(get(value, "deploy", "kustomize", "path"))
    if not named and not old and "kustomize" in mapping(value.get("deploy")):
        named = ["."]
    paths = (os.path.realpath(os.path.join(folder, each)) for each in [*named, old] if each and "://" not in each)
    return [each for each in paths if os.path.isdir(each)]
