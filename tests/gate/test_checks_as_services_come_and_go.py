"""`check`, `validate` and `test` after services have come, gone or got other names say what they say without cache."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate import test_services_that_come_and_go as come_and_go
from tests.gate.test_kept_base import committed, same
from tests.gate.test_services_that_come_and_go import Change, move, without_calls
from tests.hostile.repositories import in_process, own_store
from tests.route.test_linked_route import BY_HAND, project

from sailwright.workspace import parallel

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 3)

DECLARED = "namespaces: {one: {}, two: {}, five: {}}\n"
"""Namespaces that are rendered while services are in them."""
WRONG = "patches: [{target: {kind: Deployment}, patch: {spec: {replicas: two}}}]\n"
BESIDE = "include: [extra.yaml]\n"
EXTRA = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, namespace: NAMESPACE}\ndata: {level: 1}\n---\n# Nothing.\n"
)
MORE = (WRONG, BESIDE, WRONG.replace("two", "2"), "tests: []\n")
VALIDATE, TEST = ("validate", "--format", "json"), ("test", "--format", "json")

steps_of_one = st.lists(st.tuples(come_and_go.moves, st.sampled_from(("", "", *MORE))), min_size=1, max_size=2)
steps = st.lists(steps_of_one, min_size=1, max_size=5)


def moved(folder: Path, namespace: str, name: str, change: Change, more: str = "") -> None:
    """Have a service come or go, or be another than it was; with `more` in its file."""
    move(folder, namespace, name, change)
    file = folder / "services" / namespace / name / "service.yaml"
    if more and file.exists():
        file.write_text(file.read_text() + more)
        (file.parent / "extra.yaml").write_text(EXTRA.replace("NAMESPACE", namespace).replace("NAME", name))


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    by_hand=st.sampled_from(BY_HAND),
    steps=steps,
    declared=st.booleans(),
    between=st.sampled_from(((), ("lint",))),
)
def test_any_move_gives_what_is_said_without_cache(
    tmp_path_factory: pytest.TempPathFactory,
    by_hand: str,
    steps: list[list[tuple[tuple[tuple[str, str], Change], str]]],
    declared: bool,
    between: tuple[str, ...],
) -> None:
    """Of commands that each keep what they know for themselves, and know what others have rendered meanwhile."""
    top = tmp_path_factory.mktemp("moves")
    with pytest.MonkeyPatch.context() as patch:
        own_store(patch, top)
        folder = project(top / "kept", by_hand)
        without_calls(folder)
        file = folder / "sailwright.yaml"
        file.write_text(file.read_text() + DECLARED * declared)
        in_process(folder, "lint")
        for some in ([], *steps):
            for (place, change), more in some:
                moved(folder, *place, change, more)
            same(folder, *VALIDATE)
            if between:
                in_process(folder, *between)
            same(folder, *TEST)
            same(folder, *VALIDATE)
    shutil.rmtree(top)


CHECK = ("check", "--base", "HEAD", "--format", "json")


@contextmanager
def checked_project(
    factory: pytest.TempPathFactory, by_hand: str = "", *, declared: bool = False, large: bool = False
) -> Iterator[Path]:
    """A committed project that was checked once, with a store of its own; any part of its services may be compared by itself."""
    top = factory.mktemp("checks")
    with pytest.MonkeyPatch.context() as patch:
        own_store(patch, top)
        patch.setattr("sailwright.commands.check.either_links._PART", 1)
        if large:
            patch.setattr(parallel, "MANY", 1)
        folder = project(top / "kept", by_hand)
        without_calls(folder)
        file = folder / "sailwright.yaml"
        file.write_text(file.read_text() + DECLARED * declared)
        in_process(committed(folder), *CHECK)
        yield folder
    shutil.rmtree(top)


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    by_hand=st.sampled_from(BY_HAND),
    steps=st.lists(st.tuples(steps_of_one, st.sampled_from(("lint", "lint", "commit"))), min_size=1, max_size=6),
    declared=st.booleans(),
    large=st.booleans(),
)
def test_any_move_gives_what_a_check_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory,
    by_hand: str,
    steps: list[tuple[list[tuple[tuple[tuple[str, str], Change], str]], str]],
    declared: bool,
    large: bool,
) -> None:
    """What services are moved stays, or becomes the base of the next checks."""
    with checked_project(tmp_path_factory, by_hand, declared=declared, large=large) as folder:
        for some, then in steps:
            for (place, change), more in some:
                moved(folder, *place, change, more)
            in_process(folder, "lint")
            same(folder, *CHECK)
            if then == "commit":
                committed(folder)
                same(folder, *CHECK)
