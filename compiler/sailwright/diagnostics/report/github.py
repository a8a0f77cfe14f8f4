"""`--format github`: annotations on the lines of a pull request, as workflow commands of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.counted import counted
from sailwright.diagnostics.finding import Finding, Severity
from sailwright.diagnostics.report.clean import printable
from sailwright.diagnostics.report.document import Report, verdict

CAP = 10
"""Annotations of one level that GitHub keeps of a step; it drops the others without a word."""

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """Annotations within the cap, and where it is passed a summary as one more notice."""
    over = sum(max(0, report.count(severity) - CAP) for severity in _COMMANDS)
    if over and report.count("info") == CAP:
        over += 1
    lines = [line for severity in _COMMANDS for line in _annotations(report, severity, reserve=bool(over))]
    if over:
        left = len(report.findings) - len(lines)
        text = f"{verdict(report)}; {counted(left, 'finding')} without an annotation: see the log of this step"
        lines.append(f"::notice title=sailwright::{_data(text)}")
    return "".join(f"{line}\n" for line in lines)


def _annotations(report: Report, severity: Severity, *, reserve: bool) -> Iterator[str]:
    cap = CAP - 1 if reserve and severity == "info" else CAP
    chosen = [finding for finding in report.findings if finding.severity == severity]
    for finding in chosen[:cap]:
        yield _annotation(report, finding)


def _annotation(report: Report, finding: Finding) -> str:
    location = finding.location
    properties = {
        "file": report.file(location.file),
        "line": str(location.line),
        "endLine": str(location.end_line),
        "title": finding.rule,
    }
    if location.line == location.end_line:
        properties |= {"col": str(location.column), "endColumn": str(location.end_column)}
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    text = "\n".join(printable(part) for part in (finding.message, finding.help) if part)
    return f"::{_COMMANDS[finding.severity]} {given}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
