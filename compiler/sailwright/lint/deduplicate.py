"""From problems in worlds to findings: resolved to the author's lines, one for what several worlds have alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sailwright.diagnostics.finding import Finding, Path, Related
from sailwright.diagnostics.fingerprint import file_name, fingerprint
from sailwright.diagnostics.rule_page import url
from sailwright.lint.run_rules import Found
from sailwright.runtime.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding, and the numbers of the world it was seen in and of the rule that saw it."""

    world: int
    rule: int
    finding: Finding


def merge(seen: Iterable[Seen]) -> tuple[Finding, ...]:
    """Findings in order of file and line. What one world reports twice stays twice; worlds that agree are merged.

    A merged finding names its environments and keeps the rendered place of the first.
    """
    merged: dict[tuple[Finding, int], Finding] = {}
    turns: Counter[tuple[int, Finding]] = Counter()
    for each in seen:
        finding = each.finding
        alike = replace(finding, environments=(), rendered=None)
        turn = turns[each.world, alike]
        turns[each.world, alike] += 1
        known = merged.get((alike, turn))
        if known is None:
            merged[alike, turn] = finding
        elif not set(finding.environments) <= set(known.environments):
            merged[alike, turn] = replace(known, environments=known.environments + finding.environments)
    return tuple(sorted(merged.values(), key=order))


def told_once(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Of what several rendered objects have alike, one finding for a place: the versions of a service share their lines."""
    kept: dict[object, Finding] = {}
    for each in findings:
        alike = id(each) if each.rendered is None else (each.rule, each.message, each.help, each.location)
        first = kept.setdefault(alike, each)
        missing = tuple(name for name in each.environments if name not in first.environments)
        kept[alike] = replace(first, environments=first.environments + missing) if missing else first
    return tuple(kept.values())


def without_replaced(findings: tuple[Finding, ...], replaces: Mapping[str, tuple[str, ...]]) -> tuple[Finding, ...]:
    """Leave out what a more telling rule says of the same place. `replaces` has the rules that each rule stands in for."""
    said = {
        (rule, each.object, each.location.file, each.path) for each in findings for rule in replaces.get(each.rule, ())
    }
    return tuple(each for each in findings if (each.rule, each.object, each.location.file, each.path) not in said)


def without_echoes(findings: Iterable[Finding], problems: Iterable[Finding]) -> list[Finding]:
    """Leave out what rules say of rendered objects at a place where the language itself has found an error already."""
    faulty: dict[str, list[Path]] = {}
    for problem in problems:
        if problem.severity == "error" and problem.path:
            faulty.setdefault(problem.location.file, []).append(problem.path)
    return [
        each
        for each in findings
        if each.rendered is None or not any(_related(each.path, path) for path in faulty.get(each.location.file, ()))
    ]


def _related(one: Path, other: Path) -> bool:
    """Whether one path leads to the other."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def order(finding: Finding) -> tuple[object, ...]:
    """By place, then by rule and words, so that a report is the same on every machine."""
    return (finding.location, finding.rule, finding.message, finding.environments)


def resolve(found: Found) -> Finding:
    """A problem as a finding of its world, at the line its author owns."""
    rule, problem = found.chosen.rule, found.problem
    manifest = problem.manifest
    place = manifest.locate(problem.path, key=problem.key)
    document = manifest.document if manifest.origin is None else manifest.origin.find(problem.path).document
    environment = found.world.environment
    return Finding(
        rule=rule.ID,
        severity=found.severity,
        message=problem.message,
        location=place.location,
        help=problem.help,
        aliases=tuple(rule.ALIASES),
        url=url(rule.ID),
        environments=() if environment is None else (environment,),
        object=manifest.ref,
        path=place.path,
        rendered=place.rendered,
        related=tuple(Related(message, owner.locate(path).location) for owner, path, message in problem.related),
        fix=problem.fix.description if problem.fix is not None else "",
        fingerprint=fingerprint(rule.ID, file_name(place.location.file), manifest.ref, place.path, document.value),
    )
