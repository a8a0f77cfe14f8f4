"""Positions in large files: the documents are composed one by one, and each place is the same as in a small file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml.nodes import Node

from sailwright.diagnostics.finding import Path
from sailwright.source import source as reading
from sailwright.source.compose import compose
from sailwright.source.source import parse

DOCUMENTS = (
    "a: 1\nb: {c: [1, 2], d: x}\n", "- 1\n- {a: b}\n", "# only a comment\n", "text\n", "|\n  a\n  b\n", "{a: {b: 1}}\n", "\n",
    "é: [ü, 'ß']\nb:\n    c: \"\U0001f6a2\" \n", "&x\na: &y {b: 1}\nc: *y\n", "!!map\na: b\n", "\"q\": [\n 1,\n 2]\n", "? a\n: b\n", "b: \n",
    "kind: List\nitems:\n- a: 1\n  b: {c: [1, 2], d: x}\n- - b\n- text\n-\n  c: {b: 1}\n- {a: é}\n", "{items: [{a: 1, b: {d: 2}}, [b], x, {c: {b: 1}}]}\n",
    "items:\n    -   a: 1\n        b:\n            d: 2\n    -   a: 2 # c\n", "items: &x\n- {a: 1}\n- a: *x\n", "items: &x [{a: 1}, &y {b: {d: 1}}]\n",
    "a: 1\na: 2\nb: {c: 1, c: 2, 1: a, '1': b}\n", "a: &x {d: 1}\nb: {<<: *x, c: [1, 2]}\nc: {<<: 3}\n", "a: !x b\nb: !y {d: !!str 1}\n? [a]\n: 1\n",
    "a: &x 1\nb: &x {c: [1, *x]}\n", "1: a\ntrue: b\n~: c\n*a : d\n", "a: &x b\n*x : c\nb: !!map {d: 1}\n", "items:\n- a: &x 1\n- b: {d: *x}\n",
)  # fmt: skip
STARTS = ("---\n", "--- ", "--- # c\n", "...\n---\n", "\n\n---\n", "%YAML 1.1\n---\n", "---\r\n")
PATHS: tuple[Path, ...] = (
    (), ("a",), ("b", "c", 1), ("b", "d"), (1, "a"), ("c", "b"), ("é", 1), ("missing", 3), ("q", 0), ("b", "c"),
    ("items",), ("items", 0), ("items", 0, "a"), ("items", 1, "a"), ("items", 0, "b", "d"), ("items", 1, "b", "d"), ("items", 3, "c", "b"), ("items", 1, 0),
    ("items", 2), ("items", 4, "a"), ("items", 9, "a"), ("items", "a"), ("items", 1, "no"),
)  # fmt: skip
"""Of a list of objects, each item is composed alone."""


@settings(max_examples=300)
@given(
    parts=st.lists(st.tuples(st.sampled_from(STARTS), st.sampled_from(DOCUMENTS)), min_size=1, max_size=6),
    least=st.sampled_from((0, 1 << 16)),
)
def test_each_place_is_the_same(parts: list[tuple[str, str]], least: int) -> None:
    data = "".join(start + document for start, document in parts).encode()
    small = parse("a.yaml", data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "LARGE", 0)
        patch.setattr("sailwright.source.document_places.LARGE_DOCUMENT", least)
        large = parse("a.yaml", data)
        for document, other in zip(small.documents, large.documents, strict=True):
            for path in PATHS:
                for key in (False, True):
                    assert other.locate(path, key=key) == document.locate(path, key=key), (path, data)
    assert [repr(each.value) for each in large.documents] == [repr(each.value) for each in small.documents]
    assert large.problems == small.problems


def test_one_document_is_composed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding in one of a hundred thousand documents does not bring all of them to memory."""
    composed: list[int] = []

    def counted(text: str) -> Iterator[Node]:
        composed.append(len(text))
        return compose(text)

    monkeypatch.setattr("sailwright.source.document_places.compose", counted)
    data = b"".join(b"---\nname: n%d\ntext: %s\n" % (number, b"x" * 1000) for number in range(2000))
    source = parse("a.yaml", data)
    places = [document.locate(("name",)).line for document in source.documents]
    assert places == [2 + 3 * number for number in range(2000)]
    assert max(composed) < 1100
    assert "_nodes" not in source.__dict__
