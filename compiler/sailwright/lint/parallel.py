"""Rules over worlds, to findings: in this process, or shared out over several where there is enough to judge."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

from sailwright.diagnostics.finding import Finding
from sailwright.lint.deduplicate import WorldFinding, resolve
from sailwright.lint.istioctl_compat import printed
from sailwright.lint.rule import family
from sailwright.lint.run_rules import Chosen, Found, judge
from sailwright.lint.suppression_audit import Names, Used, without_annotated
from sailwright.mesh.world import World
from sailwright.runtime.process_pool import can_fork, spread
from sailwright.runtime.records import dataclass

WORTH_A_FORK = 1_000
"""Objects in all worlds together below which another process costs more than it saves."""


@dataclass(frozen=True, slots=True)
class WorkerInput:
    """What is judged: worlds, of which those from `beside` on count for `guests` alone, and the rules that run."""

    worlds: tuple[World, ...]
    from_extra: int
    extra_files: frozenset[str]
    chosen: tuple[Chosen, ...]
    known: Names


@dataclass(frozen=True, slots=True)
class WorkerResult:
    """What rules came to, each finding with the numbers of its world and rule.

    `hidden` are those that annotations suppress, `used` says which. `found` are the problems behind the findings; they stay
    in the process that found them.
    """

    seen: tuple[WorldFinding, ...]
    hidden: tuple[WorldFinding, ...]
    used: Used
    crashes: tuple[Finding, ...]
    seconds: Mapping[str, float]
    found: tuple[Found, ...]


def run_workers(worker_input: WorkerInput, jobs: int) -> WorkerResult:
    """Judge; the result is the same for any number of jobs, but for `found`, which one job alone has."""
    tasks = _tasks(worker_input, jobs)
    if jobs < 2 or not can_fork() or sum(len(world.manifests) for world in worker_input.worlds) < WORTH_A_FORK:
        return _joined([_judged(worker_input, task) for task in tasks])
    queue = _queue(len(tasks))

    def work(_job: int) -> Generator[None, None, WorkerResult]:
        judged = _joined([_judged(worker_input, tasks[number]) for number in _taken(queue)])
        yield
        return WorkerResult(judged.seen, judged.hidden, judged.used, judged.crashes, judged.seconds, ())

    try:
        return _joined(spread(range(jobs), work, lambda _: None))
    finally:
        os.close(queue)


_Task = tuple[int, Sequence[int]]
"""The number of a world, and the numbers of the rules that judge it."""


def _tasks(worker_input: WorkerInput, jobs: int) -> list[_Task]:
    """Whole worlds where there are enough of them, so that none is indexed twice; else the rules of a world by family.

    Rules of a family ask the world the same questions, so they are best asked in one process. The largest go first.
    """
    worlds, rules = range(len(worker_input.worlds)), range(len(worker_input.chosen))
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


def _judged(worker_input: WorkerInput, task: _Task) -> WorkerResult:
    number, rules = task
    judgement = judge([worker_input.worlds[number]], [worker_input.chosen[rule] for rule in rules])
    counting = _counting(worker_input, number, printed(judgement.found))
    left, hidden, used = without_annotated(counting, worker_input.known)
    order = {worker_input.chosen[rule].rule.ID: rule for rule in rules}
    seen, unseen = (
        tuple(WorldFinding(number, order[each.chosen.rule.ID], resolve(each)) for each in some)
        for some in (left, hidden)
    )
    return WorkerResult(seen, unseen, used, judgement.crashes, judgement.seconds, tuple(left))


def _counting(worker_input: WorkerInput, number: int, found: Iterable[Found]) -> Iterable[Found]:
    """Beside a guest the context only stands by."""
    if number < worker_input.from_extra:
        return found
    return (each for each in found if each.problem.manifest.document.source.path in worker_input.extra_files)


def _joined(verdicts: Sequence[WorkerResult]) -> WorkerResult:
    seconds: dict[str, float] = {}
    for each in verdicts:
        for rule, spent in each.seconds.items():
            seconds[rule] = seconds.get(rule, 0.0) + spent
    crashes = {crash.message: crash for each in verdicts for crash in each.crashes}
    return WorkerResult(
        seen=_in_order(one for each in verdicts for one in each.seen),
        hidden=_in_order(one for each in verdicts for one in each.hidden),
        used=frozenset(one for each in verdicts for one in each.used),
        crashes=tuple(crashes.values()),
        seconds=seconds,
        found=tuple(one for each in verdicts for one in each.found),
    )


def _in_order(seen: Iterable[WorldFinding]) -> tuple[WorldFinding, ...]:
    return tuple(sorted(seen, key=lambda one: (one.world, one.rule)))
