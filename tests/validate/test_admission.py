"""Custom objects are checked as the API server admits them: nulls pruned, defaults set, unknown fields kept where they may be."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sailwright.validate.run import Settings, judge
from sailwright.validate.schemas.admission import admitted, has_null
from sailwright.validate.schemas.crd import custom_resources
from sailwright.validate.schemas.structural import draft_2020, strict_schema


def problems(schema: str, boat: str, **spec: Any) -> list[str]:
    """What is wrong with a Boat whose kind has this schema."""
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com",
            "names": {"kind": "Boat"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": yaml.safe_load(schema)}}],
            **spec,
        },
    }
    value = {"apiVersion": "example.com/v1", "kind": "Boat", "metadata": {"name": "a"}, **yaml.safe_load(boat)}
    (found,) = judge([value], Settings(imported=tuple(custom_resources(definition))))
    return [f"{'.'.join(map(str, each.path))}: {each.message}" for each in found]


def spec(schema: str, value: str) -> list[str]:
    """The same for the schema and value of a field `spec.x`."""
    return problems(
        f"{{type: object, properties: {{spec: {{type: object, properties: {{x: {schema}}}}}}}}}",
        f"spec: {{x: {value}}}",
    )


RULE = "x-kubernetes-validations: [{rule: \"self.kind != 'sail' || has(self.sails)\", message: sails needed}]"


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        # defaults are set before `required` and before validation rules
        ("{type: object, required: [a], properties: {a: {type: string, default: b}}}", "{}", []),
        ("{type: object, required: [a], properties: {a: {type: string}}}", "{}", ["spec.x: `a` is missing"]),
        (f"{{type: object, properties: {{kind: {{type: string, default: sail}}, sails: {{type: integer}}}}, {RULE}}}",
         "{}", ["spec.x: sails needed"]),
        (f"{{type: object, properties: {{kind: {{type: string, default: oar}}, sails: {{type: integer}}}}, {RULE}}}", "{}", []),
        # ... at every level, in lists and maps, and inside of defaults
        ("{type: array, items: {type: object, required: [a], properties: {a: {type: integer, default: 1}}}}", "[{}, {}]", []),
        ("{type: object, additionalProperties: {type: object, required: [a], properties: {a: {type: integer, default: 1}}}}",
         "{k: {}}", []),
        ("{type: object, default: {}, required: [a], properties: {a: {type: string, default: b}}}", "null", []),
        # a null that is not allowed is as good as absent; one that is allowed stays
        ("{type: object, properties: {a: {type: string}}}", "{a: null}", []),
        ("{type: object, required: [a], properties: {a: {type: string}}}", "{a: null}", ["spec.x: `a` is missing"]),
        ("{type: object, required: [a], properties: {a: {type: string, nullable: true}}}", "{a: null}", []),
        ("{type: object, required: [a], properties: {a: {type: string, default: b}}}", "{a: null}", []),
        ("{type: object, additionalProperties: {type: string}}", "{a: null}", []),
        ("{type: array, items: {type: string}}", "[null]", ["spec.x.0: expected text, found nothing"]),
        ("{type: array, items: {type: string, nullable: true}}", "[null]", []),
        ("{type: string, enum: [a, b], nullable: true}", "null", []),
        ("{x-kubernetes-int-or-string: true, nullable: true}", "null", []),
        # numbers or text
        ("{x-kubernetes-int-or-string: true}", "80%", []),
        ("{x-kubernetes-int-or-string: true}", "80", []),
        ("{x-kubernetes-int-or-string: true}", "{}", ["spec.x: expected text or a whole number, found an empty map"]),
        ("{x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}], pattern: '^[0-9]+%?$'}", "8x",
         ["spec.x: expected text that matches ^[0-9]+%?$, found `8x`"]),
        # unknown fields
        ("{type: object, properties: {a: {type: string}}}", "{b: 1}", ["spec.x.b: there is no field `b`"]),
        ("{type: object}", "{b: 1}", ["spec.x.b: there is no field `b`"]),
        ("{type: object, x-kubernetes-preserve-unknown-fields: true}", "{b: {c: null}}", []),
        ("{x-kubernetes-preserve-unknown-fields: true}", "[{}, 1, null]", []),
        ("{type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: object, properties: {}}}}",
         "{b: 1, a: {c: 1}}", ["spec.x.a.c: there is no field `c`"]),
        # whole objects as values
        ("{type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}",
         "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {b: c}}, spec: {}}", []),
        ("{type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}",
         "{apiVersion: v1, metadata: {labels: {b: 1}}}",
         ["spec.x: `kind` is missing", "spec.x.metadata.labels.b: expected text, found `1`"]),
        # words that JSON Schema, or this library, has otherwise
        ("{type: object, required: [a, a], properties: {a: {type: string}}}", "{}", ["spec.x: `a` is missing"]),
        ("{type: integer, minimum: 1, exclusiveMinimum: true}", "1", ["spec.x: expected a number above 1, found `1`"]),
        ("{type: integer, minimum: 1, exclusiveMinimum: false}", "1", []),
        ("{type: string, pattern: '^(a*)*\\1$'}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", []),
        ("{type: string, pattern: '^(?!x)y'}", "x", []),
        ("{type: string, pattern: '['}", "x", []),
        ("{type: string, format: duration}", "1h30m", []),
        ("{type: string, format: uri}", "/a", []),
        ("{type: string, format: ipv4}", "10.0.0", ["spec.x: expected a ipv4, found `10.0.0`"]),
        ("{type: integer, format: int32}", "3000000000", ["spec.x: expected a number of at most 2147483647, found `3000000000`"]),
    ],
)  # fmt: skip
def test_fields(schema: str, value: str, expected: list[str]) -> None:
    assert spec(schema, value) == expected


@pytest.mark.parametrize(
    ("schema", "boat", "expected"),
    [
        ("{type: object, x-kubernetes-preserve-unknown-fields: true}", "spec: {sails: 2}", []),
        ("{type: object, nullable: true, properties: {spec: {type: object, nullable: true}}}", "spec: null", []),
        ("{type: object, required: [spec], properties: {spec: {type: object, default: {}}}}", "{}", []),
        ("{type: object, properties: {spec: {type: object}}}", "other: 1", ["other: there is no field `other`"]),
        ("{type: object, properties: {metadata: {type: object, properties: {name: {type: string, maxLength: 3}}}}}",
         "metadata: {name: galley, labels: {a: b}}", ["metadata.name: expected at most 3 characters, found 6"]),
    ],
)  # fmt: skip
def test_the_root(schema: str, boat: str, expected: list[str]) -> None:
    assert problems(schema, boat) == expected


def test_a_definition_of_old_keeps_unknown_fields_everywhere() -> None:
    schema = "{type: object, properties: {spec: {type: object, properties: {a: {type: string}}}}}"
    assert problems(schema, "spec: {b: 1}, other: 1".replace(", other", "\nother"), preserveUnknownFields=True) == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
SCHEMAS = st.recursive(
    st.sampled_from([{"type": "string"}, {"type": "string", "default": "a"}, {"type": "integer", "nullable": True}]),
    lambda inner: st.one_of(
        st.builds(lambda part: {"type": "array", "items": part}, inner),
        st.builds(lambda part: {"type": "object", "additionalProperties": part}, inner),
        st.builds(
            lambda parts: {"type": "object", "properties": parts},
            st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        ),
    ),
    max_leaves=5,
)


@given(SCHEMAS, VALUES)
def test_admitting_twice_changes_nothing_more(schema: dict[str, Any], value: Any) -> None:
    once = admitted(value, schema)
    assert admitted(once, schema) == once


@given(SCHEMAS)
def test_every_structural_schema_compiles(schema: dict[str, Any]) -> None:
    import jsonschema_rs

    whole = strict_schema({"type": "object", "properties": {"spec": schema}})
    jsonschema_rs.Draft202012Validator(draft_2020(whole))


TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text("Nab", max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("Nab", max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(TREES)
def test_a_null_is_found_wherever_it_is(value: Any) -> None:
    def nulls(each: Any) -> bool:
        below = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        return each is None or any(map(nulls, below))

    assert has_null(value) == nulls(value)
