"""`sailwright diff` in a real repository, from git objects on one side and files on the other."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sailwright.cli.group import sailwright
from sailwright.commands.diff.base import FileChange
from sailwright.commands.diff.changes import Change
from sailwright.commands.diff.diff import Diff, ServiceChange, Touched
from sailwright.commands.diff.formats import COMMENT_LIMIT, as_markdown, as_text
from sailwright.runtime.errors import Failure

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.30.3, sidecarMode: native}
environments: {staging: {}, prod: {}}
"""
CART = """\
apiVersion: sailwright/v1alpha1
name: cart
namespace: shop
owner: team-shop
ports: [{name: http, port: 80, appProtocol: http}]
versions:
  - {name: v1, image: "example.com/cart:1.0.0", weight: 90}
  - {name: v2, image: "example.com/cart:1.1.0", weight: 10}
"""


def git(*arguments: str) -> str:
    """Run git in the current folder, as nobody in particular."""
    identity = ("-c", "user.name=You", "-c", "user.email=you@example.com", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one service, built and committed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "services" / "cart").mkdir(parents=True)
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    (tmp_path / "services" / "cart" / "service.yaml").write_text(CART)
    git("init", "-q")
    run("build")
    git("add", ".")
    git("commit", "-q", "-m", "base")
    return tmp_path


def run(*arguments: str) -> Result:
    """Run the command line in process."""
    return CliRunner().invoke(sailwright, arguments, standalone_mode=False)


def test_a_moved_weight_is_told_with_its_traffic_owner_and_text(repository: Path) -> None:
    cart = repository / "services" / "cart" / "service.yaml"
    cart.write_text(CART.replace("weight: 90", "weight: 50").replace("weight: 10", "weight: 50"))
    run("build")
    before = git("status", "--porcelain")
    lines = run("diff", "--base", "HEAD").stdout.splitlines()
    assert lines[:3] == [
        "shop/cart  (services/cart/service.yaml)",
        "  default route: v1 90 -> 50 %, v2 10 -> 50 %",
        "  traffic: every request: v1 90 -> 50 %, v2 10 -> 50 %",
    ]
    assert "owners: team-shop" in lines
    assert lines[-1].startswith("rendered: 2 files, +4 -4 lines")
    assert git("status", "--porcelain") == before, "the work tree is not touched"


def test_a_text_change_that_moves_no_traffic_says_so(repository: Path) -> None:
    cart = repository / "services" / "cart" / "service.yaml"
    cart.write_text(CART.replace("cart:1.1.0", "cart:1.2.0"))
    output = run("diff", "--base", "HEAD").stdout
    assert "v2: image example.com/cart: 1.1.0 -> 1.2.0" in output
    assert "No request takes another way." in output


def test_nothing_changed_is_said_in_one_line(repository: Path) -> None:
    assert run("diff", "--base", "HEAD").stdout == "Nothing changes in the mesh.\n"


def test_a_change_of_the_project_reaches_every_baked_sidecar(repository: Path) -> None:
    (repository / "sailwright.yaml").write_text(PROJECT.replace("1.30.3", "1.31.0"))
    assert "sidecar: Istio 1.30.3 -> 1.31.0" in run("diff", "--base", "HEAD").stdout


def test_json_is_versioned_and_goes_to_a_file_beside_the_text(repository: Path) -> None:
    (repository / "services" / "cart" / "service.yaml").unlink()
    result = run("diff", "--base", "HEAD", "--format", "text", "--format", "json=out.json")
    tree = json.loads((repository / "out.json").read_text())
    assert tree["version"] == 1
    assert tree["base"] == git("rev-parse", "HEAD")
    assert [change["message"] for change in tree["changes"]] == ["removed: v1 90 %, v2 10 %"]
    assert "removed: v1 90 %, v2 10 %" in result.stdout


