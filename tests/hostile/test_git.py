"""git runs nothing that a pull request brings: no settings of an embedded repository, no filter, no hook, no program of ours."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from tests.hostile.repositories import CART, git, project, sailwright

ROOT = Path(__file__).parent.parent.parent

COMMANDS = (
    ("diff", "--base", "main"),
    ("check", "--base", "main", "--config-ref", "main"),
    ("lint", "--config-ref", "main"),
    ("build", "--check"),
    ("weight", "cart", "v2=30", "--step", "10"),
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a project in the folder `deploy`, built and committed."""
    top = tmp_path / "repository"
    project(top / "deploy")
    assert sailwright(top / "deploy", "build").returncode == 0
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "base")
    return top


def ran(top: Path) -> list[Path]:
    """The marks that the planted commands leave."""
    return [*top.parent.rglob("ran-*")]


def every_command(folder: Path, env: dict[str, str] | None = None) -> None:
    for command in COMMANDS:
        sailwright(folder, *command, env=env)
    sailwright(folder, module="sailwright.cli.hook", env=env)


def test_a_folder_that_looks_like_a_bare_repository_is_none(repository: Path) -> None:
    deploy, mark = repository / "deploy", repository.parent / "ran-by-git"
    (deploy / "objects").mkdir()
    (deploy / "refs" / "heads").mkdir(parents=True)
    (deploy / "HEAD").write_text("ref: refs/heads/main\n")
    (deploy / "refs" / "heads" / "main").write_text("1" * 40 + "\n")
    (deploy / "hooks").mkdir()
    (deploy / "hooks" / "post-index-change").write_text(f"#!/bin/sh\ntouch {mark}\n")
    (deploy / "hooks" / "post-index-change").chmod(0o755)
    (deploy / "config").write_text(
        f"""\
[core]
	repositoryformatversion = 1
	bare = true
	sshCommand = touch {mark}; false
	fsmonitor = touch {mark}; false
	pager = touch {mark}
	alternateRefsCommand = touch {mark}
[extensions]
	partialClone = origin
[remote "origin"]
	url = ssh://git.example.com/a
	promisor = true
[diff]
	external = touch {mark}
"""
    )
    every_command(deploy)
    assert ran(repository) == []
    assert "new service" not in sailwright(deploy, "diff", "--base", "main").stdout


def test_filters_and_text_converters_do_not_run(repository: Path) -> None:
    """The user has set up filters; the attributes of a pull request would apply them to any file."""
    mark = repository.parent / "ran-by-git"
    for key in ("clean", "smudge", "process"):
        git(repository, "config", f"filter.odd=name.x.{key}", f"touch {mark}")
    git(repository, "config", "filter.odd=name.x.required", "true")
    git(repository, "config", "diff.text.textconv", f"touch {mark}; cat")
    git(repository, "config", "diff.text.command", f"touch {mark}")
    git(repository, "config", "core.fsmonitor", f"touch {mark}; false")
    git(repository, "config", "core.hooksPath", str(repository / "deploy"))
    (repository / "deploy" / "post-index-change").write_text(f"#!/bin/sh\ntouch {mark}\n")
    (repository / "deploy" / "post-index-change").chmod(0o755)
    (repository / ".gitattributes").write_text("* filter=odd=name.x diff=text\n")
    service = repository / "deploy" / "services" / "cart" / "service.yaml"
    service.write_text(CART.replace("80", "70").replace("20", "30"))
    rendered = repository / "deploy" / "rendered" / "prod" / "shop" / "cart.yaml"
    rendered.write_text(rendered.read_text().replace("weight: 80", "weight: 70"))
    every_command(repository / "deploy")
    assert ran(repository) == []


def test_nothing_is_fetched_for_a_partial_clone(repository: Path) -> None:
    """What a partial clone left out is asked for in a sentence, and not fetched by the repository's settings."""
    mark = repository.parent / "ran-by-git"
    git(repository, "config", "core.repositoryformatversion", "1")
    git(repository, "config", "extensions.partialClone", "origin")
    git(repository, "config", "remote.origin.url", "ssh://git.example.com/a")
    git(repository, "config", "remote.origin.promisor", "true")
    git(repository, "config", "core.sshCommand", f"touch {mark}; false")
    git(repository, "config", "protocol.ssh.allow", "always")
    blob = git(repository, "rev-parse", "HEAD:deploy/sailwright.yaml")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    done = sailwright(repository / "deploy", "diff", "--base", "HEAD")
    assert done.returncode == 3
    assert "git fetch --refetch --no-filter" in done.stderr
    assert ran(repository) == []


@pytest.mark.parametrize("path", [".", "", "tools"])
def test_a_git_of_the_checkout_is_not_run(repository: Path, path: str) -> None:
    """A PATH with relative entries finds programs in the folder at hand, which is the stranger's."""
    deploy = repository / "deploy"
    for folder in (deploy, deploy / "tools"):
        folder.mkdir(exist_ok=True)
        for program in ("git", "kubeconform"):
            (folder / program).write_text(f"#!/bin/sh\ntouch {repository.parent}/ran-{program}\n")
            (folder / program).chmod(0o755)
    every_command(deploy, {"PATH": f"{path}{os.pathsep}{os.environ['PATH']}"})
    assert ran(repository) == []


def test_one_module_runs_git() -> None:
    """Everything above rests on it."""
    modules = (ROOT / "compiler").rglob("*.py")
    naming = {
        path.name
        for path in modules
        if re.search(r"\bimport subprocess|os\.(system|popen|exec|spawn)", path.read_text())
        and re.search(r"""["']git["']""", path.read_text())
    }
    assert naming <= {"git.py"}


GIT_DIES = """\
#!/bin/sh
for word in "$@"; do
    [ "$word" = "{asked}" ] && touch {mark} && kill -9 $$
done
exec {git} "$@"
"""


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        ("rev-parse", ("diff", "--base", "main")),
        ("ls-tree", ("diff", "--base", "main")),
        ("cat-file", ("diff", "--base", "main")),
        ("cat-file", ("check", "--base", "main", "--config-ref", "main")),
        ("config", ("diff", "--base", "main")),
        ("--numstat", ("diff", "--base", "main")),
        ("for-each-ref", ("diff", "--base", "nothing")),
        ("remote", ("check",)),
        ("ls-files", ("lint", "--config-ref", "main")),
    ],
)
def test_a_killed_git_is_reported_as_one(
    repository: Path, tmp_path: Path, asked: str, command: tuple[str, ...]
) -> None:
    """Not as a commit that is unknown, a clone that lacks files, or a base without services: nothing is concluded from it."""
    service = repository / "deploy/services/cart/service.yaml"
    service.write_text(CART.replace("weight: 80", "weight: 70").replace("weight: 20", "weight: 30"))
    programs = tmp_path / "programs"
    programs.mkdir()
    mark = tmp_path / "died"
    (programs / "git").write_text(GIT_DIES.format(asked=asked, git=shutil.which("git"), mark=mark))
    (programs / "git").chmod(0o755)
    env = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = sailwright(repository / "deploy", *command, env=env)
    assert mark.exists()
    assert done.returncode == 3, done
    assert re.search(r"^sailwright: git \S+ was killed by signal 9: run it again$", done.stderr, re.MULTILINE)
