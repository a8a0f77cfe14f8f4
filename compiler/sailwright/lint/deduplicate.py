"""From problems in worlds to findings: resolved to the author's lines, one for what several worlds have alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from sailwright.diagnostics.finding import Finding, Path, Related
from sailwright.diagnostics.merge import merge, order
from sailwright.lint.run_rules import WorldProblem
from sailwright.lint.units import Turn
from sailwright.runtime.records import dataclass, replace

if TYPE_CHECKING:
    from sailwright.lint.settings import Suppression


@dataclass(frozen=True, slots=True)
class WorldFinding:
    """A finding, with the numbers of its world and its rule, its turn among those of both, and the file whose place is in that.

    Suppressions `against` it are those in annotations of its object: where there are any, it is not reported.
    """

    world: int
    rule: int
    finding: Finding
    turn: Turn = (0, "", 0)
    file: str = ""
    against: tuple[Suppression, ...] = ()


def merge_worlds(found: Iterable[WorldFinding]) -> tuple[Finding, ...]:
    """Findings in order of file and line. What one world reports twice stays twice; worlds that agree are merged.

    A merged finding names its environments and keeps the rendered place of the first.
    """
    turns: Counter[tuple[int, Finding]] = Counter()
    numbered: dict[int, tuple[Finding, int]] = {}
    findings: list[Finding] = []
    for each in found:
        alike = replace(each.finding, environments=(), rendered=None)
        finding = replace(each.finding)  # one object for each, to be told apart by
        numbered[id(finding)] = alike, turns[each.world, alike]
        turns[each.world, alike] += 1
        findings.append(finding)
    return tuple(sorted(merge(findings, lambda finding: numbered[id(finding)]), key=order))


def dedupe_by_source(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Of what several rendered objects have alike, one finding for a place: the versions of a service share their lines."""
    return merge(findings, _rendered_from)


def _rendered_from(finding: Finding) -> object:
    if finding.rendered is None:
        return id(finding)
    return finding.rule, finding.message, finding.help, finding.location


def apply_replaces(
    findings: tuple[Finding, ...],
    replaces: Mapping[str, tuple[str, ...]],
    around: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Finding, ...]:
    """Leave out what a more telling rule says of the same place. `replaces` has the rules that each rule stands in for.

    `around`: those that it stands in for where they report what holds its place.
    """
    said = {
        (rule, each.object, each.location.file, each.path) for each in findings for rule in replaces.get(each.rule, ())
    }
    said |= {
        (rule, each.object, each.location.file, each.path[:length])
        for each in findings
        for rule in (around or {}).get(each.rule, ())
        for length in range(len(each.path))
    }
    return tuple(each for each in findings if (each.rule, each.object, each.location.file, each.path) not in said)


_SAID_BY_RULES: Final[Mapping[str, tuple[str, ...]]] = {"injection-doubtful": ("probe-port-unknown",)}
"""Findings of rendering that a rule repeats with more to say, where both are at one place."""


def without_repeated(problems: Iterable[Finding], findings: Iterable[Finding]) -> list[Finding]:
    """Leave out the problems of reading and rendering of which a rule says the same at the same place."""
    said = {(each.rule, each.location) for each in findings}
    return [
        each
        for each in problems
        if not any((rule, each.location) in said for rule in _SAID_BY_RULES.get(each.rule, ()))
    ]


def drop_consequences(findings: Iterable[Finding], problems: Iterable[Finding]) -> list[Finding]:
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


def resolve(found: WorldProblem) -> Finding:
    """A problem as a finding of its world, at the line its author owns."""
    from sailwright.diagnostics.fingerprint import file_name, fingerprint
    from sailwright.diagnostics.rule_page import url

    rule, problem = found.chosen.rule, found.problem
    manifest = problem.manifest
    place = manifest.locate(problem.path, key=problem.key)
    document = manifest.written(problem.path).document
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
        object=manifest.written_ref,
        path=place.path,
        rendered=place.rendered,
        related=tuple(Related(message, owner.locate(path).location) for owner, path, message in problem.related),
        fix=problem.fix.description if problem.fix is not None else "",
        fingerprint=fingerprint(
            rule.ID, file_name(place.location.file), manifest.written_ref, place.path, document.value
        ),
    )
