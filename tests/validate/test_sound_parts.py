"""Parts of objects are checked once: what is said of each object is what is said of it alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.source.emit_proven import emit_proven
from sailwright.validate.run import Settings, judge
from sailwright.validate.webhook_checks.sound_parts import _known, checked_once
from sailwright.validate.webhook_checks.subject import error

HOSTS = st.sampled_from(("a.shop.svc.cluster.local", "b.shop.svc.cluster.local", "not a host", "*"))
DESTINATIONS = st.builds(
    lambda host, weight: {"destination": {"host": host}, "weight": weight}, HOSTS, st.integers(0, 2)
)
MATCHES = st.lists(
    st.sampled_from(({"uri": {"prefix": "/a"}}, {"uri": {"prefix": "/a/b"}}, {"uri": {"exact": "/"}}, {"port": 70000})),
    max_size=2,
)
RULES = st.fixed_dictionaries(
    {},
    optional={
        "match": MATCHES,
        "route": st.lists(DESTINATIONS, max_size=2),
        "redirect": st.sampled_from(({"uri": "/x"}, {})),
        "retries": st.sampled_from(({"attempts": 2}, {"attempts": 0, "retryOn": "5xx"}, {"retryOn": "nothing"})),
        "timeout": st.sampled_from(("1s", "0.1ms")),
        "delegate": st.just({"name": "a"}),
    },
)
POLICIES = st.sampled_from(
    ({}, {"outlierDetection": {"interval": "1s"}}, {"tls": {"mode": "MUTUAL"}}, {"loadBalancer": {"simple": "RANDOM"}})
)
SUBSETS = st.lists(st.sampled_from(({"name": "v1"}, {"name": "v.2"}, {"name": "v3", "labels": {"a": "-"}})), max_size=2)


def virtual_service(hosts: list[str], rules: list[dict[str, Any]]) -> dict[str, Any]:
    """A VirtualService with these rules; without hosts it is a delegate."""
    return _object("VirtualService", {**({"hosts": hosts} if hosts else {}), "http": rules})


def destination_rule(host: str, policy: dict[str, Any], subsets: list[dict[str, Any]]) -> dict[str, Any]:
    """A DestinationRule with these policies."""
    return _object("DestinationRule", {"host": host, "trafficPolicy": policy, "subsets": subsets})


def _object(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": "a", "namespace": "shop"}
    return {"apiVersion": "networking.istio.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


OBJECTS = st.one_of(
    st.builds(virtual_service, st.lists(HOSTS, max_size=1), st.lists(RULES, min_size=1, max_size=3)),
    st.builds(destination_rule, HOSTS, POLICIES, SUBSETS),
)


@given(st.lists(OBJECTS, min_size=2, max_size=4))
def test_each_object_has_the_problems_that_it_has_alone(values: list[dict[str, Any]]) -> None:
    together = [judge([value]) for value in values * 2]
    alone = []
    for value in values:
        _known().clear()
        alone.append(judge([value]))
    assert together == alone * 2


@given(st.lists(OBJECTS, min_size=1, max_size=4))
def test_objects_that_are_alike_have_the_problems_of_each_by_itself(values: list[dict[str, Any]]) -> None:
    for _ in range(
        4
    ):  # the first two of a shape are laid out, and of the third it is noted what is known of the others
        assert judge(values, alike=emit_proven(values).alike) == judge(values)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("timeout", ("1s", "0.1ms", "none", "2s")),
        ("rewrite", ({"uri": "/a"}, {"uri": "/b"}, {"uri": ""})),
        ("match", ([{"uri": {"prefix": "/a"}}], [{"uri": {"regex": "("}}], [{"method": {"exact": "GET"}}])),
        ("retries", ({"attempts": 1}, {"attempts": -1}, {"attempts": 2**31})),
        ("fault", ({"abort": {"httpStatus": 500}}, {"abort": {"httpStatus": 1}}, {"abort": {"httpStatus": 900}})),
        ("mirrors", ([], [{"destination": {"host": "a"}}], [{"destination": {"host": "?"}}])),
        ("unknown", ("a", "b")),
    ],
)
def test_the_values_that_are_looked_at_are_looked_at_in_each(field: str, values: tuple[Any, ...]) -> None:
    route = [{"destination": {"host": "a.shop.svc.cluster.local"}}]
    objects = [virtual_service(["a.shop.svc.cluster.local"], [{"route": route, field: value}]) for value in values]
    for each in objects * 5:
        assert judge([each], alike=emit_proven([each]).alike) == judge([each])


def test_another_release_has_a_schema_of_its_own() -> None:
    value = destination_rule("a", {"outlierDetection": {"interval": "1s"}}, [])
    for _ in range(6):
        for release in ("1.29.0", "1.31.0"):
            settings = Settings(istio=release)
            assert judge([value], settings, alike=emit_proven([value]).alike) == judge([value], settings)


def test_what_is_wrong_is_checked_each_time() -> None:
    for _ in range(3):
        assert len(list(checked_once(("a check", 1), lambda: iter([error((), "wrong")])))) == 1


def test_what_is_no_plain_data_is_checked_each_time() -> None:
    for found in ([], [error((), "wrong")], []):
        assert list(checked_once(("a check", object()), lambda found=found: iter(found))) == found  # type: ignore[misc]
