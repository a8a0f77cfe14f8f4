"""A project file that is at fault, or missing where one is needed: exit status 2 from every command, and nothing done."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from sailwright.cli import main
from sailwright.cli.group import sailwright

SERVICE = "apiVersion: sailwright/v1alpha1\nname: a\nnamespace: b\nversions: [{name: v1, image: 'a:1', weight: 100}]\n"
COMMANDS = ["build", "lint", "validate", "test", "check", "weight a v1=100", "image a v1=b", "new c"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "services" / "a" / "service.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(SERVICE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("text", ["bogus: 1\n", "a: [\n", ""], ids=["unknown key", "broken YAML", "empty"])
def test_a_broken_project_file_is_exit_status_2(
    folder: Path, command: str, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "sailwright.yaml").write_text(text)
    assert main(command.split()) == 2
    told = "".join(capfd.readouterr())
    assert "sailwright.yaml" in told
    assert "Traceback" not in told
    assert not (folder / "rendered").exists()


@pytest.mark.parametrize("command", ["build", "check", "weight a v1=100", "image a v1=b", "new c", "diff"])
def test_a_missing_project_file_is_exit_status_2(folder: Path, command: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(command.split()) == 2
    assert "`sailwright init` writes one" in capfd.readouterr().err


def test_help_of_every_command_names_its_options() -> None:
    for command in ("weight", "image", "init", "new", "schema"):
        result = CliRunner().invoke(sailwright, [command, "--help"])
        assert result.exit_code == 0
        assert "Usage:" in result.output
