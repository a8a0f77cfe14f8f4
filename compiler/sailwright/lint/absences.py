"""What one file of a folder of alternatives lacks, and no other file of the folder has either: one may be applied before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.lint.rule import Problem, Rule
from sailwright.mesh.world import World


class Absences:
    """Where one rule reports an absence in the world that holds all alternatives of a folder; worked out when it is asked."""

    def __init__(self, world: World | None) -> None:
        self._world = world
        self._places: frozenset[tuple[int, Path, Path]] | None = None

    def has(self, rule: Rule, parameters: Mapping[str, Any], problem: Problem) -> bool:
        """Whether the rule reports it there too."""
        if self._places is None:
            self._places = frozenset(self._found(rule, parameters))
        return _place(problem) in self._places

    def _found(self, rule: Rule, parameters: Mapping[str, Any]) -> list[tuple[int, Path, Path]]:
        world = self._world
        if world is None:
            return []
        problems = (each for subject in rule.KIND.listed(world) for each in rule.check(subject, world, **parameters))
        return [_place(each) for each in problems if each.absent is not None]


def _place(problem: Problem) -> tuple[int, Path, Path]:
    return id(problem.manifest.document), problem.manifest.base, problem.path
