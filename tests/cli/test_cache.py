"""`cache` reports what is kept and lets go of it; the next run has the same result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.hostile.repositories import in_process, own_store, project_with_kinds


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a custom kind, built once."""
    own_store(monkeypatch, tmp_path)
    folder = project_with_kinds(tmp_path / "shop", "Lamp")
    assert in_process(folder, "build").returncode == 0
    return folder


def told(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(in_process(folder, "cache", "--format", "json").stdout)
    return found


def test_it_says_where_it_is_and_how_large(built: Path) -> None:
    found = told(built)
    store = Path(str(found["store"]))
    assert found["store_size"] == store.stat().st_size > 0
    assert found["checkouts"] == 1
    assert "MiB" in in_process(built, "cache").stdout


def test_clear_lets_go_of_this_checkout_and_all_of_everything(built: Path) -> None:
    assert "removed" in in_process(built, "cache", "--clear").stdout
    found = told(built)
    assert (found["store_size"], found["checkouts"]) == (0, 0)
    assert found["files"] != 0
    assert in_process(built, "build", "--check").returncode == 0
    in_process(built, "cache", "--clear", "--all")
    assert told(built)["files"] == 0
    assert in_process(built, "build", "--check").returncode == 0
    assert in_process(built, "cache", "--all").returncode == 2


def test_a_cache_in_the_repository_is_none(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(built / "cache"))
    assert "no cache is used" in in_process(built, "cache").stdout
    assert in_process(built, "cache", "--clear").returncode == 0
