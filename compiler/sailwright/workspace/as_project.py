"""How a sailwright.yaml would say what is applied together, for files that have none: a text to begin with."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence

from sailwright.workspace.applied_together import Unit

_MOST = 50
"""Environments that are written out; where there are more alternatives, the text is a beginning."""


def as_project(found: Sequence[Unit], rivals: Mapping[int, Iterable[int]]) -> tuple[str, ...]:
    """The lines of the file: an environment for each alternative, named after the part of its path in which it differs.

    `rivals` are, for the number of each unit that is an alternative, the numbers of those that it excludes.
    """
    names = _environments(found, rivals)
    chosen = tuple(dict.fromkeys(names.values()))[:_MOST]
    if not chosen:
        return ()
    files = [_files(unit) for unit in found]
    lines = ["apiVersion: sailwright/v1alpha1", "environments:", *(f"  {name}: {{}}" for name in sorted(chosen))]
    lines.append("manifests:")
    for name in sorted(chosen):
        paths = _paths([files[number] for number, each in names.items() if each == name], files)
        lines.append(f"  - {{environments: [{name}], paths: {json.dumps(paths)}}}")
    if rest := _paths([files[number] for number in range(len(found)) if number not in names], files):
        lines.append(f"  - {{paths: {json.dumps(rest)}}}")
    if any(found[number].what not in ("file", "folder") for number in names):
        lines.append("# what kustomize and its kin set on these files is not in them: --kustomize FOLDER checks that")
    return tuple(lines)


def _environments(found: Sequence[Unit], rivals: Mapping[int, Iterable[int]]) -> dict[int, str]:
    """The environment of each alternative; two that exclude each other never have the same."""
    names: dict[int, str] = {}
    for number in sorted(rivals):
        others = [each for each in rivals[number] if each != number]
        taken = {names[each] for each in others if each in names}
        first = name = _name(found[number], [found[each] for each in others])
        count = 1
        while name in taken:
            count += 1
            name = f"{first}-{count}"
        names[number] = name
    return names


def _name(unit: Unit, rivals: Iterable[Unit]) -> str:
    own = os.path.splitext(unit.folder)[0] if unit.what == "file" else unit.folder
    parts = own.split(os.sep)
    shared = max((_shared(unit.folder, each.folder) for each in rivals), default=0)
    part = parts[min(shared, len(parts) - 1)]
    return re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-")[:40].strip("-") or "environment"


def _shared(one: str, other: str) -> int:
    """How many parts two paths begin with alike."""
    pairs = list(zip(one.split(os.sep), other.split(os.sep), strict=False))
    return next((number for number, (left, right) in enumerate(pairs) if left != right), len(pairs))


def _files(unit: Unit) -> frozenset[str]:
    return frozenset(manifest.document.source.path for manifest in unit.manifests)


def _paths(units: Iterable[frozenset[str]], everything: Iterable[frozenset[str]]) -> list[str]:
    """Patterns for the files of some units: a whole folder where no other file of it is anywhere else."""
    wanted = frozenset[str]().union(*units)
    elsewhere = {os.path.dirname(file) for files in everything for file in files if file not in wanted}
    folders = {os.path.dirname(file) for file in wanted} - elsewhere - {""}
    single = (os.path.normpath(file) for file in wanted if os.path.dirname(file) not in folders)
    return sorted([*(f"{os.path.normpath(folder)}/*" for folder in folders), *single])
