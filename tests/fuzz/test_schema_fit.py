"""What is said of a value without the library that checks schemas is what the library says."""

from __future__ import annotations

from itertools import count
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.fuzz.runs import FUZZ
from tests.fuzz.samples import objects, services
from tests.fuzz.trees import CHANGES, Change, mutated

from sailwright.diagnostics import schema_fit
from sailwright.diagnostics.schema_fit import fit, in_document, surely_fits
from sailwright.mesh.values.re2 import compiled
from sailwright.project.schema.judge import Name, schema
from sailwright.validate.schemas import gateway_api, istio, kubernetes, rollouts
from sailwright.validate.schemas.catalogue import Catalogue, Found

CATALOGUE = Catalogue(kubernetes.NEWEST, "1.31.0")
PROJECT = {
    "apiVersion": "sailwright/v1alpha1",
    "services": ["services/*/service.yaml"],
    "output": {"path": "rendered"},
    "istio": {"version": "1.31.0", "sidecarMode": "native"},
    "environments": {"prod": {"clusters": {"east": {"kubernetes": "1.34"}}}, "staging": {}},
}


def agrees(document: Any, value: Any, validator: Any) -> None:
    """Both answers are the library's, where there is one."""
    look_up = in_document(document)
    if surely_fits(document, value, look_up):
        assert validator.is_valid(value)
    elif schema_fit._is_plain(value, 0) and fit(document, value, look_up) is False:
        assert not validator.is_valid(value)


@FUZZ
@given(st.integers(0, 10_000), CHANGES)
def test_an_object_is_taken_where_its_schema_takes_it(chosen: int, changes: list[Change]) -> None:
    value = mutated(objects()[chosen % len(objects())], changes, objects())
    for each in (value, objects()[chosen % len(objects())]):
        found = CATALOGUE.find(str(each.get("apiVersion")), str(each.get("kind")))
        if isinstance(found, Found):
            agrees(found.strict, each, found.validator)
            if found.surely_takes(each):
                assert found.validator.is_valid(each)


@FUZZ
@given(st.sampled_from(["service", "project"]), st.integers(0, 10_000), CHANGES, st.booleans())
def test_our_own_files_are_taken_where_their_schemas_take_them(
    name: Name, chosen: int, changes: list[Change], sound: bool
) -> None:
    samples = services() if name == "service" else (PROJECT,)
    value = samples[chosen % len(samples)]
    tree = value if sound else mutated(value, changes, [*services(), PROJECT])
    agrees(schema(name), tree, jsonschema_rs.validator_for(schema(name)))


VALUES = st.recursive(
    st.sampled_from(
        [
            None,
            True,
            False,
            0,
            1,
            2,
            -1,
            1.0,
            1.5,
            2**53 + 1,
            10**40,
            float("1e300"),
            "",
            "a",
            "ab",
            "a\n",
            "é",
            "1",
            "a.b",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "ab", ""]), inner, max_size=3)
    ),
    max_leaves=6,
)
SIZES = ["maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"]
LIMITS = ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum"]
TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"]
PATTERNS = [
    "^a",
    "b$",
    "^[a-z]+$",
    "^(a|b)*$",
    ".",
    "^$",
    r"^\d$",
    r"a\.b",
    "[^a]",
    "^a{2}",
    "(?=a)",
    "[[a]b]",
    "[a&&b]",
]
SIMPLE = st.one_of(
    st.booleans(),
    st.builds(lambda name, value: {name: value}, st.sampled_from(SIZES), st.integers(0, 3)),
    st.builds(lambda name, value: {name: value}, st.sampled_from(LIMITS), st.sampled_from([0, 1, 1.5, 2, -1])),
    st.builds(lambda types: {"type": types}, st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, unique=True)),
    st.builds(lambda pattern: {"pattern": pattern}, st.sampled_from(PATTERNS)),
    st.builds(lambda value: {"const": value}, VALUES),
    st.builds(lambda values: {"enum": values}, st.lists(VALUES, min_size=1, max_size=3, unique_by=repr)),
    st.builds(lambda names: {"required": names}, st.lists(st.sampled_from(["a", "b"]), unique=True)),
    st.builds(lambda name: {"format": name}, st.sampled_from(["int32", "int64", "double", "byte", "date-time", "ipv4", "none"])),
    st.sampled_from([{"uniqueItems": True}, {"$ref": "#/$defs/text"}, {"$ref": "#/$defs/nested/items"}, {"description": "x"}]),
)  # fmt: skip


