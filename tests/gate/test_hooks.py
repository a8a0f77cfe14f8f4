"""The pre-commit hooks, in a repository as a team has it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.gate.test_diff_command import CART, PROJECT, git

from sailwright.cli import main

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one service that was never built."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "services" / "cart").mkdir(parents=True)
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    (tmp_path / "services" / "cart" / "service.yaml").write_text(CART)
    git("init", "-q")
    git("add", ".")
    return tmp_path


def build_hook() -> subprocess.CompletedProcess[str]:
    """Run the build hook as pre-commit does."""
    return subprocess.run([sys.executable, "-m", "sailwright.cli.hook"], capture_output=True, text=True, check=False)


def test_the_build_hook_fails_until_what_it_built_is_added(repository: Path) -> None:
    first = build_hook()
    assert first.returncode == 1
    assert "rendered/prod/shop/cart.yaml" in first.stderr
    assert first.stderr.endswith("add it: git add rendered\n")
    assert build_hook().returncode == 1, "built, and still not added"
    git("add", "rendered")
    assert build_hook().returncode == 0


def test_the_build_hook_passes_on_what_the_build_says(repository: Path) -> None:
    (repository / "services" / "cart" / "service.yaml").write_text(CART.replace("weight: 10", "weight: 20"))
    broken = build_hook()
    assert broken.returncode == 1
    assert "services/cart/service.yaml:" in broken.stdout
    assert not (repository / "rendered").exists()


def test_the_hooks_of_the_list_are_the_three_that_the_docs_name() -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert set(hooks) == {"sailwright-lint", "sailwright-build", "sailwright-check"}
    assert all(hook["require_serial"] and hook["language"] == "python" for hook in hooks.values())
    assert [hook["pass_filenames"] for hook in hooks.values()] == [True, False, False]
    assert all(hook["always_run"] for hook in hooks.values()), "what a hook reads is more than the files it could list"


def test_the_hooks_that_init_writes_run_at_every_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deleted service, a file of `config.files` or a hand edit of rendered/ is no service file, and changes the output."""
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    (local,) = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text())["repos"]
    assert [(hook["id"], hook["always_run"], hook["pass_filenames"]) for hook in local["hooks"]] == [
        ("sailwright-build", True, False),
        ("sailwright-lint", True, False),
    ]


def test_two_hooks_at_once_leave_a_whole_tree(repository: Path) -> None:
    """One build waits for the other, or says that it runs; neither leaves half a tree."""
    command = [sys.executable, "-m", "sailwright.cli.hook"]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate()[1] for process in both]
    assert not [text for text in told if "Traceback" in text]
    git("add", "rendered")
    assert build_hook().returncode == 0


@pytest.mark.skipif(not os.environ.get("SAILWRIGHT_TRY_REPO"), reason="installs from PyPI: set SAILWRIGHT_TRY_REPO=1")
def test_pre_commit_installs_and_runs_the_hooks_from_another_repository(repository: Path, tmp_path: Path) -> None:
    """Real `pre-commit try-repo`: a wheel is built from this checkout and installed into an environment of its own."""
    tool = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "--all-files", "--verbose"]
    home = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    done = subprocess.run(tool, capture_output=True, text=True, env=home, check=False)
    told = dict(line.split(".", 1) for line in done.stdout.splitlines() if line.startswith("sailwright "))
    assert told["sailwright build"].endswith("Failed"), done.stdout
    assert "add it: git add rendered" in done.stdout
    assert told["sailwright lint"].endswith("Passed"), done.stdout
    assert "Traceback" not in done.stdout
    assert (repository / "rendered" / "prod" / "shop" / "cart.yaml").exists()
