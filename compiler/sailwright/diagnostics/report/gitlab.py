"""`--format gitlab`: GitLab's Code Quality report."""

from __future__ import annotations

import json

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.report.clean import json_text, printable
from sailwright.diagnostics.report.document import Report

_SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report) -> str:
    """A JSON list, empty where there is no finding."""
    issues = [
        {
            "description": printable(finding.message),
            "check_name": finding.rule,
            "fingerprint": finding.fingerprint,
            "severity": _SEVERITIES[finding.severity],
            "location": {"path": report.file(finding.location.file), "lines": {"begin": finding.location.line}},
        }
        for finding in report.findings
    ]
    return json_text(json.dumps(issues, indent=2)) + "\n"
