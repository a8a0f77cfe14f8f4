"""`lint.ignore` by object and until a day, `--no-config`, and what `--show` leaves out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sailwright.cli.group import sailwright
from sailwright.lint import config

PROJECT = "apiVersion: sailwright/v1alpha1\nservices: [x.yaml]\nistio: {version: 1.31.0, sidecarMode: native}\n"
SERVICE = """\
apiVersion: sailwright/v1alpha1
name: shop
namespace: demo
ports: [{name: http, port: 80, appProtocol: http}]
versions: [{name: v1, image: registry.example.com/shop}]
"""
UNTAGGED = "image-tag-latest"


def lint(root: Path, entry: str, *flags: str) -> Result:
    settings = f"lint: {{ignore: [{{rule: {UNTAGGED}, reason: a demo, {entry}}}]}}\n" if entry else ""
    (root / "sailwright.yaml").write_text(PROJECT + settings)
    (root / "x.yaml").write_text(SERVICE)
    return CliRunner().invoke(sailwright, ["lint", "--project", str(root), *flags], standalone_mode=False)


@pytest.mark.parametrize(
    "target", ["Deployment/demo/shop-v1", "Deployment/shop-v1", "Deployment/*/shop-*", "*/demo/shop-v1"]
)
def test_an_entry_names_objects(tmp_path: Path, target: str) -> None:
    assert "no findings, 1 suppressed" in lint(tmp_path, f'object: "{target}"').output


@pytest.mark.parametrize(
    "entry",
    ["object: Deployment/demo/shop-v2", "object: StatefulSet/shop-v1", "object: Deployment/shop-v1, path: other.yaml"],
)
def test_another_object_or_path_is_not_meant(tmp_path: Path, entry: str) -> None:
    output = lint(tmp_path, entry).output
    assert f"[{UNTAGGED}]" in output
    assert "[suppression-unused]" in output


def test_an_entry_counts_until_the_end_of_its_last_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = "object: Deployment/shop-v1, until: 2027-03-31"
    monkeypatch.setattr(config, "today", lambda: date(2027, 3, 31))
    assert "no findings" in lint(tmp_path, entry).output
    monkeypatch.setattr(config, "today", lambda: date(2027, 4, 1))
    output = lint(tmp_path, entry).output
    assert f"[{UNTAGGED}]" in output
    assert "good until 2027-03-31" in output
    assert "[suppression-expired]" in output
    assert "[suppression-unused]" not in output


def test_a_day_that_is_none_is_said_at_its_line(tmp_path: Path) -> None:
    assert "2027-02-30 is no day" in lint(tmp_path, "object: Deployment/shop-v1, until: 2027-02-30").output


def test_no_config_leaves_the_settings_of_the_project_out(tmp_path: Path) -> None:
    """The services and environments of the project are read all the same."""
    assert f"[{UNTAGGED}]" in lint(tmp_path, "path: '**'", "--no-config").output
    off = f"lint: {{rules: {{{UNTAGGED}: off}}}}\n"
    for settings, flags, shown in ((off, (), False), (off, ("--no-config",), True), (off, (), False), ("", (), True)):
        (tmp_path / "sailwright.yaml").write_text(PROJECT + settings)
        done = CliRunner().invoke(sailwright, ["lint", "--project", str(tmp_path), *flags], standalone_mode=False)
        assert (UNTAGGED in done.output) is shown, "results that are kept belong to the settings they were found with"
    assert "exclude each other" in str(lint(tmp_path, "", "--no-config", "--config-ref", "HEAD").exception)


def test_what_is_not_shown_still_counts(tmp_path: Path) -> None:
    quiet = lint(tmp_path, "", "--show", "error")
    assert quiet.stdout == ""
    assert "not shown, being below --show error: 1 finding" in quiet.stderr
    assert quiet.return_value == 0
    assert lint(tmp_path, "", "--show", "error", "--fail-on", "warning").return_value == 1
    assert f"[{UNTAGGED}]" in lint(tmp_path, "", "--show", "warning").stdout
