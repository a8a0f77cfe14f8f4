"""What every format is made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sailwright.diagnostics.counted import counted
from sailwright.diagnostics.finding import Finding, Severity, Summary
from sailwright.runtime.records import dataclass

if TYPE_CHECKING:
    from sailwright.diagnostics.rule_page import Page


@dataclass(frozen=True, slots=True)
class Report:
    """The sorted findings of a run and what it looked at.

    `lines` gives the lines of a file for snippets, none where they may not be shown; `page` the page of a rule, if it
    has one; `root` is the folder that the files of annotations and SARIF are relative to, where it is not this one.
    """

    findings: tuple[Finding, ...]
    summary: Summary
    lines: Callable[[str], Sequence[str]]
    page: Callable[[str], Page | None]
    root: str = ""

    def count(self, severity: Severity) -> int:
        """How many findings are of one severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def file(self, file: str) -> str:
        """A finding's file as seen from `root`."""
        if not self.root:
            return file
        import os.path

        return os.path.relpath(file, self.root).replace(os.sep, "/")


def verdict(report: Report) -> str:
    """`2 errors, 1 warning`; `no findings`."""
    counts = ((report.count("error"), "error"), (report.count("warning"), "warning"), (report.count("info"), "note"))
    return ", ".join(counted(number, noun) for number, noun in counts if number) or "no findings"
