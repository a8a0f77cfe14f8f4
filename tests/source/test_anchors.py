"""An anchor may be defined again: an alias means the last definition before it (YAML 1.2, section 7.1), as kubectl reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.samples import objects, services
from tests.hostile.repositories import CART, project, sailwright
from yaml.nodes import Node

from sailwright.source.compose import _compose_again, _compose_yaml, compose
from sailwright.source.emit import emit
from sailwright.source.source import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", {"a": 1, "b": 1, "c": 2, "d": 2}),
        ("a: &x 1\nb: &x [*x]\n", None),
        ("a: &x {k: 1}\nb: &x {k: 2}\nc: {<<: *x, l: 3}\n", {"a": {"k": 1}, "b": {"k": 2}, "c": {"k": 2, "l": 3}}),
        ("a: &x !!str 1\nb: &x ! 2\nc: *x\n", {"a": "1", "b": 2, "c": 2}),
        ("a: &x\nb: &x\nc: *x\n", {"a": None, "b": None, "c": None}),
        ("&x k: &x v\nl: *x\n", {"k": "v", "l": "v"}),
    ],
)
def test_the_last_definition_counts(text: str, value: Any) -> None:
    source = parse("a.yaml", text.encode(), "manifest")
    if value is None:  # the second `x` is itself in its value
        assert [each.rule for each in source.problems] == ["yaml-recursive-alias"]
    else:
        assert source.problems == ()
        assert source.documents[0].value == value


def test_documents_before_and_after_are_read_once() -> None:
    """Anchors are of one document, and a redefinition in the second one repeats nothing of the first."""
    text = "a: &x 1\n---\nb: &x 1\nc: &x 2\n---\nd: *x\n"
    source = parse("a.yaml", text.encode(), "manifest")
    assert [each.value for each in source.documents] == [{"a": 1}, {"b": 1, "c": 2}]
    assert [(each.rule, each.location.line) for each in source.problems] == [("yaml-syntax", 6)]
    assert source.documents[1].locate(("c",)).line == 4


def described(node: Node) -> Any:
    places = (node.start_mark.index, node.start_mark.line, node.end_mark.index, node.end_mark.column)
    if isinstance(node.value, str):
        return node.tag, node.value, places
    return node.tag, places, [
        [described(part) for part in each] if isinstance(each, tuple) else described(each) for each in node.value
    ]  # fmt: skip


@given(st.integers(0, 9_999))
def test_both_composers_give_the_same_nodes(number: int) -> None:
    pool = (*objects(), *services())
    text = emit(pool[number % len(pool)])
    assert [described(each) for each in _compose_again(text)] == [described(each) for each in _compose_yaml(text)]


def test_a_service_file_is_edited_all_the_same(tmp_path: Path) -> None:
    """The second reader that proves an edit takes redefined anchors too, and prints nothing about them."""
    file = CART.replace("weight: 80", "weight: 80, replicas: &n 2").replace("weight: 20", "weight: 20, replicas: &n 3")
    top = project(tmp_path, file + "labels: {tier: front}\n")
    done = sailwright(top, "weight", "cart", "v2=30")
    assert done.returncode == 0, done
    assert "arning" not in done.stderr
    text = (top / "services/cart/service.yaml").read_text()
    assert text.count("&n") == 2
    assert next(iter(compose(text)))
