"""The order of what is found in a world: that of its files, where services come and go."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailwright.render.rendering import path_of

if TYPE_CHECKING:
    from sailwright.workspace.selection import WorldSet
    from sailwright.workspace.service_records import ServiceRecord

_BEFORE, _OF_SERVICES, _BY_HAND = range(3)
"""The files of a world in order: those that are rendered of no service, those of services by namespace and name, those by hand."""


class Places:
    """Where the files of each world have their place. `around` has at least those of no service, `records` are those of all services."""

    def __init__(self, around: WorldSet, records: Iterable[tuple[str, ServiceRecord]]) -> None:
        self._around, self._records = around, records

    def of(self, world: int, path: str) -> tuple[Any, ...]:
        """The place of a file in the world of this number."""
        key = self._keys.get((world, path))
        if key is not None:
            return place_of_service(key)
        ours = path.startswith(f"{self._around.project.output.path}/")
        return _BEFORE if ours else _BY_HAND, self._others[world][path]

    @cached_property
    def _keys(self) -> dict[tuple[int, str], tuple[str, str]]:
        """The namespace and name of the service of each rendered file."""
        project, targets = self._around.project, self._around.rendered.compilation.targets
        found = {}
        for _, record in self._records:
            for number, key, *_ in record.exports:
                namespace, _, name = key.partition("/")
                path = path_of(project, targets[number], namespace, name)
                found[number, f"{project.output.path}/{path}"] = namespace, name
        return found

    @cached_property
    def _others(self) -> list[dict[str, int]]:
        found: list[dict[str, int]] = []
        for number, world in enumerate(self._around.worlds):
            paths = dict.fromkeys(each.document.source.path for each in world.manifests)
            others = (path for path in paths if (number, path) not in self._keys)
            found.append({path: place for place, path in enumerate(others)})
        return found


def place_of_service(key: tuple[str, str]) -> tuple[Any, ...]:
    """The place of what is rendered of a service with this namespace and name."""
    return _OF_SERVICES, *key


def in_world(found: tuple[Any, ...]) -> tuple[Any, ...]:
    """What orders findings: the number of the world, and the place of the file there."""
    return found[:2]
