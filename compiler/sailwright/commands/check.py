"""`check`, the pull-request gate: load once, then lint, test, `build --check` and validate what was loaded, and report.

Everything is compiled once (and the base commit, for the rules about changes); no part reads the project again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sailwright.commands.diff.base_and_head import Sides
from sailwright.commands.gate import Gate, base_changes, gate, together
from sailwright.commands.lint import LintOptions, lint_request
from sailwright.diagnostics.finding import Finding, Summary
from sailwright.diagnostics.merge import merge, order
from sailwright.lint.run import LintRequest
from sailwright.runtime.cache import open_cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.checkout import Commit
from sailwright.source.source import Source
from sailwright.workspace.load import load
from sailwright.workspace.narrow import narrow, selected
from sailwright.workspace.selection import Selection, Workspace, WorldSet

if TYPE_CHECKING:
    from sailwright.commands.build.built import BuiltFile
    from sailwright.runtime.executor import Workers


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of `check`. `base` None: where HEAD left the remote's default branch, if that is known here.

    `workers` run the rules in the place of this process.
    """

    root: str
    paths: tuple[str, ...] = ()
    base: str | None = None
    config_ref: str | None = None
    allow_empty: bool = False
    cached: bool = False
    workers: Workers | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The results of one part of the gate; `notes` are for standard error, `status` the least exit status there is."""

    name: str
    findings: tuple[Finding, ...]
    comment: str = ""
    notes: tuple[str, ...] = ()
    suppressed: int = 0
    status: int = 0

    @property
    def verdict(self) -> str:
        """One line of the summary."""
        errors = sum(finding.severity == "error" for finding in self.findings)
        warnings = sum(finding.severity == "warning" for finding in self.findings)
        counts = [
            f"{count} {word}{'s' if count > 1 else ''}"
            for count, word in ((errors, "error"), (warnings, "warning"))
            if count
        ]
        return f"{self.name}: {', '.join(counts) or 'fine'}{self.comment}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What to report: the findings of all parts, each once, and the parts for the summary."""

    findings: tuple[Finding, ...]
    summary: Summary
    sources: tuple[Source, ...]
    fail_on: str
    parts: tuple[Part, ...]

    @property
    def status(self) -> int:
        """The least exit status there is, whatever the findings."""
        return max((part.status for part in self.parts), default=0)


def check(options: Options) -> Checked:
    """Check a project as CI does. Writes nothing."""
    selection = Selection(options.paths, project=options.root, cached=options.cached, recording=True)
    return check_workspace(options, load(selection), selection)


def broken(workspace: Workspace) -> Checked:
    """The results where sailwright.yaml cannot be read."""
    part = Part("project", workspace.findings, status=2)
    return Checked(workspace.findings, workspace.summary(), workspace.sources, "error", (part,))


def check_workspace(
    options: Options, workspace: Workspace, selection: Selection, proved: Mapping[str, BuiltFile] | None = None
) -> Checked:
    """Check what is loaded. `proved` are rendered files, by path, that were laid out and proved elsewhere."""
    if workspace.compiled is None:
        return broken(workspace)
    by = gate(workspace, selection, options.config_ref)
    linted, fail_on = _lint(options, workspace.compiled, by)
    parts = (
        linted,
        _in_each(by, lambda each: _test(options, each)),
        _build(options, workspace, workspace.compiled, proved),
        _in_each(by, lambda each: _validate(options, each)),
    )
    once = merge(finding for part in parts for finding in part.findings)
    return Checked(
        tuple(sorted(once, key=order)),
        workspace.summary(sum(part.suppressed for part in parts)),
        workspace.sources,
        fail_on,
        parts,
    )


def _in_each(by: Gate, part: Callable[[Workspace], Part]) -> Part:
    """One part of the gate for each project that the change is checked by, as one."""
    parts = [part(each) for each in by.workspaces]
    return replace(parts[0], findings=together([each.findings for each in parts]))


