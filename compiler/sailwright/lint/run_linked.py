"""Run rules for the objects of a few services, in a mesh of these and of what is around all services.

All that the objects are linked to is there (see `lint.links`), and what is true of the whole mesh is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sailwright.lint.run_alone import NeedsMesh
from sailwright.lint.run_rules import EnabledRule, WorldProblem, is_undecided
from sailwright.lint.units import NotingMesh, path_of
from sailwright.lint.whole_mesh import REASONS, asks_whole_mesh
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, field


@dataclass(frozen=True, slots=True)
class LinkedRun:
    """What to run rules for: `files` are all that is rendered of the services, `changed` those of services that have changed.

    `asking` are the rules that asked the mesh about other objects in the last run; the others run for what has changed alone. Those of them that
    ask now are added to `began`.
    """

    files: Collection[str]
    changed: Collection[str]
    asking: Collection[str]
    places: Sequence[Mapping[str, int]]
    began: set[str] = field(default_factory=set)


def run_linked(
    worlds: Sequence[World], chosen: Iterable[EnabledRule], run: LinkedRun
) -> Iterator[tuple[int, WorldProblem]]:
    """What rules have against the objects, each in its turn, with the number of its world.

    Raises NeedsMesh where the answer hangs on more than what is there: an absence, or a problem of several objects, whose turn hangs on
    all of them.
    """
    rules = [each for each in chosen if not asks_whole_mesh(each.rule) or each.rule.ID not in run.asking]
    for number, world in enumerate(worlds):
        if any_uncertain(world.index):
            raise NeedsMesh
        for each in rules:
            for count, (part, subject, problem) in enumerate(_problems(each, world, run)):
                if problem.absent is not None or each.rule.KIND.linked:
                    raise NeedsMesh
                if not is_undecided(each.rule, problem, world):
                    path = path_of(subject)
                    yield number, WorldProblem(each, problem, world, (part, run.places[number][path], count), path)


def _problems(chosen: EnabledRule, world: World, run: LinkedRun) -> Iterator[tuple[int, Any, Any]]:
    rule, parameters = chosen.rule, chosen.parameters
    asks = rule.ID in run.asking
    noting = NotingMesh(world)
    mesh, files = (world, run.files) if asks else (noting, run.changed)
    for part, kind in enumerate(rule.KIND.parts or (rule.KIND,)):
        for subject in kind.listed(world):
            members = subject if rule.KIND.linked else (subject,)
            if any(path_of(each) in files for each in members):
                for problem in rule.check(subject, mesh, **parameters):
                    yield part, subject, problem
    if noting.asked:
        if rule.ID in REASONS:
            raise NeedsMesh
        run.began.add(rule.ID)
