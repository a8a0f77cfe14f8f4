"""`sailwright lint` as people and CI call it: exit statuses, standard input, formats, counts."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sailwright.cli import main

BAD = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 80}
        - {destination: {host: reviews, subset: v1}, weight: 20}
"""
RULE = "route-destination-twice"


@dataclass(frozen=True)
class Result:
    """What a command gave."""

    status: int
    out: str
    err: str


Lint = Callable[..., Result]


@pytest.fixture
def lint(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lint:
    """Run `sailwright lint` with one rule in a folder that holds bad.yaml, away from any project."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.yaml").write_text(BAD)
    (tmp_path / ".git").mkdir()

    def run(*arguments: str, rule: str = RULE) -> Result:
        status = main(["lint", *arguments, "--select", rule])
        return Result(status, *capfd.readouterr())

    return run


def test_statuses(lint: Lint) -> None:
    """0 fine, 1 findings that reach --fail-on, 2 usage."""
    assert lint("bad.yaml").status == 0
    assert lint("bad.yaml", "--fail-on", "warning").status == 1
    assert lint("bad.yaml", "--fail-on", "info").status == 1
    assert lint("bad.yaml", "--fail-on", "never").status == 0
    assert lint("nowhere.yaml").status == 2
    assert lint("bad.yaml", rule="no-such-rule").status == 2


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit", "gitlab", "checkstyle", "markdown"])
def test_status_does_not_depend_on_the_format(lint: Lint, form: str) -> None:
    """As users had to ask istioctl for, for years."""
    assert lint("bad.yaml", "--fail-on", "warning", "--format", form).status == 1


def test_result_goes_to_stdout_and_the_count_to_stderr(lint: Lint) -> None:
    """A program can read one without the other."""
    result = lint("bad.yaml")
    assert result.out.startswith("bad.yaml:9:12: warning: ")
    assert result.err == "1 file, 1 document: 1 warning\n"


def test_standard_input_has_a_name(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Editors pipe a buffer that is not saved."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert lint("-", "--stdin-filename", "buffer.yaml").out.startswith("buffer.yaml:9:12: ")


def test_several_formats_at_once(lint: Lint, tmp_path: Path) -> None:
    """One run, all reports."""
    result = lint("bad.yaml", "--format", "text", "--format", "json=out.json", "--format", "sarif=out.sarif")
    assert RULE in result.out
    assert json.loads((tmp_path / "out.json").read_text())["findings"][0]["rule"] == RULE
    assert json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == RULE


def test_two_formats_in_one_place_are_refused(lint: Lint) -> None:
    """The result would be neither."""
    assert lint("bad.yaml", "--format", "text", "--format", "json").status == 2


def test_report_that_cannot_be_written_is_a_failure(lint: Lint) -> None:
    """3: the tool could not do its work."""
    result = lint("bad.yaml", "--format", "json=no/such/folder/out.json")
    assert result.status == 3
    assert "no/such/folder/out.json" in result.err


def test_annotations_switch_on_inside_github_actions(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the text; on stderr where stdout is data; not twice."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert "::warning file=bad.yaml,line=9," in lint("bad.yaml").out
    data = lint("bad.yaml", "--format", "json")
    assert json.loads(data.out)["summary"]["warning"] == 1
    assert "::warning file=bad.yaml,line=9," in data.err
    assert lint("bad.yaml", "--format", "github").out.count("::warning") == 1


def test_annotations_are_relative_to_the_checkout(lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step may run in a folder below."""
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path.parent))
    assert f"file={tmp_path.name}/bad.yaml,line=9," in lint("bad.yaml", "--format", "github").out


def test_no_input_is_no_pass(lint: Lint, tmp_path: Path) -> None:
    """A wrong path in CI must not be green; --allow-empty says that it is meant."""
    (tmp_path / "empty").mkdir()
    assert lint("empty").status == 2
    assert lint("empty", "--allow-empty").status == 0


def test_what_is_skipped_is_counted_with_its_reason(lint: Lint, tmp_path: Path) -> None:
    """A link that leaves the folder is not followed, and that is said."""
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "own.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n")
    (inside / "out.yaml").symlink_to(tmp_path / "bad.yaml")
    summary = json.loads(lint("inside", "--format", "json").out)["summary"]
    assert summary["files"] == 1
    assert summary["skipped"] == [{"file": "inside/out.yaml", "reason": "a link that leaves the folder"}]


def test_broken_file_is_a_finding_and_the_others_are_judged(lint: Lint, tmp_path: Path) -> None:
    """Never a traceback, never half a run."""
    (tmp_path / "broken.yaml").write_text("a: [1\n")
    found = json.loads(lint("bad.yaml", "broken.yaml", "--format", "json").out)["findings"]
    assert {finding["rule"] for finding in found} == {RULE, "yaml-syntax"}


def test_baseline_from_writing_to_stale(lint: Lint, tmp_path: Path) -> None:
    """Write, be quiet, stay quiet when lines move, report the entry when the fault is gone."""
    known = ("--baseline", "known.json", "--fail-on", "warning")
    assert lint("bad.yaml", *known).status == 2
    assert lint("bad.yaml", *known, "--update-baseline").status == 0
    assert lint("bad.yaml", *known).status == 0
    (tmp_path / "bad.yaml").write_text("# moved\n\n" + BAD)
    assert lint("bad.yaml", *known).status == 0
    (tmp_path / "bad.yaml").write_text(BAD.replace("v1}, weight: 20", "v2}, weight: 20"))
    assert "known.json:5:1: warning: the baseline still holds" in lint("bad.yaml", *known).out
    assert lint("bad.yaml", *known, "--update-baseline").status == 0
    assert json.loads((tmp_path / "known.json").read_text())["findings"] == []


def test_profile_names_every_rule_that_ran(lint: Lint) -> None:
    """On stderr, the dearest first."""
    assert f"ms  {RULE}" in lint("bad.yaml", "--profile").err


@pytest.mark.parametrize(
    ("text", "words"),
    [("[1]", "a MeshConfig is one map"), ("a: [", "mesh.yaml:"), ("kind: ConfigMap", "has no `data.mesh`")],
)
def test_mesh_config_that_is_none_is_refused(lint: Lint, tmp_path: Path, text: str, words: str) -> None:
    """In one line, with status 2."""
    (tmp_path / "mesh.yaml").write_text(text)
    result = lint("bad.yaml", "--mesh-config-file", "mesh.yaml")
    assert result.status == 2
    assert words in result.err
    assert result.err.count("\n") == 1


def test_what_is_not_there_is_no_input(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag's file that is missing, and a pipe from a command that failed: status 2, and --allow-empty lets the latter pass."""
    result = lint("bad.yaml", "--mesh-config-file", "missing.yaml")
    assert (result.status, result.err) == (2, "sailwright: missing.yaml: there is no such file\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert lint("-").status == 2
    passed = lint("-", "--allow-empty")
    assert passed.status == 0
    assert "standard input is empty" in passed.err


def test_colour_only_when_asked_for_away_from_a_terminal(lint: Lint) -> None:
    """Logs stay clean."""
    assert "\x1b[" not in lint("bad.yaml").out
    assert "\x1b[1;33mwarning" in lint("bad.yaml", "--color", "always").out
