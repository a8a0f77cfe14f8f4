"""Run rules for the objects of a few services, in a mesh of these and of what is around all services.

All that the objects are linked to is there (see `lint.links`), and what is true of the whole mesh is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sailwright.lint.noted_fields import Noted
from sailwright.lint.run_alone import NeedsMesh
from sailwright.lint.run_rules import EnabledRule, RuleRun, WorldProblem, asked_in_vain, is_undecided
from sailwright.lint.units import NotingMesh, path_of
from sailwright.lint.whole_mesh import REASONS, asks_whole_mesh
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, field


@dataclass(frozen=True, slots=True)
class LinkedRun:
    """What to run rules for: `files` are all that is rendered of the services, `changed` those of services that have changed.

    `asking` are the rules that asked the mesh about other objects in the last run; the others run for what has changed alone.
    """

    files: Collection[str]
    changed: Collection[str]
    asking: Collection[str]
    places: Sequence[Mapping[str, str]]


def run_linked(worlds: Sequence[World], chosen: Iterable[EnabledRule], run: LinkedRun, noted: Noted) -> RuleRun:
    """What rules have against the objects, world by world and each in its turn; `seconds` is not told.

    Those that asked come first, so that of what is `noted` nothing is theirs that others read. What may be elsewhere
    is not told, but in `absent`, or `in_vain` where there may be a like name elsewhere. Raises NeedsMesh where the answer hangs on more than what is there: a problem of several objects, whose
    turn hangs on all of them.
    """
    rules = [each for each in chosen if not asks_whole_mesh(each.rule) or each.rule.ID not in run.asking]
    rules.sort(key=lambda each: each.rule.ID not in run.asking)
    if any(any_uncertain(world.index) for world in worlds):
        raise NeedsMesh
    found: list[WorldProblem] = []
    seen = _Seen()
    reads = []
    for each in rules:
        before = frozenset(noted)
        for number, world in enumerate(worlds):
            found += _found(each, world, number, run, seen)
        reads.append((each.rule.ID, frozenset(noted - before)))
    told = tuple(each for each in found if (each.chosen.rule.ID, each.file) not in seen.absent)
    return RuleRun(
        told,
        (),
        {},
        frozenset(seen.asked),
        tuple(reads),
        frozenset(seen.busy),
        frozenset(seen.absent),
        in_vain=frozenset(seen.in_vain),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """The rules that asked the mesh, those that had a subject, and with the file of the subject those that reported an absence, or looked for
    a host like one that is nowhere and found none.
    """

    asked: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    absent: set[tuple[str, str]] = field(default_factory=set)
    in_vain: set[tuple[str, str]] = field(default_factory=set)


def _found(chosen: EnabledRule, world: World, number: int, run: LinkedRun, seen: _Seen) -> Iterator[WorldProblem]:
    rule = chosen.rule
    noting = NotingMesh(world)
    asks = rule.ID in run.asking
    for count, (part, subject, problem) in enumerate(_problems(chosen, world if asks else noting, world, run, seen)):
        if rule.KIND.linked:
            raise NeedsMesh
        if problem.absent is not None:
            seen.absent.add((rule.ID, path_of(subject)))
            noting.asked = True
        if not is_undecided(rule, problem, world):
            path = path_of(subject)
            yield WorldProblem(chosen, problem, world, (part, run.places[number][path], count), path)
    if asks or noting.asked:
        seen.asked.add(rule.ID)
        if rule.ID in REASONS:
            raise NeedsMesh


def _problems(
    chosen: EnabledRule, mesh: World | NotingMesh, world: World, run: LinkedRun, seen: _Seen
) -> Iterator[tuple[int, Any, Any]]:
    kind, files = chosen.rule.KIND, run.files if mesh is world else run.changed
    for part, each in enumerate(kind.parts or (kind,)):
        for subject in each.listed(world):
            members = subject if kind.linked else (subject,)
            if any(path_of(member) in files for member in members):
                seen.busy.add(chosen.rule.ID)
                for problem in chosen.rule.check(subject, mesh, **chosen.parameters):
                    yield part, subject, problem
                if asked_in_vain(world) and not kind.linked:
                    seen.in_vain.add((chosen.rule.ID, path_of(subject)))
