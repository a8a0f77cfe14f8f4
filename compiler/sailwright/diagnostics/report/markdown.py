"""`--format markdown`: for a comment on a pull request or the summary of a job."""

from __future__ import annotations

from sailwright.diagnostics.finding import Finding, Severity
from sailwright.diagnostics.report.clean import markdown
from sailwright.diagnostics.report.document import Report, verdict

_SIGNS: dict[Severity, str] = {"error": "🔴 error", "warning": "🟠 warning", "info": "🔵 note"}


def render(report: Report) -> str:
    """A heading and a table, the heading alone where there is no finding."""
    heading = f"### Sailwright: {verdict(report)}\n"
    if not report.findings:
        return heading
    rows = "".join(_row(finding) for finding in report.findings)
    return f"{heading}\n| | Place | Finding | Rule |\n|---|---|---|---|\n{rows}"


def _row(finding: Finding) -> str:
    place = markdown(f"{finding.location.file}:{finding.location.line}")
    told = markdown(finding.message)
    if finding.help:
        told += f"<br>{markdown(finding.help)}"
    if finding.environments:
        told += f"<br>in {markdown(', '.join(finding.environments))}"
    rule = f"[{finding.rule}]({finding.url})" if finding.url else finding.rule
    return f"| {_SIGNS[finding.severity]} | {place} | {told} | {rule} |\n"
