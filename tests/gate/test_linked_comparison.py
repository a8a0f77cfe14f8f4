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
from tests.route.test_linked_route import BY_HAND, CHANGES, NAMESPACES, edit, project

from sailwright.commands.diff import base_and_head, linked_sides
from sailwright.mesh.world import World

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 5)
DIFF = ("diff", "--base", "HEAD")

MORE = (
    (r"(?<=v1, image: )(.*weight: )\d+", (r"\g<1>50", r"\g<1>60")),
    (r"(?<=outbound: \[\{service: )[\w/-]+", ("one/cart-one", "two/search-two", "three/pay-three")),
    (r"(?<=timeout: )\d+s(?=\n)", ("3s", "30s")),
    (r"(?<=interval: )\w+", ("10s", "20s")),
    (r"namespace: (\w+)\n", (r"namespace: \1\nannotations: {sailwright.dev/ignore: image-tag-latest moves}\n",)),
    (
        r"\Z",
        (
            'mesh: {annotations: {traffic.sidecar.istio.io/excludeOutboundPorts: "80"}}\n',
            "expose: [{host: www.example.com, gateway: one/public}]\n",
            "serviceAccountName: shared\n",
        ),
    ),
)
edits = st.tuples(
    st.sampled_from(NAMESPACES),
    st.sampled_from(NAMES),
    st.sampled_from([(pattern, text) for pattern, texts in (*CHANGES, *MORE) for text in texts]),
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

    def noting(sides: object) -> tuple[World, ...] | None:
        part = linked(sides)  # type: ignore[arg-type]
        if part is not None:
            found.append({each.document.source.path for world in part for each in world.manifests})
        return part

    with monkeypatch.context() as patch:
        patch.setattr("sailwright.commands.diff.kept_comparison.linked_sides", noting)
        yield found


def part_compared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The namespaces of the services in the part that a diff compares; all where it compares the whole meshes."""
    whole: list[bool] = []
    compare = base_and_head.compare_sides

    def noting(*arguments: object) -> object:
        whole.append(True)
        return compare(*arguments)  # type: ignore[arg-type]

    with parts_compared(monkeypatch) as found, monkeypatch.context() as patch:
        patch.setattr(base_and_head, "compare_sides", noting)
        in_process(folder, *DIFF)
    for form in ("text", "markdown", "json"):
        same(folder, *DIFF, "--format", form)
    if whole:
        return {"all"}
    return {path.split("/")[-2] for each in found for path in each if path.split("/")[-1].partition("-")[0] in NAMES}


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    by_hand=st.sampled_from(BY_HAND),
    steps=st.lists(st.tuples(st.lists(edits, min_size=1, max_size=2), st.booleans()), min_size=1, max_size=5),
)
def test_any_change_gives_what_the_whole_meshes_say(
    tmp_path_factory: pytest.TempPathFactory,
    by_hand: str,
    steps: list[tuple[list[tuple[str, str, tuple[str, str]]], bool]],
) -> None:
    top = tmp_path_factory.mktemp("comparisons")
    with pytest.MonkeyPatch.context() as patch:
        own_store(patch, top)
        folder = repository_of(top / "kept", by_hand)
        for changes, commits in steps:
            for namespace, name, change in changes:
                edit(folder, namespace, name, change)
            same(folder, *DIFF, "--format", "json")
            same(folder, *DIFF)
            if commits:
                committed(folder)
                in_process(folder, *DIFF)
    shutil.rmtree(top)


ONE = {"one"}


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
    assert part_compared(folder, monkeypatch) == ONE
