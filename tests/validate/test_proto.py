"""Specs are read as istiod reads them: JSON into protobuf."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.validate.samples import broken

from sailwright.validate.run import judge
from sailwright.validate.webhook import message_of
from sailwright.validate.webhook_checks.proto import read

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "host": {"type": "string"},
        "mode": {"type": "string", "enum": ["UNSET", "STRICT"]},
        "weight": {"type": "integer", "format": "int32"},
        "port": {"type": "integer", "minimum": 0, "maximum": 4294967295},
        "percent": {"type": "number"},
        "enabled": {"type": "boolean"},
        "hosts": {"type": "array", "items": {"type": "string"}},
        "rules": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "struct": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        "timeout": {
            "type": "string",
            "x-kubernetes-validations": [{"rule": "duration(self) >= duration('1ms')"}],
        },
    },
}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"host": "a", "weight": 5}, {"host": "a", "weight": 5}),
        ({"weight": "5", "percent": "1.5"}, {"weight": 5, "percent": 1.5}),
        ({"weight": 5.0}, {"weight": 5}),
        ({"mode": 1}, {"mode": "STRICT"}),
        ({"mode": 7}, {"mode": 7}),
        ({"host": None, "hosts": [], "rules": None}, {}),
        ({"rules": [None], "hosts": [None]}, {"rules": [{}], "hosts": [""]}),
        ({"labels": {}}, {"labels": {}}),
        ({"struct": {"any": [1, {"thing": True}]}}, {"struct": {"any": [1, {"thing": True}]}}),
        (None, {}),
    ],
)
def test_what_can_be_read(given: Any, message: Any) -> None:
    """Numbers may be quoted, enums numbered; null and empty lists are as good as absent."""
    assert read(SCHEMA, given, ("spec",)) == (message, ())


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"hsot": "a"}, ("spec", "hsot")),
        ({"host": 5}, ("spec", "host")),
        ({"host": {}}, ("spec", "host")),
        ({"mode": "strict"}, ("spec", "mode")),
        ({"mode": True}, ("spec", "mode")),
        ({"mode": ""}, ("spec", "mode")),
        ({"weight": 5.5}, ("spec", "weight")),
        ({"weight": 2**31}, ("spec", "weight")),
        ({"weight": "five"}, ("spec", "weight")),
        ({"weight": True}, ("spec", "weight")),
        ({"port": -1}, ("spec", "port")),
        ({"percent": []}, ("spec", "percent")),
        ({"enabled": "true"}, ("spec", "enabled")),
        ({"hosts": "a"}, ("spec", "hosts")),
        ({"rules": [{"nmae": "a"}]}, ("spec", "rules", 0, "nmae")),
        ({"labels": {"a": 1}}, ("spec", "labels", "a")),
        ({"timeout": "5"}, ("spec", "timeout")),
        ([], ("spec",)),
    ],
)
def test_what_cannot_be_read(given: Any, path: tuple[str | int, ...]) -> None:
    """istiod refuses the whole object; we say where and why."""
    _, (misreading,) = read(SCHEMA, given, ("spec",))
    assert misreading.path == path


def test_near_names_are_offered() -> None:
    """A typo is told with what was meant."""
    _, (misreading,) = read(SCHEMA, {"tiemout": "1s"}, ("spec",))
    assert misreading.key
    assert misreading.help == "did you mean `timeout`?"


def test_a_null_among_items_is_left_to_the_slower_reading() -> None:
    """The schema lets it pass in some lists, and it means an empty item."""
    value = {
        "apiVersion": "security.istio.io/v1",
        "kind": "AuthorizationPolicy",
        "metadata": {"name": "reviews", "namespace": "shop"},
        "spec": {"action": "ALLOW", "rules": [{"from": [None]}]},
    }
    assert message_of(value, "1.31.0", valid=True) == message_of(value, "1.31.0")


@given(broken())
def test_valid_values_are_read_quickly_and_alike(value: dict[str, Any]) -> None:
    """What the schema does not refuse is read without it, to the same message."""
    (found,) = judge([value])
    if any(each.rule == "schema-violation" for each in found):
        return
    slow, quick = message_of(value, "1.31.0"), message_of(value, "1.31.0", valid=True)
    assert slow == quick
