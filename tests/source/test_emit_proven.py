"""Text that is laid out once for all documents of a shape is the text that `emit_all` writes, and what is proven of it is true."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.runs import FUZZ

from sailwright.source.document_shapes import Nodes, NoShape, Scalars, scalars_in, walk
from sailwright.source.emit import emit_all
from sailwright.source.emit_proven import emit_proven
from sailwright.source.same_data import same_data
from sailwright.source.shared_parts import share
from sailwright.source.source import parse

texts = st.one_of(
    st.text(alphabet="aZ09-_./:# \"'\\|>&*!%@`{}[],?~=<+\n\té\x07", max_size=12),
    st.sampled_from(
        ("true", "on", "010", "1e3", "~", "a: b", "---", "- a", "x\n\n", "%", "%s", "Sailwright-scalar-0-")
    ),
)
names = st.sampled_from(("a", "on", "b c", "Sailwright-scalar-1-"))
scalars = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.integers(), st.floats(allow_nan=False), texts)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(inner, max_size=2).map(tuple), st.dictionaries(names, inner, max_size=3)
    ),
    max_leaves=12,
)
documents = st.dictionaries(names, trees, min_size=1, max_size=3)


def checked(values: list[Any]) -> bool:
    """Whether documents are proven; their text is compared with the long way, and with what the full reader makes of it."""
    emitted = emit_proven(values)
    assert emitted.text == emit_all(values)
    if emitted.proven:
        source = parse("", emitted.text.encode(), "manifest", quick=False)
        assert not source.problems
        assert same_data([document.value for document in source.documents], values)
    return emitted.proven


def with_other_scalars(value: Any, data: st.DataObject) -> Any:
    """A document of the same shape."""
    if isinstance(value, dict):
        return {key: with_other_scalars(item, data) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(with_other_scalars(item, data) for item in value)
    same = {str: texts, int: st.integers(), float: st.floats(allow_nan=False), bool: st.booleans()}
    return data.draw(same[type(value)]) if type(value) in same else value


@FUZZ
@given(document=documents, data=st.data())
def test_all_documents_of_a_shape_are_written_as_each_by_itself(document: dict[str, Any], data: st.DataObject) -> None:
    for each in (document, document, with_other_scalars(document, data), with_other_scalars(document, data), document):
        checked([each])


def without_text(value: Any) -> Any:
    """A document with each text replaced by none, and the types of lists and numbers at hand."""
    if isinstance(value, dict):
        return [(key, without_text(item)) for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return type(value), [without_text(item) for item in value]
    return str if isinstance(value, str) else (type(value), value)


@FUZZ
@given(document=documents, data=st.data())
def test_documents_of_one_likeness_differ_in_text_alone(document: dict[str, Any], data: st.DataObject) -> None:
    others = [with_other_scalars(document, data) for _ in range(3)]
    known: dict[Any, Any] = {}
    for each in (document, document, document, *others, {"z": document}, {"z": document}, {"z": document}):
        (alike,) = emit_proven([each]).alike
        if alike is not None:
            assert known.setdefault(alike, without_text(each)) == without_text(each)


@FUZZ
@given(first=documents, second=documents, part=trees)
def test_shapes_do_not_mix(first: dict[str, Any], second: dict[str, Any], part: Any) -> None:
    share(part)
    for _ in range(3):
        checked([first, second])
        checked([{"a": part, "b": [first, {"c": part}]}, {"a": second, "b": [first, {"c": part}]}])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"a": 1.0}),
        ({"a": 1}, {"a": "1"}),
        ({"a": 0}, {"a": False}),
        ({"a": None}, {"a": "null"}),
        ({"a": {}}, {"a": []}),
        ({"a": ["b", "c"]}, {"a": {"b": "c"}}),
        ({"a": "x"}, {"a": "x\n"}),
        ({"a": "x"}, {"a": "é"}),
        ({"a": {"b": "c"}, "d": "e"}, {"a": {"b": "c", "d": "e"}}),
        ({"a": [{"b": "c"}, {"d": "e"}]}, {"a": [{"b": "c", "d": "e"}]}),
        ({"a": [{}, ["b"]]}, {"a": [["b"], {}]}),
    ],
)
def test_what_is_nearly_the_same_has_its_own_text(one: Any, other: Any) -> None:
    for _ in range(3):
        assert emit_proven([one]).text == emit_all([one])
        assert emit_proven([other]).text == emit_all([other])


def test_a_scalar_that_looks_like_a_marker_is_no_hole() -> None:
    for scalar in ("Sailwright-scalar-0-", "b", "c"):
        assert checked([{"Sailwright-scalar-0-": scalar}])


def test_what_the_plain_style_has_no_words_for_is_left_to_the_full_reader() -> None:
    for text in ("é", "a\tb"):
        assert not checked([{"a": "x", "b": text}])


def test_text_of_several_lines_is_written_by_itself() -> None:
    for text in ("one line", "two\nlines", "one", "two\n", "three"):
        assert checked([{"a": text}, {"b": {"c": [text, text]}}])


def test_a_shared_part_that_was_changed_is_not_proven() -> None:
    part: dict[str, Any] = {"limits": {"cpu": "1"}}
    share(part)
    for name in ("x", "y", "z"):
        assert emit_proven([{"name": name, "a": part}]).proven
    part["limits"] = {"cpu": 1}
    assert not emit_proven([{"name": "w", "a": part}]).proven
    part["limits"] = {"cpu": "1"}
    assert emit_proven([{"name": "v", "a": part}]).proven


def test_keys_that_are_no_text_are_refused_as_ever() -> None:
    for _ in range(3):
        with pytest.raises(TypeError):
            emit_proven([{"a": {1: "x"}}])


def paths(value: Any, path: tuple[str, ...] = ()) -> Any:
    """A document with the path of each text in the place of the text."""
    if isinstance(value, dict):
        return {key: paths(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(paths(item, path) for item in value)
    return "/".join(path) if isinstance(value, str) else value


@FUZZ
@given(document=documents, fields=st.sets(st.one_of(names, st.just("x")), max_size=2))
def test_the_scalars_of_some_fields_are_found_where_they_are_among_the_others(
    document: dict[str, Any], fields: set[str]
) -> None:
    told = {"x": paths(document, ("x",)), "list": [paths(document)]}
    scalars = Scalars()
    try:
        walk(told, Nodes(), {}, [], scalars)
    except NoShape:
        return
    marked = scalars_in(told, fields, {})
    assert len(marked.others) == len(scalars.others)
    assert marked.texts == [not fields.isdisjoint(text.split("/")) for text in scalars.texts]
