"""One lint run: rules over worlds, then suppressions and baseline, then what those have to answer for themselves."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Collection, Iterable, Mapping

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.fingerprint import file_name
from sailwright.diagnostics.merge import order
from sailwright.lint.baseline import Baseline, Entry, stale, without_known
from sailwright.lint.deduplicate import apply_replaces, dedupe_by_source, drop_consequences, merge_worlds
from sailwright.lint.language_findings import LANGUAGE_FINDINGS
from sailwright.lint.parallel import WorkerInput, run_workers
from sailwright.lint.rule import Rule, replaces
from sailwright.lint.run_rules import Chosen, Found
from sailwright.lint.settings import Settings
from sailwright.lint.suppression import Suppression, annotation, comments
from sailwright.lint.suppression_audit import Names, Used, audit, names, without_commented, without_ignored
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source import Source


@dataclass(frozen=True, slots=True)
class LintRequest:
    """The input of a run.

    `sources` are the files whose findings are reported, `covers_project` whether those are all there are; file names are
    relative to the folder `root`. `problems` are what reading and rendering found wrong, `changes` what a change does to its
    own gate; those are reported wherever they are. `rules` are all rules and `chosen` those that run. With
    `updating_baseline`, the results become the baseline and none is reported. Of the `extra_worlds` only findings about the
    `extra_files` count. `jobs` is the number of processes; more than one keep no `found` for fixes.
    """

    worlds: tuple[World, ...]
    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    chosen: tuple[Chosen, ...]
    settings: Settings = Settings()
    problems: tuple[Finding, ...] = ()
    changes: tuple[Finding, ...] = ()
    baseline: Baseline | None = None
    updating_baseline: bool = False
    extra_files: tuple[Source, ...] = ()
    extra_worlds: tuple[World, ...] = ()
    root: str = "."
    covers_project: bool = True
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class LintResult:
    """The results of a run.

    `findings` are sorted; `suppressible` are those that a baseline of today would hold, and `covers` says which of its entries
    this run could see. `found` are the problems behind the findings, for `--fix`; `seconds` is the cost of each rule.
    """

    findings: tuple[Finding, ...]
    suppressed: int
    crashed: bool
    suppressible: tuple[Finding, ...]
    covers: Callable[[Entry], bool]
    found: tuple[Found, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)


def lint(request: LintRequest) -> LintResult:
    """Run the rules over the worlds and report on the sources of the request."""
    known = names(request.rules, (each.rule.ID for each in request.chosen), request.settings.locked)
    extra_files = frozenset(source.path for source in request.extra_files)
    worlds = (*request.worlds, *request.extra_worlds)
    judgement = run_workers(WorkerInput(worlds, len(request.worlds), extra_files, request.chosen, known), request.jobs)
    files = {source.path for source in request.sources}
    replacing = {each.rule.ID: replaces(each.rule) for each in request.chosen}
    problems = _problems(request, files)
    seen = apply_replaces(dedupe_by_source(merge_worlds(judgement.seen)), replacing)
    merged = [each for each in seen if each.location.file in files]
    merged = drop_consequences(merged, problems)
    merged += [problem for problem in problems if _suppressible(problem)]
    hidden = sum(finding.location.file in files for finding in merge_worlds(judgement.hidden))
    inline = [each for source in request.sources for each in comments(source)]
    left, by_comment = without_commented(merged, inline, known)
    left, by_entry = without_ignored(left, request.settings.ignore, known)
    told = _answerable(request, inline, judgement.used | by_comment | by_entry, known)
    covers = _covers(request, known)
    new = [] if request.updating_baseline else left
    if request.baseline is not None and not request.updating_baseline:
        new = without_known(left, request.baseline)
        told += stale(request.baseline, left, covers)
    fixed = (problem for problem in problems if not _suppressible(problem))
    return LintResult(
        findings=tuple(sorted([*new, *told, *fixed, *request.changes, *judgement.crashes], key=order)),
        suppressed=hidden + len(merged) - len(new),
        crashed=bool(judgement.crashes),
        suppressible=tuple(left),
        covers=covers,
        found=judgement.found,
        seconds=judgement.seconds,
    )


def _problems(request: LintRequest, files: Collection[str]) -> dict[Finding, None]:
    """What is wrong with the reported files themselves, each once; of a whole project also with its templates and the like."""
    read = dict.fromkeys(problem for source in request.sources for problem in source.problems)
    more = (problem for problem in request.problems if request.covers_project or problem.location.file in files)
    return read | dict.fromkeys(problem for problem in more if replace(problem, environments=()) not in read)


def _suppressible(problem: Finding) -> bool:
    """A warning of the language is one to be judged by its author; an error leaves nothing to judge."""
    return problem.severity != "error" and problem.rule in LANGUAGE_FINDINGS


def _answerable(request: LintRequest, inline: Iterable[Suppression], used: Used, known: Names) -> list[Finding]:
    """What is wrong with the suppressions of the reported files; of the project's own only where all files are there."""
    files = {source.path for source in request.sources}
    annotations = [
        each
        for world in (*request.worlds, *request.extra_worlds)
        for manifest in world.manifests
        for each in annotation(manifest)
        if each.location.file in files
    ]
    return list(
        audit([*inline, *annotations, *(request.settings.ignore if request.covers_project else ())], used, known)
    )


def _covers(request: LintRequest, known: Names) -> Callable[[Entry], bool]:
    """Whether an entry's rule ran and its file was judged, or is gone."""
    files = {file_name(source.path) for source in request.sources}

    def covers(entry: Entry) -> bool:
        gone = entry.file not in files and not os.path.exists(os.path.join(request.root, entry.file))
        return entry.rule in known.ran and (gone or entry.file in files)

    return covers
