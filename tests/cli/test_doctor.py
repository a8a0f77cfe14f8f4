"""`sailwright doctor`: each thing that a user asks about first, and what to do where it lacks."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from click.testing import CliRunner

from sailwright.cli.group import sailwright
from sailwright.commands import doctor

PROJECT = 'apiVersion: sailwright/v1alpha1\nkubernetes: {version: "1.34"}\n'
SERVICE = "apiVersion: sailwright/v1alpha1\nname: a\nnamespace: shop\n"


def _states(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, str]]:
    monkeypatch.chdir(folder)
    return {each.text.partition(":")[0]: (each.state, each.help) for each in doctor.checks(None)}


def test_without_a_project_the_way_to_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _states(tmp_path, monkeypatch)
    state, remedy = found["project"]
    assert state == "absent"
    assert "sailwright init" in remedy
    assert found["git"] == ("absent", "`git init` makes one")


def test_a_project_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "services" / "a").mkdir(parents=True)
    (tmp_path / "services" / "a" / "service.yaml").write_text(SERVICE)
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    found = _states(tmp_path, monkeypatch)
    assert found["project"] == ("ok", "")
    assert found["Kubernetes"] == ("ok", "")


@pytest.mark.parametrize(
    ("text", "thing"),
    [(PROJECT + "colour: red\n", "project"), (PROJECT.replace("1.34", "1.2"), "project"), (PROJECT, "project")],
    ids=["an unknown key", "an unknown version", "no service"],
)
def test_what_is_wrong_is_told_with_a_remedy(
    text: str, thing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sailwright.yaml").write_text(text)
    state, remedy = _states(tmp_path, monkeypatch)[thing]
    assert state == "wrong"
    assert remedy
    assert CliRunner().invoke(sailwright, ["doctor"], standalone_mode=False).return_value == 1


def test_a_tool_that_is_not_there_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = _states(tmp_path, monkeypatch)
    assert found["helm"] == ("absent", "--helm needs it")
    assert found["git"] == ("wrong", "diff, check --base and --config-ref read commits with it")


def test_a_package_that_a_flag_needs_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", absent)
    found = _states(tmp_path, monkeypatch)
    assert found["distributed"] == ("absent", "--executor dask needs it: pip install 'sailwright[dask]'")
    assert found["watchfiles"] == ("absent", "build --watch needs it: pip install 'sailwright[watch]'")
