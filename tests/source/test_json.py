"""JSON manifests are read as JSON, whatever YAML's parser makes of them, with the same positions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sailwright.cli.group import sailwright
from sailwright.source.compose import MAPPING, PLAIN, QUOTED, SEQUENCE, compose
from sailwright.source.json_nodes import compose_json
from sailwright.source.source import parse

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4),
    max_leaves=12,
)


def read(text: str) -> Any:
    source = parse("a.json", text.encode("utf-8", "surrogatepass"), "manifest")
    assert source.problems == (), source.problems
    return source.documents[0].value


@given(st.dictionaries(st.text(min_size=1, max_size=8), VALUES), st.booleans(), st.sampled_from([None, 1, 4, "\t"]))
def test_what_a_json_writer_writes_is_read_back(value: dict[str, Any], ascii_only: bool, indent: Any) -> None:
    """Escapes of characters beyond U+FFFF, raw U+2028, tabs as indentation."""
    value = {key: item for key, item in value.items() if key != "<<"}
    assert read(json.dumps(value, ensure_ascii=ascii_only, indent=indent)) == value


@given(VALUES.filter(lambda value: isinstance(value, dict | list) and value), st.sampled_from([None, 2]))
def test_positions_are_yamls(value: Any, indent: Any) -> None:
    """Where both readers read a text, each node is at the same place."""
    text = json.dumps(value, indent=indent)
    if "\\u" in text or "\\ud" in text:
        return
    ours, theirs = compose_json(text, PLAIN, QUOTED, MAPPING, SEQUENCE), next(compose(text))

    def places(node: Any) -> Any:
        start, end = node.start_mark, node.end_mark
        below = (
            node.value
            if isinstance(node.value, str)
            else [places(x) for item in node.value for x in (item if isinstance(item, tuple) else (item,))]
        )
        return (start.line, start.column, start.index, end.line, end.column, end.index, node.tag, below)

    assert places(ours) == places(theirs)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'{"a": "\ud83d\ude00"}', "\U0001f600"),
        (r'{"a": "x \uD83D\uDE00\ud83d\ude00 y"}', "x \U0001f600\U0001f600 y"),
        (r'{"a": "\ud83d"}', "\ufffd"),
        (r'{"a": "\ude00\ud83d"}', "\ufffd\ufffd"),
        (r'{"a": "\\ud83d\\ude00"}', r"\ud83d\ude00"),
        ('{"a": "x\u2028y\u2029z\x85"}', "x\u2028y\u2029z\x85"),
        (r'{"a": "\u00e9\/\t\b\f"}', "\u00e9/\t\b\f"),
        ('\ufeff{"a": "\\ud83d\\ude00"}', "\U0001f600"),
        ('{"b": [[], {}, {"c": null}], "a" : 1e3, "d": "\\ud83d\\ude00"}', 1000),
    ],
)
def test_escapes(text: str, value: object) -> None:
    assert read(text)["a"] == value


def test_a_fault_is_found_at_its_place() -> None:
    """What lies behind the escape on the same line keeps its column, and a key that stands twice is told."""
    text = '{"kind": "\\ud83d\\ude00", "name": "x",\n "kind": 1}'
    source = parse("a.json", text.encode(), "manifest")
    assert [(each.rule, each.location.line, each.location.column) for each in source.problems] == [
        ("yaml-duplicate-key", 2, 2)
    ]
    place = source.documents[0].locate(("name",))
    assert (place.line, place.column, place.end_column) == (1, 34, 37)


@pytest.mark.parametrize(
    "text",
    ['{"a": "\\ud83d\\ude00", }x', '{"a": "\\ud83d\\ude00"', "[" * 300 + '"\\ud83d\\ude00"' + "]" * 300, "[" * 99999],
)
def test_what_is_no_json_stays_a_finding(text: str) -> None:
    source = parse("a.json", text.encode(), "manifest")
    assert source.problems[0].rule in ("yaml-syntax", "yaml-too-deep")


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", "5\n"])
def test_a_document_that_is_no_map_is_counted_as_skipped(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text("---\n" + text)
    done = CliRunner().invoke(sailwright, ["lint", str(tmp_path / "a.yaml")], standalone_mode=False)
    assert "a.yaml: document 1 is no object of the cluster: it is no map" in done.stderr
