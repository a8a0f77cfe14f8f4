"""The second reader reads what the first one reads, or declines; what the emitter writes it mostly reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.runs import FUZZ

from sailwright.source.block_proof import holds
from sailwright.source.block_reader import read_blocks
from sailwright.source.emit import emit_all
from sailwright.source.same_data import same_data
from sailwright.source.shared_parts import share
from sailwright.source.source import parse

RENDERED = sorted((Path(__file__).parents[2] / "rendered").rglob("*.yaml"))


def full(text: str) -> list[Any] | None:
    """What the full reader reads; None where it finds anything wrong."""
    source = parse("", text.encode(), "manifest", quick=False)
    return None if source.problems else [document.value for document in source.documents]


def agrees(text: str) -> bool:
    """Whether the two readers agree on a text, or the second declines."""
    found = read_blocks(text)
    known = full(text)
    return found is None or (known is not None and same_data(found, known) and repr(found) == repr(known))


@pytest.mark.parametrize("path", RENDERED, ids=lambda path: path.name)
def test_what_is_rendered_is_read(path: Path) -> None:
    text = path.read_text()
    values = read_blocks(text)
    assert values is not None
    assert agrees(text)
    assert holds(text, values)


@pytest.mark.parametrize(
    "text", ["a: b\x07\n", "a\x7fb: c\n", "a: '\x01'\n", 'a: "\x01"\n', "a: |\n  b\x0c\n", "# \x07\na: b\n"]
)
def test_characters_that_yaml_does_not_allow_are_declined(text: str) -> None:
    assert read_blocks(text) is None
    assert full(text) is None


texts = st.one_of(
    st.text(alphabet="aZ09-_./:# \"'\\|>&*!%@`{}[],?~=<+\n\téé\x07\x7f", max_size=12),
    st.sampled_from(
        ("true", "on", "010", "1e3", "~", "null", "a: b", "a #b", "---", "...", "- a", "x\n\n", " x", "y\n z\n")
    ),
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), texts)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=12,
)


@FUZZ
@given(documents=st.lists(trees, min_size=1, max_size=3))
def test_what_is_emitted_is_read_alike_or_declined(documents: list[Any]) -> None:
    assert agrees(emit_all(documents))


@FUZZ
@given(documents=st.lists(trees, min_size=1, max_size=3), others=st.lists(trees, min_size=1, max_size=3))
def test_a_text_holds_the_documents_that_are_read_of_it_and_no_others(documents: list[Any], others: list[Any]) -> None:
    text = emit_all(documents)
    for values in (documents, others, others + documents):
        assert not holds(text, values) or same_data(full(text), values)


@FUZZ
@given(part=trees, other=trees)
def test_a_shared_part_is_proven_like_any_other(part: Any, other: Any) -> None:
    """At each depth, the first time and again; and no other part goes for it."""
    share([part, other])
    for inside, outside in ((part, other), (other, part), (part, other)):
        values = [{"a": inside, "b": [inside, {"c": inside}]}]
        text = emit_all(values)
        assert not holds(text, values) or same_data(full(text), values)
        wrong = [{"a": inside, "b": [inside, {"c": outside}]}]
        assert not holds(text, wrong) or same_data(full(text), wrong)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\n", {"a": True}),
        ("a: 1\n", {"a": 1.0}),
        ("a: 1\n", {"a": "1"}),
        ("a: 1\nb: 2\n", {"a": 1}),
        ("a: 1\n", {"a": 1, "b": 2}),
        ("a:\n  b: 1\n", {"a": {}}),
        ("a: {}\n", {"a": []}),
        ("- 1\n- 2\n", [1]),
        ("a:\n  - 1\n  - 2\n", {"a": [1]}),
        ("a: |\n  x\n\n", {"a": "x\n"}),
        ("a: 1\n---\nb: 1\n", {"a": 1}),
    ],
)
def test_a_text_does_not_hold_what_is_nearly_the_same(text: str, value: Any) -> None:
    assert not holds(text, [value])


def test_a_shared_part_that_was_changed_is_not_proven() -> None:
    part: dict[str, Any] = {"limits": {"cpu": "1"}}
    share(part)
    documents = [{"a": part}, {"a": {"b": part}}]
    before = emit_all(documents)
    assert holds(before, documents)
    assert holds(before, documents)
    for item in ({"cpu": 1}, {"cpu": "2"}, {}, {"cpu": True}):
        part["limits"] = item
        assert not holds(before, documents)
        assert holds(emit_all([{"a": {"limits": item}}, {"a": {"b": {"limits": item}}}]), documents)
    part["limits"] = {"cpu": "1"}
    assert holds(before, documents)


def test_what_is_rendered_holds_no_changed_value() -> None:
    values = read_blocks(RENDERED[0].read_text()) or []
    for changed in _each_changed(values):
        assert not holds(RENDERED[0].read_text(), changed)


def _each_changed(value: Any) -> Iterator[Any]:
    """The tree with one scalar after the other replaced."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from ({**value, key: changed} for changed in _each_changed(item))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from ([*value[:index], changed, *value[index + 1 :]] for changed in _each_changed(item))
    else:
        yield "another"


line = st.builds(
    lambda indent, dash, text: " " * indent + dash + text,
    st.sampled_from((0, 0, 2, 2, 4, 1, 3)),
    st.sampled_from(("", "", "- ", "- - ", "-")),
    st.one_of(
        st.sampled_from(
            (
                "a: b",
                "b:",
                "- i",
                "- j: k",
                "c: |",
                "d: |-",
                "e: |+",
                "f: {}",
                "g: []",
                "h",
                "",
                "a: 'x''y'",
                'k: "z"',
                "#c",
                "---",
            )
        ),
        st.sampled_from(
            ("x: on", "010: 1", "y: 1", "<<: {}", "? a", "a : b", "a:b", "a: b: c", "a: b #c", "a: - b", "*a", "&a b")
        ),
        texts,
    ),
)


@settings(parent=FUZZ, max_examples=FUZZ.max_examples * 10)
@given(lines=st.lists(line, max_size=8))
def test_any_lines_are_read_alike_or_declined(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    assert agrees(text)
    values = read_blocks(text)
    assert values is None or not holds(text, values) or same_data(full(text), values)


@settings(parent=FUZZ, max_examples=FUZZ.max_examples * 5)
@given(data=st.data())
def test_a_changed_rendered_file_is_read_alike_or_declined(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(RENDERED)).read_text()[:4000]
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + data.draw(texts) + text[at + data.draw(st.integers(0, 3)) :]
    assert agrees(text)
