"""Run rules that asked nothing of the mesh for the objects of some services, without the mesh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sailwright.lint.run_rules import EnabledRule, WorldProblem, is_undecided
from sailwright.lint.units import free_names, path_of
from sailwright.mesh.world import World


class NeedsMesh(Exception):  # no error: the answer is elsewhere
    """A rule asks about other objects after all."""


class _NoMesh:
    """What is known of a cluster without its other objects."""

    def __init__(self, world: World) -> None:
        self._world, self._free = world, free_names(world)

    def __getattr__(self, name: str) -> Any:
        if name not in self._free:
            raise NeedsMesh
        return getattr(self._world, name)


def run_alone(
    worlds: Sequence[World], chosen: Iterable[EnabledRule], places: Sequence[Mapping[str, str]]
) -> Iterator[tuple[int, WorldProblem]]:
    """What rules have against the objects of these worlds, each in its turn, with the number of its world.

    Raises NeedsMesh where the answer hangs on other objects.
    """
    rules = tuple(chosen)
    for number, world in enumerate(worlds):
        mesh = _NoMesh(world)
        for each in rules:
            for count, (part, subject, problem) in enumerate(_problems(each, world, mesh)):
                if problem.absent is not None:
                    raise NeedsMesh
                if not is_undecided(each.rule, problem, world):
                    path = path_of(subject)
                    yield number, WorldProblem(each, problem, world, (part, places[number][path], count), path)


def _problems(chosen: EnabledRule, world: World, mesh: _NoMesh) -> Iterator[tuple[int, Any, Any]]:
    for part, kind in enumerate(chosen.rule.KIND.parts or ()):
        for subject in kind.listed(world):
            for problem in chosen.rule.check(subject, mesh, **chosen.parameters):
                yield part, subject, problem
