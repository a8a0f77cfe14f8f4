"""Objects of which only a few fields are held say of these what the whole object says, and answer nothing by what is not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy, deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sailwright_policies
from sailwright.lint.held_fields import FieldLeftOut, HeldFields
from sailwright.lint.noted_fields import ALL, CONTAINER, POD, Noted
from sailwright.lint.reduced_objects import IDENTITY, INJECTED, Reduction
from sailwright.mesh import world
from sailwright.source.manifest import Manifest, Spot
from sailwright.source.source import Document, Source

SOURCE = Source("cart.yaml", b"", "manifest")

PROXY = {"name": "istio-proxy", "image": "example.com/proxyv2:1.31.0", "args": ["proxy", "sidecar"]}
DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "cart", "namespace": "shop", "labels": {"app": "cart"}},
    "spec": {
        "replicas": 2,
        "template": {
            "metadata": {"labels": {"app": "cart"}, "annotations": {"example.com/a": "b"}},
            "spec": {
                "hostNetwork": False,
                "containers": [{"name": "cart", "image": "example.com/cart:1", "ports": [{"containerPort": 80}]}],
                "initContainers": [PROXY],
            },
        },
    },
}

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(0, 3), st.floats(0, 2), st.sampled_from(["", "a", "1", "true"])
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=8,
)
containers = st.lists(
    st.one_of(
        scalars,
        st.dictionaries(st.sampled_from(["image", "args", "ports"]), values).map(lambda each: each | {"name": "cart"}),
        st.just(PROXY),
        st.just({**PROXY, "args": [True, 1, 1.0]}),
        st.just({**PROXY, "args": [1, 1.0, True]}),
    ),
    max_size=3,
)
pods = st.fixed_dictionaries({}, optional={"containers": st.one_of(containers, values), "hostNetwork": scalars})
templates = st.fixed_dictionaries({}, optional={"metadata": values, "spec": st.one_of(pods, values), "more": values})
specs = st.fixed_dictionaries(
    {}, optional={"template": st.one_of(templates, values), "host": values, "containers": containers}
)
objects = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["Deployment", "Pod", "CronJob", "Service", "DestinationRule", "ConfigMap"]),
        "apiVersion": st.sampled_from(["v1", "apps/v1", "batch/v1", "networking.istio.io/v1"]),
    },
    optional={
        "metadata": st.one_of(st.just({"name": "cart"}), values),
        "spec": st.one_of(specs, pods, values),
        "data": values,
    },
)


def reduced(value: dict[str, Any], reduction: Reduction) -> Manifest:
    return reduction.of(value, {(): ()}, SOURCE, 0, lambda path: Spot(Document(SOURCE, 0, {}), path))


@given(st.lists(objects, max_size=4))
def test_an_object_of_which_all_is_held_is_what_it_was(several: list[dict[str, Any]]) -> None:
    """To the letter: 1 is not True, and keys are in their order."""
    reduction = Reduction(set())
    for value in several:
        assert repr(reduced(value, reduction).value) == repr(value)
        assert reduced(value, reduction).value == value


@given(objects, st.lists(st.sampled_from(["metadata", "spec", "template", "containers", "name", "host", "data", "a"])))
def test_what_an_object_says_of_a_field_is_so_or_it_says_that_it_does_not_hold_it(
    value: dict[str, Any], keys: list[str]
) -> None:
    found: Any = reduced(value, Reduction(set(), IDENTITY)).value
    told: Any = value
    try:
        for key in keys:
            if not isinstance(told, dict):
                assert not isinstance(found, dict)
                break
            assert (key in found) == (key in told)
            found, told = found.get(key), told.get(key)
        assert repr(found) == repr(told)
    except FieldLeftOut:
        pass


def test_of_fields_that_are_not_held_nothing_is_said() -> None:
    held = reduced(DEPLOYMENT, Reduction(set(), IDENTITY))
    pod = held.spec["template"]["spec"]
    assert (held.kind, held.name, held.namespace) == ("Deployment", "cart", "shop")
    assert held.spec["template"]["metadata"]["labels"] == {"app": "cart"}
    assert [each["name"] for each in (*pod["containers"], *pod["initContainers"])] == ["cart", "istio-proxy"]
    for ask, what, key in (
        (lambda: held.labels, "metadata of Deployment", "labels"),
        (lambda: held.spec.get("replicas"), "Deployment", "replicas"),
        (lambda: pod["containers"][0].get("image"), CONTAINER, "image"),
        (lambda: "args" in pod["initContainers"][0], INJECTED, "args"),
        (lambda: list(pod), POD, ALL),
    ):
        with pytest.raises(FieldLeftOut) as lacking:
            ask()
        assert (lacking.value.what, lacking.value.key) == (what, key)
    assert held.spec.get("paused") is None
    with pytest.raises(KeyError):
        held.spec["paused"]


WAYS: tuple[tuple[Callable[[dict[str, Any]], object], str], ...] = (
    (lambda each: each["replicas"], "replicas"),
    (lambda each: each.get("b"), "b"),
    (lambda each: "c" in each, "c"),
    (lambda each: list(each), ALL),
    (lambda each: list(reversed(each)), ALL),
    (lambda each: dict(each), ALL),
    (lambda each: {**each}, ALL),
    (lambda each: each | {}, ALL),
    (lambda each: {} | each, ALL),
    (lambda each: dict[str, Any]().update(each), ALL),
    (lambda each: len(each), ALL),
    (lambda each: bool(each), ALL),
    (lambda each: each == {}, ALL),
    (lambda each: each != {}, ALL),
    (lambda each: each == {}, ALL),
    (lambda each: list(each.items()), ALL),
    (lambda each: list(each.keys()), ALL),
    (lambda each: list(each.values()), ALL),
    (lambda each: each.copy(), ALL),
    (lambda each: copy(each), ALL),
    (lambda each: deepcopy(each), ALL),
    (lambda each: sorted(each), ALL),
    (lambda each: repr(each), ALL),
    (lambda each: "{replicas}".format_map(each), "replicas"),
    (lambda each: (lambda **keys: keys)(**each), ALL),
    (lambda each: [each] == [{}], ALL),
)


@pytest.mark.parametrize("number", range(len(WAYS)))
def test_what_is_asked_in_any_way_is_noted(number: int) -> None:
    way, key = WAYS[number]
    noted: Noted = set()
    held = reduced(DEPLOYMENT, Reduction(noted)).spec
    assert isinstance(held, HeldFields)
    noted.clear()
    way(held)
    assert ("Deployment", key) in noted


def test_containers_that_injection_adds_are_held_once() -> None:
    reduction = Reduction(set(), IDENTITY)
    one, other = (reduced(DEPLOYMENT, reduction).spec["template"]["spec"]["initContainers"][0] for _ in range(2))
    assert one is other


def test_no_rule_reads_a_mapping_as_c_does() -> None:
    """The encoder of JSON takes a mapping for a dictionary of C, and that of HeldFields is empty: it gets but parts of what is noted."""
    assert {path.name for path in _modules() if re.search(r"json\.dumps|dict\.(items|get)\(", path.read_text())} == {
        "routes_overlap.py"
    }


def _modules() -> Iterator[Path]:
    for top in (Path(sailwright_policies.__file__ or "").parent, Path(world.__file__).parent):
        yield from top.rglob("*.py")
