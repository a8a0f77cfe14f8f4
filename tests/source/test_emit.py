"""Emitted YAML is the same data to every reader."""

import copy

import yaml
from hypothesis import given
from hypothesis import strategies as st

from sailwright.source.emit import emit
from sailwright.source.shared_parts import share
from sailwright.source.source import parse

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    [
        "on",
        "y",
        "010",
        "0x1f",
        "1e3",
        "1_000",
        "12:30:45",
        "2024-01-01",
        "~",
        "null",
        "a: b",
        "# x",
        "- x",
        "a #b",
        "---",
        "=",
        "<<",
        "*a",
        "&a",
    ]
)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | texts
trees = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=30)


@given(st.dictionaries(texts, trees))
def test_every_reader_gets_back_what_was_emitted(tree: dict[str, object]) -> None:
    """kubectl, a YAML 1.2 and a YAML 1.1 reader; text with several lines and odd characters included."""
    text = emit(tree)
    for dialect in ("service", "manifest"):
        source = parse("f.yaml", text.encode(), dialect)
        assert source.problems == ()
        assert source.documents[0].value == tree
    assert yaml.load(text, yaml.CSafeLoader) == tree


def test_layout_is_block_style() -> None:
    tree = {
        "a": [{"b": 1, "c": ["x", []]}, [1, 2]],
        "d": {},
        "e": "two\nlines\n",
        "f": "--flag=on",
        "g": "8080",
        "h": 1.5,
    }
    assert emit(tree) == (
        "a:\n  - b: 1\n    c:\n      - x\n      - []\n  - - 1\n    - 2\nd: {}\ne: |\n  two\n  lines\n"
        'f: --flag=on\ng: "8080"\nh: 1.5\n'
    )


@given(trees, st.lists(st.dictionaries(texts, trees), max_size=3))
def test_a_part_that_many_documents_share_looks_the_same_in_each(part: object, others: list[dict[str, object]]) -> None:
    """Wherever it stands, the first time and again."""
    documents = [{"a": part, "b": [part, {"c": part}, [part]]}, *({**other, "d": part} for other in others), part]
    apart = [emit(copy.deepcopy(document)) for document in documents]
    share(part)
    assert [emit(document) for document in documents * 2] == apart * 2


@given(st.text("abcdefnotyurl0123456789/_.-:NOTYEF", min_size=1))
def test_a_name_is_quoted_where_a_reader_would_take_it_for_something_else(name: str) -> None:
    assert yaml.load(emit([name]), yaml.CSafeLoader) == [name]
    assert [parse("f.yaml", emit([name]).encode(), "manifest").documents[0].value] == [[name]]
