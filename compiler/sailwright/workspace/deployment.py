"""One folder, or some files, that a controller or a tool applies together; and where the paths lie that it names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from sailwright.runtime.records import dataclass, field
from sailwright.source.kustomize import Kustomization
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import has_placeholder
from sailwright.source.source import Document

_HIGHEST = 12
"""Folders above a file that are looked at for the repository's root."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One folder that a controller applies.

    `more` is what it sets on top, as a kustomization would; `namespace` is for objects that name none; `values` are the variables it
    fills in (None: it fills in none); `recurses` says whether folders below count where there is no kustomization. `takes` are
    the files and folders that count, by their real paths, where they are named (None: all of the folder).
    """

    folder: str
    what: str
    document: Document = field(repr=False)
    more: Kustomization | None = field(default=None, repr=False)
    namespace: str = ""
    values: Mapping[str, str] | None = field(default=None, repr=False)
    recurses: bool = True
    takes: tuple[str, ...] | None = None


def on_top(folder: str, value: Mapping[str, Any], manifest: Manifest) -> Kustomization | None:
    """What a deployment sets on top of its folder, as a kustomization; None where it sets nothing."""
    return Kustomization(folder, value, manifest.document) if value else None


def folder_named(manifest: Manifest, path: str) -> str | None:
    """The folder on disk that a path of the repository means; the whole repository is too much to be one deployment."""
    clean = os.path.normpath(path.lstrip("/")) if path and not has_placeholder(path) else "."
    if clean == "." or clean.startswith(".."):
        return None
    return next(
        (
            real
            for top in tops(manifest.document.source.path)
            if os.path.isdir(real := os.path.realpath(os.path.join(top, clean)))
        ),
        None,
    )


def tops(file: str) -> list[str]:
    """Where the repository of a file may begin: where git says so, else the folders above it, the closest first."""
    folder = os.path.dirname(os.path.realpath(file))
    above: list[str] = []
    for _ in range(_HIGHEST):
        above.append(folder)
        if os.path.exists(os.path.join(folder, ".git")):
            return [folder, *above[:-1]]
        folder = os.path.dirname(folder)
    return above
