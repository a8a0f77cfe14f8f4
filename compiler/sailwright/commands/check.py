"""A run of `check`, the pull-request gate: lint, the route tests, `build --check` and validation over one compilation."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from sailwright.commands.diff.base_and_head import Sides
from sailwright.commands.lint import LintOptions, compile_base, question, worlds
from sailwright.diagnostics.finding import Finding, Summary
from sailwright.project import service_files
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, replace
from sailwright.source import Source
from sailwright.source.files.checkout import Disk
from sailwright.workspace.worlds import Worlds

Wanted = Callable[[Finding], bool]
"""Whether a finding is to be reported."""


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of `check`. `base` None: where HEAD left the remote's default branch, if that is known here."""

    root: str
    paths: tuple[str, ...] = ()
    base: str | None = None
    config_ref: str | None = None
    allow_empty: bool = False
    cache: Cache = Cache(None)


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the gate found; `notes` are for standard error, `status` the least exit status there is."""

    name: str
    findings: tuple[Finding, ...]
    told: str = ""
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
        return f"{self.name}: {', '.join(counts) or 'fine'}{self.told}"


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
    """Judge a project as CI does. Writes nothing."""
    compiled = worlds(Disk(options.root), cache=options.cache)
    if not isinstance(compiled, Worlds):
        broken = Part("project", compiled.findings, status=2)
        return Checked(compiled.findings, Summary(len(compiled.sources)), compiled.sources, "error", (broken,))
    wanted = _wanted(options)
    linted, fail_on = _lint(options, compiled)
    parts = (
        _narrowed(linted, wanted),
        _narrowed(_test(compiled), wanted),
        _build(options, compiled, wanted),
        _narrowed(_validate(options, compiled), wanted),
    )
    sources = (*compiled.sources, compiled.compilation.project.document.source)
    documents = sum(len(source.documents) for source in sources)
    suppressed = sum(part.suppressed for part in parts)
    return Checked(
        _once(finding for part in parts for finding in part.findings),
        Summary(len(sources), documents, suppressed=suppressed),
        sources,
        fail_on,
        parts,
    )


def _lint(options: Options, compiled: Worlds) -> tuple[Part, str]:
    """Every rule, those included that look at the base commit; and what fails, by the settings that count."""
    from sailwright.lint.run import lint
    from sailwright.workspace.lint_input import Scope, whole_project

    subject = whole_project(compiled, options.root)
    base, notes = _base(options, compiled)
    if base is not None:
        from sailwright.commands.diff.base_and_head import paired

        subject = replace(subject, worlds=paired(base))
    asked = question(subject, LintOptions(Scope(project=options.root), config_ref=options.config_ref))
    if base is not None and base.before is not None and options.config_ref is None:
        from sailwright.lint.config_changes import hidden_files, settings_changes

        earlier, name = base.before.compilation.project.document, base.commit[:12]
        changes = settings_changes(subject.document, earlier, name, in_force=True)
        hidden = hidden_files(subject.document, earlier, options.root, name, in_force=True)
        asked = replace(asked, changes=(*asked.changes, *changes, *hidden))
    answer = lint(asked)
    compared = f" (compared with {base.commit[:12]})" if base is not None else ""
    status = 3 if answer.crashed else 0
    return Part("lint", answer.findings, compared, notes, answer.suppressed, status), asked.settings.fail_on


def _base(options: Options, compiled: Worlds) -> tuple[Sides | None, tuple[str, ...]]:
    """The base commit compiled; a base that nobody named may be missing, which is said."""
    from sailwright.commands.diff.base import base_commit

    try:
        commit = base_commit(options.root, options.base)
    except Failure as failure:
        if options.base is not None:
            raise
        return None, (f"changes are not compared with a base: {failure.message}",)
    sides = compile_base(options.root, commit, compiled, options.cache)
    if sides.base_trouble:
        return sides, (f"the base does not compile, so it is compared in part: {sides.base_trouble}",)
    return sides, ()


def _test(compiled: Worlds) -> Part:
    """The tests of the service files, in the worlds at hand."""
    from sailwright.commands.test.run import run_tests
    from sailwright.workspace.load import Sight, Sights

    pairs = zip(compiled.worlds, compiled.compilation.targets, strict=True)
    sights = tuple(Sight(world, compiled.services[target]) for world, target in pairs)
    tested = run_tests(Sights(sights, compiled.sources, ()))
    return Part("test", tested.findings, f" ({tested.run} run)" if tested.run else " (there are none)")


def _build(options: Options, compiled: Worlds, wanted: Wanted) -> Part:
    """Whether the rendered files are those that would be written: of the services in PATHS, where PATHS name any."""
    from sailwright.commands.build.options import Request
    from sailwright.commands.build.run import run

    files = [os.path.realpath(os.path.join(options.root, file)) for file in service_files(compiled.compilation.project)]
    services = tuple(path for path in options.paths if any(_within(file, os.path.realpath(path)) for file in files))
    request = Request(options.root, services, mode="check", allow_empty=options.allow_empty, cache=options.cache)
    outcome = run(request, lambda _what, _done, _total: None)
    part = Part("build --check", outcome.findings, status=outcome.status)
    return part if services else _narrowed(part, wanted)


def _validate(options: Options, compiled: Worlds) -> Part:
    from sailwright.commands.validate.run import Options as Validation
    from sailwright.commands.validate.run import validate_worlds

    asked = Validation(cached=options.cache.directory is not None, config_ref=options.config_ref)
    validated, _ = validate_worlds(compiled, asked, options.root)
    return Part("validate", validated.findings, notes=validated.notes)


def _narrowed(part: Part, wanted: Wanted) -> Part:
    """What PATHS leave of a part: output that is stale elsewhere is none of theirs."""
    left = tuple(filter(wanted, part.findings))
    return replace(part, findings=left, status=0 if part.status == 1 and not left else part.status)


def _wanted(options: Options) -> Wanted:
    """PATHS narrow what is reported: files and folders, as seen from where the command runs."""
    if not options.paths:
        return lambda _finding: True
    chosen = []
    for path in options.paths:
        if not os.path.exists(path):
            raise Failure(f"{path}: there is no such file or folder")
        chosen.append(os.path.realpath(path))

    def wanted(finding: Finding) -> bool:
        real = os.path.realpath(os.path.join(options.root, finding.location.file))
        return any(_within(real, path) for path in chosen)

    return wanted


def _within(file: str, path: str) -> bool:
    return file == path or file.startswith(path.rstrip(os.sep) + os.sep)


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What several parts found alike is told once."""
    from sailwright.lint.deduplicate import order

    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        found.setdefault((finding.rule, finding.location, finding.message), finding)
    return tuple(sorted(found.values(), key=order))
