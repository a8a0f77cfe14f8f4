"""What `check` is asked for, and what it reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Finding, Summary
from sailwright.runtime.records import dataclass
from sailwright.source.source import Source

if TYPE_CHECKING:
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
