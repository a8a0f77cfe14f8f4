"""Edits of a YAML file: each changes what it says, and every other byte stays."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.source.edit import Add, Edit, Remove, Rename, Set
from sailwright.source.emit import emit
from sailwright.source.source import parse
from sailwright.source.splice import edited

TEXT = """\
# head
a: 1  # one
spec:
  # about x
  x: old   # tail x
  # about flow
  flow: {p: 1, q: 2, r: 3}
  list:
    - name: a   # first
      v: 1
    # about b
    - name: b
      v: 2
  empty:
  block: |
    text
    more
# end
---
second: 2
"""


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (Set(("spec", "x"), "new"), "x: old ", "x: new "),
        (Set(("spec", "x"), "on"), "x: old ", 'x: "on" '),
        (Set(("spec", "flow", "q"), [1, "a, b"]), "q: 2", 'q: [1, "a, b"]'),
        (Set(("spec", "added"), True), "  x: old", "  added: true\n  x: old"),
        (Set(("spec", "flow", "s"), "t"), "{p: 1", "{s: t, p: 1"),
        (Set(("spec", "empty"), {"k": "v"}), "empty:\n", "empty: {k: v}\n"),
        (Set(("spec", "block"), "z"), "|\n    text\n    more\n", "z\n"),
        (Remove(("spec", "x")), "  x: old   # tail x\n", ""),
        (Remove(("spec", "flow", "p")), "p: 1, ", ""),
        (Remove(("spec", "flow", "r")), ", r: 3", ""),
        (Remove(("spec", "list", 0)), "    - name: a   # first\n      v: 1\n", ""),
        (Remove(("spec", "list", 1)), "    - name: b\n      v: 2\n", ""),
        (Remove(("spec", "list", 0, "name")), "- name: a   # first\n      v: 1", "- v: 1"),
        (Remove(("spec", "block")), "  block: |\n    text\n    more\n", ""),
        (Rename(("spec", "x"), "y1"), "  x: old", "  y1: old"),
    ],
)
def test_edit_is_a_splice(edit: Edit, old: str, new: str) -> None:
    """The text is the same but for the one place."""
    assert TEXT.count(old) == 1
    result = edited(parse("f.yaml", TEXT.encode()), 0, [edit])
    assert result is not None
    assert result.text == TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        ("spec:\n  only: 1\n", Remove(("spec", "only")), "spec:\n   {}\n"),
        ("spec: {only: 1}\n", Remove(("spec", "only")), "spec: {}\n"),
        ("spec:\n- one\n", Remove(("spec", 0)), "spec:\n []\n"),
        ("spec: {}\n", Set(("spec", "k"), "v"), "spec: {k: v}\n"),
        ("spec: {}\n", Add(("spec", "k"), "v"), "spec: {k: v}\n"),
        ("spec: {a: 1 } # c\n", Add(("spec", "k"), "v"), "spec: {a: 1, k: v } # c\n"),
        ("spec:\n  a: 1  # c\nb: 2\n", Add(("spec", "k"), "v"), "spec:\n  a: 1  # c\n  k: v\nb: 2\n"),
        ("spec:\n  a:\n    - x # c", Add(("spec", "k"), {"v": 1}), "spec:\n  a:\n    - x # c\n  k: {v: 1}"),
        ("l:\n- {a: 1} # c\n# d\n", Add(("l", 1), {"a": 2}), "l:\n- {a: 1} # c\n- {a: 2}\n# d\n"),
        ("l:\n  - a: 1\n    b: 2\nm: 1\n", Add(("l", 1), {"a": 2}), "l:\n  - a: 1\n    b: 2\n  - {a: 2}\nm: 1\n"),
        ("l:\n  - a: 1\n    b: |\n      t\n", Add(("l", 0, "c"), 3), "l:\n  - a: 1\n    b: |\n      t\n    c: 3\n"),
        ("b: |+\n  t\n\n", Add(("a",), 1), "b: |+\n  t\n\na: 1\n"),  # the empty line is part of the text
        ("l: [1, 2]\n", Add(("l", 2), 3), "l: [1, 2, 3]\n"),
        ("a: 1\r\nb: 2\r\n", Set(("c",), 3), "c: 3\r\na: 1\r\nb: 2\r\n"),
    ],
)
def test_edges(text: str, edit: Edit, expected: str) -> None:
    """The last entry leaves an empty collection, an empty collection takes its first, line ends stay."""
    result = edited(parse("f.yaml", text.encode()), 0, [edit])
    assert result is not None
    assert result.text == expected


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("a: &x {k: 1}\nb: *x\n", Set(("b", "k"), 2)),
        ("a: {k: 1, l: 2}\n", Rename(("a", "k"), "l")),
        ("a: 1\n", Remove(("b",))),
        ("a: 1\n", Add(("a",), 2)),
        ("a: [1]\n", Add(("a", 5), 2)),
        ("a: 1\n", Set(("b", "c"), 1)),
        ("a: 1\na: 2\n", Set(("a",), 3)),
    ],
)
def test_edit_that_would_mean_more_is_not_made(text: str, edit: Edit) -> None:
    """Aliases, a name that is taken, a place that is not there, a file that is broken."""
    assert edited(parse("f.yaml", text.encode()), 0, [edit]) is None


def test_byte_order_mark_stays() -> None:
    """Some editors on Windows write one."""
    result = edited(parse("f.yaml", b"\xef\xbb\xbfa: 1\n"), 0, [Set(("a",), 2)])
    assert result is not None
    assert result.data == b"\xef\xbb\xbfa: 2\n"


scalars = st.none() | st.booleans() | st.integers(-99, 99) | st.text("ab :#-{}[],'\"\n", max_size=6)
keys = st.text("abcdef", min_size=1, max_size=3)
trees = st.dictionaries(
    keys,
    st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)),
    min_size=1,
)


@given(trees, st.data())
def test_removing_a_key_leaves_the_rest(tree: dict[str, Any], data: st.DataObject) -> None:
    """Whatever is written, removing a top key gives the tree without it."""
    key = data.draw(st.sampled_from(sorted(tree)))
    source = parse("f.yaml", emit(tree).encode(), "service")
    wanted = deepcopy(source.documents[0].value)
    result = edited(source, 0, [Remove((key,))])
    assert result is not None
    del wanted[key]
    assert result.documents[0].value == wanted


@given(trees, st.data(), scalars)
def test_setting_a_key_changes_it_alone(tree: dict[str, Any], data: st.DataObject, value: object) -> None:
    """Whatever stood there, and whatever is written."""
    key = data.draw(st.sampled_from(sorted(tree)))
    source = parse("f.yaml", emit(tree).encode(), "service")
    result = edited(source, 0, [Set((key,), value)])
    assert result is not None
    assert result.documents[0].value == source.documents[0].value | {key: value}
