"""A later diff compares the part of both meshes that a change can reach, and says what a comparison of the whole meshes says."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.test_kept_base import committed, same
from tests.hostile.repositories import in_process, own_store, prepared
from tests.lint.test_after_change import NAMES
from tests.route import test_linked_route as linked_route
from tests.route.test_linked_route import BY_HAND, NAMESPACES, edit, project

from sailwright.commands.diff import base_and_head, first_comparison, linked_sides
from sailwright.commands.linked import services as linked_services
from sailwright.commands.linked.worlds import PART
from sailwright.mesh.world import World
from sailwright.workspace import parallel

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 5)
DIFF = ("diff", "--base", "HEAD")

CHANGES = (
    *linked_route.CHANGES[:-1],
    (r"(?<=outbound: \[\{service: )[\w/-]+", ("one/cart-one", "two/search-two", "three/pay-three")),
    (r"(?<=timeout: )\d+s(?=,)", ("3s", "30s")),
    (r"(?<=interval: )\w+", ("10s", "20s")),
    (
        r"(?m)^(?:accessPolicy|expose):.*$",
        (
            "accessPolicy: {inbound: [{service: two/search-two}]}",
            "expose: {gateways: [one/public], hosts: [www.example.com]}",
            "expose: {gateways: [one/public], hosts: [www.example.com, cart.example.com]}",
        ),
    ),
    (
        r"(?:# more\n[\s\S]*)?\Z",
        (
            "",
            "# more\nannotations: {sailwright.dev/ignore: image-tag-latest moves}\n",
            '# more\nannotations: {traffic.sidecar.istio.io/excludeOutboundPorts: "80"}\n',
            "# more\nserviceAccount: shared\n",
            '# more\nexportTo: ["."]\n',
            "# more\nmesh: {inject: none}\n",
            "# more\nenvironments: {prod: {defaults: {replicas: 0}}}\n",
            "# more\nenvironments: {prod: {enabled: false}}\n",
            "# more\nenabled: false\n",
        ),
    ),
)
"""What to find in a service file, and what to write there instead."""
edits = st.tuples(
    st.sampled_from(NAMESPACES),
    st.sampled_from(NAMES),
    st.sampled_from([(pattern, text) for pattern, texts in CHANGES for text in texts]),
)


def repository_of(folder: Path, by_hand: str = "") -> Path:
    committed(project(folder, by_hand))
    in_process(folder, *DIFF)
    return folder


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed project that was compared once."""
    return prepared(tmp_path_factory, monkeypatch, lambda folder: repository_of(folder) and None)


@contextmanager
def parts_compared(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[set[str]]]:
    """The files of the services in the parts that are compared meanwhile; nothing is compared beside these."""
    found: list[set[str]] = []
    linked = linked_sides.linked_sides

    def noting(*arguments: object) -> tuple[World, ...] | None:
        part = linked(*arguments)  # type: ignore[arg-type]
        if part is not None:
            sides = [side for world in part for side in (world, world.base) if side is not None]
            found.append({each.document.source.path for side in sides for each in side.manifests})
        return part

    with monkeypatch.context() as patch:
        patch.setattr("sailwright.commands.diff.linked_sides.linked_sides", noting)
        yield found


def part_compared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The services in the part that a diff compares; all where it compares the whole meshes."""
    whole: list[bool] = []
    compare = base_and_head.compare_sides

    def noting(*arguments: object) -> object:
        whole.append(True)
        return compare(*arguments)  # type: ignore[arg-type]

    with parts_compared(monkeypatch) as found, monkeypatch.context() as patch:
        patch.setattr(base_and_head, "compare_sides", noting)
        in_process(folder, *DIFF)
    same(folder, *DIFF, "--format", "json")
    if whole:
        return {"all"}
    names = {Path(path).stem for each in found for path in each}
    return {name for name in names if "-" in name}


@contextmanager
def own_folder(factory: pytest.TempPathFactory, *, large: bool = False, part: int = PART) -> Iterator[Path]:
    """A folder for a project with a store of its own, in which one of `part` services may be linked to each other.

    Of a large project both sides are found some services at a time, by the first who asks.
    """
    top = factory.mktemp("comparisons")
    with pytest.MonkeyPatch.context() as patch:
        own_store(patch, top)
        patch.setattr(linked_services, "PART", part)
        if large:
            patch.setattr(parallel, "MANY", 1)
        yield top / "kept"
    shutil.rmtree(top)


def same_from_here(folder: Path, *, commits: bool) -> None:
    """A diff says what the whole meshes say. What is there may become the base of the next one."""
    same(folder, *DIFF, "--format", "json")
    if commits:
        committed(folder)
        in_process(folder, *DIFF)


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    by_hand=st.sampled_from(BY_HAND),
    steps=st.lists(st.tuples(st.lists(edits, min_size=1, max_size=2), st.booleans()), min_size=1, max_size=5),
    large=st.booleans(),
)
def test_any_change_gives_what_the_whole_meshes_say(
    tmp_path_factory: pytest.TempPathFactory,
    by_hand: str,
    steps: list[tuple[list[tuple[str, str, tuple[str, str]]], bool]],
    large: bool,
) -> None:
    with own_folder(tmp_path_factory, large=large) as folder:
        repository_of(folder, by_hand)
        for changes, commits in steps:
            for change in changes:
                edit(folder, *change)
            same(folder, *DIFF)
            same_from_here(folder, commits=commits)


def group(namespace: str) -> set[str]:
    """The services of a namespace, which call each other."""
    return {f"{name}-{namespace}" for name in NAMES}


@pytest.mark.parametrize(
    "change",
    [
        (r"(?<=to: \{v1: )\d+, v2: \d+", "80, v2: 20"),
        (r"(?<=prefix: )/\w+", "/y"),
        (r"(?<=perTryTimeout: )\d+s", "1s"),
        (r"(?<=replicas: )\d+", "0"),
        (r"(?<=name: http, port: )\d+", "81"),
        (r"(?<=inbound: \[\{service: )[\w/-]+", "one/cart-one"),
        (r"(?<=outbound: \[\{service: )[\w/-]+", "one/pay-one"),
    ],
)
def test_services_of_other_namespaces_have_no_part(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str]
) -> None:
    edit(folder, "one", "cart", change)
    assert part_compared(folder, monkeypatch) == group("one")


def test_namespaces_that_the_project_renders_link_nobody(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They all come from sailwright.yaml, and say of each service what they say."""
    with own_folder(tmp_path_factory) as folder:
        project(folder)
        settings = folder / "sailwright.yaml"
        rendered = "".join(f"  {name}: {{render: true}}\n" for name in ("one", "two"))
        settings.write_text(f"{settings.read_text()}namespaces:\n{rendered}")
        committed(folder)
        in_process(folder, *DIFF)
        edit(folder, "one", "cart", (r"(?<=to: \{v1: )\d+, v2: \d+", "80, v2: 20"))
        assert part_compared(folder, monkeypatch) == group("one")


