"""What tests read may be wrong on purpose, and is applied nowhere: one note for such a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sailwright.cli import main

WRONG = "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a, namespace: shop}\nspec: {servers: [{prot: 1}]}\n"
RIGHT = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\nspec: {ports: [{name: http, port: 80}]}\n"
)


@pytest.mark.parametrize("command", ["lint", "validate"])
@pytest.mark.parametrize("folder", ["testdata", "expectedfailures"])
def test_a_folder_of_fixtures_is_one_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: str, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    fixtures = tmp_path / "pkg" / folder
    fixtures.mkdir(parents=True)
    (tmp_path / "cart.yaml").write_text(RIGHT)
    for name in ("a.yaml", "b.yaml"):
        (fixtures / name).write_text(WRONG)
    assert main([command, ".", "--format", "json"]) == 0
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert [each["file"] for each in summary["skipped"]] == [f"pkg/{folder}"]
    assert summary["files"] == 1
    assert main([command, f"pkg/{folder}", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["summary"]["error"] > 0
