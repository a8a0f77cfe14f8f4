"""Units that hold the same object are alternatives: each is checked apart, with what goes with it.

The closest units that do not exclude it and each other are around it, and only findings in its own files count there. What is
in no alternative is checked with everything, as files without a project are.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, replace
from sailwright.source.manifest import Manifest
from sailwright.workspace.applied_together import Unit, identity
from sailwright.workspace.as_project import as_project

_AROUND = 50_000
"""Objects around all alternatives together; where there are more, each is checked with what lies in its own folder."""
_NAMED = 50
"""Of the units that hold one object, so many are looked at for names."""
_WRITTEN = 12
"""Units around an alternative that its line names."""
_BESIDE = 100
"""Objects of that folder at most."""

Name = tuple[str, str, str | None, str]


@dataclass(frozen=True, slots=True)
class Grouping:
    """The worlds of files without a project, and one line for each that says what is in it.

    `project` are the lines of a sailwright.yaml that says the same; none where nothing excludes anything.
    """

    worlds: tuple[World, ...]
    lines: tuple[str, ...]
    project: tuple[str, ...] = ()


def grouped(found: Sequence[Unit], facts: Facts, *, each_apart: bool = False) -> Grouping:
    """One world of all, or where units exclude each other one for each of these and one for the rest.

    With `each_apart` there is none for the rest: who asks of a mesh asks of each alternative.
    """
    contested = _contested(found)
    whole = World(tuple(manifest for unit in found for manifest in unit.manifests), facts)
    if not contested:
        return Grouping((whole,), tuple(_line(unit, ()) for unit in found if _has_objects(unit)))
    siblings = _Siblings(found, contested)
    large = len(whole.manifests) * len(contested) > _AROUND
    folders = {unit.folder: number for number, unit in enumerate(found) if unit.what == "folder"}
    worlds, lines = [], []
    for number in sorted(contested):
        others = _beside(number, found, folders) if large else range(len(found))
        around = _around(number, others, found, contested)
        members = [found[each] for each in (number, *around)]
        objects = tuple(manifest for unit in members for manifest in unit.manifests)
        unit, reported = found[number], _files(found[number].manifests)
        world = World(objects, facts, reported=reported, unit=_title(unit))
        worlds.append(replace(world, with_siblings=siblings(unit, world)) if unit.what == "file" else world)
        lines.append(_line(found[number], members[1:]))
    rest = [unit for number, unit in enumerate(found) if number not in contested]
    apart = frozenset(path for world in worlds for path in world.reported or ())
    if rest and not each_apart:
        files = _files(manifest for unit in rest for manifest in unit.manifests) - apart
        worlds.append(World(whole.manifests, facts, reported=files))
    named = (*lines, *(_line(unit, ()) for unit in rest if _has_objects(unit)))
    return Grouping(tuple(worlds), named, as_project(found, _rivals(contested)))


def _rivals(contested: Mapping[int, set[Name]]) -> dict[int, list[int]]:
    """For each alternative the numbers of those that hold an object of it."""
    holders: dict[Name, list[int]] = {}
    for number, names in contested.items():
        for name in names:
            holders.setdefault(name, []).append(number)
    return {
        number: list(dict.fromkeys(each for name in names for each in holders[name][:_NAMED] if each != number))
        for number, names in contested.items()
    }


class _Siblings:
    """The worlds that hold all files of a folder with alternatives: one for each folder.

    A tutorial defines subsets or gateways in its first file, and leaves them out of the next: what one file lacks and another has is
    no absence. What no file of the folder has is one.
    """

    def __init__(self, found: Sequence[Unit], contested: Iterable[int]) -> None:
        self._files: dict[str, list[Manifest]] = {}
        for each in (found[number] for number in contested):
            if each.what == "file":
                self._files.setdefault(os.path.dirname(each.folder), []).extend(each.manifests)
        self._worlds: dict[str, World] = {}

    def __call__(self, unit: Unit, world: World) -> World:
        folder = os.path.dirname(unit.folder)
        if folder not in self._worlds:
            objects = {id(each): each for each in (*world.manifests, *self._files[folder])}
            self._worlds[folder] = World(tuple(objects.values()), world.facts)
        return self._worlds[folder]


def _files(objects: Iterable[Manifest]) -> frozenset[str]:
    return frozenset(manifest.document.source.path for manifest in objects)


def _contested(found: Sequence[Unit]) -> dict[int, set[Name]]:
    """The units that hold an object of another one, with the names of these objects."""
    holders: dict[Name, list[int]] = {}
    for number, unit in enumerate(found):
        for name in {identity(manifest) for manifest in unit.manifests}:
            if name is not None:
                holders.setdefault(name, []).append(number)
    contested: dict[int, set[Name]] = {}
    for name, numbers in holders.items():
        for number in numbers if len(numbers) > 1 else ():
            contested.setdefault(number, set()).add(name)
    return contested


def _beside(number: int, found: Sequence[Unit], folders: Mapping[str, int]) -> list[int]:
    """What lies beside an alternative in its folder, where that is not much."""
    beside = folders.get(os.path.dirname(found[number].folder))
    return [beside] if beside is not None and len(found[beside].manifests) <= _BESIDE else []


def _around(number: int, others: Iterable[int], found: Sequence[Unit], contested: Mapping[int, set[Name]]) -> list[int]:
    """The other units that may be applied with one, the closest first."""
    own = found[number]
    chosen: list[int] = []
    closed = set(contested[number])
    for each in sorted(set(others) - {number}, key=lambda each: (*_distance(own, found[each]), each)):
        if closed.isdisjoint(contested.get(each, ())):
            chosen.append(each)
            closed |= contested.get(each, set())
    return chosen


def _distance(one: Unit, other: Unit) -> tuple[int, int]:
    """How far two units are from each other: in the files that deploy them, then in their folders."""
    declared = os.path.commonpath(os.path.abspath(each.by or each.folder) for each in (one, other))
    return -len(declared), -len(os.path.commonpath([one.folder, other.folder]))


def _has_objects(unit: Unit) -> bool:
    """Whether anything in it is for the cluster: a folder of values and charts is no unit by itself."""
    return any(manifest.kind and manifest.api_version for manifest in unit.manifests)


def _line(unit: Unit, around: Sequence[Unit]) -> str:
    names = list(dict.fromkeys(map(_name, around)))
    by = f" of {unit.by}" if unit.by else ""
    more = f" and {len(names) - _WRITTEN} more" if len(names) > _WRITTEN else ""
    around_it = f" with {', '.join(names[:_WRITTEN])}{more}" if names else ""
    return f"{_name(unit)} ({unit.what}{by}){around_it}"


def _name(unit: Unit) -> str:
    return os.path.relpath(unit.folder)


def _title(unit: Unit) -> str:
    return _line(unit, ()) if unit.by else _name(unit)
