"""What a team copies into its repository: the action, the CI templates, the make fragment, Argo CD and Flux."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.gate.test_diff_command import CART, git, repository, run

__all__ = ["repository"]

ROOT = Path(__file__).parent.parent.parent
INTEGRATIONS = ROOT / "integrations"
BIN = Path(sys.executable).parent


def shell(script: str, tool: str = "bash", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a template's script as its platform does: any failing command ends it."""
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"} | variables
    command = [tool, "-e", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def load(path: Path) -> Any:
    """A YAML file as data."""
    return yaml.safe_load(path.read_text())


@pytest.fixture
def github(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a GitHub runner gives a step; the pull request moves a weight and breaks nothing."""
    cart = repository / "services" / "cart" / "service.yaml"
    base = git("rev-parse", "HEAD")
    cart.write_text(CART.replace("weight: 90", "weight: 80").replace("weight: 10", "weight: 20"))
    run("build")
    files = tmp_path_factory.mktemp("runner")
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(files / "output"),
        "GITHUB_STEP_SUMMARY": str(files / "summary.md"),
        "RUNNER_TEMP": str(files),
        "BASE": base,
        "PROJECT": ".",
        "CONFIG_REF": "",
        "SARIF": str(files / "sailwright.sarif"),
    }


def step(name: str) -> str:
    """The script of a step of the action."""
    steps = load(ROOT / "action.yml")["runs"]["steps"]
    return str(next(each["run"] for each in steps if each.get("name", "").startswith(name)))


def test_the_action_says_what_changes_and_passes_a_sound_pull_request(github: dict[str, str]) -> None:
    told = shell(step("What this pull request changes"), **github)
    assert told.returncode == 0, told.stderr
    summary = Path(github["GITHUB_STEP_SUMMARY"]).read_text()
    assert "default route: v1 90 -> 80 %, v2 10 -> 20 %" in summary
    assert Path(github["GITHUB_OUTPUT"]).read_text().startswith("file=")
    checked = shell(step("Check"), **github)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert Path(github["SARIF"]).exists()


def test_the_action_fails_and_annotates_a_broken_pull_request(github: dict[str, str], repository: Path) -> None:
    cart = repository / "services" / "cart" / "service.yaml"
    cart.write_text(CART.replace("weight: 10", "weight: 30"))
    checked = shell(step("Check"), **github)
    assert checked.returncode == 1
    assert "::error file=services/cart/service.yaml,line=8" in checked.stdout
    assert "weights" in Path(github["GITHUB_STEP_SUMMARY"]).read_text()


def test_no_template_runs_with_the_rights_of_the_base_repository() -> None:
    """`pull_request_target` would give a stranger's files a token that can write."""
    pages = [ROOT / "action.yml", *INTEGRATIONS.rglob("*.y*ml")]
    for page in pages:
        lines = [line.partition("#")[0] for line in page.read_text().splitlines()]
        assert not any("pull_request_target" in line for line in lines), page


def test_the_gitlab_job_runs_and_leaves_its_reports(repository: Path) -> None:
    job = load(INTEGRATIONS / "gitlab" / "sailwright.gitlab-ci.yml")["sailwright"]
    done = shell("\n".join(job["script"]), CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD")
    assert done.returncode == 0, done.stdout + done.stderr
    reports = job["artifacts"]["reports"]
    assert (repository / reports["codequality"]).exists()
    assert (repository / reports["junit"]).exists()


def test_the_make_fragment_offers_what_its_comments_say(repository: Path) -> None:
    (repository / "Makefile").write_text(f"include {INTEGRATIONS / 'make' / 'sailwright.mk'}\n")
    for target in ("build", "render", "check", "mesh-diff BASE=HEAD"):
        done = shell(f"make {target}")
        assert done.returncode == 0, done.stderr


def test_the_render_job_commits_what_a_bot_left_unrendered(repository: Path) -> None:
    (repository / "services" / "cart" / "service.yaml").write_text(CART.replace("cart:1.1.0", "cart:1.2.0"))
    git("add", ".")
    git("commit", "-q", "-m", "Update the image")
    steps = load(INTEGRATIONS / "github" / "render.yaml")["jobs"]["render"]["steps"]
    (script,) = (step["run"] for step in steps if step.get("name") == "Render and commit")
    for subject in ("Render", "Render"):
        done = shell(script)
        assert done.returncode == 0, done.stderr
        assert git("log", "-1", "--format=%s") == subject
    assert git("rev-list", "--count", "HEAD") == "3", "the second run had nothing to commit"


def test_the_render_job_pushes_to_the_bots_branch(repository: Path, tmp_path: Path) -> None:
    """With a token that no other step sees, and that git keeps nowhere."""
    git("init", "-q", "--bare", str(tmp_path / "remote"))
    git("remote", "add", "origin", str(tmp_path / "remote"))
    steps = load(INTEGRATIONS / "github" / "render.yaml")["jobs"]["render"]["steps"]
    (push,) = (step for step in steps if step.get("name") == "Push")
    assert [step for step in steps if "TOKEN" in str(step)] == [push]
    done = shell(push["run"], TOKEN="t", GITHUB_REF="refs/heads/renovate/cart")
    assert done.returncode == 0, done.stderr
    assert git("ls-remote", "origin").split() == [git("rev-parse", "HEAD"), "refs/heads/renovate/cart"]


def test_argo_cd_prints_manifests_and_never_nothing(repository: Path) -> None:
    plugin = load(INTEGRATIONS / "argocd" / "plugin.yaml")
    generate = plugin["spec"]["generate"]
    (script,) = generate["args"]
    done = shell(script, generate["command"][0], PARAM_ENVIRONMENT="prod")
    assert done.returncode == 0, done.stderr
    kinds = [document["kind"] for document in yaml.safe_load_all(done.stdout)]
    assert kinds.count("Deployment") == 2
    one = shell(script, generate["command"][0], PARAM_ENVIRONMENT="prod", PARAM_SERVICE="services/cart/service.yaml")
    assert one.stdout == done.stdout
    (repository / "services" / "cart" / "service.yaml").unlink()
    empty = shell(script, generate["command"][0], PARAM_ENVIRONMENT="prod")
    assert empty.returncode != 0
    assert empty.stdout == ""


def test_argo_cd_and_flux_examples_point_at_rendered_folders() -> None:
    generated = load(INTEGRATIONS / "argocd" / "applicationset.yaml")["spec"]
    assert generated["generators"][0]["git"]["directories"] == [{"path": "rendered/prod/*"}]
    assert load(INTEGRATIONS / "flux" / "kustomization.yaml")["spec"]["path"] == "./rendered/prod"
    assert (ROOT / "rendered" / "prod" / "kustomization.yaml").exists()


def test_the_make_fragment_adds_to_a_build_that_is_there(repository: Path) -> None:
    """With `build: render` in the Makefile of the repository itself."""
    fragment = INTEGRATIONS / "make" / "sailwright.mk"
    (repository / "Makefile").write_text(f"include {fragment}\nbuild: compiled\ncompiled:\n\t@touch compiled\n")
    done = shell("make build")
    assert done.returncode == 0, done.stderr
    assert (repository / "compiled").exists()
    assert "sailwright build" in done.stdout


def test_flux_waits_for_nothing() -> None:
    """With `wait: true` one crashing canary would hold up the commit that takes its traffic away."""
    assert "wait" not in load(INTEGRATIONS / "flux" / "kustomization.yaml")["spec"]


def test_the_light_hooks_are_those_of_this_repository() -> None:
    """Two files, with the same hooks, and the wheel as all that is installed."""
    light = INTEGRATIONS / "pre-commit"
    assert {path.name for path in light.iterdir()} == {".pre-commit-hooks.yaml", "pyproject.toml"}
    assert load(light / ".pre-commit-hooks.yaml") == load(ROOT / ".pre-commit-hooks.yaml")
    ours, theirs = (tomllib.loads((folder / "pyproject.toml").read_text())["project"] for folder in (ROOT, light))
    assert theirs["version"] == ours["version"]
    assert theirs["requires-python"] == ours["requires-python"]
    (dependency,) = theirs["dependencies"]
    assert re.fullmatch(
        rf"sailwright @ https://packages\.example\.com/sailwright-{ours['version']}-py3-none-any\.whl#sha256=0{{64}}",
        dependency,
    )


def test_the_image_is_built_from_what_is_named_by_its_digest_and_runs_without_rights() -> None:
    lines = (INTEGRATIONS / "docker" / "Dockerfile").read_text().splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    bases = [each[1] for each in words if each[0] == "FROM"]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert bases[0] == load(INTEGRATIONS / "gitlab" / "sailwright.gitlab-ci.yml")["sailwright"]["image"]
    assert re.fullmatch(r"python:[\w.-]+@sha256:[0-9a-f]{64}", bases[0])
    (user,) = (each[1] for each in words if each[0] == "USER")
    assert all(int(part) > 0 for part in user.split(":"))
    copied = [source for each in words if each[0] == "COPY" and not each[1].startswith("--") for source in each[1:-1]]
    assert copied
    assert all((ROOT / source).exists() for source in copied), copied
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"][
        "packages"
    ]
    assert {package.split("/")[0] + "/" for package in packages} <= set(copied)
