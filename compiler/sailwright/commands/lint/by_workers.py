"""Lint by the workers of an executor: each gets the worlds once, and runs a part of the rules over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.commands.rules import all_rules
from sailwright.lint.parallel import WorkerInput, WorkerResult, joined, run_tasks, tasks
from sailwright.lint.run_rules import EnabledRule
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, replace
from sailwright.workspace.remote_worlds import SentWorlds, sent

if TYPE_CHECKING:
    from sailwright.lint.suppression_audit import Names
    from sailwright.runtime.executor import Workers
    from sailwright.workspace.selection import WorldSet

Elsewhere = Callable[[WorkerInput], WorkerResult | None]


@dataclass(frozen=True, slots=True)
class LintJob:
    """What is judged: the worlds, the base commit's where they are compared with it, and the rules by name."""

    worlds: SentWorlds
    base: SentWorlds | None
    release: str | None
    rules: tuple[tuple[str, Any, Mapping[str, Any]], ...]
    known: Names | None

    def worker_input(self) -> tuple[WorkerInput, list[list[str]]]:
        """In a worker: what to judge, and the names that were asked for and not sent."""
        found, missing = self.worlds.worlds()
        worlds, lacking = list(found.worlds), [missing]
        if self.release is not None:
            worlds = [replace(each, facts=replace(each.facts, istio_version=self.release)) for each in worlds]
        if self.base is not None:
            before, missing = self.base.worlds()
            lacking.append(missing)
            twins = {_place(each): each for each in before.worlds}
            worlds = [replace(each, base=twins.get(_place(each))) for each in worlds]
        by_id = {rule.ID: rule for rule in all_rules()}
        chosen = tuple(EnabledRule(by_id[rule], severity, parameters) for rule, severity, parameters in self.rules)
        return WorkerInput(tuple(worlds), len(worlds), frozenset(), chosen, self.known), lacking


def by_workers(workers: Workers | None, found: WorldSet | None, base: WorldSet | None = None) -> Elsewhere | None:
    """A function that has workers judge the worlds; it gives None for what must be judged here."""
    if workers is None or found is None:
        return None

    def judged(worker_input: WorkerInput) -> WorkerResult | None:
        if len(worker_input.worlds) != len(found.worlds):
            return None
        worlds, before = sent(found), sent(base) if base is not None else None
        if worlds is None or (base is not None and before is None):
            return None
        releases = {each.facts.istio_version for each in worker_input.worlds}
        changed = releases != {each.facts.istio_version for each in found.worlds}
        chosen = tuple((each.rule.ID, each.severity, dict(each.parameters)) for each in worker_input.chosen)
        job = LintJob(worlds, before, releases.pop() if changed else None, chosen, worker_input.known)
        numbers = range(len(tasks(worker_input, workers.count)))
        shares = [tuple(numbers[turn :: workers.count]) for turn in range(min(workers.count, len(numbers)))]
        results = workers.results(judge_there, [(job, share, workers.count) for share in shares])
        return None if any(each is None for each in results) else joined([each for each in results if each is not None])

    return judged


def judge_there(job: LintJob, numbers: tuple[int, ...], count: int) -> WorkerResult | None:
    """In a worker: the results of some of the tasks; None where it would need what it was not sent."""
    worker_input, lacking = job.worker_input()
    result = run_tasks(worker_input, [tasks(worker_input, count)[number] for number in numbers])
    return None if any(lacking) else result


def _place(world: World) -> tuple[str | None, str | None]:
    return world.environment, world.cluster
