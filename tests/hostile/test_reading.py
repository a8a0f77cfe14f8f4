"""What is no content of the repository is not read into it: git's own files, ours, and the credentials of a checkout."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from tests.hostile.repositories import CART, PROJECT, git, in_process, project, sailwright

from sailwright.source.files.private import is_git_name, looks_secret

TOKEN = "AUTHORIZATION: basic c2VjcmV0"  # the word of git's own configuration


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository as CI checks it out: the token is in git's configuration, and tools have left theirs in the work tree."""
    top = project(tmp_path / "repository")
    git(top, "init", "-q")
    git(top, "config", "http.https://git.example.com/.extraheader", TOKEN)
    for name in (".env", ".npmrc", "gha-creds-0123456789abcdef.json", ".docker/config.json", ".sailwright/notes.yaml"):
        path = top / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"token: '{TOKEN}'\n")
    (top / "services" / "cart" / "linked").symlink_to("../../.git/config")
    (top / "services" / "cart" / "folder").symlink_to("../../.git")
    return top


PATHS = (
    "../../.git/config", "./../../.git//config", "../cart/../../.git/config", "linked", "folder/config", "../../.env",
    "../../.npmrc", "../../gha-creds-0123456789abcdef.json", "../../.docker/config.json", "../../.sailwright/notes.yaml",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "field", ["config: {{mount: /etc/x, files: {{a.txt: '{}'}}}}", "config: {{files: ['{}']}}", "include: ['{}']"]
)
def test_a_service_does_not_read_them(repository: Path, path: str, field: str) -> None:
    (repository / "services/cart/service.yaml").write_text(CART + field.format(path) + "\n")
    for command in (
        ("build",),
        ("build", "--stdout", "--env", "prod"),
        ("lint",),
        ("check",),
        ("diff", "--base", "HEAD"),
    ):
        done = in_process(repository, *command)
        assert done.returncode in (1, 2, 3), command
        assert "c2VjcmV0" not in done.stdout + done.stderr
    assert not (repository / "rendered").exists()


@pytest.mark.parametrize("path", [path.removeprefix("../../") for path in PATHS if path.startswith("../../")])
@pytest.mark.parametrize(
    "block", ["istio: {{values: {}}}", "istio: {{meshConfig: {}}}", "manifests: [{{paths: ['{}']}}]"]
)
def test_a_project_does_not_read_them(repository: Path, path: str, block: str) -> None:
    text = PROJECT.replace("istio: {version: 1.30.3, sidecarMode: native}\n", "") + block.format(path) + "\n"
    (repository / "sailwright.yaml").write_text(text)
    for command in (("build",), ("lint",)):
        done = in_process(repository, *command)
        assert "c2VjcmV0" not in done.stdout + done.stderr
        assert done.returncode in (1, 2) or (".sailwright" in path and "manifests" in block)


def test_a_template_is_no_way_around(repository: Path) -> None:
    (repository / "templates").mkdir()
    (repository / "templates" / "extra.yaml.j2").symlink_to("../.git/config")
    done = sailwright(repository, "build")
    assert done.returncode in (1, 2)
    assert "c2VjcmV0" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "name", ["gitconfig", ".gitlab.txt", "git.env", "my.env", ".env.example", "netrc.md", "id_rsa.pub"]
)
def test_names_that_only_look_alike_are_read(repository: Path, name: str) -> None:
    (repository / "services/cart" / name).write_text("plain: text\n")
    (repository / "services/cart/service.yaml").write_text(CART + f"config: {{files: {{a.txt: '{name}'}}}}\n")
    done = sailwright(repository, "build")
    assert done.returncode == 0, done.stdout
    assert "plain: text" in (repository / "rendered/prod/shop/cart.yaml").read_text()


def test_a_tracked_file_is_content_however_it_is_called(repository: Path) -> None:
    """Everybody who may read the repository knows it: a file `.env` of settings is nobody's secret any more."""
    (repository / "services/cart/.env").write_text("MODE=fast\n")
    git(repository, "add", "services/cart/.env")
    (repository / "services/cart/service.yaml").write_text(CART + "config: {files: {mode.env: .env}}\n")
    assert in_process(repository, "build").returncode == 0


OUTPUTS = (
    ".git", ".GIT", ".Git/refs", ".g\u200cit", "\uff0egit", ".git.", ".git ", "git~1", "x/.git/y", ".git::$INDEX_ALLOCATION",
    "services", "./services", "SERVICES", "templates", ".sailwright", "..", "../x", "a/../../b", "/tmp/x", ".", "./.", "a\\\\b",
    "a\\u0007b", "a\\nb", "a\\u202eb",
)  # fmt: skip


@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_folder_that_cannot_be_ours_is_refused(repository: Path, output: str) -> None:
    (repository / "sailwright.yaml").write_text(PROJECT + f'output: {{path: "{output}"}}\n')
    before = sorted(str(path) for path in repository.rglob("*"))
    done = in_process(repository, "build")
    assert done.returncode == 2, done.stdout
    assert "the output folder" in done.stdout
    assert sorted(str(path) for path in repository.rglob("*")) == before


@pytest.mark.parametrize(
    "output", ["rendered", "out/mesh", ".rendered", "git", ".github/rendered", "gitops", "services-rendered"]
)
def test_other_output_folders_are_fine(repository: Path, output: str) -> None:
    (repository / "sailwright.yaml").write_text(PROJECT + f"output: {{path: {output}}}\n")
    assert in_process(repository, "build").returncode == 0
    assert (repository / output / "prod/shop/cart.yaml").is_file()


def test_names_of_git() -> None:
    taken = (
        ".git",
        ".GIT",
        ".gIt",
        ".git.",
        ".git  ",
        ".git. .",
        "git~1",
        "GIT~2",
        ".git:stream",
        ".\u200dgit",
        ".g\u206ait",
    )
    assert all(map(is_git_name, taken))
    assert not any(
        map(is_git_name, ("git", ".github", ".gitignore", ".gitmodules", "..git", "git~", "a.git", ".gi", ""))
    )
    assert looks_secret("a/.ssh/config")
    assert not looks_secret("services/env/service.yaml")


@pytest.mark.parametrize(
    "command",
    [("build",), ("build", "--check"), ("lint",), ("lint", "services"), ("lint", "--project", "."), ("validate",), ("diff",), ("check",),
     ("test",), ("route", "--url", "http://cart.shop/"), ("new", "pay"), ("weight", "cart", "v1=100", "v2=0"), ("doctor",)],
    ids=" ".join,
)  # fmt: skip
def test_a_project_file_that_may_not_be_read_is_no_absent_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """Root may read everything, so the refusal of the kernel is played here."""
    top = project(tmp_path)
    git(top, "init", "-q")
    really = os.open

    def refuse(path: str | bytes | os.PathLike[str], *rest: Any, **more: Any) -> int:
        if isinstance(path, str) and os.path.basename(path) == "sailwright.yaml":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return really(path, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    done = in_process(top, *command)
    assert done.returncode == 3, done
    assert done.stderr == "sailwright: sailwright.yaml: permission denied: let the user who runs sailwright read it\n"
    assert not done.stdout
