"""Which fields a schema holds to more than types and fields."""

from __future__ import annotations

from typing import Any

import pytest

from sailwright.validate.schemas.kubernetes import schema, versions
from sailwright.validate.schemas.value_fields import fields_of_value

TIME = {"$defs": {"Time": {"type": "string", "format": "date-time"}}}
TREE = {"$defs": {"Tree": {"properties": {"child": {"items": {"$ref": "#/$defs/Tree"}}, "size": {"minimum": 1}}}}}


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({"properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}, set()),
        ({"properties": {"a": {"type": "integer", "format": "int32"}}}, set()),
        ({"properties": {"a": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}}, set()),
        ({"properties": {"a": {"enum": ["x"]}, "b": {"type": "string"}}}, {"a"}),
        ({"properties": {"a": {"items": {"properties": {"b": {"pattern": "x"}}}}}}, {"b"}),
        ({"properties": {"a": {"items": {"pattern": "x"}}}}, {"a"}),
        ({"properties": {"a": {"additionalProperties": {"$ref": "#/$defs/Time"}}}, **TIME}, {"a"}),
        ({"properties": {"a": {"oneOf": [{"const": 1}]}}}, {"a"}),
        ({"properties": {"a": {"$ref": "#/$defs/Tree"}}, **TREE}, {"size"}),
        ({"properties": {"a": {"$ref": "#/$defs/Missing"}}}, {"a"}),
        ({"properties": {"a": {"minimum": 1}, "b": {"maxItems": 1}}}, {"a", "b"}),
        ({"maxProperties": 1}, None),
    ],
)
def test_fields_of_value(asked: dict[str, Any], fields: set[str] | None) -> None:
    assert fields_of_value(asked) == fields


@pytest.mark.parametrize("version", versions())
def test_kubernetes_asks_for_the_form_of_few_texts_in_what_is_rendered(version: str) -> None:
    for api_version, kind in (("apps/v1", "Deployment"), ("v1", "Service"), ("v1", "ConfigMap")):
        fields = fields_of_value(schema(version, api_version, kind) or {})
        assert fields is not None
        assert {"apiVersion", "kind", "creationTimestamp"} <= fields
        assert not fields & {
            "spec",
            "template",
            "containers",
            "image",
            "env",
            "ports",
            "replicas",
            "labels",
            "data",
            "name",
        }