def _composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    return st.one_of(
        st.builds(lambda word, parts: {word: parts}, st.sampled_from(["allOf", "anyOf", "oneOf", "prefixItems"]), some),
        st.builds(
            lambda word, part: {word: part}, st.sampled_from(["not", "items", "propertyNames", "contains"]), inner
        ),
        st.builds(lambda parts, others: {"properties": parts, "additionalProperties": others}, named, inner),
        st.builds(lambda parts, others: {"patternProperties": parts, "additionalProperties": others}, named, inner),
        st.builds(lambda one, two: {**one, **two} if one and two and True not in (one, two) else one, inner, inner),
    )


SCHEMAS = st.recursive(SIMPLE, _composed, max_leaves=6)


@FUZZ
@given(SCHEMAS, VALUES)
@example({"enum": [1]}, True)
@example({"type": "integer"}, 1.0)
@example({"pattern": "b$"}, "b\n")
@example({"not": {"format": "ipv4"}}, "x")
def test_any_schema_says_the_same(part: Any, value: Any) -> None:
    whole = {
        "allOf": [part],
        "$defs": {"text": {"type": "string", "maxLength": 1}, "nested": {"items": {"type": "integer"}}},
    }
    agrees(whole, value, jsonschema_rs.Draft202012Validator(whole, validate_formats=True))


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 2**70, "\ud800", {1: 2}, ("a",), {"a": {1, 2}}])
def test_what_json_does_not_hold_is_left_to_the_library(value: Any) -> None:
    assert not surely_fits(True, value, in_document({}))
    assert not surely_fits(True, {"a": [value]}, in_document({}))


def test_nothing_is_said_of_what_is_nested_too_deeply() -> None:
    value: Any = "a"
    for _ in count():
        value = [value]
        if not surely_fits(True, value, in_document({})):
            break
    assert repr(value).count("[") > 30


def test_most_sound_objects_need_no_library() -> None:
    """Else this would be no gain."""
    found = [(CATALOGUE.find(str(each.get("apiVersion")), str(each.get("kind"))), each) for each in objects()]
    sound = [(kind, value) for kind, value in found if isinstance(kind, Found) and kind.validator.is_valid(value)]
    taken = [value for kind, value in sound if surely_fits(kind.strict, value, in_document(kind.strict))]
    assert len(taken) > 0.9 * len(sound)


def test_every_pattern_of_ours_is_read_by_the_library_and_those_of_definitions_by_re2() -> None:
    """So a pattern that says no here says no there. A definition that a project gave may have others: it is not looked at here."""
    definitions = [
        *(istio.openapi_schema(kind, (1, 99)) for kind in istio.GROUPS),
        *(
            gateway_api.openapi_schema(kind, version, bundle)
            for kind in gateway_api.KINDS
            for version in gateway_api.versions(kind)
            for bundle in gateway_api.bundles(kind, version)
        ),
        *(rollouts.openapi_schema(*key.split(" ")) for key in rollouts._facts()["kinds"]),
    ]
    patterns = {pattern for each in definitions for pattern in _patterns(each)}
    assert len(patterns) > 20
    assert [pattern for pattern in patterns if compiled(pattern) is None] == []
    for pattern in patterns | _patterns(schema("service")) | _patterns(schema("project")):
        jsonschema_rs.Draft202012Validator({"pattern": pattern})


def _patterns(part: Any) -> set[str]:
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    own = {part["pattern"]} if isinstance(part, dict) and isinstance(part.get("pattern"), str) else set()
    return own.union(*map(_patterns, below))
