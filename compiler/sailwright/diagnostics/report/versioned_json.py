"""`--format json`: the versioned contract with other tools. Fields are added, never renamed."""

from __future__ import annotations

import json
from typing import Any

from sailwright.diagnostics.finding import Finding, Location, ObjectRef, pointer
from sailwright.diagnostics.report.clean import json_text
from sailwright.diagnostics.report.document import Report

VERSION = 1


def render(report: Report) -> str:
    """One JSON document."""
    summary = report.summary
    document = {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.findings],
        "summary": {
            "files": summary.files,
            "documents": summary.documents,
            "skipped": [{"file": skipped.file, "reason": skipped.reason} for skipped in summary.skipped],
            "suppressed": summary.suppressed,
            "error": report.count("error"),
            "warning": report.count("warning"),
            "info": report.count("info"),
        },
    }
    return json_text(json.dumps(document, indent=2)) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {
        "rule": finding.rule,
        "aliases": list(finding.aliases),
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "url": finding.url,
        "environments": list(finding.environments),
    }
    if finding.object is not None:
        told["object"] = _object(finding.object)
    told["path"] = pointer(finding.path)
    told["location"] = _location(finding.location)
    if finding.rendered is not None:
        told["rendered"] = {
            "file": finding.rendered.file,
            "line": finding.rendered.line,
            "path": finding.rendered.path,
        }
    if finding.fix:
        told["fix"] = finding.fix
    told["related"] = [{"message": each.message, "location": _location(each.location)} for each in finding.related]
    told["fingerprint"] = finding.fingerprint
    return told


def _object(ref: ObjectRef) -> dict[str, str]:
    namespace = {} if ref.namespace is None else {"namespace": ref.namespace}
    return {"apiVersion": ref.api_version, "kind": ref.kind, **namespace, "name": ref.name}


def _location(location: Location) -> dict[str, str | int]:
    return {
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "endLine": location.end_line,
        "endColumn": location.end_column,
    }
