"""The README shows what its commands print: the two for contributors, and a build, a finding and a diff of a real service."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from tests.docs import guide

from sailwright.commands.edit.scaffold import start

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text()


def shown(command: str) -> list[str]:
    """The lines that the README shows for a command."""
    block = re.search(rf"```console\n\$ {command}\n(.*?)```", README, re.DOTALL)
    assert block, command
    return block[1].splitlines()


def test_the_finding_and_the_diff_are_real(tmp_path: Path, update: bool) -> None:
    """The part between the service and the list of commands runs as a guide, on the service that the README shows."""
    before, heading, rest = README.partition("## What the author sees")
    tour, commands, after = rest.partition("## Commands")
    page = tmp_path / "README.md"
    page.write_text(tour)
    folder = tmp_path / "repository"
    (folder / "services" / "checkout").mkdir(parents=True)
    shutil.copy(ROOT / "docs/article/02-subsets/checkout/service.yaml", folder / "services" / "checkout")
    real = guide.run(page, folder)
    if update:
        (ROOT / "README.md").write_text(before + heading + real + commands + after)
        return
    assert tour == real


def test_the_hooks_are_those_that_init_writes(tmp_path: Path) -> None:
    start(str(tmp_path))
    block = re.search(r"# .pre-commit-config.yaml\n(repos:.*?)```", README, re.DOTALL)
    assert block
    assert yaml.safe_load(block[1]) == yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text())


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
