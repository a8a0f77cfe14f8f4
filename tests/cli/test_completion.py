"""Completion: commands, services and rules, in the form that each shell asks for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SAILWRIGHT = str(Path(sys.executable).parent / "sailwright")


def _completed(folder: Path, words: str) -> list[str]:
    asked = {"_SAILWRIGHT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = subprocess.run(
        [SAILWRIGHT], cwd=folder, env={**os.environ, **asked}, capture_output=True, text=True, check=True
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "sailwright.yaml").write_text("apiVersion: sailwright/v1alpha1\n")
    for name in ("checkout", "catalogue", "web"):
        (tmp_path / "services" / name).mkdir(parents=True)
        (tmp_path / "services" / name / "service.yaml").write_text(f"apiVersion: sailwright/v1alpha1\nname: {name}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("sailwright we", ["weight"]),
        ("sailwright weight c", ["catalogue", "checkout"]),
        ("sailwright eject web", ["web"]),
        ("sailwright explain destination-host-unk", ["destination-host-unknown"]),
        ("sailwright build --chec", ["--check"]),
        ("sailwright completion f", ["fish"]),
    ],
)
def test_what_was_begun_is_completed(shop: Path, words: str, completed: list[str]) -> None:
    assert _completed(shop, words) == completed


def test_a_broken_project_completes_nothing_and_says_nothing(shop: Path) -> None:
    (shop / "sailwright.yaml").write_text("{")
    assert _completed(shop, "sailwright weight c") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell: str) -> None:
    done = subprocess.run([SAILWRIGHT, "completion", shell], capture_output=True, text=True, check=True)
    assert f"_SAILWRIGHT_COMPLETE={shell}_complete" in done.stdout
