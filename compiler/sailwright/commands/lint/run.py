"""`lint`: load the files, choose the rules, run them, fix what can be fixed, report.

load      workspace/load.py     PATHS, flags and the project to worlds, files, findings and skipped files
choose    lint/config_ref.py    the `lint:` block and the baseline, from disk or a trusted commit
          lint/settings.py      which rules run, and how severe they are
run       lint/run.py           rules over worlds, suppressions, baseline
fix       lint/fix.py           the safe changes that rules propose, then load and run again
report    cli/reporting.py      findings in every format, and the exit status
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sailwright.commands.rules import EveryRule, all_rules, rules_by_id
from sailwright.diagnostics.finding import Finding, Summary
from sailwright.diagnostics.merge import order
from sailwright.lint.run import LintRequest, LintResult, judge
from sailwright.lint.run import lint as run_lint
from sailwright.lint.settings import LintConfig, Settings, choose
from sailwright.runtime.records import dataclass, replace
from sailwright.source.source import Source
from sailwright.workspace.load import load

if TYPE_CHECKING:
    from sailwright.commands.lint.kept import Renewed
    from sailwright.commands.lint.results import LastRun
    from sailwright.lint.rule import Rule
    from sailwright.workspace.selection import Selection, Workspace

FIX_ROUNDS = 10
"""A fix may make room for another; more rounds than this would mean that two rules undo each other."""


@dataclass(frozen=True, slots=True)
class LintOptions:
    """The flags of `lint`: the files, the rules, and what is done about the results. With `profile` rules are timed: all of them run."""

    selection: Selection
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: str | None = None
    update_baseline: bool = False
    fix: bool = False
    config_ref: str | None = None
    no_config: bool = False
    profile: bool = False


@dataclass(frozen=True, slots=True)
class Linted:
    """What to report. Files are named as the user sees them; `fixed` counts the problems solved."""

    workspace: Workspace
    result: LintResult
    fail_on: str
    fixed: int
    refused: tuple[str, ...] = ()
    """Why some files were not fixed."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings to report."""
        return self.workspace.shown(self.result.findings)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files that snippets are taken from."""
        return self.workspace.shown_sources

    @property
    def summary(self) -> Summary:
        """What the run looked at."""
        return self.workspace.summary(self.result.suppressed)


def lint(options: LintOptions) -> Linted:
    """Load, run the rules, fix and run again where asked to, and keep the baseline."""
    last = _last(options)
    found = (_known(options, last) if last is not None else None) or _first(options, last)
    if found is not None and not (options.fix and any(each.fix for each in found[1].result.findings)):
        request, linted = found
        _write_baseline(options, request, linted.result)
        return linted
    if options.fix:
        last = None  # to fix a problem takes more than what is kept of it
    keeping = last is not None
    workspace = load(replace(options.selection, recording=keeping, reusing=keeping))
    request, result = _checked(workspace, options, last)
    fixed = 0
    refused: list[str] = []
    for _ in range(FIX_ROUNDS if options.fix else 0):
        solved = _fix_on_disk(result, workspace, refused)
        if not solved:
            break
        fixed += solved
        workspace = load(options.selection)
        request, result = _checked(workspace, options)
    _write_baseline(options, request, result)
    return Linted(workspace, result, request.settings.fail_on, fixed, tuple(dict.fromkeys(refused)))


def _last(options: LintOptions) -> LastRun | None:
    """What is known of the last run; None where results may not be kept, nor earlier ones used."""
    if not options.selection.cached or options.no_config or not _of_files(options):
        return None
    return _last_run(options)


def _last_run(options: LintOptions) -> LastRun | None:
    from sailwright.commands.lint.results import last_run

    return last_run(options.selection, options.select, options.ignore)


def _of_files(options: LintOptions) -> bool:
    """Whether the results depend on nothing but files of a project as they are on disk, and on the rules."""
    if options.profile:
        return False
    from sailwright.commands.lint.results import names_only_files

    return names_only_files(options.selection)


_Found = tuple[LintRequest, Linted]
"""What a run that needs no mesh was asked for, and its result."""


def _known(options: LintOptions, last: LastRun) -> _Found | None:
    """The result from what the last run found, and what has changed since; None where that is of no use."""
    from sailwright.commands.lint.kept import renewed_results
    from sailwright.runtime.table import LostRow

    if not last.known:
        return None
    try:
        with last.store.held():
            renewed = renewed_results(options.selection, last)
        return _of_known(options, renewed) if renewed is not None else None
    except LostRow:
        return None


def _first(options: LintOptions, last: LastRun | None) -> _Found | None:
    """The result of the first lint of a large project, in portions; None where that is no way to lint it."""
    if not _of_files(options):
        return None
    from sailwright.workspace.temporary_store import temporary_store

    selection = options.selection
    with temporary_store(selection.project, cached=selection.cached and not options.no_config) as temporary:
        if temporary is None:
            return None
        from sailwright.commands.check.gate import same_settings
        from sailwright.commands.lint.in_portions import lint_in_portions
        from sailwright.commands.lint.kept import Renewed
        from sailwright.commands.lint.results import known_results

        if temporary:
            selection = replace(selection, cached=True)
            last = _last_run(replace(options, selection=selection))
        if last is None or not same_settings(selection.project, options.config_ref):
            return None
        how = replace(options, config_ref=None)
        found = lint_in_portions(selection, last, lambda workspace: lint_request(workspace, how))
        kept = known_results(selection, found) if found is not None else None
        if found is None or kept is None:
            return None
        return _of_known(replace(options, selection=selection), Renewed(kept, found))


def _of_known(options: LintOptions, renewed: Renewed) -> _Found | None:
    """The result from what is known of a run; None where the settings of the trusted commit are not those at hand."""
    from sailwright.commands.lint.kept import request_by_commit, request_of
    from sailwright.lint.baseline import open_baseline
    from sailwright.workspace.stubs import with_text

    kept, updating = renewed.kept, options.update_baseline
    request: LintRequest | None
    if options.config_ref is not None:
        request = request_by_commit(options.selection, renewed, options.baseline, options.config_ref)
    else:
        baseline = open_baseline(options.baseline, may_be_new=updating) if options.baseline else None
        request = replace(request_of(kept), baseline=baseline, updating_baseline=updating)
    if request is None:
        return None
    sources = with_text(kept.workspace.root, kept.workspace.sources, {each.location.file for each in request.changes})
    result = run_lint(request, kept.judged)
    return request, Linted(replace(kept.workspace, sources=sources), result, kept.settings.fail_on, 0)


def _checked(workspace: Workspace, options: LintOptions, last: LastRun | None = None) -> tuple[LintRequest, LintResult]:
    """Run the rules, as far as the last run does not say what they find; with `--config-ref` over each project that the trusted commit's settings make of this one."""
    if options.config_ref is None or workspace.project_invalid:
        request = lint_request(workspace, options)
        return request, _result(workspace, request, last)
    from sailwright.commands.check.gate import gate, together

    by = gate(workspace, options.selection, options.config_ref)
    requests = [lint_request(each, options) for each in by.workspaces]
    requests[0] = replace(requests[0], changes=(*requests[0].changes, *by.changes))
    of_files = last if by.ref is None else None
    results = [_result(each, request, of_files) for each, request in zip(by.workspaces, requests, strict=True)]
    crashed = any(result.crashed for result in results)
    found = tuple(sorted(together([result.findings for result in results]), key=order))
    return requests[0], replace(results[0], findings=found, crashed=crashed)


