"""Another commit is read rightly wherever the project is in its repository, and whatever kind of repository that is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hostile.repositories import CART, PROJECT, git, in_process, project, sailwright

LOCKED = PROJECT + "lint: {locked: [image-tag-latest]}\n"


def committed(top: Path, *folders: str) -> Path:
    """A repository with projects in folders, built and committed."""
    for folder in folders:
        project(top / folder, text=LOCKED)
        assert in_process(top / folder, "build").returncode == 0
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "base")
    return top


def at_root(top: Path) -> Path:
    return committed(top, ".")


def below_root(top: Path) -> Path:
    return committed(top, "deploy") / "deploy"


def deep(top: Path) -> Path:
    return committed(top, "a/b/c") / "a/b/c"


def two_of_them(top: Path) -> Path:
    return committed(top, "deploy", "deploy2", "deploy-3") / "deploy"


def one_in_another(top: Path) -> Path:
    return committed(top, ".", "deploy")


def odd_names(top: Path) -> Path:
    name = "-we ird:\u00e9 [*] \"'"
    return committed(top, name) / name


def magic_name(top: Path) -> Path:
    return committed(top, ":(top)x") / ":(top)x"


def detached(top: Path) -> Path:
    committed(top, "deploy")
    git(top, "checkout", "-q", "--detach")
    return top / "deploy"


def work_tree(top: Path) -> Path:
    committed(top, "deploy")
    git(top, "worktree", "add", "-q", "../other", "-b", "other")
    return top.parent / "other" / "deploy"


def shallow(top: Path) -> Path:
    committed(top, "deploy")
    git(top, "commit", "-q", "--allow-empty", "-m", "second")
    git(top, "clone", "-q", "--depth=1", top.as_uri(), "../clone")
    return top.parent / "clone" / "deploy"


def submodule(top: Path) -> Path:
    committed(top, "deploy")
    outer = top.parent / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    git(outer, "submodule", "--quiet", "add", top.as_uri(), "part")
    return outer / "part" / "deploy"


def with_a_submodule(top: Path) -> Path:
    library = top.parent / "library"
    library.mkdir()
    git(library, "init", "-q")
    git(library, "commit", "-q", "--allow-empty", "-m", "first")
    committed(top, "deploy")
    git(top, "submodule", "--quiet", "add", library.as_uri(), "deploy/services/library")
    git(top, "commit", "-qm", "library")
    return top / "deploy"


def linked(top: Path) -> Path:
    committed(top, "deploy")
    (top.parent / "link").symlink_to(top / "deploy")
    return top.parent / "link"


def an_empty_git_folder(top: Path) -> Path:
    """git itself passes over a `.git` that is none."""
    committed(top, "deploy")
    (top / "deploy" / ".git").mkdir()
    return top / "deploy"


LAYOUTS: list[Callable[[Path], Path]] = [
    at_root, below_root, deep, two_of_them, one_in_another, odd_names, magic_name, detached, work_tree, shallow, submodule,
    with_a_submodule, linked, an_empty_git_folder,
]  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_base_is_read(tmp_path: Path, layout: Callable[[Path], Path]) -> None:
    """A moved weight is a moved weight, and a rule that the base locks is locked."""
    top = tmp_path / "repository"
    top.mkdir()
    folder = layout(top)
    project(folder, CART.replace("80", "70").replace("weight: 20", "weight: 30"))
    assert in_process(folder, "build").returncode == 0
    told = in_process(folder, "diff", "--base", "HEAD")
    assert told.returncode == 0, told.stderr
    assert "v1 80 -> 70" in told.stdout
    assert "new service" not in told.stdout
    assert "rendered: 2 files" in told.stdout
    checked = in_process(folder, "lint", "--config-ref", "HEAD")
    assert "gate-changed" in checked.stdout
    assert "lint.locked is absent here" in checked.stdout
    stepped = in_process(folder, "weight", "cart", "v2=45", "--step", "20")
    assert stepped.returncode == 2
    assert "from 80 to 55" in stepped.stderr


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_gate_holds(tmp_path: Path, layout: Callable[[Path], Path]) -> None:
    """Whatever the layout: a rule off, a namespace of Kubernetes taken, a service hidden by a project file beside it."""
    top = tmp_path / "repository"
    top.mkdir()
    folder = layout(top)
    assert in_process(folder, "check", "--base", "HEAD", "--config-ref", "HEAD").returncode == 0
    text = PROJECT + "lint: {rules: {image-tag-latest: off}}\nnamespaces: {kube-system: {services: ['**']}}\n"
    other = CART.replace("name: cart", "name: other").replace("shop", "kube-system")
    for name, content in {"other": other, "third": CART.replace("name: cart", "name: third")}.items():
        (folder / "services" / name).mkdir()
        (folder / "services" / name / "service.yaml").write_text(content)
    (folder / "services" / "third" / "sailwright.yaml").write_text("")
    project(folder, CART.replace("cart:1.0.0", "cart:latest"), text)
    in_process(folder, "build")
    done = in_process(folder, "check", "--base", "HEAD", "--config-ref", "HEAD")
    assert done.returncode == 1
    for words in (
        "[image-tag-latest]",
        "[namespace-not-allowed]",
        "services/third/service.yaml:1:1: error: this file was checked in HEAD",
        "lint.rules.image-tag-latest is `off` here and absent in HEAD",
        "namespaces.kube-system is not as in HEAD",
    ):
        assert words in done.stdout, done.stdout


def test_a_project_that_is_new_in_the_commit(tmp_path: Path) -> None:
    """The base has other files, and no project in this folder: everything is new."""
    committed(tmp_path, "deploy")
    project(tmp_path / "deploy-2")
    assert sailwright(tmp_path / "deploy-2", "build").returncode == 0
    told = sailwright(tmp_path / "deploy-2", "diff", "--base", "HEAD")
    assert told.returncode == 0, told.stderr
    assert "new service" in told.stdout


def test_the_hook_sees_its_own_output_folder(tmp_path: Path) -> None:
    committed(tmp_path, "deploy", "deploy2")
    project(tmp_path / "deploy", CART.replace("80", "70").replace("20", "30"))
    (tmp_path / "deploy2" / "rendered" / "prod" / "kustomization.yaml").write_text("other: work\n")
    told = sailwright(tmp_path / "deploy", module="sailwright.cli.hook")
    assert told.returncode == 1
    assert "deploy/rendered/prod/shop/cart.yaml" in told.stderr
    assert "deploy2" not in told.stderr
