"""One lint run: rules over worlds, then suppressions, then what those have to answer for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sailwright.finding import Finding
from sailwright.lint.audit import audit, names, without_annotated, without_commented
from sailwright.lint.judge import Chosen, judge
from sailwright.lint.merge import merge, order
from sailwright.lint.settings import Settings
from sailwright.lint.suppression import annotation, comments
from sailwright.mesh.world import World
from sailwright.rule import Rule
from sailwright.source import Source


@dataclass(frozen=True, slots=True)
class Question:
    """What a run is about: the worlds, the files whose findings are reported, the rules, and the project's settings."""

    worlds: tuple[World, ...]
    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    chosen: tuple[Chosen, ...]
    settings: Settings = Settings()


@dataclass(frozen=True, slots=True)
class Answer:
    """The sorted findings of a run, how many were suppressed, whether a rule crashed, and the seconds each rule took."""

    findings: tuple[Finding, ...]
    suppressed: int = 0
    crashed: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)


def lint(question: Question) -> Answer:
    """Judge the worlds and report on the question's sources."""
    judgement = judge(question.worlds, question.chosen)
    reported = {source.path: source for source in question.sources}
    known = names(question.rules, judgement.seconds, question.settings.locked)
    left, by_annotation = without_annotated(judgement.found, known)
    found = [finding for finding in merge(left) if finding.location.file in reported]
    inline = [each for source in question.sources for each in comments(source)]
    findings, by_comment = without_commented(found, inline, known)
    annotations = [
        each
        for world in question.worlds
        for manifest in world.manifests
        for each in annotation(manifest)
        if each.location.file in reported
    ]
    told = audit([*inline, *annotations], by_annotation | by_comment, known)
    problems = [problem for source in question.sources for problem in source.problems]
    return Answer(
        tuple(sorted([*findings, *told, *problems, *judgement.crashes], key=order)),
        len(judgement.found) - len(left) + len(found) - len(findings),
        bool(judgement.crashes),
        judgement.seconds,
    )
