"""The reader of service files as people write them reads what the full one reads, or declines."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.runs import FUZZ

from sailwright.source.scalars import resolver
from sailwright.source.service_reader import read_service
from sailwright.source.source import parse

ROOT = Path(__file__).parents[2]
WRITTEN = sorted(
    path
    for folder in ("services", "examples")
    for path in (ROOT / folder).rglob("*.yaml")
    if "rendered" not in path.parts and b"apiVersion: sailwright/" in path.read_bytes()
)


def quick(text: str) -> Any:
    """What the reader makes of a text; None where it declines."""
    return read_service(text, resolver("service"))


def agrees(text: str) -> bool:
    """Whether the two readers agree on a text, or the quick one declines."""
    found = quick(text)
    if found is None:
        return True
    source = parse("", text.encode("utf-8", "replace"), "service", quick=False)
    return not source.problems and [repr(each.value) for each in source.documents] == [repr(found)]


def test_most_service_files_are_read() -> None:
    read = [path for path in WRITTEN if quick(path.read_text()) is not None]
    assert len(read) > 0.9 * len(WRITTEN)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_file_of_ours_is_read_alike(path: Path) -> None:
    assert agrees(path.read_text())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("# a shop\n---\na: 1 # one\n\n  # and\nb: on\n", {"a": 1, "b": "on"}),
        ("a:\nb: # nothing\nc: null\n", {"a": None, "b": None, "c": None}),
        ("a:\n- b\n- 'c''d'\ne:\n    - \"f: g\"\n", {"a": ["b", "c'd"], "e": ["f: g"]}),
        ("a:\n  - b: 1\n    c:\n    - 2\n  - d: 3\n", {"a": [{"b": 1, "c": [2]}, {"d": 3}]}),
        ("a: {b: 1, 'c d': [x, -y, {}, []], e: {f: http://g/h}} # i\n", {"a": {"b": 1, "c d": ["x", "-y", {}, []], "e": {"f": "http://g/h"}}}),
        ("a/b.c-d: registry.example.com/shop:1.0\n", {"a/b.c-d": "registry.example.com/shop:1.0"}),
        ("- --a\n- b: c\n- {d: --e}\n", ["--a", {"b": "c"}, {"d": "--e"}]),
        ("a: [sh, -c, sleep 5]\n", {"a": ["sh", "-c", "sleep 5"]}),
    ],
)  # fmt: skip
def test_what_people_write_is_read(text: str, value: Any) -> None:
    assert quick(text) == value
    assert agrees(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "# nothing\n", "a\n", "- ---\n", "a: b", "a: b\na: c\n", "a: {b: 1, b: 2}\n", "null: 1\n", "1: a\n", "true: a\n",
        "a: &b c\n", "a: *b\n", "a: !!str b\n", "<<: {a: b}\n", "a: |\n  b\n", "a: >-\n  b\n", "a: b\n  c\n", "a:\n  b\n",
        "a: \"b\\n\"\n", "a: 'b\n  c'\n", "a: [b,\n  c]\n", "a: {b}\n", "a: {b: }\n", "a: [b, ]\n", "a: [b: c]\n", "a: {\"b\":1}\n",
        "a: [b,c]\n", "a: {b: c #d\n}\n", "a: [b}\n", "a: {b: c]\n", "a: {b: c} d\n", "[a]: b\n", "a:\tb\n", "a: b\r\n", "a: b\x07\n",
        "a: é\n", "a: b\n---\nc: d\n", "a: b\n...\n", "%YAML 1.2\n---\na: b\n", "a:\n    b: 1\n  c: 2\n", "a:\n  - b\n c: d\n",
        "- a\nb: c\n", "a:\n  -\n    b\n", "a:\n  - - b\n", "a:\n  -  b\n", "? a\n: b\n", "a: b: c\n", "a: - b\n", "a : b\n",
        "a: " + "[" * 50 + "]" * 50 + "\n", "a: " + "b" * 2000 + "\n",
    ],
)  # fmt: skip
def test_anything_else_is_declined(text: str) -> None:
    assert quick(text) is None


words = st.one_of(
    st.text(alphabet="aZ09-_./:# \"'\\|>&*!%@`{}[],?~=<+\n\té\x07\ue000\ue001", max_size=10),
    st.sampled_from(("true", "on", "010", "1e3", "~", "null", "a: b", "a #b", "---", "...", "- a", "0x1f", "1_0", ".inf", "2001-01-01")),
)  # fmt: skip
within = st.recursive(
    words,
    lambda inner: st.one_of(
        st.builds(lambda items, between: f"[{between.join(items)}]", st.lists(inner, max_size=3), st.sampled_from((", ", ",", " , "))),
        st.builds(
            lambda pairs, colon: "{" + ", ".join(f"{key}{colon}{value}" for key, value in pairs) + "}",
            st.lists(st.tuples(words, inner), max_size=3),
            st.sampled_from((": ", ":", ":  ")),
        ),
    ),
    max_leaves=6,
)  # fmt: skip
line = st.builds(
    lambda indent, dash, key, value, comment: " " * indent + dash + key + value + comment,
    st.sampled_from((0, 0, 0, 2, 2, 4, 1, 3)),
    st.sampled_from(("", "", "", "- ", "- - ", "-", "-  ")),
    st.sampled_from(("", "a: ", "b: ", "c:", "d:  ", "'e f': ", '"g": ', "h/i.j: ", "<<: ", "? ", "1: ", "no: ")),
    st.one_of(st.sampled_from(("", "", "x", "-1", "'y''z'", '"#"', "{}", "[]", "|", "&k l", "*k", "!!str m")), within),
    st.sampled_from(("", "", " # c", "#c", " ", "  #")),
)


@settings(parent=FUZZ, max_examples=FUZZ.max_examples * 10)
@given(lines=st.lists(line, max_size=7))
def test_any_lines_are_read_alike_or_declined(lines: list[str]) -> None:
    assert agrees("\n".join(lines) + "\n")


@settings(parent=FUZZ, max_examples=FUZZ.max_examples * 10)
@given(value=within)
def test_any_lists_and_maps_within_a_line_are_read_alike_or_declined(value: str) -> None:
    assert agrees(f"a: {value}\n")
    assert agrees(f"a:\n- {value}\n")


@settings(parent=FUZZ, max_examples=FUZZ.max_examples * 5)
@given(data=st.data())
def test_a_changed_service_file_is_read_alike_or_declined(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(WRITTEN)).read_text()[:3000]
    at = data.draw(st.integers(0, len(text)))
    assert agrees(text[:at] + data.draw(words) + text[at + data.draw(st.integers(0, 3)) :])
