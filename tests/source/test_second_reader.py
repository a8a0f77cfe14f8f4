"""ruamel.yaml, a second reader of YAML 1.2, agrees with our reading of service files and with what our edits mean."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sailwright.source.edit import Add, Set
from sailwright.source.emit import emit
from sailwright.source.source import parse
from sailwright.source.splice import edited

PLAIN = st.sampled_from(["on", "y", "No", "null", "~", "true", "010", "0o10", "0x1F", "1e3", "-1", "+2", ".5", "1.0", ".inf", "a b", "v1.2.3", "1.2.3", "80%", "a:b", "x#y"])  # fmt: skip
TEXT = st.text("ab: #-'\"\\\n", max_size=8)
VALUES = st.recursive(
    st.one_of(TEXT, st.booleans(), st.integers(-9, 99999), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "on", "b c"]), inner)),
    max_leaves=8,
)
TREES = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), VALUES, min_size=1)


def second(text: str) -> Any:
    """What ruamel.yaml reads; its round-trip types are dicts, lists and scalars by another name."""
    return YAML(typ="safe", pure=True).load(text)


@given(st.lists(PLAIN, min_size=1, max_size=5))
def test_plain_scalars_mean_the_same_to_both(scalars: list[str]) -> None:
    text = "".join(f"k{index}: {scalar}\n" for index, scalar in enumerate(scalars))
    assert repr(parse("s.yaml", text.encode(), "service").documents[0].value) == repr(dict(second(text)))


@given(TREES)
def test_what_we_emit_is_read_alike(tree: dict[str, Any]) -> None:
    text = emit(tree)
    assert parse("s.yaml", text.encode(), "service").documents[0].value == tree
    assert second(text) == tree


@given(TREES, st.data(), VALUES)
def test_an_edit_means_the_same_to_both(tree: dict[str, Any], data: st.DataObject, value: object) -> None:
    key = data.draw(st.sampled_from(["a", "b", "c", "d"]))
    edit = Set((key,), value) if key in tree else Add((key,), value)
    result = edited(parse("s.yaml", emit(tree).encode(), "service"), 0, [edit])
    assert result is not None
    assert second(result.text) == {**tree, key: value}
