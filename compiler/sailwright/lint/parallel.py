"""Rules over worlds, to findings: in this process, or shared out over several where there is enough to judge."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Finding
from sailwright.lint.asked_kinds import ALL
from sailwright.lint.deduplicate import WorldFinding, resolve
from sailwright.lint.noted_fields import OF_PODS
from sailwright.lint.rule import family
from sailwright.lint.run_rules import Absent, EnabledRule, Reads, WorldProblem, read_for, run_rules
from sailwright.lint.units import Units
from sailwright.lint.whole_mesh import asks_whole_mesh
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, replace

if TYPE_CHECKING:
    from sailwright.lint.settings import Suppression
    from sailwright.lint.suppression_audit import Names

WORTH_A_FORK = 1_000
"""Objects in all worlds together below which another process costs more than it saves."""


@dataclass(frozen=True, slots=True)
class WorkerInput:
    """What is judged: worlds, of which those from `beside` on count for `guests` alone, and the rules that run."""

    worlds: tuple[World, ...]
    from_extra: int
    extra_files: frozenset[str]
    chosen: tuple[EnabledRule, ...]
    known: Names | None
    units: Units | None = None


@dataclass(frozen=True, slots=True)
class WorkerResult:
    """What rules came to, each finding with the numbers of its world and rule.

    `reads` are what rules read of units, process by process. `seen` has those that annotations suppress as well. `found` are the problems behind the others; they stay in the process that
    found them. `around` are the fields of units that had been read when the rules for what is around them were done, and
    `asked_around` the kinds of objects about which the mesh was asked for that: all, where it was asked about groups.
    """

    seen: tuple[WorldFinding, ...]
    crashes: tuple[Finding, ...]
    seconds: Mapping[str, float]
    found: tuple[WorldProblem, ...]
    asked: frozenset[str] = frozenset()
    reads: tuple[Reads, ...] = ()
    busy: frozenset[str] = frozenset()
    absent: Absent = frozenset()
    around: frozenset[tuple[str, str]] = frozenset()
    asked_around: frozenset[str] = frozenset()

    @property
    def noted(self) -> frozenset[tuple[str, str]]:
        """The fields of units that rules which asked may have read, or have had from those that did."""
        return self.around.union(*(read_for(each, self.asked) for each in self.reads))


def run_workers(worker_input: WorkerInput, jobs: int | None) -> WorkerResult:
    """Run the rules; the result is the same for any number of jobs (None: one a processor), but for `found`, which one job alone has."""
    around = _around(worker_input)
    rest = _rest(worker_input, jobs)
    return joined([*around, rest]) if around else rest


def _around(worker_input: WorkerInput) -> list[WorkerResult]:
    """What rules find around the units, which they are asked about first, in this process: what they read is theirs alone."""
    units = worker_input.units
    if units is None:
        return []
    for world in worker_input.worlds:
        any_uncertain(world.index)  # of what this reads another answer runs all rules
    units.noted.clear()
    worlds = range(len(worker_input.worlds))
    found = _each_world(worker_input, worlds, range(len(worker_input.chosen)), around=True)
    noted = OF_PODS.union(units.noted)
    return [replace(each, around=noted) for each in found]


Anew = Callable[[tuple[World, ...]], tuple[World, ...]]
"""Gives worlds as they were before anything was worked out of them."""


def run_around(worker_input: WorkerInput, numbers: Sequence[int], anew: Anew) -> WorkerResult:
    """What rules find in the worlds of some numbers, around units and in groups that have no object of a unit, where nothing is uncertain.

    What is read is noted anew. What the rules that ask the whole mesh work out of it is let go of before others work out what they need.
    """
    units = worker_input.units
    assert units is not None  # noqa: S101  # whoever judges in portions knows them
    units.noted.clear()
    rules = [each.rule for each in worker_input.chosen]
    asking = [number for number, rule in enumerate(rules) if asks_whole_mesh(rule)]
    others = sorted(set(range(len(rules))) - set(asking))
    linked = [number for number, rule in enumerate(rules) if rule.KIND.linked]

    def turn(turn: Sequence[int], given: Units, *, around: bool) -> list[WorkerResult]:
        here = replace(worker_input, worlds=anew(worker_input.worlds), units=given)
        return [replace(each, found=()) for each in _each_world(here, numbers, turn, around=around)]

    found = [*turn(asking, units, around=True), *turn(others, units, around=True)]
    noted = OF_PODS.union(units.noted)
    found = [replace(each, around=noted) for each in found]
    return joined([*found, *turn(linked, replace(units, groups="others"), around=False)])


def _each_world(
    worker_input: WorkerInput, worlds: Iterable[int], rules: Sequence[int], *, around: bool
) -> list[WorkerResult]:
    return [_judged(worker_input, (world, rules), around=around) for world in worlds]


def run_portion(worker_input: WorkerInput) -> WorkerResult:
    """What rules find in the units of a portion, in this process, where nothing is uncertain. What is read is noted anew."""
    units = worker_input.units
    assert units is not None  # noqa: S101
    units.noted.clear()
    return replace(_alone(worker_input), found=(), asked_around=frozenset())


def run_for(worker_input: WorkerInput, numbers: Iterable[int], files: Mapping[str, Collection[str]]) -> WorkerResult:
    """What some rules, by ID, find in some files each, in the worlds of some numbers, in this process, where nothing is uncertain.

    What is read is noted anew.
    """
    units = worker_input.units
    assert units is not None  # noqa: S101
    units.noted.clear()
    found = []
    for number, each in enumerate(worker_input.chosen):
        if each.rule.ID in files:
            own = {path: file for path, file in units.services.items() if path in files[each.rule.ID]}
            here = replace(worker_input, units=replace(units, services=own, groups="own"))
            found += [_judged(here, (world, [number])) for world in numbers]
    return replace(_in_turn(found), found=())


def in_global_turns(results: Sequence[WorkerResult], chosen: Sequence[EnabledRule]) -> WorkerResult:
    """The results of all portions as one: groups come in the turn of their first member."""
    whole = joined(results)
    counts: dict[tuple[int, int], int] = {}
    seen: list[WorldFinding] = []
    for each in whole.seen:
        if chosen[each.rule].rule.KIND.linked and not asks_whole_mesh(chosen[each.rule].rule):
            number = counts.get((each.world, each.rule), 0)
            counts[each.world, each.rule] = number + 1
            seen.append(replace(each, turn=(each.turn[0], "", number)))
        else:
            seen.append(each)
    return replace(whole, seen=tuple(seen))


def _rest(worker_input: WorkerInput, jobs: int | None) -> WorkerResult:
    """What rules find in the units, or anywhere where there are none."""
    if jobs == 1 or sum(len(world.manifests) for world in worker_input.worlds) < WORTH_A_FORK:
        return _alone(worker_input)
    from sailwright.runtime.process_pool import can_fork, processors, results_of

    jobs = jobs or processors()
    if jobs < 2 or not can_fork():
        return _alone(worker_input)
    shared = tasks(worker_input, jobs)
    if len(shared) > len(worker_input.worlds) * len(_phases(worker_input)):
        _prepare(worker_input.worlds)
    queue = _queue(len(shared))

    try:
        return joined(
            results_of(range(jobs), lambda _: run_tasks(worker_input, map(shared.__getitem__, _taken(queue))))
        )
    finally:
        os.close(queue)


def _prepare(worlds: Iterable[World]) -> None:
    """Work out what rules of several families ask of a world, so that its workers share it."""
    from sailwright.mesh.queries.push_context import push_context_of
    from sailwright.mesh.queries.same_view import seen_alike

    for world in worlds:
        index = world.index
        if index.workloads and index.virtual_services and not world.facts.compat and not index.derived(seen_alike):
            index.derived(push_context_of)


def run_tasks(worker_input: WorkerInput, chosen: Iterable[Task]) -> WorkerResult:
    """The results of some tasks, to be sent elsewhere: without `found`, whose worlds stay here."""
    result = _in_turn([_judged(worker_input, task) for task in chosen])
    return replace(result, seconds=dict(result.seconds), found=())


def _alone(worker_input: WorkerInput) -> WorkerResult:
    """In this process."""
    phases = _phases(worker_input)
    worlds = range(len(worker_input.worlds))
    return _in_turn([_judged(worker_input, (world, rules)) for rules in phases for world in worlds])


def _phases(worker_input: WorkerInput) -> list[Sequence[int]]:
    """All rules; where units are known, first those that may ask the mesh: what the others read is not to be taken for theirs."""
    rules, units = range(len(worker_input.chosen)), worker_input.units
    if units is None:
        return [rules]
    asking = [number for number in rules if units.may_ask(worker_input.chosen[number].rule)]
    return [asking, sorted(set(rules) - set(asking))]


Task = tuple[int, Sequence[int]]
"""The number of a world, and the numbers of the rules that judge it."""


def tasks(worker_input: WorkerInput, jobs: int) -> list[Task]:
    """Whole worlds where there are enough of them, so that none is indexed twice; else the rules of a world by family.

    Rules of a family ask the world the same questions, so they are best asked in one process. The largest go first.
    """
    worlds = range(len(worker_input.worlds))
    return [task for rules in _phases(worker_input) for task in _shared(worker_input, worlds, rules, jobs)]


def _shared(worker_input: WorkerInput, worlds: Sequence[int], rules: Sequence[int], jobs: int) -> list[Task]:
    if len(worlds) >= jobs:
        return [(world, rules) for world in worlds]
    families: dict[str, list[int]] = {}
    for number in rules:
        families.setdefault(family(worker_input.chosen[number].rule), []).append(number)
    return [(world, numbers) for world in worlds for numbers in sorted(families.values(), key=len, reverse=True)]


_NUMBER = 2
"""Bytes of a task's number in the queue."""


