"""The small grammars: Go's JSON, Kubernetes' quantities and strategic merge."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sailwright.mesh.values.quantity import canonical, is_quantity, quantity
from sailwright.render.injection import go_json
from sailwright.render.injection.merge import merged

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(TREES)
@settings(deadline=None)
def test_go_json_is_json(tree: Any) -> None:
    text = go_json.dumps(tree)
    assert json.loads(text) == tree
    assert not set("&<>\u2028\u2029\n ") & set(json.dumps(json.loads(text))) - set(json.dumps(tree))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a&b<c>\u2028", '"a\\u0026b\\u003cc\\u003e\\u2028"'),
        ('"\\\n\t\x01', '"\\"\\\\\\n\\t\\u0001"'),
        ([1, 2.0, 0.5, 1e-7, True, None], "[1,2,0.5,1e-7,true,null]"),
        ({"b": {}, "a": []}, '{"b":{},"a":[]}'),
    ],
)
def test_go_json(value: Any, text: str) -> None:
    assert go_json.dumps(value) == text


def test_what_is_no_json_is_nothing() -> None:
    assert go_json.loads("{") is None
    assert go_json.loads("[" * 100_000) is None


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("2000m", "2"), ("1024Mi", "1Gi"), ("0.5", "500m"), (2, "2"), (0.1, "100m"), ("1e3", "1e3"), ("1000", "1k"),
        ("1.5Gi", "1536Mi"), ("128974848", "128974848"), ("129e6", "129e6"), ("0", "0"), ("5.", "5"), (".5", "500m"),
        ("0.0000000001", "1n"), ("1023", "1023"), ("0.5Ki", "512"), ("-1500m", "-1500m"), ("1E", "1E"), ("1Ei", "1Ei"),
    ],
)  # fmt: skip
def test_quantities_are_printed_as_kubernetes_prints_them(written: object, printed: str) -> None:
    assert canonical(written) == printed


@pytest.mark.parametrize("text", ["", ".", "lots", "1GB!", "1 Gi", "1e", "0x10", "1,5", "Mi", "\u0661"])
def test_what_is_no_quantity(text: str) -> None:
    assert not is_quantity(text)
    assert canonical(text) is None


@given(st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{1,3})?(m|k|M|G|Ki|Mi|Gi|e[0-9])?", fullmatch=True))
@settings(deadline=None)
def test_the_printed_form_is_the_same_amount(text: str) -> None:
    printed = canonical(text)
    assert printed is not None
    assert quantity(printed) == quantity(text)
    assert canonical(printed) == printed


@given(st.text(max_size=80))
@settings(deadline=None)
def test_hostile_quantities_do_no_harm(text: str) -> None:
    canonical(f"1e{text}")
    canonical("9" * 10_000)
    canonical("1e999999999")


@pytest.mark.parametrize(
    ("original", "patch", "result"),
    [
        ({"a": 1, "b": {"c": 1}}, {"b": {"d": 2}}, {"a": 1, "b": {"c": 1, "d": 2}}),
        ({"a": 1}, {"a": None, "b": None}, {}),
        ({"args": [1, 2]}, {"args": [3]}, {"args": [3]}),
        (
            {"volumes": [{"name": "own"}]},
            {"volumes": [{"name": "new"}]},
            {"volumes": [{"name": "new"}, {"name": "own"}]},
        ),
        (
            {"env": [{"name": "A"}, {"name": "B", "value": "1"}, {"name": "C"}]},
            {"env": [{"name": "X"}, {"name": "B", "value": "2"}]},
            {"env": [{"name": "X"}, {"name": "A"}, {"name": "B", "value": "2"}, {"name": "C"}]},
        ),
        (
            {"ports": [{"containerPort": 80, "name": "a"}]},
            {"ports": [{"containerPort": 80, "protocol": "TCP"}]},
            {"ports": [{"containerPort": 80, "protocol": "TCP", "name": "a"}]},
        ),
        ({"volumeMounts": []}, {"volumeMounts": [{"mountPath": "/a"}]}, {"volumeMounts": [{"mountPath": "/a"}]}),
    ],
)
def test_strategic_merge(original: dict[str, Any], patch: dict[str, Any], result: dict[str, Any]) -> None:
    assert merged(original, patch) == result
