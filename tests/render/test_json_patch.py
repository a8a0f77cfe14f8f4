"""JSON patch as RFC 6902 has it (its appendix A), and merge patch as RFC 7386 has it (its appendix)."""

from copy import deepcopy
from typing import Any

import pytest

from sailwright.render.json_patch import apply, merge

DONE: list[tuple[Any, dict[str, Any], Any]] = [
    ({"foo": "bar"}, {"op": "add", "path": "/baz", "value": "qux"}, {"foo": "bar", "baz": "qux"}),
    ({"foo": ["bar", "baz"]}, {"op": "add", "path": "/foo/1", "value": "qux"}, {"foo": ["bar", "qux", "baz"]}),
    ({"baz": "qux", "foo": "bar"}, {"op": "remove", "path": "/baz"}, {"foo": "bar"}),
    ({"foo": ["bar", "qux", "baz"]}, {"op": "remove", "path": "/foo/1"}, {"foo": ["bar", "baz"]}),
    ({"baz": "qux"}, {"op": "replace", "path": "/baz", "value": "boo"}, {"baz": "boo"}),
    (
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        {"op": "move", "from": "/foo/waldo", "path": "/qux/thud"},
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    (
        {"foo": ["all", "grass", "cows", "eat"]},
        {"op": "move", "from": "/foo/1", "path": "/foo/3"},
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    ({"baz": "qux"}, {"op": "test", "path": "/baz", "value": "qux"}, {"baz": "qux"}),
    ({"foo": "bar"}, {"op": "add", "path": "/child", "value": {"a": {}}}, {"foo": "bar", "child": {"a": {}}}),
    ({"/": 9, "~1": 10}, {"op": "test", "path": "/~01", "value": 10}, {"/": 9, "~1": 10}),
    ({"foo": ["bar"]}, {"op": "add", "path": "/foo/-", "value": ["abc"]}, {"foo": ["bar", ["abc"]]}),
    ({"a": {"b": 1}}, {"op": "copy", "from": "/a", "path": "/c"}, {"a": {"b": 1}, "c": {"b": 1}}),
    ({"a": 1}, {"op": "move", "from": "/a", "path": "/a"}, {"a": 1}),
    ({"a": 1}, {"op": "add", "path": "", "value": {"b": 2}}, {"b": 2}),
]

REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    ({"foo": "bar"}, {"op": "add", "path": "/baz/bat", "value": "qux"}, "there is no `baz`"),
    ({"baz": "qux"}, {"op": "test", "path": "/baz", "value": "bar"}, "another one"),
    ({"n": 1}, {"op": "test", "path": "/n", "value": True}, "another one"),
    ({"foo": ["a"]}, {"op": "add", "path": "/foo/2", "value": "x"}, "no item `2`"),
    ({"foo": ["a"]}, {"op": "replace", "path": "/foo/-", "value": "x"}, "nothing at /foo/-"),
    ({"foo": ["a"]}, {"op": "remove", "path": "/foo/01"}, "no item `01`"),
    ({"foo": ["a"]}, {"op": "remove", "path": "/foo/-1"}, "no item `-1`"),
    ({"a": 1}, {"op": "remove", "path": "/b"}, "there is no `b`"),
    ({"a": 1}, {"op": "replace", "path": "/b", "value": 1}, "nothing at /b"),
    ({"a": {"b": 1}}, {"op": "move", "from": "/a", "path": "/a/b"}, "into itself"),
    ({"a": "text"}, {"op": "add", "path": "/a/b", "value": 1}, "nothing that holds `b`"),
]


@pytest.mark.parametrize(("document", "operation", "expected"), DONE)
def test_operations(document: Any, operation: dict[str, Any], expected: Any) -> None:
    before = deepcopy(document)
    assert apply(document, operation) == (expected, "")
    assert document == before, "nothing is changed in place"


@pytest.mark.parametrize(("document", "operation", "said"), REFUSED)
def test_operations_that_cannot_be_done(document: Any, operation: dict[str, Any], said: str) -> None:
    after, reason = apply(document, operation)
    assert said in reason
    assert after == document


@pytest.mark.parametrize(
    ("target", "patch", "expected"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patch(target: Any, patch: Any, expected: Any) -> None:
    before = deepcopy(target)
    assert merge(target, patch) == expected
    assert target == before
