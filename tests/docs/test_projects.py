"""The projects of this repository, its own and the examples, pass every check: they are what newcomers copy."""

from pathlib import Path

import pytest

from sailwright.cli import main

ROOT = Path(__file__).parent.parent.parent
PROJECTS = [
    ROOT,
    *sorted(found.parent for folder in ("docs", "examples") for found in (ROOT / folder).glob("**/sailwright.yaml")),
]


@pytest.mark.parametrize("command", [["build", "--check"], ["lint"], ["test"]], ids=" ".join)
@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: str(project.relative_to(ROOT)))
def test_a_project_is_sound(
    project: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is rendered is up to date, nothing is found, and the tests of the services hold."""
    monkeypatch.chdir(project)
    assert main(command) == 0, capsys.readouterr().out
