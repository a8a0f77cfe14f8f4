"""SARIF is judged by its published schema (OASIS, tests/report/sarif-schema-2.1.0.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from sailwright.diagnostics.finding import Finding, Location, Summary
from sailwright.diagnostics.report import sarif
from sailwright.diagnostics.report.document import Report

SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text())
VALIDATOR = Draft7Validator(SCHEMA)

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("label", ["findings", "clean"])
def test_golden_reports_are_valid(label: str) -> None:
    """With findings and without: a clean run must replace the alerts of the last one."""
    VALIDATOR.validate(json.loads((GOLDEN / f"{label}.sarif").read_text()))


def test_schema_refuses_what_is_no_sarif() -> None:
    """The check above can fail."""
    broken = json.loads((GOLDEN / "findings.sarif").read_text())
    broken["runs"][0]["results"][0]["level"] = "fatal"
    assert not VALIDATOR.is_valid(broken)


@given(st.text(), st.text(min_size=1), st.integers(1, 9), st.integers(1, 9))
def test_any_text_is_valid(message: str, file: str, line: int, column: int) -> None:
    """Messages and file names come from strangers."""
    finding = Finding("rule", "warning", message, Location(file, line, column, line, column + 1), fingerprint="0")
    report = Report((finding,), Summary(), lambda file: [], lambda rule: None)
    document: Any = json.loads(sarif.render(report))
    VALIDATOR.validate(document)


def test_locations_keep_line_column_and_fingerprint() -> None:
    """What code scanning needs to show an alert at its line and to know it again after the lines moved."""
    result = json.loads((GOLDEN / "findings.sarif").read_text())["runs"][0]["results"][0]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "k8s/a.yaml", "uriBaseId": "%SRCROOT%"}
    assert physical["region"] == {"startLine": 2, "startColumn": 11, "endLine": 2, "endColumn": 18}
    assert result["partialFingerprints"] == {"sailwright/v1": "00112233445566778899aabbccddeeff"}
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "k8s/b%20c.yaml"
