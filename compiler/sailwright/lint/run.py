"""One lint run: rules over worlds, then suppressions and baseline, then what those have to answer for themselves."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.fingerprint import file_name
from sailwright.diagnostics.merge import order
from sailwright.lint.settings import ANNOTATION, MARKER, Settings
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.source import Source

if TYPE_CHECKING:
    from sailwright.lint.baseline import Baseline, Entry
    from sailwright.lint.deduplicate import WorldFinding
    from sailwright.lint.parallel import WorkerInput, WorkerResult
    from sailwright.lint.rule import Rule
    from sailwright.lint.run_rules import Absent, EnabledRule, WorldProblem
    from sailwright.lint.settings import Suppression
    from sailwright.lint.suppression_audit import Names, Used
    from sailwright.lint.units import Units


@dataclass(frozen=True, slots=True)
class LintRequest:
    """The input of a run.

    `sources` are the files whose findings are reported, `covers_project` whether those are all there are; file names are
    relative to the folder `root`. `problems` are what reading and rendering found wrong, `changes` what a change does to its
    own gate; those are reported wherever they are. `rules` are all rules, read only where something is suppressed, and `chosen` those that run. With
    `updating_baseline`, the results become the baseline and none is reported. Of the `extra_worlds` only findings about the
    `extra_files` count. `jobs` is the number of processes, None as many as processors; more than one keep no `found` for fixes.
    `elsewhere` has others judge the worlds; it gives None for what must be judged here. `units` says what is known of the last run,
    whose findings that still hold are `earlier`.
    """

    worlds: tuple[World, ...]
    sources: tuple[Source, ...]
    rules: Iterable[Rule]
    chosen: tuple[EnabledRule, ...]
    settings: Settings = Settings()
    problems: tuple[Finding, ...] = ()
    changes: tuple[Finding, ...] = ()
    baseline: Baseline | None = None
    updating_baseline: bool = False
    extra_files: tuple[Source, ...] = ()
    extra_worlds: tuple[World, ...] = ()
    root: str = "."
    covers_project: bool = True
    jobs: int | None = 1
    elsewhere: Callable[[WorkerInput], WorkerResult | None] | None = None
    units: Units | None = None
    earlier: tuple[WorldFinding, ...] = ()


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
    found: tuple[WorldProblem, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules found in the worlds, in whatever files.

    `found` are the findings, each once, `hidden` those that annotations suppress, `used` which of these did. `ran` are the IDs of the
    rules that ran, `names` what those in suppressions mean, None where nothing in the files may suppress a finding. `annotations` has
    the suppressions of all objects, None where they are to be looked for. Where units are known, `asked` are the IDs of
    those that asked the mesh about other objects, `noted` the fields that these read, `busy` those that had a subject,
    and `seen` is what all found, world by world, with what annotations suppress. `absent` are the rules that report an absence, each with the
    file of a subject, `around` the fields of units that rules read for what is around them, `asked_around` the kinds of objects
    that they asked the mesh about.
    """

    found: tuple[Finding, ...]
    hidden: tuple[Finding, ...]
    used: Used
    crashes: tuple[Finding, ...]
    problems: tuple[WorldProblem, ...]
    seconds: Mapping[str, float]
    ran: frozenset[str]
    names: Names | None
    annotations: tuple[Suppression, ...] | None = None
    asked: frozenset[str] = frozenset()
    seen: tuple[WorldFinding, ...] = ()
    noted: frozenset[tuple[str, str]] = frozenset()
    busy: frozenset[str] = frozenset()
    absent: Absent = frozenset()
    around: frozenset[tuple[str, str]] = frozenset()
    asked_around: frozenset[str] = frozenset()


def judge(request: LintRequest) -> Judged:
    """Run the rules over the worlds."""
    from sailwright.lint.parallel import WorkerInput, in_order, run_workers

    known = names_meant(request)
    extra_files = frozenset(source.path for source in request.extra_files)
    worlds = (*request.worlds, *request.extra_worlds)
    worker_input = WorkerInput(worlds, len(request.worlds), extra_files, request.chosen, known, request.units)
    results = request.elsewhere(worker_input) if request.elsewhere else None
    results = results or run_workers(worker_input, request.jobs)
    seen = in_order((*results.seen, *request.earlier)) if request.earlier else results.seen
    judged = judged_of(replace(results, seen=seen), request.chosen, known)
    return judged if request.units else replace(judged, seen=())


def judged_of(results: WorkerResult, chosen: Iterable[EnabledRule], known: Names | None) -> Judged:
    """What rules came to, of those that were `chosen`; `known` is what names in suppressions mean."""
    rules, seen = tuple(chosen), results.seen
    return Judged(
        findings_of(seen, replacements(rules)),
        hidden_of(seen),
        used_of(seen),
        results.crashes,
        results.found,
        results.seconds,
        frozenset(each.rule.ID for each in rules),
        known,
        asked=results.asked,
        seen=seen,
        noted=results.noted,
        busy=results.busy,
        absent=results.absent,
        around=results.around,
        asked_around=results.asked_around,
    )


