"""`--format checkstyle`: Checkstyle's XML, which many review bots and CI servers read."""

from __future__ import annotations

from itertools import groupby

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.report.clean import printable, xml
from sailwright.diagnostics.report.document import Report


def render(report: Report) -> str:
    """One XML document."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">']
    for file, findings in groupby(report.findings, key=lambda finding: finding.location.file):
        lines.append(f'  <file name="{xml(printable(file))}">')
        lines.extend(_error(finding) for finding in findings)
        lines.append("  </file>")
    return "".join(f"{line}\n" for line in [*lines, "</checkstyle>"])


def _error(finding: Finding) -> str:
    text = f"{finding.message} {finding.help}" if finding.help else finding.message
    place = f'line="{finding.location.line}" column="{finding.location.column}" severity="{finding.severity}"'
    return f'    <error {place} message="{xml(printable(text))}" source="sailwright.{xml(finding.rule)}"/>'
