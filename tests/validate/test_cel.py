"""The Common Expression Language: what validation rules of definitions come to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.validate.cel import rules
from sailwright.validate.cel.budget import Budget
from sailwright.validate.cel.evaluate import evaluate
from sailwright.validate.cel.expression import CelError, TooCostly
from sailwright.validate.cel.functions import unsupported
from sailwright.validate.cel.parse import parse, syntax_fault
from sailwright.validate.cel.rules import broken, ruled, undecided, undecided_rules


@pytest.mark.parametrize(
    ("text", "value", "result"),
    [
        ("1 + 2 * 3 == 7", None, True),
        ("-7 / 2 == -3 && -7 % 2 == -1", None, True),
        ("!(1 < 2) || 'a' + 'b' == 'ab'", None, True),
        ("self.size() == size(self)", [1, 2], True),
        ("self.all(x, x > 0)", [1, 2], True),
        ("self.exists(x, x > 1)", [1, 2], True),
        ("self.exists_one(x, x > 1)", [1, 2, 3], False),
        ("self.map(x, x * 2)", [1, 2], [2, 4]),
        ("self.filter(x, x > 1)", [1, 2], [2]),
        ("self.all(key, key.size() != 0)", {"a": 1}, True),
        ("has(self.a) ? self.a : 'none'", {}, "none"),
        ("has(self.a)", {"a": None}, False),
        ("'x' in ['x', 'y'] && 'k' in self", {"k": 1}, True),
        ("self['a'] == 1 && self.b[0] == 2", {"a": 1, "b": [2]}, True),
        ("duration(self) >= duration('1ms')", "500us", False),
        ("int(self) <= 65535", "8080", True),
        ("self.startsWith('unix://') && self.substring(7, 8) == '/'", "unix:///a", True),
        ("self.matches('^[a-z]+$')", "abc", True),
        ("url(self).getScheme() in ['http', 'https']", "https://a", True),
        ("isURL(self)", "a b", False),
        ("1 == 1.0 && true != false", None, True),
        ("self == {'a': [1u, 0x10, 1.5e1]}", {"a": [1, 16, 15.0]}, True),
        (r"'\n\x41\u00e9' == self && r'\n'.size() == 2", "\nA\N{LATIN SMALL LETTER E WITH ACUTE}", True),
        ("// a comment\n true", None, True),
        ("false && self.missing", {}, False),
        ("self.missing || true", {}, True),
    ],
)
def test_expressions(text: str, value: Any, result: Any) -> None:
    """Operators, macros, functions and literals."""
    assert evaluate(parse(text), {"self": value}) == result


@pytest.mark.parametrize(
    "text",
    ["", "1 +", "a b", "has(a)", "'open", "[1", "{'a' 1}", "a.b.", "if", "self.all(1, true)", "#", r"'\q'", "(" * 200],
)
def test_no_expressions(text: str) -> None:
    """What cannot be read is told, never raised further."""
    assert syntax_fault(text)


@given(st.text(max_size=30))
def test_any_text_is_read_or_told(text: str) -> None:
    """The reader has no other way to fail."""
    syntax_fault(text)


@pytest.mark.parametrize("text", ["self.a", "unknown", "1 / 0", "self < 'x'", "duration('x')", "url('a b')", "!self"])
def test_errors_of_evaluation(text: str) -> None:
    """Where the API server would report an error, so do we."""
    with pytest.raises(CelError):
        evaluate(parse(text), {"self": {}})


def test_what_cannot_be_decided() -> None:
    """Functions we do not have, and rules about changes: such a rule is passed over and named at the import."""
    assert list(unsupported(parse("self.format('x') && cel.bind(1)")))
    assert undecided("self == oldSelf")
    assert undecided("self >") == "it ends too early"
    assert not undecided("self > 0")
    schema = {"properties": {"a": {"x-kubernetes-validations": [{"rule": "self == oldSelf"}]}}}
    assert list(undecided_rules(schema)) == [("self == oldSelf", "it compares with the old object")]
    assert ruled(schema) is None


@pytest.mark.parametrize("sign", ["&&", "||", "+", "*", "==", "-", "?"])
@pytest.mark.parametrize("terms", [300, 3000])
def test_many_terms_are_decided_or_passed_over(sign: str, terms: int) -> None:
    """`&&` and `||` are read at any length; what nests too deeply is passed over, as no API server takes it."""
    text = f" {sign} ".join(["self.a"] * terms) if sign != "?" else "true ? 1 : " * terms + "1"
    schema = {"x-kubernetes-validations": [{"rule": text, "message": "no"}]}
    found = list(broken(ruled(schema), {"a": True}))
    assert found == []
    if sign in ("&&", "||"):
        assert len(list(broken(ruled(schema), {"a": False}))) == 1


@pytest.mark.parametrize("text", ["!" * 5000 + "self", "-" * 5000 + "1", "self" + ".a" * 5000, "self" + "[0]" * 5000])
def test_deep_trees_are_told_at_the_import(text: str) -> None:
    assert undecided(text) == "it is nested too deeply"


@pytest.fixture
def small_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PER_EXPRESSION", 10_000)
    monkeypatch.setattr(rules, "PER_OBJECT", 100_000)


@pytest.mark.usefixtures("small_budgets")
def test_an_expression_has_a_budget() -> None:
    """What costs more than the API server allows is passed over; the other rules of the object still count."""
    costly = "self.all(a, self.all(b, self.all(c, a + b + c >= 0)))"
    schema = {"x-kubernetes-validations": [{"rule": costly}, {"rule": "size(self) < 3", "message": "too many"}]}
    with pytest.raises(TooCostly):
        evaluate(parse(costly), {"self": list(range(200))}, Budget(10_000))
    assert [each.wanted[0] for each in broken(ruled(schema), list(range(200)))] == ["too many"]


@pytest.mark.usefixtures("small_budgets")
def test_an_object_has_a_budget() -> None:
    """Ten times that of an expression: then no further rule is asked."""
    costly = [{"rule": "self.all(a, self.all(b, self.all(c, a + b + c >= 0)))"}] * 11
    late = {"rule": "false", "message": "never asked"}
    assert list(broken(ruled({"x-kubernetes-validations": [*costly, late]}), list(range(200)))) == []


@pytest.mark.parametrize(
    "text", ["'a' * 3 == 'aaa'", "[1] * 2 == [1, 1]", "true + 1 == 2", "9223372036854775807 * 4 > 0"]
)
def test_what_python_calculates_and_cel_does_not(text: str) -> None:
    with pytest.raises(CelError):
        evaluate(parse(text), {})


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("a-b", "a__dash__b"),
        ("a.b/c", "a__dot__b__slash__c"),
        ("namespace", "__namespace__"),
        ("a__b", "a__underscores__b"),
    ],
)
def test_names_that_are_no_identifiers_are_escaped(name: str, escaped: str) -> None:
    assert evaluate(parse(f"has(self.{escaped}) && self.{escaped} == 1"), {"self": {name: 1}}) is True


def test_rules_are_applied_where_they_stand() -> None:
    """At fields, items and entries; null is as good as absent."""
    positive = {"x-kubernetes-validations": [{"rule": "self > 0", "message": "must be positive"}]}
    schema = {
        "properties": {
            "number": positive,
            "list": {"items": positive},
            "map": {"additionalProperties": positive},
        }
    }
    found = broken(ruled(schema), {"number": 0, "list": [1, 0], "map": {"a": 0, "b": 1}, "other": 0})
    assert [(each.path, each.wanted[0]) for each in found] == [
        (("number",), "must be positive"),
        (("list", 1), "must be positive"),
        (("map", "a"), "must be positive"),
    ]
    assert list(broken(ruled(schema), {"number": None})) == []


def test_the_items_of_maps_and_sets_differ() -> None:
    """A list may be a map, told apart by some fields of its items, or a set; the API server refuses repetitions."""
    schema = {
        "properties": {
            "ports": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["number", "protocol"]},
            "names": {"x-kubernetes-list-type": "set"},
            "any": {"x-kubernetes-list-type": "atomic"},
            "odd": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": 1},
        }
    }
    tcp, udp = {"number": 53, "protocol": "TCP"}, {"number": 53, "protocol": "UDP"}
    value = {"ports": [tcp, udp, {**tcp, "x": 1}, None], "names": ["a", "b", "a"], "any": [1, 1], "odd": [1, 1]}
    assert [(each.path, each.wanted[0]) for each in broken(ruled(schema), value)] == [
        (("ports", 2, "number"), "another item with the same number and protocol is already in the list"),
        (("names", 2), "this item is already in the list"),
    ]
