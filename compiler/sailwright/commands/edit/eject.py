"""Leave plain manifests of a service: what is rendered, without the marks by which this program knows its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from sailwright.project.model import Project
from sailwright.render.rendering import RenderedFile, folder_of
from sailwright.runtime.atomic_file import replace
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.source.emit import emit, emit_all
from sailwright.source.source import parse
from sailwright.source.untyped import items
from sailwright.workspace.compile import InvalidProject, compile_project

KUSTOMIZATION = "kustomization.yaml"
_IN_THE_WAY = "{} already exists: choose another folder with --output"
_OURS = "sailwright.dev/"
_MANAGED_BY = "app.kubernetes.io/managed-by"


def ejected(project: Project, name: str, cache: Cache) -> dict[str, str]:
    """The files of a service, NAME or NAMESPACE/NAME, by path: its manifests in each cluster, and a kustomization for each.

    Raises Failure where the project has no such service, or several, or where something is wrong with it.
    """
    compilation = compile_project(project.checkout, cache)
    if isinstance(compilation, InvalidProject):
        raise Failure(f"{compilation.findings[0].message}: correct this first")
    result: dict[str, str] = {}
    keys: set[str] = set()
    for target in compilation.targets:
        for service in compilation.services.by_target[target]:
            if name not in (service.name, service.key):
                continue
            keys.add(service.key)
            file = compilation.renderings[target].render(service)
            findings = (*compilation.findings, *file.findings)
            wrong = next((one for one in findings if one.severity == "error"), None)
            if wrong is not None:
                raise Failure(f"{wrong.location.file}:{wrong.location.line}: {wrong.message}: correct this first")
            folder = f"{folder_of(target)}/{service.namespace}"
            result[f"{folder}/{service.name}.yaml"] = _text(file)
            result[f"{folder}/{KUSTOMIZATION}"] = _kustomization(f"{service.name}.yaml")
    if not keys:
        raise Failure(f"{name}: the project has no such service in any environment")
    if len(keys) > 1:
        raise Failure(f"{name}: there are {' and '.join(sorted(keys))}: name one with its namespace")
    return result


def write_ejected(folder: str, files: Mapping[str, str]) -> tuple[str, ...]:
    """Write the files below a folder. A kustomization that an earlier eject left there gets one more resource.

    Raises Failure where a file already exists, but for what a run that broke off has written.
    """
    wanted: dict[str, str] = {}
    for path, text in files.items():
        where = os.path.join(folder, path)
        joined = _joined(where, text) if os.path.basename(path) == KUSTOMIZATION else text
        if joined is None:
            raise Failure(_IN_THE_WAY.format(where))
        wanted[path] = joined
    whole = all(_holds(os.path.join(folder, path), text.encode()) for path, text in wanted.items())
    for path, text in wanted.items():
        where = os.path.join(folder, path)
        kept = os.path.basename(path) == KUSTOMIZATION or _holds(where, text.encode())
        if os.path.lexists(where) and (whole or not kept):
            raise Failure(_IN_THE_WAY.format(where))
    for path, text in wanted.items():
        replace(os.path.join(folder, path), text.encode(), make_folders=True)
    return tuple(os.path.join(folder, path) for path in wanted)


def _joined(where: str, text: str) -> str | None:
    """A kustomization with the resources of the one that is there already; None where that one is not of our making."""
    if not os.path.lexists(where):
        return text
    if os.path.islink(where) or not os.path.isfile(where):
        return None
    with open(where, "rb") as file:
        there, ours = parse(where, file.read(), "manifest"), parse(where, text.encode(), "manifest")
    old, new = (each.documents[0].value if each.documents else None for each in (there, ours))
    if there.problems or not isinstance(old, dict) or not isinstance(new, dict):
        return None
    resources = items(old.get("resources"))
    if {**old, "resources": []} != {**new, "resources": []} or not all(isinstance(one, str) for one in resources):
        return None
    return emit({**new, "resources": sorted({*resources, *new["resources"]})})


def _holds(path: str, data: bytes) -> bool:
    """Whether a regular file, and no link, holds these bytes."""
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(len(data) + 1) == data


def _text(file: RenderedFile) -> str:
    return emit_all(_plain(piece.value) for piece in file.rendered_objects)


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """An object without our annotations, and without the label that says who manages it."""
    metadata = dict(value.get("metadata") or {})
    for what in ("labels", "annotations"):
        kept = {
            key: entry
            for key, entry in (metadata.get(what) or {}).items()
            if not key.startswith(_OURS) and (key, entry) != (_MANAGED_BY, "sailwright")
        }
        metadata.pop(what, None)
        if kept:
            metadata[what] = kept
    return {**value, "metadata": metadata}


def _kustomization(name: str) -> str:
    value = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "sortOptions": {"order": "fifo"},
        "resources": [name],
    }
    return emit(value)
