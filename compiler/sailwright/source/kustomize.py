"""kustomization.yaml read as it is written, without building it: what it names, and what it sets on the objects it takes.

Source: the kustomization API of kustomize 5 (api/types/kustomization.go). Files that it names as patches, replacements or
configuration hold parts of objects or none; kustomize refuses files outside the folder, so only folders above a file name it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.runtime.records import dataclass, field
from sailwright.runtime.regex import regex
from sailwright.source.files.real_paths import RealPaths
from sailwright.source.source import SERVICE_LIMIT, Document, parse
from sailwright.source.untyped import mapping, text, texts

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
PATCH = "a patch of kustomize, no object: kustomization.yaml names it"
UNUSED_PATCH = "a patch of kustomize by its name, no object: kustomization.yaml beside it does not take it"
PATCHES = (PATCH, UNUSED_PATCH)
CONFIGURATION = "kustomize reads it, not the cluster: kustomization.yaml names it"
_HIGHEST = 6
"""Folders above a file that are looked at for a kustomization that names it."""
_CALLED_PATCH = regex(r"(?:^|[-_.])patch(?:es)?(?:[-_.])")
_RESOURCES = ("resources", "bases")


@dataclass(frozen=True, slots=True)
class Kustomization:
    """One kustomization.yaml: its folder on disk, and what it says."""

    folder: str
    value: Mapping[str, Any] = field(repr=False)
    document: Document = field(repr=False)

    @property
    def is_component(self) -> bool:
        """Whether it only takes part in others."""
        return self.value.get("kind") == "Component"

    @property
    def resources(self) -> tuple[str, ...]:
        """The files and folders whose objects it takes; what it would fetch is none."""
        return self._paths(*_RESOURCES)

    @property
    def components(self) -> tuple[str, ...]:
        """The folders of its components."""
        return self._paths("components")

    @property
    def parts(self) -> dict[str, str]:
        """The files that hold no objects of their own, each with the reason."""
        found = dict.fromkeys(self._paths("patchesStrategicMerge"), PATCH)
        for key in ("patches", "patchesJson6902"):
            found |= dict.fromkeys(self._named(key), PATCH)
        for path in (
            *self._named("replacements"),
            *self._paths("configurations", "crds", "transformers", "generators", "validators"),
        ):
            found[path] = CONFIGURATION
        for key in ("configMapGenerator", "secretGenerator"):
            for generator in _maps(self.value.get(key)):
                names = (*texts(generator.get("files")), *texts(generator.get("envs")), text(generator.get("env")))
                for name in names:
                    found[self._path(name.rpartition("=")[2])] = CONFIGURATION
        for chart in _maps(self.value.get("helmCharts")):
            for name in (text(chart.get("valuesFile")), *texts(chart.get("additionalValuesFiles"))):
                found[self._path(name)] = CONFIGURATION
        taken = frozenset(self.resources)
        return {path: why for path, why in found.items() if path not in taken and path != self.folder}

    def _named(self, key: str) -> tuple[str, ...]:
        return tuple(self._path(text(each.get("path"))) for each in _maps(self.value.get(key)) if each.get("path"))

    def _paths(self, *keys: str) -> tuple[str, ...]:
        return tuple(
            self._path(each)
            for key in keys
            for each in texts(self.value.get(key))
            if "\n" not in each and not is_remote(each)
        )

    def _path(self, name: str) -> str:
        return os.path.normpath(os.path.join(self.folder, name))


_REMOTE = regex(
    r"[a-z][a-z0-9+.-]*::|[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:|(?:github|gitlab|bitbucket|dev\.azure)\.\w+[/:]"
    r"|[^?]*\.git(?:$|[/?])|[^?]*\?(?:ref|version|timeout|submodules)="
)


def is_remote(name: str) -> bool:
    """Whether kustomize would fetch a resource from elsewhere: a URL, or the short form `example.com/team/repository?ref=v1`."""
    return _REMOTE.match(name) is not None


def _maps(value: object) -> Iterator[dict[str, Any]]:
    yield from (mapping(each) for each in (value if isinstance(value, list) else ()))


class Kustomizations:
    """The kustomizations on disk, each folder looked at once."""

    def __init__(self, real: RealPaths | None = None) -> None:
        self._found: dict[str, Kustomization | None] = {}
        self._parts: dict[str, tuple[dict[str, str], ...]] = {}
        self._real = real or RealPaths()

    def of(self, folder: str) -> Kustomization | None:
        """The kustomization of a folder; None where it has none that can be read."""
        folder = self._real.folder(folder)
        if folder not in self._found:
            self._found[folder] = _read(folder)
        return self._found[folder]

    def why_a_part(self, file: str) -> str:
        """Why a file is only a part that a kustomization puts elsewhere; empty where none says so."""
        real = self._real.of(file)
        folder = os.path.dirname(real)
        if folder not in self._parts:
            self._parts[folder] = tuple(self._parts_above(folder))
        named = next((reason for parts in self._parts[folder] if (reason := parts.get(real))), "")
        return named or (UNUSED_PATCH if self._is_unused_patch(real) else "")

    def _is_unused_patch(self, file: str) -> bool:
        """Whether a file is called a patch (`cni-patch.yaml`, `patches/cni.yaml`), and the kustomization there takes it for nothing."""
        folder, name = os.path.split(file)
        in_patches = os.path.basename(folder) == "patches"
        if not in_patches and not _CALLED_PATCH.search(name):
            return False
        beside = self.of(folder) or (self.of(os.path.dirname(folder)) if in_patches else None)
        return beside is not None and not any({file, folder} & {*each.resources} for each in self._above(folder))

    def _above(self, folder: str) -> Iterator[Kustomization]:
        """The kustomizations of a folder and of those above it, up to the root of the repository."""
        for _ in range(_HIGHEST):
            if known := self.of(folder):
                yield known
            if os.path.exists(os.path.join(folder, ".git")) or os.path.dirname(folder) == folder:
                return
            folder = os.path.dirname(folder)

    def _parts_above(self, folder: str) -> Iterator[dict[str, str]]:
        """The parts that a folder and those above it name."""
        yield from (parts for known in self._above(folder) if (parts := known.parts))


def parts_among(names: Iterable[str], real: RealPaths | None = None) -> dict[str, str]:
    """The files that a kustomization names as patches or configuration, each with the reason why it holds no objects."""
    known = Kustomizations(real)
    found = ((name, known.why_a_part(name)) for name in names if name != "-")
    return {name: reason for name, reason in found if reason}


def _read(folder: str) -> Kustomization | None:
    for name in NAMES:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                documents = parse(path, file.read(SERVICE_LIMIT), "manifest").documents
            value = documents[0].value if documents else None
            return Kustomization(folder, value, documents[0]) if isinstance(value, dict) else None
    return None
