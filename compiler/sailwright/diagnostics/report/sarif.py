"""`--format sarif`: SARIF 2.1.0 for code scanning (OASIS standard, errata 01)."""

from __future__ import annotations

import json
from typing import Any

from sailwright import __version__
from sailwright.diagnostics.finding import Finding, Location, Severity, Skipped, pointer
from sailwright.diagnostics.report.clean import json_text, printable
from sailwright.diagnostics.report.document import Report
from sailwright.diagnostics.rule_page import DOCUMENTATION, Page, url

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def render(report: Report) -> str:
    """One log with one run; valid without findings too."""
    ids = sorted({finding.rule for finding in report.findings})
    index = {rule: number for number, rule in enumerate(ids)}
    run = {
        "tool": {"driver": _driver(report, ids)},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [_result(report, finding, index[finding.rule]) for finding in report.findings],
    }
    return json_text(json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)) + "\n"


def _driver(report: Report, ids: list[str]) -> dict[str, Any]:
    return {
        "name": "sailwright",
        "semanticVersion": __version__,
        **({"informationUri": DOCUMENTATION} if DOCUMENTATION else {}),
        "rules": [_rule(rule, report.page(rule)) for rule in ids],
    }


def _rule(rule: str, page: Page | None) -> dict[str, Any]:
    if page is None:
        return {"id": rule, "shortDescription": {"text": rule}}
    text, where = page.reason or page.risk, url(rule)
    link = {"helpUri": where} if where else {}
    return {
        "id": rule,
        "shortDescription": {"text": page.risk},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": f"{text}\n\n[{rule}]({where})" if where else text},
        **link,
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
        "properties": {"tags": list(page.aliases)},
    }


def _invocation(report: Report) -> dict[str, Any]:
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [_skipped(report, skipped) for skipped in report.summary.skipped],
    }


def _skipped(report: Report, skipped: Skipped) -> dict[str, Any]:
    return {
        "level": "note",
        "message": {"text": _text(f"skipped: {skipped.reason}")},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(report, skipped.file)}}],
    }


def _result(report: Report, finding: Finding, rule_index: int) -> dict[str, Any]:
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _text(text)},
        "locations": [{"physicalLocation": _physical(report, finding.location), **_logical(finding)}],
        "partialFingerprints": {"sailwright/v1": finding.fingerprint},
        "properties": {"environments": list(finding.environments), "path": pointer(finding.path)},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": _text(related.message)},
                "physicalLocation": _physical(report, related.location),
            }
            for number, related in enumerate(finding.related, 1)
        ]
    return result


def _logical(finding: Finding) -> dict[str, Any]:
    ref = finding.object
    if ref is None:
        return {}
    name = f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name
    return {"logicalLocations": [{"name": ref.name, "fullyQualifiedName": f"{ref.kind} {name}", "kind": "object"}]}


def _physical(report: Report, location: Location) -> dict[str, Any]:
    return {
        "artifactLocation": _artifact(report, location.file),
        "region": {
            "startLine": location.line,
            "startColumn": location.column,
            "endLine": location.end_line,
            "endColumn": location.end_column,
        },
    }


def _artifact(report: Report, file: str) -> dict[str, str]:
    from urllib.parse import quote

    path = report.file(file)
    if path.startswith("/"):
        return {"uri": f"file://{quote(path, errors='surrogateescape')}"}
    return {"uri": quote(path, errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}


def _text(text: str) -> str:
    """Plain text of SARIF, in which `[text](target)` would be a link (section 3.11.6)."""
    lines = "\n".join(printable(line) for line in text.split("\n"))
    return lines.replace("[", "\\[").replace("]", "\\]") if "](" in lines else lines