def _lint(options: Options, compiled: WorldSet, by: Gate) -> tuple[Part, str]:
    """Every rule, those included that look at the base commit; and what fails, by the settings that count."""
    from sailwright.lint.run import lint

    base, notes = _base(options, compiled)
    changes = by.changes
    if base is not None and base.before is not None and options.config_ref is None:
        document = base.before.project.document
        changes = base_changes(by.workspaces[0], document, Commit(options.root, base.commit), base.commit[:12])
    how = LintOptions(Selection(project=options.root), config_ref=options.config_ref)
    requests = [_request(options, lint_request(each, how), each, base) for each in by.workspaces]
    requests[0] = replace(requests[0], changes=(*requests[0].changes, *changes))
    results = [lint(request) for request in requests]
    compared = f" (compared with {base.commit[:12]})" if base is not None else ""
    status = 3 if any(result.crashed for result in results) else 0
    found = together([result.findings for result in results])
    part = Part("lint", _narrowed(options, found), compared, notes, results[0].suppressed, status)
    return part, requests[0].settings.fail_on


def _request(options: Options, request: LintRequest, workspace: Workspace, base: Sides | None) -> LintRequest:
    """What to lint, with the worlds of the base beside those of the project."""
    if options.workers is not None and options.config_ref is None:
        from sailwright.commands.lint_by_workers import by_workers

        before = base.before if base is not None else None
        request = replace(request, elsewhere=by_workers(options.workers, workspace.compiled, before))
    if base is None or workspace.compiled is None:
        return request
    from sailwright.commands.diff.base_and_head import paired

    return replace(request, worlds=paired(replace(base, after=workspace.compiled)))


def _base(options: Options, compiled: WorldSet) -> tuple[Sides | None, tuple[str, ...]]:
    """The base commit compiled; a base that nobody named may be missing, which is said."""
    from sailwright.commands.diff.base import base_commit
    from sailwright.commands.diff.compile import compile_base

    try:
        commit = base_commit(options.root, options.base)
    except Failure as failure:
        if options.base is not None or failure.no_answer:
            raise
        return None, (f"changes are not compared with a base: {failure.message}",)
    sides = compile_base(options.root, commit, compiled, open_cache(enabled=options.cached, project=options.root))
    if sides.base_trouble:
        return sides, (f"the base does not compile, so it is compared in part: {sides.base_trouble}",)
    return sides, ()


def _test(options: Options, workspace: Workspace) -> Part:
    """The tests of the service files."""
    from sailwright.commands.test.run import run_tests

    tests = run_tests(workspace.worlds)
    return Part("test", _narrowed(options, tests.findings), f" ({tests.run} run)" if tests.run else " (there are none)")


def _build(options: Options, workspace: Workspace, compiled: WorldSet, proved: Mapping[str, BuiltFile] | None) -> Part:
    """Whether the rendered files are those that would be written: of the services in PATHS, where PATHS name any."""
    from sailwright.commands.build.options import Request
    from sailwright.commands.build.run import run
    from sailwright.project.services import service_files

    own = {source.path for source in workspace.own}.intersection(service_files(compiled.project))
    services = tuple(os.path.join(options.root, file) for file in sorted(own)) if options.paths else ()
    request = Request(
        options.root,
        services,
        mode="check",
        allow_empty=options.allow_empty,
        cache=open_cache(enabled=options.cached, project=options.root),
    )
    result = run(request, lambda _what, _done, _total: None, compiled.rendered, proved)
    part = Part("build --check", result.findings, status=result.status)
    if services:
        return part
    left = _narrowed(options, part.findings)
    return replace(part, findings=left, status=0 if part.status == 1 and not left else part.status)


def _validate(options: Options, workspace: Workspace) -> Part:
    from sailwright.commands.validate.run import Options as Validation
    from sailwright.commands.validate.run import validate_workspace

    how = Validation(cached=options.cached, config_ref=options.config_ref)
    validated = validate_workspace(workspace, how)
    return Part("validate", _narrowed(options, validated.findings), notes=validated.notes)


def _narrowed(options: Options, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Output that is stale elsewhere is not about PATHS."""
    return narrow(findings, selected(options.paths, options.root))
