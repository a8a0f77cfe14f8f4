"""What `test` reports."""

from __future__ import annotations

from sailwright.commands.test.answers import CasesRun
from sailwright.diagnostics.finding import Finding, Summary
from sailwright.runtime.records import dataclass
from sailwright.source.source import Source
from sailwright.workspace.selection import Workspace


@dataclass(frozen=True, slots=True)
class RunOfTests:
    """What to report: first what is wrong with the files. Files are named as seen from `root`."""

    findings: tuple[Finding, ...]
    summary: Summary
    sources: tuple[Source, ...]
    run: int
    failed: int
    root: str = "."
    project_invalid: bool = False
    apart: bool = False
    """Whether alternatives were each a mesh by itself."""


def tested(workspace: Workspace, tests: CasesRun) -> RunOfTests:
    """What to report of the tests of a workspace."""
    return RunOfTests(
        (*workspace.problems, *tests.findings),
        workspace.summary(),
        workspace.sources,
        tests.run,
        tests.failed,
        workspace.root,
        workspace.project_invalid,
        workspace.checked_apart,
    )
