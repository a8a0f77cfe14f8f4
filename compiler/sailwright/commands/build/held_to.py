"""Which files of a build are known to be held to which schemas: what is noted of it, digest of schemas to paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sailwright.commands.build.built import BuiltFile

HeldTo = Mapping[bytes, list[str]]
"""Few digests, and the paths below the output folder."""


def held_to(files: Iterable[BuiltFile]) -> HeldTo:
    """What to note of a whole build."""
    found: dict[bytes, list[str]] = {}
    for file in files:
        if file.schemas:
            found.setdefault(file.schemas, []).append(file.path)
    return found


def schemas_of(known: HeldTo, paths: frozenset[str]) -> dict[str, bytes]:
    """The digests of some files."""
    return {path: schemas for schemas, held in known.items() for path in held if path in paths}


def changed(known: HeldTo, earlier: frozenset[str], files: Iterable[BuiltFile]) -> HeldTo:
    """What is known after a build of some services: what they rendered `earlier`, and what they do now."""
    now = held_to(files)
    if schemas_of(known, earlier) == {path: schemas for schemas, paths in now.items() for path in paths}:
        return known
    kept = {schemas: [path for path in paths if path not in earlier] for schemas, paths in known.items()}
    return {schemas: [*kept.get(schemas, ()), *now.get(schemas, ())] for schemas in kept | dict(now)}
