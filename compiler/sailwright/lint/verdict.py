"""Rules over worlds, to findings: in this process, or shared out over several where there is enough to judge."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sailwright.finding import Finding
from sailwright.forking import can_fork, spread
from sailwright.lint.audit import Names, Used, without_annotated
from sailwright.lint.istioctl import printed
from sailwright.lint.judge import Chosen, Found, judge
from sailwright.lint.merge import Seen, resolve
from sailwright.mesh.world import World

WORTH_A_FORK = 1_000
"""Objects in all worlds together below which another process costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What is judged: worlds, of which those from `beside` on count for `guests` alone, and the rules that run."""

    worlds: tuple[World, ...]
    beside: int
    guests: frozenset[str]
    chosen: tuple[Chosen, ...]
    known: Names


@dataclass(frozen=True, slots=True)
class Verdict:
    """What rules came to, each finding with the numbers of its world and rule.

    `hidden` are those that annotations suppress, `used` says which. `found` are the problems behind the findings; they stay
    in the process that found them.
    """

    seen: tuple[Seen, ...]
    hidden: tuple[Seen, ...]
    used: Used
    crashes: tuple[Finding, ...]
    seconds: Mapping[str, float]
    found: tuple[Found, ...]


def verdict(bench: Bench, jobs: int) -> Verdict:
    """Judge; the result is the same for any number of jobs, but for `found`, which one job alone has."""
    jobs = jobs if can_fork() and sum(len(world.manifests) for world in bench.worlds) >= WORTH_A_FORK else 1
    parts = _parts(bench, jobs)
    if len(parts) < 2:
        return _joined([_judged(bench, part) for part in parts])

    def work(part: _Part) -> Generator[None, None, Verdict]:
        judged = _judged(bench, part)
        yield
        return Verdict(judged.seen, judged.hidden, judged.used, judged.crashes, judged.seconds, ())

    return _joined(spread(parts, work, lambda _: None))


_Part = Sequence[tuple[int, Sequence[int]]]
"""Numbers of worlds, each with the numbers of the rules that judge it."""


def _parts(bench: Bench, jobs: int) -> list[_Part]:
    """Whole worlds where there are enough of them, so that none is indexed twice; else every world by some of the rules."""
    worlds, rules = range(len(bench.worlds)), range(len(bench.chosen))
    if len(worlds) >= jobs:
        return [[(world, rules) for world in worlds[job::jobs]] for job in range(jobs)]
    return [[(world, rules[job::jobs]) for world in worlds] for job in range(jobs)]


def _judged(bench: Bench, part: _Part) -> Verdict:
    verdicts = []
    for number, rules in part:
        world = bench.worlds[number]
        judgement = judge([world], [bench.chosen[rule] for rule in rules])
        counting = _counting(bench, number, printed(judgement.found))
        left, hidden, used = without_annotated(counting, bench.known)
        order = {bench.chosen[rule].rule.ID: rule for rule in rules}
        seen, unseen = (
            tuple(Seen(number, order[each.chosen.rule.ID], resolve(each)) for each in some) for some in (left, hidden)
        )
        verdicts.append(Verdict(seen, unseen, used, judgement.crashes, judgement.seconds, tuple(left)))
    return _joined(verdicts)


def _counting(bench: Bench, number: int, found: Iterable[Found]) -> Iterable[Found]:
    """Beside a guest the context only stands by."""
    if number < bench.beside:
        return found
    return (each for each in found if each.problem.manifest.document.source.path in bench.guests)


def _joined(verdicts: Sequence[Verdict]) -> Verdict:
    seconds: dict[str, float] = {}
    for each in verdicts:
        for rule, spent in each.seconds.items():
            seconds[rule] = seconds.get(rule, 0.0) + spent
    crashes = {crash.message: crash for each in verdicts for crash in each.crashes}
    return Verdict(
        seen=_in_order(one for each in verdicts for one in each.seen),
        hidden=_in_order(one for each in verdicts for one in each.hidden),
        used=frozenset(one for each in verdicts for one in each.used),
        crashes=tuple(crashes.values()),
        seconds=seconds,
        found=tuple(one for each in verdicts for one in each.found),
    )


def _in_order(seen: Iterable[Seen]) -> tuple[Seen, ...]:
    return tuple(sorted(seen, key=lambda one: (one.world, one.rule)))