def test_the_default_base_is_where_the_branch_left_the_remote(repository: Path) -> None:
    with pytest.raises(Failure, match="no remote: name the commit to compare with: --base REF"):
        raise run("diff").exception or AssertionError
    git("remote", "add", "origin", "https://git.example.com/shop.git")
    with pytest.raises(Failure, match="git fetch origin main, or name a commit with --base") as failure:
        raise run("diff").exception or AssertionError
    assert failure.value.status == 2
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert run("diff").stdout == "Nothing changes in the mesh.\n"


def test_a_commit_that_is_not_here_is_a_failure_with_the_command_that_fetches_it(repository: Path) -> None:
    git("remote", "add", "origin", "https://git.example.com/shop.git")
    with pytest.raises(Failure, match="git fetch origin main"):
        raise run("diff", "--base", "origin/main").exception or AssertionError


def test_a_base_without_a_project_makes_everything_new(repository: Path) -> None:
    git("rm", "-q", "--cached", "sailwright.yaml")
    git("commit", "-q", "-m", "before sailwright")
    assert "new service: v1 90 %, v2 10 %" in run("diff", "--base", "HEAD").stdout


def test_files_that_do_not_compile_are_findings(repository: Path) -> None:
    (repository / "services" / "cart" / "service.yaml").write_text(CART.replace("weight: 10", "weight: 20"))
    result = run("diff", "--base", "HEAD")
    assert result.return_value == 1
    assert "services/cart/service.yaml:" in result.stdout


def diff(*texts: str, files: tuple[FileChange, ...] = ()) -> Diff:
    """A diff of one service with these changes."""
    changes = tuple(ServiceChange(f"shop/s{i}", "f.yaml", Change("traffic", text), ()) for i, text in enumerate(texts))
    return Diff("0" * 40, changes, (), Touched((), (), ()), files)


def test_a_comment_stays_under_the_limit_and_says_what_it_left_out() -> None:
    big = tuple(FileChange(f"rendered/{number}.yaml", 1, 1, "+x\n" * 10_000) for number in range(5))
    text = as_markdown(diff(*["route changes " + "x" * 900] * 100, files=big))
    assert len(text) < COMMENT_LIMIT
    assert "Left out, to fit a comment: " in text
    assert "text diffs" in text


@pytest.mark.parametrize("evil", ["@team", "<script>", "`", "``` ```", "\x1b[31m", "::error::", "line\nbreak", "#1"])
def test_input_cannot_leave_its_code_span_or_line(evil: str) -> None:
    text = as_markdown(diff(f"v1: image {evil} -> x"))
    (line,) = (line for line in text.splitlines() if line.startswith("- "))
    fence = line[2 : len(line) - len(line[2:].lstrip("`"))]
    assert line.endswith(fence)
    assert fence not in line[2 + len(fence) : -len(fence)]
    assert "\x1b" not in text
    assert "\x1b" not in as_text(diff(f"{evil}"))


def test_what_the_change_does_to_its_own_gate_is_said(repository: Path) -> None:
    """Beside the mesh: a setting that decides, and a file that nothing checks any more."""
    (repository / "sailwright.yaml").write_text(PROJECT + "lint: {failOn: never}\n")
    told = run("diff", "--base", "HEAD").output
    base = git("rev-parse", "HEAD")[:12]
    message = f"lint.failOn is `never` here and absent in {base}"
    assert f": {message}\n" in told
    markdown = run("diff", "--base", "HEAD", "--format", "markdown").output
    assert "**What checks this change is changed by it**" in markdown
    (found,) = json.loads(run("diff", "--base", "HEAD", "--format", "json").output)["gate"]
    assert (found["file"], found["message"]) == ("sailwright.yaml", message)


def test_a_change_that_leaves_the_gate_alone_says_nothing_of_it(repository: Path) -> None:
    (repository / "services" / "cart" / "service.yaml").write_text(CART.replace("cart:1.1.0", "cart:1.2.0"))
    assert "gate" not in run("diff", "--base", "HEAD").output
    assert json.loads(run("diff", "--base", "HEAD", "--format", "json").output)["gate"] == []
