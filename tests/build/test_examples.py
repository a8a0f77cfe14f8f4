"""The projects of this repository: their rendered files are fresh, and kustomize takes every folder of them."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from sailwright.cli import main

ROOT = Path(__file__).parent.parent.parent
PROJECTS = (ROOT, *sorted((ROOT / "examples").glob("*/")), *sorted((ROOT / "docs" / "article").glob("*/")))
FOLDERS = sorted({path.parent for project in PROJECTS for path in project.glob("rendered/**/kustomization.yaml")})


@pytest.mark.parametrize("project", PROJECTS, ids=lambda folder: folder.name)
def test_what_is_rendered_is_what_would_be(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--check", "--no-cache", "--project", str(project)]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_kustomize_takes_every_folder(folder: Path) -> None:
    """It yields the very objects that our files hold, in their order."""
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is not installed, which has kustomize in it")
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list(yaml.safe_load_all(done.stdout)) == listed(folder)


def listed(folder: Path) -> list[object]:
    """The documents of a folder as its kustomization.yaml lists them."""
    found: list[object] = []
    for name in yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]:
        path = folder / name
        found += listed(path) if path.is_dir() else list(yaml.safe_load_all(path.read_text()))
    return found