def test_the_routes_of_an_exposed_host(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sidecars route a host that no service has beside those of any service on port 80."""
    edit(
        folder, "one", "cart", (r"(?m)^accessPolicy:.*$", "expose: {gateways: [one/public], hosts: [www.example.com]}")
    )
    committed(folder)
    in_process(folder, *DIFF)
    edit(folder, "one", "cart", (r"(?<=to: \{v1: )\d+, v2: \d+", "80, v2: 20"))
    assert part_compared(folder, monkeypatch) - group("one") == {"cart-four"}
    assert "www.example.com" in same(folder, *DIFF)


@pytest.mark.parametrize("large", [False, True])
def test_a_service_that_is_enabled_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    """It is gone, though its file is there; it may be enabled again. Sidecars route its host beside those of any service on port 80."""
    own_store(monkeypatch, tmp_path)
    if large:
        monkeypatch.setattr(parallel, "MANY", 1)
    folder = repository_of(tmp_path / "project")
    edit(folder, "one", "cart", (r"\Z", "enabled: false\n"))
    assert part_compared(folder, monkeypatch) - group("one") == {"cart-four"}
    committed(folder)
    in_process(folder, *DIFF)
    edit(folder, "one", "cart", (r"enabled: false\n", ""))
    assert part_compared(folder, monkeypatch) - group("one") == {"cart-four"}


@pytest.mark.parametrize("source", ["serviceAccounts: [two/shared]", "notServiceAccounts: [two/shared]"])
def test_callers_that_a_policy_names_by_their_service_account(
    folder: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """They have a part, though no object of the account is rendered."""
    account = "serviceAccount: {name: shared, create: false}\n"
    policy = (
        "patches: [{target: {kind: AuthorizationPolicy}, patch: {spec: {rules: [{from: [{source: {SOURCE}}]}]}}}]\n"
    )
    edit(folder, "two", "pay", (r"\Z", account))
    edit(folder, "one", "cart", (r"\Z", policy.replace("SOURCE", "serviceAccounts: [two/nobody]")))
    committed(folder)
    in_process(folder, *DIFF)
    edit(folder, "one", "cart", (r"serviceAccounts: \[two/nobody\]", source))
    assert part_compared(folder, monkeypatch) >= {"cart-one", "pay-two"}


def test_of_a_large_project_no_mesh_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor in the first run; of another base only what differs from the last one is looked at."""
    own_store(monkeypatch, tmp_path)
    monkeypatch.setattr(parallel, "MANY", 1)
    folder = committed(project(tmp_path / "project"))
    edit(folder, "one", "cart", (r"(?<=to: \{v1: )\d+, v2: \d+", "80, v2: 20"))
    assert part_compared(folder, monkeypatch) == group("one")
    committed(folder)
    edit(folder, "two", "cart", (r"(?<=to: \{v1: )\d+, v2: \d+", "80, v2: 20"))
    monkeypatch.setattr(first_comparison, "whole_mesh", lambda *_: 1 / 0)
    assert part_compared(folder, monkeypatch) == group("two")


def test_a_large_project_without_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put aside goes to a temporary store, and no mesh is loaded either."""
    own_store(monkeypatch, tmp_path)
    folder = committed(project(tmp_path / "project"))
    edit(folder, "one", "cart", (r"(?<=to: \{v1: )\d+, v2: \d+", "80, v2: 20"))
    whole = in_process(folder, *DIFF)
    monkeypatch.setattr(parallel, "MANY", 1)
    monkeypatch.setattr(base_and_head, "compare_sides", lambda *_: 1 / 0)
    assert in_process(folder, *DIFF, "--no-cache").stdout == whole.stdout != ""
