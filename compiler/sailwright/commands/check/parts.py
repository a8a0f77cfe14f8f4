"""The parts of `check` as it reports them, however their results came about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sailwright.commands.build.options import BuildResult, Request
from sailwright.commands.check.checked import Checked, Options, Part
from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge, order
from sailwright.runtime.cache import open_cache
from sailwright.runtime.records import replace
from sailwright.workspace.narrow import narrow, selected

if TYPE_CHECKING:
    from sailwright.commands.check.base import Base
    from sailwright.commands.test.answers import CasesRun
    from sailwright.workspace.selection import Workspace


def checked(workspace: Workspace, fail_on: str, parts: tuple[Part, ...]) -> Checked:
    """What to report of these parts."""
    once = merge(finding for part in parts for finding in part.findings)
    summary = workspace.summary(sum(part.suppressed for part in parts))
    return Checked(tuple(sorted(once, key=order)), summary, workspace.sources, fail_on, parts)


def linted(options: Options, base: Base, found: Sequence[Finding], suppressed: int) -> Part:
    """The part of the rules, that of the base included."""
    return Part("lint", narrowed(options, tuple(found)), base.comment, base.notes, suppressed)


def test_part(options: Options, tests: CasesRun) -> Part:
    """The part of the gate that the results of tests make."""
    comment = f" ({tests.run} run)" if tests.run else " (there are none)"
    return Part("test", narrowed(options, tests.findings), comment)


def build_request(options: Options, services: tuple[str, ...] = ()) -> Request:
    """What `build --check` is asked for: these services, where any are named."""
    cache = open_cache(enabled=options.cached, project=options.root)
    return Request(options.root, services, mode="check", allow_empty=options.allow_empty, cache=cache)


def build_part(options: Options, result: BuildResult, *, chosen: bool = False) -> Part:
    """The part of `build --check`; `chosen` says that PATHS chose services."""
    part = Part("build --check", result.findings, status=result.status)
    if chosen:
        return part
    left = narrowed(options, part.findings)
    return replace(part, findings=left, status=0 if part.status == 1 and not left else part.status)


def narrowed(options: Options, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Output that is stale elsewhere is not about PATHS."""
    return narrow(findings, selected(options.paths, options.root))