Replacements = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""The rules whose findings a rule stands in for, at the same place and around it, by its ID."""


def replacements(chosen: Iterable[EnabledRule]) -> Replacements:
    """What the rules that run stand in for, of those that stand in for any."""
    from sailwright.lint.rule import replaces, replaces_around

    found = {each.rule.ID: (replaces(each.rule), replaces_around(each.rule)) for each in chosen}
    return {rule: each for rule, each in found.items() if any(each)}


def findings_of(seen: Iterable[WorldFinding], instead: Replacements) -> tuple[Finding, ...]:
    """What the rules found in all worlds, each once, but for what annotations suppress."""
    from sailwright.lint.deduplicate import apply_replaces, dedupe_by_source, merge_worlds

    replacing, around = ({rule: each[which] for rule, each in instead.items()} for which in (0, 1))
    shown = (each for each in seen if not each.against)
    return apply_replaces(dedupe_by_source(merge_worlds(shown)), replacing, around)


def hidden_of(seen: Iterable[WorldFinding]) -> tuple[Finding, ...]:
    """What annotations suppress."""
    from sailwright.lint.deduplicate import merge_worlds

    return merge_worlds(each for each in seen if each.against)


def used_of(seen: Iterable[WorldFinding]) -> Used:
    """Which annotations suppress findings of which rule."""
    return frozenset((one, each.finding.rule) for each in seen for one in each.against)


def lint(request: LintRequest, judged: Judged | None = None) -> LintResult:
    """Report on the sources of the request what rules found (by default those that run now), less what is suppressed and known."""
    from sailwright.lint.deduplicate import drop_consequences, without_repeated

    if judged is None:
        judged = judge(request)
    files = {source.path for source in request.sources}
    problems = _problems(request, files)
    found = drop_consequences((each for each in judged.found if each.location.file in files), problems)
    found += without_repeated((problem for problem in problems if _suppressible(problem)), found)
    hidden = sum(finding.location.file in files for finding in judged.hidden)
    left, audited = (found, []) if judged.names is None else _unsuppressed(request, found, judged, judged.names)
    covers = _covers(request, judged.ran)
    new = [] if request.updating_baseline else left
    if request.baseline is not None and not request.updating_baseline:
        from sailwright.lint.baseline import stale, without_known

        new = without_known(left, request.baseline)
        audited += stale(request.baseline, left, covers)
    errors = (problem for problem in problems if not _suppressible(problem))
    return LintResult(
        findings=tuple(sorted([*new, *audited, *errors, *request.changes, *judged.crashes], key=order)),
        suppressed=hidden + len(found) - len(new),
        crashed=bool(judged.crashes),
        suppressible=tuple(left),
        covers=covers,
        found=judged.problems,
        seconds=judged.seconds,
    )


def names_meant(request: LintRequest) -> Names | None:
    """What the names in suppressions mean; None where nothing is suppressed, so that nobody need load every rule."""
    worlds = (*request.worlds, *request.extra_worlds)
    if not (
        request.settings.ignore
        or any(MARKER in source.data for source in request.sources)
        or carries_suppressions(worlds)
    ):
        return None
    from sailwright.lint.suppression_audit import names

    return names(request.rules, frozenset(each.rule.ID for each in request.chosen), request.settings.locked)


def _unsuppressed(
    request: LintRequest, found: Iterable[Finding], judged: Judged, known: Names
) -> tuple[list[Finding], list[Finding]]:
    """The findings that no comment and no entry of the project suppresses, and what is wrong with the suppressions themselves.

    Those of the project file are audited only where all its files are there.
    """
    from sailwright.lint.suppression import comments
    from sailwright.lint.suppression_audit import audit, without_commented, without_ignored

    inline = [each for source in request.sources for each in comments(source)]
    left, by_comment = without_commented(found, inline, known)
    left, by_entry = without_ignored(left, request.settings.ignore, known)
    files = {source.path for source in request.sources}
    worlds = (*request.worlds, *request.extra_worlds)
    carried = (one for _, _, one in annotations_of(worlds)) if judged.annotations is None else judged.annotations
    annotations = [each for each in carried if each.location.file in files]
    entries = request.settings.ignore if request.covers_project else ()
    return left, list(audit([*inline, *annotations, *entries], judged.used | by_comment | by_entry, known))


def carries_suppressions(worlds: Iterable[World]) -> bool:
    """Whether any object carries suppressions."""
    return any(ANNOTATION in manifest.annotations for world in worlds for manifest in world.manifests)


def annotations_of(worlds: Iterable[World]) -> Iterator[tuple[int, str, Suppression]]:
    """The suppressions that objects carry, each with the number of the world and the path of the object's file."""
    from sailwright.lint.suppression import annotation

    for number, world in enumerate(worlds):
        for manifest in world.manifests:
            for each in annotation(manifest):
                yield number, manifest.document.source.path, each


def _problems(request: LintRequest, files: Collection[str]) -> dict[Finding, None]:
    """What is wrong with the reported files themselves, each once; of a whole project also with its templates and the like."""
    read = dict.fromkeys(problem for source in request.sources for problem in source.problems)
    more = (problem for problem in request.problems if request.covers_project or problem.location.file in files)
    return read | dict.fromkeys(problem for problem in more if replace(problem, environments=()) not in read)


def _suppressible(problem: Finding) -> bool:
    """A warning of the language is one for its author to decide on; an error leaves nothing to decide."""
    if problem.severity == "error":
        return False
    from sailwright.lint.language_findings import LANGUAGE_FINDINGS

    return problem.rule in LANGUAGE_FINDINGS


def _covers(request: LintRequest, ran: frozenset[str]) -> Callable[[Entry], bool]:
    """Whether an entry's rule ran and its file was checked, or is gone. The language's findings are in every run."""
    checked: set[str] = set()

    def covers(entry: Entry) -> bool:
        from sailwright.lint.language_findings import LANGUAGE_FINDINGS

        if not checked:
            checked.update(file_name(source.path) for source in request.sources)
        ran_for = entry.rule in ran or entry.rule in LANGUAGE_FINDINGS
        return ran_for and (entry.file in checked or not os.path.exists(os.path.join(request.root, entry.file)))

    return covers
