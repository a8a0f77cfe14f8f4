"""One lint run: rules over worlds, then suppressions and baseline, then what those have to answer for themselves."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Collection, Iterable, Mapping

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.fingerprint import file_name
from sailwright.lint.baseline import Baseline, Entry, stale, without_known
from sailwright.lint.deduplicate import merge, order, told_once, without_echoes, without_replaced
from sailwright.lint.language_findings import LANGUAGE
from sailwright.lint.parallel import Bench, verdict
from sailwright.lint.rule import Rule, replaces
from sailwright.lint.run_rules import Chosen, Found
from sailwright.lint.settings import Settings
from sailwright.lint.suppression import Suppression, annotation, comments
from sailwright.lint.suppression_audit import Names, Used, audit, names, without_commented, without_ignored
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source import Source


@dataclass(frozen=True, slots=True)
class Question:
    """What a run is about.

    `sources` are the files whose findings are reported, `whole` whether those are all there are; file names are relative
    to the folder `root`. `problems` are what reading and rendering found wrong, `changes` what a change does to its own
    gate; those are reported wherever they stand. `rules` are all rules and `chosen` those
    that run. With `accepting`, what is found becomes the baseline and none of it is reported. In the worlds `beside` only
    what is wrong with the `guests` counts. `jobs` is the number of processes; more than one keep no `found` for fixes.
    """

    worlds: tuple[World, ...]
    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    chosen: tuple[Chosen, ...]
    settings: Settings = Settings()
    problems: tuple[Finding, ...] = ()
    changes: tuple[Finding, ...] = ()
    baseline: Baseline | None = None
    accepting: bool = False
    guests: tuple[Source, ...] = ()
    beside: tuple[World, ...] = ()
    root: str = "."
    whole: bool = True
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run came to.

    `findings` are sorted; `known` are those that a baseline of today would hold, and `judged` says which of its entries
    this run could see. `found` are the problems behind the findings, for `--fix`; `seconds` is the cost of each rule.
    """

    findings: tuple[Finding, ...]
    suppressed: int
    crashed: bool
    known: tuple[Finding, ...]
    judged: Callable[[Entry], bool]
    found: tuple[Found, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)


def lint(question: Question) -> Answer:
    """Judge the worlds and report on the question's sources."""
    known = names(question.rules, (each.rule.ID for each in question.chosen), question.settings.locked)
    guests = frozenset(source.path for source in question.guests)
    worlds = (*question.worlds, *question.beside)
    judgement = verdict(Bench(worlds, len(question.worlds), guests, question.chosen, known), question.jobs)
    files = {source.path for source in question.sources}
    replacing = {each.rule.ID: replaces(each.rule) for each in question.chosen}
    problems = _problems(question, files)
    seen = without_replaced(told_once(merge(judgement.seen)), replacing)
    merged = [each for each in seen if each.location.file in files]
    merged = without_echoes(merged, problems)
    merged += [problem for problem in problems if _suppressible(problem)]
    hidden = sum(finding.location.file in files for finding in merge(judgement.hidden))
    inline = [each for source in question.sources for each in comments(source)]
    left, by_comment = without_commented(merged, inline, known)
    left, by_entry = without_ignored(left, question.settings.ignore, known)
    told = _answerable(question, inline, judgement.used | by_comment | by_entry, known)
    judged = _judged(question, known)
    new = [] if question.accepting else left
    if question.baseline is not None and not question.accepting:
        new = without_known(left, question.baseline)
        told += stale(question.baseline, left, judged)
    fixed = (problem for problem in problems if not _suppressible(problem))
    return Answer(
        findings=tuple(sorted([*new, *told, *fixed, *question.changes, *judgement.crashes], key=order)),
        suppressed=hidden + len(merged) - len(new),
        crashed=bool(judgement.crashes),
        known=tuple(left),
        judged=judged,
        found=judgement.found,
        seconds=judgement.seconds,
    )


def _problems(question: Question, files: Collection[str]) -> dict[Finding, None]:
    """What is wrong with the reported files themselves, each once; of a whole project also with its templates and the like."""
    read = dict.fromkeys(problem for source in question.sources for problem in source.problems)
    more = (problem for problem in question.problems if question.whole or problem.location.file in files)
    return read | dict.fromkeys(problem for problem in more if replace(problem, environments=()) not in read)


def _suppressible(problem: Finding) -> bool:
    """A warning of the language is one to be judged by its author; an error leaves nothing to judge."""
    return problem.severity != "error" and problem.rule in LANGUAGE


def _answerable(question: Question, inline: Iterable[Suppression], used: Used, known: Names) -> list[Finding]:
    """What is wrong with the suppressions of the reported files; of the project's own only where all files are there."""
    files = {source.path for source in question.sources}
    annotations = [
        each
        for world in (*question.worlds, *question.beside)
        for manifest in world.manifests
        for each in annotation(manifest)
        if each.location.file in files
    ]
    return list(audit([*inline, *annotations, *(question.settings.ignore if question.whole else ())], used, known))


def _judged(question: Question, known: Names) -> Callable[[Entry], bool]:
    """Whether an entry's rule ran and its file was judged, or is gone."""
    files = {file_name(source.path) for source in question.sources}

    def judged(entry: Entry) -> bool:
        gone = entry.file not in files and not os.path.exists(os.path.join(question.root, entry.file))
        return entry.rule in known.ran and (gone or entry.file in files)

    return judged
