"""Units that hold the same object are alternatives: each is checked apart, with what goes with it.

The closest units that do not exclude it and each other are around it, and only findings in its own files count there. What is
in no alternative is checked with everything, as files without a project are.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.workspace.applied_together import Unit, identity

_AROUND = 200_000
"""Objects around all alternatives together; where there are more, each is checked by itself."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The worlds of files without a project, and one line for each that says what is in it."""

    worlds: tuple[World, ...]
    lines: tuple[str, ...]


def grouped(found: Sequence[Unit], facts: Facts, *, each_apart: bool = False) -> Grouping:
    """One world of all, or where units exclude each other one for each of these and one for the rest.

    With `each_apart` there is none for the rest: who asks of a mesh asks of each alternative.
    """
    excluding = _exclusions(found)
    whole = World(tuple(manifest for unit in found for manifest in unit.manifests), facts)
    if not excluding:
        return Grouping((whole,), tuple(_line(unit, ()) for unit in found))
    large = len(whole.manifests) * len(excluding) > _AROUND
    worlds, lines = [], []
    for number in sorted(excluding):
        around = [] if large else _around(number, found, excluding)
        members = [found[each] for each in (number, *around)]
        objects = tuple(manifest for unit in members for manifest in unit.manifests)
        worlds.append(World(objects, facts, reported=_files(found[number].manifests), unit=_title(found[number])))
        lines.append(_line(found[number], members[1:]))
    rest = [unit for number, unit in enumerate(found) if number not in excluding]
    apart = frozenset(path for world in worlds for path in world.reported or ())
    if rest and not each_apart:
        files = _files(manifest for unit in rest for manifest in unit.manifests) - apart
        worlds.append(World(whole.manifests, facts, reported=files))
    return Grouping(tuple(worlds), (*lines, *(_line(unit, ()) for unit in rest)))


def _files(objects: Iterable[Manifest]) -> frozenset[str]:
    return frozenset(manifest.document.source.path for manifest in objects)


def _exclusions(found: Sequence[Unit]) -> dict[int, set[int]]:
    """The units that hold an object of another one, with those others."""
    holders: dict[tuple[str, str, str | None, str] | None, list[int]] = {}
    for number, unit in enumerate(found):
        for name in {identity(manifest) for manifest in unit.manifests} - {None}:
            holders.setdefault(name, []).append(number)
    excluding: dict[int, set[int]] = {}
    for numbers in holders.values():
        for number in numbers if len(numbers) > 1 else ():
            excluding.setdefault(number, set()).update(numbers)
    return excluding


def _around(number: int, found: Sequence[Unit], excluding: dict[int, set[int]]) -> list[int]:
    """The other units that may be applied with one, the closest first."""
    own = found[number]
    others = sorted(set(range(len(found))) - {number}, key=lambda each: (*_distance(own, found[each]), each))
    chosen: list[int] = []
    closed = set(excluding[number])
    for each in others:
        if each not in closed:
            chosen.append(each)
            closed |= excluding.get(each, set())
    return chosen


def _distance(one: Unit, other: Unit) -> tuple[int, int]:
    """How far two units are from each other: in the files that deploy them, then in their folders."""
    declared = os.path.commonpath(os.path.abspath(each.by or each.folder) for each in (one, other))
    return -len(declared), -len(os.path.commonpath([one.folder, other.folder]))


def _line(unit: Unit, around: Sequence[Unit]) -> str:
    names = sorted({_name(each) for each in around})
    by = f" of {unit.by}" if unit.by else ""
    return f"{_name(unit)} ({unit.what}{by})" + (f" with {', '.join(names)}" if names else "")


def _name(unit: Unit) -> str:
    return os.path.relpath(unit.folder)


def _title(unit: Unit) -> str:
    return _line(unit, ()) if unit.by else _name(unit)
