"""What the tests of service files came to."""

from __future__ import annotations

from sailwright.diagnostics.finding import Finding
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class CasesRun:
    """The failures, and how many tests were run and failed, each environment counted."""

    findings: tuple[Finding, ...]
    run: int
    failed: int
