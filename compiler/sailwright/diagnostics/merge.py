"""What several environments have alike is one finding that names them all. Every command merges here."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from sailwright.diagnostics.finding import Finding
from sailwright.runtime.records import replace


def same_place(finding: Finding) -> Hashable:
    """The usual key: a rule that says the same of one place, whatever object and rendered twin it saw it in."""
    return finding.location, finding.rule, finding.message


def merge(findings: Iterable[Finding], key: Callable[[Finding], Hashable] = same_place) -> tuple[Finding, ...]:
    """One finding for each key, the first, with the environments of all; in order of appearance.

    A finding that names no environment holds everywhere, so what joins it adds none.
    """
    merged: dict[Hashable, Finding] = {}
    for finding in findings:
        first = merged.setdefault(alike := key(finding), finding)
        missing = tuple(name for name in finding.environments if name not in first.environments)
        if missing and first.environments:
            merged[alike] = replace(first, environments=first.environments + missing)
    return tuple(merged.values())


def merge_environments(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, in the order of the files."""
    return tuple(sorted(merge(findings), key=lambda each: (each.location, each.rule, each.message)))


def order(finding: Finding) -> tuple[object, ...]:
    """By place, then by rule and message, so that a report is the same on every machine."""
    return (finding.location, finding.rule, finding.message, finding.environments)