def _result(workspace: Workspace, request: LintRequest, last: LastRun | None) -> LintResult:
    """The result for a workspace; with the `last` run only as far as that does not say it, and it is kept."""
    if last is None:
        return run_lint(request, judge(request))
    from sailwright.commands.lint.results import keep_results, known_units
    from sailwright.commands.lint.units import with_units

    request = with_units(request, workspace, known_units(last))
    judged = judge(request)
    keep_results(last, workspace, request, judged)
    return run_lint(request, judged)


def lint_request(workspace: Workspace, options: LintOptions) -> LintRequest:
    """The rules that are on for these files, and the settings and the baseline that count."""
    plain = workspace.project is None and not (options.baseline or options.config_ref or options.ignore)
    rules = (rules_by_id(options.select) if plain else None) or all_rules()
    config = _config(workspace, rules, options)
    elsewhere = None
    if options.selection.workers is not None and not options.fix:
        from sailwright.commands.lint.by_workers import by_workers

        elsewhere = by_workers(options.selection.workers, workspace.compiled)
    chosen = choose(rules, config.settings, options.select, options.ignore, compat=options.selection.compat)
    return LintRequest(
        tuple(each.world for each in workspace.worlds),
        workspace.sources,
        EveryRule(),
        chosen,
        config.settings,
        (*workspace.findings, *config.wrong),
        config.changes,
        config.baseline,
        updating_baseline=options.update_baseline,
        extra_files=workspace.extra_files,
        extra_worlds=workspace.extra_worlds,
        root=workspace.root,
        covers_project=workspace.covers_project,
        jobs=1 if options.fix else options.selection.jobs,
        elsewhere=elsewhere,
    )


def _config(workspace: Workspace, rules: Sequence[Rule], options: LintOptions) -> LintConfig:
    """The `lint:` block and the baseline that count."""
    if workspace.project is None and options.baseline is None and options.config_ref is None:
        return LintConfig(Settings(), None)
    from sailwright.lint.config_ref import lint_config

    return lint_config(
        None if options.no_config else workspace.document,
        rules,
        options.baseline,
        workspace.root,
        options.config_ref,
        may_be_new=options.update_baseline,
    )


def _fix_on_disk(result: LintResult, workspace: Workspace, refused: list[str]) -> int:
    """Make the safe changes that are proposed for reported files; how many problems that solves. `refused`: why not in some."""
    from sailwright.lint.fix import fixed
    from sailwright.runtime.atomic_file import replace as replace_file

    changed, solved = fixed(result.found, result.findings, workspace.sources, refused)
    for source in changed:
        replace_file(os.path.join(workspace.root, source.path), source.data)
    return solved


def _write_baseline(options: LintOptions, request: LintRequest, result: LintResult) -> None:
    """Where asked to, write the results into the baseline, and keep the entries that this run could not see."""
    if not options.update_baseline or request.baseline is None:
        return
    from sailwright.lint.baseline import updated
    from sailwright.runtime.atomic_file import replace as replace_file

    text = updated(request.baseline, result.suppressible, result.covers)
    replace_file(request.baseline.path, text.encode())
