"""Nothing is written outside: no link is followed to a file that is written, whichever command writes it."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hostile.repositories import CART, git, in_process, project, sailwright

from sailwright.commands.build.output.disk import STAGING
from sailwright.runtime.atomic_file import replace
from sailwright.runtime.errors import Failure
from sailwright.runtime.leftovers import temporary_name

Plant = Callable[[Path, Path], object]
"""What a change puts into the repository: (its folder, a folder outside)."""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a project, built and committed, and a folder `outside` beside it."""
    top = project(tmp_path / "repository")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("as it was\n")
    assert in_process(top, "build").returncode == 0
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "base")
    return top


def link(path: Path, target: Path) -> bool:
    """Put a link in the place of whatever is there."""
    if path.is_dir() and not path.is_symlink():
        subprocess.run(["rm", "-r", path], check=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    return True


def without(path: Path) -> bool:
    """Remove a file."""
    path.unlink()
    return True


LINKED: dict[str, tuple[Plant, tuple[str, ...]]] = {
    "the output folder": (lambda top, out: link(top / "rendered", out), ("build",)),
    "the output folder, inside": (lambda top, _: link(top / "rendered", top / "services"), ("build",)),
    "a folder of an environment": (lambda top, out: link(top / "rendered" / "prod", out), ("build",)),
    "the folder of temporaries": (
        lambda top, out: (without(top / "rendered/kustomization.yaml"), link(top / "rendered" / STAGING, out)),
        ("build",)),
    "a report": (lambda top, out: link(top / "r.sarif", out / "secret"), ("lint", "--format", "sarif=r.sarif")),
    "a report to nothing yet": (lambda top, out: link(top / "r.xml", out / "new"), ("lint", "--format", "junit=r.xml")),
    "a folder of reports": (lambda top, out: link(top / "out", out), ("check", "--format", "json=out/secret")),
    "a report of what changes": (
        lambda top, out: link(top / "d.md", out / "secret"), ("diff", "--base", "HEAD", "--format", "markdown=d.md")),
    "a service file": (
        lambda top, out: ((out / "secret").write_text(CART), link(top / "services/cart/service.yaml", out / "secret")),
        ("weight", "cart", "v2=30")),
    "a service file, inside": (
        lambda top, _: ((top / "real").write_text(CART), link(top / "services/cart/service.yaml", top / "real")),
        ("image", "cart", "v1=example.com/cart:2")),
    "the folder of a new service": (lambda top, out: link(top / "services" / "basket", out), ("new", "basket")),
    "a baseline": (
        lambda top, out: link(top / "b.json", out / "new"), ("lint", "--baseline", "b.json", "--update-baseline")),
    "an injected file": (
        lambda top, out: link(top / "i.yaml", out / "secret"),
        ("inject", "-f", "rendered/prod/shop/cart.yaml", "-o", "i.yaml")),
}  # fmt: skip


@pytest.mark.parametrize("what", LINKED)
def test_a_link_in_the_place_of_what_is_written_is_refused(repository: Path, what: str) -> None:
    plant, command = LINKED[what]
    outside = repository.parent / "outside"
    plant(repository, outside)
    git(repository, "add", "-A")
    before = {path: path.read_bytes() for path in outside.rglob("*")}
    inside = (repository / "services").rglob("*")
    services = {path: path.read_bytes() for path in inside if path.is_file()}
    done = sailwright(repository, *command)
    assert done.returncode in (2, 3), done.stdout + done.stderr
    assert "link" in done.stderr
    assert done.stderr.count("\n") <= 3, done.stderr
    assert {path: path.read_bytes() for path in outside.rglob("*")} == before
    assert {path: path.read_bytes() for path in services} == services
    assert not list(repository.rglob(".sailwright-*")) or what == "the folder of temporaries"


@pytest.mark.parametrize("folder", [".github", ".vscode", "services"])
def test_init_writes_through_no_link(tmp_path: Path, folder: str) -> None:
    top, outside = tmp_path / "repository", tmp_path / "outside"
    top.mkdir()
    outside.mkdir()
    git(top, "init", "-q")
    (top / folder).symlink_to(outside)
    done = sailwright(top, "init")
    assert done.returncode == 3
    assert "link" in done.stderr
    assert not list(outside.iterdir())


def test_a_planted_temporary_is_not_used(repository: Path) -> None:
    """The names of temporaries cannot be guessed, and what a killed build left is removed without following links."""
    assert len({temporary_name() for _ in range(100)}) == 100
    staging = repository / "rendered" / STAGING
    staging.mkdir()
    outside = repository.parent / "outside"
    for number in range(20):
        (staging / str(number)).symlink_to(outside / "secret")
    (staging / "folder").symlink_to(outside)
    (repository / "services" / "cart" / "service.yaml").write_text(
        CART.replace("80", "70").replace("weight: 20", "weight: 30")
    )
    assert sailwright(repository, "build").returncode == 0
    assert (outside / "secret").read_text() == "as it was\n"
    assert not staging.exists()
    assert "weight: 30" in (repository / "rendered/prod/shop/cart.yaml").read_text()


def test_links_outside_of_a_repository_are_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`/tmp` is a link on macOS: a folder on the way may be one, the file itself may not."""
    (tmp_path / "real").mkdir()
    (tmp_path / "way").symlink_to(tmp_path / "real")
    replace(str(tmp_path / "way" / "report"), b"data")
    assert (tmp_path / "real" / "report").read_bytes() == b"data"
    monkeypatch.chdir(tmp_path / "way")
    replace("report", b"more")
    (tmp_path / "real" / "other").symlink_to(tmp_path / "real" / "report")
    with pytest.raises(Failure, match="this is a link"):
        replace("other", b"bad")
    assert (tmp_path / "real" / "report").read_bytes() == b"more"


def test_devices_are_written_to(repository: Path) -> None:
    done = sailwright(repository, "lint", "--format", "json=/dev/stdout")
    assert done.returncode == 0, done.stderr
    assert '"version": 1' in done.stdout


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_what_is_no_file_in_the_place_of_one_is_reported(
    repository: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe would make us wait for ever."""

    def special(path: Path) -> None:
        path.unlink()
        if kind == "pipe":
            os.mkfifo(path)
            return
        monkeypatch.chdir(path.parent)  # an address is short
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)

    special(repository / "rendered" / "prod" / "shop" / "cart.yaml")
    done = sailwright(repository, "build", seconds=30)
    assert done.returncode == 3
    assert "cart.yaml: a pipe, socket or device is where a rendered file belongs; remove it" in done.stderr
    (repository / "rendered" / "prod" / "shop" / "cart.yaml").unlink()
    special(repository / "rendered" / "kustomization.yaml")
    done = sailwright(repository, "build", seconds=30)
    assert done.returncode == 3
    assert "kustomization.yaml: a pipe, socket or device is where a rendered file belongs; remove it" in done.stderr
    assert sailwright(repository, "build", "--check", seconds=30).returncode == 3
    (repository / "rendered" / "kustomization.yaml").unlink()
    assert sailwright(repository, "build").returncode == 0
    special(repository / "services" / "cart" / "service.yaml")
    for command in (
        ("build",),
        ("lint",),
        ("check",),
        ("lint", "services/cart/service.yaml"),
    ):
        done = sailwright(repository, *command, seconds=30)
        assert done.returncode in (1, 2, 3), command
        assert "regular file" in done.stdout + done.stderr, command
