"""`--format junit`: one suite a file, one case a finding; errors and warnings are failures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.report.clean import printable, whole_line, xml
from sailwright.diagnostics.report.document import Report


def render(report: Report) -> str:
    """One XML document; a run without findings is one suite with one passing case."""
    failures = sum(finding.severity != "info" for finding in report.findings)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="sailwright" tests="{len(report.findings) or 1}" failures="{failures}">',
        *_suites(report),
        "</testsuites>",
    ]
    return "".join(f"{line}\n" for line in lines)


def _suites(report: Report) -> Iterator[str]:
    if not report.findings:
        yield '  <testsuite name="sailwright" tests="1" failures="0">'
        yield '    <testcase classname="sailwright" name="no findings"/>'
        yield "  </testsuite>"
    for file, group in groupby(report.findings, key=lambda finding: finding.location.file):
        found = list(group)
        failures = sum(finding.severity != "info" for finding in found)
        yield f'  <testsuite name="{_told(file)}" tests="{len(found)}" failures="{failures}">'
        for finding in found:
            yield from _case(finding)
        yield "  </testsuite>"


def _case(finding: Finding) -> Iterator[str]:
    location = finding.location
    place = f"{location.line}:{location.column}"
    parts = (f"{location.file}:{place}", finding.message, finding.help, ", ".join(finding.environments))
    first, *others = filter(None, parts)
    detail = "\n".join((_told(first), *(xml(whole_line(part)) for part in others)))
    yield f'    <testcase classname="{_told(location.file)}" name="{xml(finding.rule)} {place}">'
    if finding.severity == "info":
        yield f"      <system-out>{detail}</system-out>"
    else:
        yield f'      <failure type="{finding.severity}" message="{_told(finding.message)}">{detail}</failure>'
    yield "    </testcase>"


def _told(text: str) -> str:
    return xml(printable(text))
