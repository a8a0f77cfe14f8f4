"""The JSON Schemas: valid, strict, described, with examples that fit, and lists that stand twice held equal."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from sailwright.project.schema.judge import Name, problems, schema

NAMES: list[Name] = ["service", "project"]
OPEN = {"updateStrategy", "fileKeyRef", "clusterTrustBundle", "resizePolicy", "proxyConfig", "userVolume", "userVolumeMount",
        "dataSource", "dataSourceRef", "values", "meshConfig", "defaults", "patch", "value", "Source", "RuleSetting"}  # fmt: skip
"""Fields that carry somebody else's words as they are."""


def parts(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every subschema and the path to it."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            if key in ("properties", "$defs"):
                for name, inner in value.items():
                    yield from parts(inner, (*path, name))
            elif key in ("items", "additionalProperties", "anyOf", "allOf"):
                for inner in value if isinstance(value, list) else [value]:
                    yield from parts(inner, path)


def strict_parts(name: Name) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """Subschemas of the shapes; those that only say what must be there are none."""
    return [(path, node) for path, node in parts(schema(name)) if not (path and path[0].startswith("Complete"))]


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_a_valid_2020_12_schema(name: Name) -> None:
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema(name))
    assert jsonschema_rs.meta.is_valid(schema(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_described(name: Name) -> None:
    whole = schema(name)

    def described(node: dict[str, Any]) -> bool:
        while "description" not in node and "$ref" in node:
            target: Any = whole
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            node = target
        return bool(node.get("description"))

    bare = [
        (*path, field)
        for path, node in strict_parts(name)
        for field, inner in node.get("properties", {}).items()
        if not described(inner)
    ]
    assert bare == []


@pytest.mark.parametrize("name", NAMES)
def test_every_map_with_fields_is_closed(name: Name) -> None:
    """Unknown keys are errors. Only fields in the words of others are open, and those are listed here."""
    loose = [
        path
        for path, node in strict_parts(name)
        if "object"
        in (node.get("type"), *([node.get("type")] if isinstance(node.get("type"), str) else node.get("type") or ()))
        and "additionalProperties" not in node
        and "$ref" not in node
        and path[-1:]
        and path[-1] not in OPEN
    ]
    assert loose == []


@pytest.mark.parametrize("name", NAMES)
def test_every_example_fits_its_own_schema(name: Name) -> None:
    whole = Draft202012Validator(schema(name))
    for path, node in strict_parts(name):
        for example in node.get("examples", ()):
            errors = [error.message for error in whole.evolve(schema=node).iter_errors(example)]
            assert (path, example, errors) == (path, example, [])


def test_a_version_has_every_setting_of_deproblems() -> None:
    definitions = schema("service")["$defs"]
    for key in definitions["Settings"]["properties"]:
        assert definitions["Version"]["properties"][key] == {"$ref": f"#/$defs/Settings/properties/{key}"}


def test_overlays_have_every_key_of_the_file_but_its_name_and_version() -> None:
    whole = schema("service")
    keys = set(whole["properties"]) - {"apiVersion", "name", "environments"}
    assert set(whole["$defs"]["Cluster"]["properties"]) == keys
    assert set(whole["$defs"]["Environment"]["properties"]) == keys | {"clusters"}


def test_both_judges_agree_on_a_sound_and_on_a_faulty_tree() -> None:
    sound = {"apiVersion": "sailwright/v1alpha1", "name": "a", "namespace": "b"}
    assert problems("service", sound) == ()
    assert [fault.message for fault in problems("service", {**sound, "nme": 1})] == ["unknown key `nme`"]


def fault(tree: dict[str, Any]) -> str:
    base = {"apiVersion": "sailwright/v1alpha1", "name": "a", "namespace": "b"}
    (found,) = problems("service", {**base, **tree})
    return f"{found.message}; {found.help}" if found.help else found.message


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"owner": 5}, 'expected text, found `5`; put quotes around it: without them YAML reads `5`'),
        ({"enabled": "yes"}, "expected true or false, found the text `yes`; write true"),
        ({"timeout": 5}, "expected a duration as Istio writes it: numbers with the units h, m, s and ms, at least 1ms, for example `250ms`, found `5`; add a unit: 5s"),
        ({"timeout": "5"}, "`5` does not fit here: expected a duration as Istio writes it: numbers with the units h, m, s and ms, at least 1ms, for example `250ms`; add a unit: 5s"),
        ({"timeout": "0s"}, "`0s` does not fit here: expected a duration as Istio writes it: numbers with the units h, m, s and ms, at least 1ms, for example `250ms`"),
        ({"ports": {"name": "http"}}, "expected a list, found a map; write each item on a line of its own that begins with `- `"),
        ({"ports": [{"name": "a", "port": 0, "appProtocol": "http"}]}, "expected a number of at least 1, found `0`"),
        ({"ports": [{"name": "a", "port": 1}]}, "`appProtocol` is missing; what is spoken on the port. Istio chooses its filters by it, so it is required"),
        ({"ports": [{"name": "a", "port": 1, "appProtocol": "postgres"}]}, "expected one of `auto`, `http`, `http2`, `https`, `grpc`, `grpc-web`, `tcp`, `tls`, `mongo`, `mysql`, `redis`, `udp`, `kubernetes.io/h2c`, `kubernetes.io/ws` or `kubernetes.io/wss`, found `postgres`"),
        ({"routes": [{"to": 3}]}, "expected text, a map or a list, found `3`"),
        ({"routes": [{"to": {"v1": "a"}}]}, "expected a whole number, found the text `a`"),
        ({"routes": [{"to": [{"wieght": 3}]}]}, "unknown key `wieght`; did you mean `weight`?"),
        ({"accessPolicy": {"inbound": [{"service": "a", "namespace": "b"}]}}, "expected exactly one of `service`, `serviceAccount`, `principal` or `namespace`"),
        ({"trafficPolicy": {"loadBalancer": "LEAST_REQUESTS"}}, "expected one of `ROUND_ROBIN`, `LEAST_REQUEST`, `LEAST_CONN`, `RANDOM`, `PASSTHROUGH` or `UNSPECIFIED`, found `LEAST_REQUESTS`; did you mean `LEAST_REQUEST`?"),
        ({"trafficPolicy": {"loadBalancer": {"simpel": "RANDOM"}}}, "unknown key `simpel`; did you mean `simple`?"),
        ({"labels": {"a b": "c"}}, "`a b` does not fit here: expected the key of a label or annotation, for example `example.com/name`"),
        ({"exportTo": [".", "."]}, "expected each item once"),
    ],
)  # fmt: skip
def test_messages_say_what_was_found_what_was_expected_and_what_was_meant(tree: dict[str, Any], words: str) -> None:
    assert fault(tree) == words


def test_a_file_full_of_faults_is_told_in_full() -> None:
    """Near names are looked for at first only: they cost more than everything else, and a stranger may send any file."""
    base = {"apiVersion": "sailwright/v1alpha1", "name": "a", "namespace": "b"}
    found = problems("service", {**base, **{f"owne{index}": 1 for index in range(3000)}})
    assert len(found) == 3000
    assert found[0].help == "did you mean `owner`?"
    assert found[-1].help.startswith("known here: ")
