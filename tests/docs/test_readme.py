"""The README's two commands print what it shows."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.docs import guide

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text()


def shown(command: str) -> list[str]:
    """The lines that the README shows for a command."""
    block = re.search(rf"```console\n\$ {command}\n(.*?)```", README, re.DOTALL)
    assert block, command
    return block[1].splitlines()


def test_make_build_prints_what_the_readme_shows(tmp_path: Path) -> None:
    *preparing, summary = shown("make build")
    makefile = (ROOT / "Makefile").read_text()
    assert all(f'@echo "{line}"' in makefile for line in preparing)
    for name in ("services", "rendered"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "sailwright.yaml", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "sailwright", "build"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert guide.matches(summary + "\n", done.stderr), done.stderr


def test_make_test_says_what_it_prepares() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert all(f'@echo "{line}"' in makefile for line in shown("make test") if line != "...")


def test_every_dependency_has_its_reason() -> None:
    """The README's table and pyproject.toml name the same packages."""
    project = (ROOT / "pyproject.toml").read_text()
    declared = re.search(r"\ndependencies = \[(.*?)\]", project, re.DOTALL)
    table = README.partition("## Dependencies")[2].partition("\n## ")[0]
    assert declared
    assert set(re.findall(r'"([a-z0-9.-]+?)>=', declared[1])) == set(
        re.findall(r"^\| ([a-z0-9.-]+) \|", table, re.MULTILINE)
    ) - {"package"}


def test_links_lead_somewhere() -> None:
    """Every relative link of the README and of the pages in docs/."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []
