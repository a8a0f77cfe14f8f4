"""A diff of a change that no request can notice builds neither world, and says what a comparison of the two says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.gate.test_kept_base import committed, repository, same
from tests.hostile.repositories import git, in_process
from tests.lint.test_after_change import NAMES, edit, service

from sailwright.commands.diff import base_and_head
from sailwright.commands.diff.container_changes import UNREAD
from sailwright.lint.noted_fields import ALL, CONTAINER, Noted, NotedFields, noting_worlds
from sailwright.runtime.records import replace
from sailwright.workspace import worlds
from sailwright.workspace.parallel import Rendered
from sailwright.workspace.selection import WorldSet

__all__ = ["repository"]

DIFF = ("diff", "--base", "HEAD")


def worlds_compared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a diff compares the two worlds. What it says is what it says without cache."""
    seen: list[base_and_head.Sides] = []
    compare = base_and_head.compare_sides

    def noting(root: str, sides: base_and_head.Sides, *more: object) -> object:
        seen.append(sides)
        return compare(root, sides, *more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(base_and_head, "compare_sides", noting)
        in_process(folder, *DIFF)
    compared = bool(seen)
    same(folder, *DIFF, "--format", "json")
    return compared


UNNOTICED = (
    ("example.com/cart:1", "example.com/cart:3"),
    ("example.com/cart:latest", "example.com/cart:3"),
    ("cpu: 50m", "cpu: 60m"),
    ("value: info", "value: debug"),
    ("# What cart is for.", "# What it is for."),
    ("# What cart is for.", "# sailwright: ignore[image-tag-latest] it moves"),
)
NOTICED = (
    ("replicas: 2", "replicas: 0"),
    ("prefix: /x", "prefix: /y"),
    ("inbound: [{service: one/pay}]", "inbound: [{service: one/search}]"),
    ("namespace: one", "namespace: one\nannotations: {sailwright.dev/ignore: image-tag-latest moves}"),
    ("namespace: one", "namespace: one\nmesh: {inject: none}"),
)


def test_what_no_request_can_notice_is_not_asked_of_the_mesh(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The base is known from the first comparison with it; what changed since the last run and what changed before are one."""
    assert worlds_compared(repository, monkeypatch)
    assert not worlds_compared(repository, monkeypatch)
    for old, new in UNNOTICED:
        edit(repository, "cart", old, new)
        assert not worlds_compared(repository, monkeypatch), new
        edit(repository, "cart", new, old)
    edit(repository, "cart", "example.com/cart:1", "example.com/cart:3")
    in_process(repository, "lint")
    edit(repository, "pay", "cpu: 50m", "cpu: 60m")
    assert not worlds_compared(repository, monkeypatch)
    for form in ("text", "markdown"):
        same(repository, *DIFF, "--format", form)


@pytest.mark.parametrize(("old", "new"), NOTICED)
def test_what_a_request_may_notice_is(repository: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    in_process(repository, *DIFF)
    edit(repository, "cart", old, new)
    assert worlds_compared(repository, monkeypatch)
    edit(repository, "cart", new, old)
    assert not worlds_compared(repository, monkeypatch)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sailwright.yaml", None),
        ("manifests/gateway.yaml", None),
        ("manifests/more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more, namespace: one}\n"),
    ],
)
def test_where_another_file_is_not_the_same_both_worlds_are_asked(
    repository: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: str | None
) -> None:
    in_process(repository, *DIFF)
    path = repository / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(path.read_text() + "# more\n" if text is None else text)
    edit(repository, "cart", "cpu: 50m", "cpu: 60m")
    assert worlds_compared(repository, monkeypatch)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("manifests/more.yaml", "kind: [\n"),
        ("templates/podmonitor.yaml.j2", "kind: ConfigMap\n"),
        ("services/more/service.yaml", "name: more\n"),
    ],
)
def test_a_new_file_that_is_wrong_is_reported(repository: Path, file: str, text: str) -> None:
    in_process(repository, *DIFF)
    path = repository / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    edit(repository, "cart", "cpu: 50m", "cpu: 60m")
    assert file in same(repository, *DIFF)


def test_services_that_come_and_go(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_process(repository, *DIFF)
    file = repository / "services/more/service.yaml"
    file.parent.mkdir()
    file.write_text(service("pay").replace("name: pay", "name: more").replace("example.com/pay", "example.com/more"))
    assert worlds_compared(repository, monkeypatch)
    committed(repository)
    in_process(repository, *DIFF)
    assert not worlds_compared(repository, monkeypatch)
    file.unlink()
    assert worlds_compared(repository, monkeypatch)


def test_a_part_of_the_environments_is_a_base_of_its_own(repository: Path) -> None:
    for environment in ("staging", "prod"):
        in_process(repository, *DIFF, "--env", environment)
    edit(repository, "cart", "cpu: 50m", "cpu: 60m")
    for environment in ("staging", "prod"):
        assert "60m" in same(repository, *DIFF, "--env", environment)


def test_a_file_on_disk_that_git_does_not_know(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The base has none of it, whatever the last run read."""
    (repository / ".gitignore").write_text("manifests/local.yaml\n")
    (repository / "manifests/local.yaml").write_text(
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: local, namespace: one}\n"
        "spec: {hosts: [cart.one.svc.cluster.local], http: [{route: [{destination: {host: nobody}}]}]}\n"
    )
    committed(repository)
    in_process(repository, *DIFF)
    assert git(repository, "status", "--porcelain") in ("", None)
    edit(repository, "cart", "cpu: 50m", "cpu: 60m")
    assert worlds_compared(repository, monkeypatch)


def test_comparing_worlds_reads_nothing_of_containers_that_may_change(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which objects are not the same is asked of all that is in them; it says what to ask about, and is no answer."""
    noted: Noted = set()
    build = worlds.build_worlds

    def noting(rendered: Rendered, *more: object) -> WorldSet:
        found = build(rendered, *more)  # type: ignore[arg-type]
        files = {each.document.source.path for world in found.worlds for each in world.manifests}
        pairs = zip(found.compiled_worlds, noting_worlds(found.worlds, noted, files), strict=True)
        return replace(found, compiled_worlds=tuple(replace(each, world=world) for each, world in pairs))

    monkeypatch.setattr(worlds, "build_worlds", noting)
    monkeypatch.setattr(NotedFields, "__eq__", dict.__eq__)
    monkeypatch.setattr(NotedFields, "__ne__", dict.__ne__)
    edit(repository, "pay", "namespace: one", "namespace: one\nmesh: {inject: none}")
    committed(repository)
    for name in NAMES:
        edit(repository, name, "example.com/", "example.org/")
    in_process(repository, *DIFF, "--no-cache")
    for old, new in NOTICED[:4]:
        edit(repository, "cart", old, new)
        in_process(repository, *DIFF, "--no-cache")
    read = {key for what, key in noted if what == CONTAINER}
    assert "name" in read
    assert not read & {*UNREAD, ALL}
