"""One report in every format, held to golden files: `pytest --update tests/report` writes them; read the diff."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sailwright.diagnostics.finding import Finding, Location, ObjectRef, Related, Rendered, Skipped, Summary
from sailwright.diagnostics.report import checkstyle, github, gitlab, junit, markdown, sarif, text, versioned_json
from sailwright.diagnostics.report.document import Report
from sailwright.diagnostics.rule_page import Page

GOLDEN = Path(__file__).parent / "golden"

LINES = ["spec:", "  hosts: [reviews]", "\thost: réviews日本 \x1b[31mred", "  port: 80"]

FINDINGS = (
    Finding(
        rule="destination-host-unknown",
        severity="error",
        message="no Service has the host `review`",
        location=Location("k8s/a.yaml", 2, 11, 2, 18),
        help="did you mean `reviews`?",
        aliases=("IST0101", "KIA1101"),
        url="https://docs.example.com/rules/destination-host-unknown",
        environments=("prod", "staging"),
        object=ObjectRef("networking.istio.io/v1", "VirtualService", "shop", "checkout"),
        path=("spec", "http", 0, "route", 0, "destination", "host"),
        rendered=Rendered("rendered/prod/shop/checkout.yaml", 88, "/spec/http/0"),
        related=(Related("defined here", Location("k8s/b c.yaml", 7, 3, 7, 9)),),
        fingerprint="00112233445566778899aabbccddeeff",
    ),
    Finding(
        rule="port-name",
        severity="warning",
        message="\x1b[31m::error::@team <b>x</b> | [click](http://evil) ##[group] 100% \u202egnp",
        location=Location("k8s/a.yaml", 3, 8, 3, 16),
        object=ObjectRef("v1", "Namespace", None, "shop"),
        fingerprint="ffeeddccbbaa99887766554433221100",
        fix="name the port `http`",
    ),
    Finding(
        rule="tidy",
        severity="info",
        message="a line that is not there",
        location=Location("::error::weird,name:1%\n.yaml", 99, 1, 99, 2),
        fingerprint="0f",
    ),
)

REPORT = Report(
    FINDINGS,
    Summary(3, 7, (Skipped("k8s/link.yaml", "a link that leaves the folder"),), 2),
    lambda file: LINES if file == "k8s/a.yaml" else [],
    lambda rule: Page(rule, "error", "The risk.", "The reason.", ("IST0101",)) if rule.startswith("dest") else None,
)
CLEAN = Report((), Summary(1, 1), lambda file: [], lambda rule: None)

FORMATS = {
    "text": text.render,
    "json": versioned_json.render,
    "sarif": sarif.render,
    "github": github.render,
    "junit": junit.render,
    "gitlab": gitlab.render,
    "checkstyle": checkstyle.render,
    "markdown": markdown.render,
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("label", "report"), [("findings", REPORT), ("clean", CLEAN)])
def test_format_is_the_golden_file(name: str, label: str, report: Report, update: bool) -> None:
    """A change of a format shows as a diff of what people and programs read."""
    path = GOLDEN / f"{label}.{name}"
    written = FORMATS[name](report)
    if update:
        path.write_text(written)
    assert written == path.read_text()


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_carries_what_a_terminal_or_a_runner_obeys(name: str) -> None:
    """Escapes and bidirectional overrides from input are spelled out, and no line of ours is a stranger's command."""
    written = FORMATS[name](REPORT)
    data = name in ("json", "sarif", "gitlab")
    assert "\x1b" not in written
    assert data or "\u202e" not in written
    assert data or "##[" not in written
    commands = [line for line in written.splitlines() if line.lstrip().startswith("::")]
    assert commands == [] if name != "github" else len(commands) == len(FINDINGS)


def test_text_colours_only_when_told() -> None:
    """Colour is the terminal's: the same words otherwise."""
    import re

    coloured = text.render(REPORT, colour=True)
    assert "\x1b[1;31merror" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == text.render(REPORT)


def test_text_shows_no_line_of_a_secret() -> None:
    """Values of Secrets never appear in snippets, in whatever way the finding came about."""
    lines = ["kind: Secret", "stringData:", "  password: hunter2"]
    place = Location("secret.yaml", 3, 13, 3, 20)
    about = ObjectRef("v1", "Secret", "shop", "db")
    for finding in (Finding("r", "error", "m", place, object=about), Finding("yaml-syntax", "error", "m", place)):
        shown = text.render(Report((finding,), Summary(), lambda file: lines, lambda rule: None))
        assert "secret.yaml:3:13" in shown
        assert "hunter2" not in shown


def test_text_cuts_long_lines_around_the_caret() -> None:
    """A line of a megabyte is shown as a window, and the caret still points at the fault."""
    line = "x" * 5000 + "FAULT" + "y" * 5000
    finding = Finding("r", "error", "m", Location("f.yaml", 1, 5001, 1, 5006))
    shown = text.render(Report((finding,), Summary(), lambda file: [line], lambda rule: None)).splitlines()
    assert len(shown[1]) < text.WIDTH + 10
    assert shown[1][shown[2].index("^") :][:5] == "FAULT"
    assert shown[2].count("^") == 5


def test_github_keeps_the_cap_of_each_level() -> None:
    """GitHub drops what is over ten of a level without a word, so the rest is summed up."""
    place = Location("a.yaml", 1, 1, 1, 2)
    many = tuple(Finding("r", "error", str(number), place) for number in range(30))
    notes = tuple(Finding("n", "info", str(number), place) for number in range(10))
    lines = github.render(Report(many + notes, Summary(), lambda file: [], lambda rule: None)).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert sum(line.startswith("::notice ") for line in lines) == 10
    assert lines[-1].startswith("::notice title=sailwright::30 errors, 10 notes; 21 findings without")


def test_json_is_the_contract() -> None:
    """Names and shapes that other tools depend on."""
    document = json.loads(versioned_json.render(REPORT))
    first = document["findings"][0]
    assert list(document) == ["version", "findings", "summary"]
    assert first["object"]["namespace"] == "shop"
    assert first["path"] == "/spec/http/0/route/0/destination/host"
    assert first["location"] == {"file": "k8s/a.yaml", "line": 2, "column": 11, "endLine": 2, "endColumn": 18}
    assert "namespace" not in document["findings"][1]["object"]
    assert "rendered" not in document["findings"][1]
    assert document["summary"] == {
        "files": 3,
        "documents": 7,
        "skipped": [{"file": "k8s/link.yaml", "reason": "a link that leaves the folder"}],
        "suppressed": 2,
        "error": 1,
        "warning": 1,
        "info": 1,
    }


@pytest.mark.parametrize("render", [junit.render, checkstyle.render])
def test_xml_is_well_formed(render: object) -> None:
    """Whatever the input holds, a parser reads the report."""
    for report in (REPORT, CLEAN):
        ET.fromstring(render(report))  # type: ignore[operator]


def test_markdown_mentions_nobody() -> None:
    """`@team` in a finding must not call a team, nor HTML or links of the input become such."""
    written = markdown.render(REPORT)
    assert "@team" not in written
    assert "&#64;team" not in written
    assert "<b>" not in written
    assert "](http://evil" not in written
