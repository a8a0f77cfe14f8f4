"""The rules that compare with a base commit, run by themselves: then what all others find is what a lint of the same files finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sailwright.lint.deduplicate import WorldFinding
from sailwright.lint.parallel import WorkerInput, in_order, run_workers
from sailwright.lint.rule import compares
from sailwright.lint.run import Judged, Replacements, findings_of, hidden_of, used_of
from sailwright.lint.run_rules import EnabledRule
from sailwright.lint.suppression_audit import Names
from sailwright.mesh.world import World
from sailwright.runtime.records import replace


def run_compared(
    worlds: Sequence[World], bases: Sequence[World | None], chosen: Sequence[EnabledRule], known: Names | None
) -> tuple[WorldFinding, ...] | None:
    """What these rules find in worlds, each beside what it was at the base; None where one of them crashed.

    `chosen` are all rules that run; `known` is what the names in suppressions mean.
    """
    numbers = [number for number, each in enumerate(chosen) if compares(each.rule)]
    pairs = tuple(world.beside(base) for world, base in zip(worlds, bases, strict=True))
    rules = tuple(chosen[number] for number in numbers)
    results = run_workers(WorkerInput(pairs, len(pairs), frozenset(), rules, known), 1)
    return None if results.crashes else tuple(replace(each, rule=numbers[each.rule]) for each in results.seen)


def with_compared(
    judged: Judged, compared: Sequence[WorldFinding], comparing: Iterable[str], instead: Replacements
) -> Judged:
    """The results of a lint with those of the rules that compare, whose IDs are `comparing`."""
    ids = frozenset(comparing)
    seen = in_order((*(each for each in judged.seen if each.finding.rule not in ids), *compared))
    return replace(judged, found=findings_of(seen, instead), hidden=hidden_of(seen), used=used_of(seen), seen=seen)
