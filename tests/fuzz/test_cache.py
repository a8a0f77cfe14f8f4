"""The cache: whatever is in it, the output is the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.runs import FUZZ, run
from tests.hostile.repositories import own_store, project_with_kinds
from tests.hostile.test_cache import CORRUPTIONS, rendered

from sailwright.runtime.cache import open_cache

RENDERED = "shop/rendered/prod/shop/cart.yaml"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project built once, with a cache of its own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        _own_cache(patch, folder)
        project_with_kinds(folder / "shop", "Lamp", "Chair", "Table")
        assert run(folder / "shop", "build", "-j1").returncode == 0
    return folder


def _own_cache(patch: pytest.MonkeyPatch, folder: Path) -> None:
    own_store(patch, folder)


@FUZZ
@given(
    spoilt=st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999), st.integers(0, 2**32)), min_size=1, max_size=3),
    removed=st.booleans(),
)
def test_any_corruption_is_a_miss(built: Path, spoilt: list[tuple[int, int, int]], removed: bool) -> None:
    """Entries cut, lengthened, flipped, exchanged or filled with code: none is read, and the output does not change."""
    with pytest.MonkeyPatch.context() as patch:
        _own_cache(patch, built)
        output = rendered(built)
        good = {path: path.read_bytes() for path in sorted((built / "cache").rglob("*")) if path.is_file()}
        bad = dict(good)
        for entry, way, seed in spoilt:
            path = list(good)[entry % len(good)]
            others = [data for other, data in good.items() if other != path]
            dice, spoil = random.Random(seed), [*CORRUPTIONS, None][way % (len(CORRUPTIONS) + 1)]
            if bad[path]:
                bad[path] = spoil(dice, bad[path]) if spoil else dice.choice(others)
        for path in good:
            if bad[path] != good[path]:
                path.write_bytes(bad[path])
                assert open_cache().load(path.parent.name, path.name) is None
        if removed:
            (built / RENDERED).unlink()
        assert run(built / "shop", "build", "-j1").returncode == 0
        assert rendered(built) == output
        for path, data in good.items():
            path.write_bytes(data)
