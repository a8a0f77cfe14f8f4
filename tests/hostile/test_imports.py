"""No module of a checkout is imported: the folder at hand is not where Python looks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.hostile.repositories import git, project

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent

PLANTED = (
    "click", "pip", "yaml", "jinja2", "ruamel", "re2", "jsonschema", "jsonschema_rs", "kubernetes_validate", "hashlib", "json",
    "pickle", "subprocess", "shutil", "tempfile", "difflib", "sailwright_policies", "sailwright_templates", "_yaml", "email",
)  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with modules beside its project file that leave a mark when they are imported."""
    top = project(tmp_path / "repository")
    git(top, "init", "-q")
    for name in PLANTED:
        mark = tmp_path / f"ran-{name}"
        (top / f"{name}.py").write_text(
            f"import os\nos.close(os.open({str(mark)!r}, os.O_CREAT | os.O_WRONLY))\nraise ImportError\n"
        )
    return top


STARTS: dict[str, tuple[list[str], dict[str, str]]] = {
    "the console script": ([str(BIN / "sailwright")], {}),
    "an empty entry of PYTHONPATH": ([str(BIN / "sailwright")], {"PYTHONPATH": os.pathsep}),
    "a dot in PYTHONPATH": ([str(BIN / "sailwright")], {"PYTHONPATH": "."}),
    "isolated": ([sys.executable, "-I", "-m", "sailwright"], {}),
    "isolated, with PYTHONPATH": ([sys.executable, "-I", "-m", "sailwright"], {"PYTHONPATH": "."}),
}


@pytest.mark.parametrize("start", STARTS)
def test_planted_modules_do_not_run(checkout: Path, start: str) -> None:
    command, env = STARTS[start]
    for arguments in (
        ["build"],
        ["lint"],
        ["check"],
        ["validate", "rendered"],
        ["diff", "--base", "HEAD"],
        ["weight", "cart", "v2=30"],
    ):
        done = subprocess.run(
            [*command, *arguments], cwd=checkout, env=os.environ | env, capture_output=True, text=True, check=False
        )
        assert "Error" not in done.stderr.replace("ImportError", "Error"), done.stderr
    assert [*checkout.parent.glob("ran-*")] == []


@pytest.mark.parametrize("path", [".", "", "x:"])
def test_the_hook_imports_nothing_of_the_commit(checkout: Path, path: str) -> None:
    """As pre-commit starts it, from the list of our hooks."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hooks
    for hook in hooks:
        program, *arguments = hook["entry"].split()
        assert program in ("sailwright", "sailwright-hook"), "an entry point, which leaves the folder at hand out"
        env = os.environ | {"PYTHONPATH": path}
        subprocess.run([str(BIN / program), *arguments], cwd=checkout, env=env, capture_output=True, check=False)
    assert [*checkout.parent.glob("ran-*")] == []


def test_even_without_isolation_our_own_dependencies_are_not_taken_from_here(checkout: Path) -> None:
    """What Python itself imports to start `-m` cannot be helped; everything after that can."""
    for name in ("hashlib", "json", "pickle", "subprocess", "shutil", "tempfile", "difflib", "email"):
        (checkout / f"{name}.py").unlink()
    command = [sys.executable, "-m", "sailwright", "build"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [*checkout.parent.glob("ran-*")] == []


SHIPPED = [
    *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "integrations").rglob("*.*"), ROOT / "action.yml", ROOT / "Makefile",
    ROOT / ".pre-commit-hooks.yaml", ROOT / ".pre-commit-config.yaml", ROOT / "compiler/sailwright/commands/edit/scaffold.py",
]  # fmt: skip

_OURS = re.compile(r"python3? -m (benchmarks|pytest|tools\.)|\)/python -m (benchmarks|pytest)")
"""What only runs in this repository, and is of this repository."""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_we_ship_starts_python_in_isolation(path: Path) -> None:
    """`python -m pip` in a workflow runs the `pip.py` of a pull request."""
    for line in path.read_text().splitlines():
        if re.search(r"python[0-9.]*['\")}]* -m |\(PYTHON\) -m ", line):
            assert _OURS.search(line), line