def _queue(tasks: int) -> int:
    """A pipe that holds the number of each task: who reads one, in whatever process, has taken it."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(_NUMBER) for number in range(tasks)))
    os.close(writing)
    return reading


def _taken(queue: int) -> Iterator[int]:
    while number := os.read(queue, _NUMBER):
        yield int.from_bytes(number)


def _judged(worker_input: WorkerInput, task: Task, *, around: bool = False) -> WorkerResult:
    number, rules = task
    world, chosen = worker_input.worlds[number], [worker_input.chosen[rule] for rule in rules]
    rule_run = run_rules([world], chosen, worker_input.units, number, around=around)
    found = list(_counting(worker_input, number, _printed(world, rule_run.found)))
    order = {worker_input.chosen[rule].rule.ID: rule for rule in rules}
    against = _suppressions(worker_input.known)
    seen = tuple(
        WorldFinding(number, order[each.chosen.rule.ID], resolve(each), each.turn, each.file, against(each))
        for each in found
    )
    return WorkerResult(
        seen,
        rule_run.crashes,
        rule_run.seconds,
        tuple(each for each, shown in zip(found, seen, strict=True) if not shown.against),
        rule_run.asked,
        (rule_run.reads,),
        rule_run.busy,
        rule_run.absent,
        asked_around=rule_run.kinds | ({ALL} if rule_run.in_need else set()),
    )


def _printed(world: World, found: Iterable[WorldProblem]) -> Iterable[WorldProblem]:
    """With --compat istioctl, what that prints of what its checks found."""
    if not world.facts.compat:
        return found
    from sailwright.lint.istioctl_compat import printed

    return printed(found)


def _suppressions(known: Names | None) -> Callable[[WorldProblem], tuple[Suppression, ...]]:
    """What gives the suppressions against a problem that its object carries."""
    if known is None:
        return lambda _: ()
    from sailwright.lint.suppression_audit import annotated

    return lambda problem: annotated(problem, known)


def _counting(worker_input: WorkerInput, number: int, found: Iterable[WorldProblem]) -> Iterable[WorldProblem]:
    """Around extra files only findings about those count."""
    if number < worker_input.from_extra:
        return found
    return (each for each in found if each.problem.manifest.document.source.path in worker_input.extra_files)


def _in_turn(verdicts: Sequence[WorkerResult]) -> WorkerResult:
    """The results of tasks that one process has done one after the other."""
    whole = joined(verdicts)
    return replace(whole, reads=(tuple(each for reads in whole.reads for each in reads),))


def joined(verdicts: Sequence[WorkerResult]) -> WorkerResult:
    """The results of several tasks as one, in the order of worlds and rules."""
    seconds: dict[str, float] = {}
    for each in verdicts:
        for rule, spent in each.seconds.items():
            seconds[rule] = seconds.get(rule, 0.0) + spent
    crashes = {crash.message: crash for each in verdicts for crash in each.crashes}
    return WorkerResult(
        seen=in_order(one for each in verdicts for one in each.seen),
        crashes=tuple(crashes.values()),
        seconds=seconds,
        found=tuple(one for each in verdicts for one in each.found),
        asked=frozenset(rule for each in verdicts for rule in each.asked),
        reads=tuple(one for each in verdicts for one in each.reads),
        busy=frozenset(rule for each in verdicts for rule in each.busy),
        absent=frozenset(one for each in verdicts for one in each.absent),
        around=frozenset(one for each in verdicts for one in each.around),
        asked_around=frozenset(one for each in verdicts for one in each.asked_around),
    )


def in_order(seen: Iterable[WorldFinding]) -> tuple[WorldFinding, ...]:
    """In the order in which one process finds them."""
    return tuple(sorted(seen, key=lambda one: (one.world, one.rule, one.turn)))
