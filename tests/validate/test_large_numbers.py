"""The quick look for large numbers misses none."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sailwright.validate.numbers import _large, _may_hold_large

NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from((2**31 - 1, 2**31, -(2**31), 1e10, True)))
TREES = st.recursive(
    st.one_of(NUMBERS, st.text(max_size=3), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=2), TREES, max_size=3))
def test_where_there_is_one_it_is_worth_looking(value: dict[str, Any]) -> None:
    if any(_large(value, ())):
        assert _may_hold_large(value)


def test_an_ordinary_object_is_not() -> None:
    assert not _may_hold_large({"spec": {"ports": [{"port": 80, "name": "http"}], "on": True, "at": None}})
    assert _may_hold_large({"spec": {"ports": [{"port": 2**31}]}})
