"""Where all services are linked to each other, one by one, a change is judged with those that are near it: the results are those of a full run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.repositories import prepared
from tests.lint import test_linked_changes
from tests.lint.test_after_change import GATEWAY, edit, whole_mesh_judged
from tests.lint.test_kept_results import outcome, without_cache

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 3)

COUNT = 20
NAMES = [f"s{number:02}" for number in range(COUNT)]
PROJECT = test_linked_changes.PROJECT.replace(
    "{staging: {}, prod: {clusters: {east: {}, west: {}}}}", "{prod: {}}"
).replace("namespaces: {shop: {labels: {istio-injection: disabled}}}\n", "")
SERVICE = test_linked_changes.SERVICE


def text_of(name: str) -> str:
    """A service that the one before it calls, and that calls the one after it."""
    at = NAMES.index(name)
    after, before = NAMES[(at + 1) % COUNT], NAMES[at - 1]
    return SERVICE.format(
        name=name,
        namespace="shop",
        caller=f"shop/{before}",
        callee=f"shop/{after}",
        host=f"{after}.shop.svc.cluster.local",
    )


def ring(folder: Path) -> None:
    """Services that call each other in a ring, linted once."""
    (folder / "manifests").mkdir(parents=True)
    (folder / "sailwright.yaml").write_text(PROJECT)
    (folder / "manifests/gateway.yaml").write_text(GATEWAY)
    (folder / "manifests/strict.yaml").write_text(test_linked_changes.STRICT)
    for name in NAMES:
        test_linked_changes.add(folder, name, text_of(name))
    outcome(folder)


@pytest.fixture
def linted(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ring."""
    return prepared(tmp_path_factory, monkeypatch, ring)


def test_what_changes_no_call_is_judged_with_what_is_near(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights, matches, replicas, a port, and who may call: in services that all others are linked to, over others."""
    for name, old, new in (
        ("s03", "v1: 90, v2: 10", "v1: 80, v2: 20"),
        ("s04", "prefix: /x", "prefix: /y"),
        ("s05", "replicas: 2", "replicas: 1"),
        ("s06", "inbound: [{service: shop/s05}]", "inbound: [{service: shop/s05}, {service: shop/s04}]"),
    ):
        edit(linted, name, old, new)
        assert not whole_mesh_judged(linted, monkeypatch), (name, new)


def test_who_waits_for_whom_is_asked_of_all(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Timeouts add up along the calls, however far these lead."""
    edit(linted, "s03", "timeout: 2s", "timeout: 9s")
    assert whole_mesh_judged(linted, monkeypatch)


changes = st.sampled_from(
    [
        (pattern, text)
        for pattern, texts in test_linked_changes.CHANGES
        for text in texts
        if "timeout" not in pattern and "perTry" not in pattern and "attempts" not in pattern
    ]
)
edits = st.tuples(st.sampled_from(NAMES), changes)


@settings(
    max_examples=RUNS,
    deadline=None,
    derandomize=not os.environ.get("SAILWRIGHT_FUZZ_RUNS"),
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(edits, min_size=1, max_size=8))
def test_any_change_of_one_gives_what_a_lint_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Any]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = prepared(tmp_path_factory, patch, ring)
        for name, (pattern, text) in steps:
            renamed = {"a1": "s09", "b1": "s11", "b2": "s03", "c1": "s15", "c3": "s05"}
            for old, new in renamed.items():
                text = text.replace(old, new)
            test_linked_changes.change(folder, name, pattern, text)
            assert outcome(folder) == without_cache(folder)
