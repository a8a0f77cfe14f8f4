"""Of objects that are alike one is checked: the problems are the same as those of each by itself."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sailwright.source.emit_proven import emit_proven
from sailwright.source.shared_parts import share
from sailwright.validate.run import judge

NUMBERS = st.sampled_from((0, 1, 80, 65535, 65536, -1, 2**31, 2**63))
HANDLERS = st.dictionaries(
    st.sampled_from(("httpGet", "tcpSocket")),
    st.one_of(st.none(), NUMBERS.map(lambda port: {"port": port, "path": "/"})),
    min_size=1,
)
PROBES = st.fixed_dictionaries({}, optional={"livenessProbe": HANDLERS, "readinessProbe": HANDLERS})
NAMES = st.sampled_from(("a", "b", "C", ""))
REPLICAS = st.one_of(NUMBERS, st.sampled_from(("1", "two", True)))


EXTRAS = st.sampled_from(
    (
        {},
        {"labels": {"kind": "x"}},
        {"labels": {"time": "x"}},
        {"creationTimestamp": "2026-01-01T00:00:00Z"},
        {"creationTimestamp": "yesterday"},
        {"annotations": {"a": "b"}},
        {"annotations": {"a": 1}},
        {"unknown": "x"},
    )
)


def deployment(
    name: str, replicas: Any, port: int, probes: dict[str, Any], sidecar: dict[str, Any], extra: dict[str, Any]
) -> dict[str, Any]:
    """A Deployment with these in it."""
    container = {"name": name, "image": f"registry.example.com/{name}", "ports": [{"containerPort": port}], **probes}
    labels = {"app": name}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [container, sidecar]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": pod}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, **extra}, "spec": spec}


def service(name: str, replicas: Any, port: int, extra: dict[str, Any]) -> dict[str, Any]:
    """A Service of another port in the place of what a Deployment has."""
    spec = {"selector": {"app": name}, "healthCheckNodePort": replicas, "ports": [{"port": port}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, **extra}, "spec": spec}


SHARED = [{"name": "proxy", "image": "proxy", "ports": [{"containerPort": port}]} for port in (15090, 65536)]
DEPLOYMENTS = st.builds(deployment, NAMES, REPLICAS, NUMBERS, PROBES, st.sampled_from(SHARED), EXTRAS)
SERVICES = st.builds(service, NAMES, REPLICAS, NUMBERS, EXTRAS)


@given(st.lists(st.one_of(DEPLOYMENTS, SERVICES), min_size=1, max_size=6))
def test_objects_that_are_alike_have_the_problems_of_each_by_itself(values: list[dict[str, Any]]) -> None:
    share(SHARED)
    for _ in range(3):  # the first two of a kind are laid out, from then on they have a likeness
        alike = emit_proven(values).alike
        assert judge(values, alike=alike) == judge(values)


def test_a_number_out_of_range_is_reported_of_each() -> None:
    for port, problems in ((80, []), (65536, ["containerPort"]), (80, [])):
        for name in ("a", "b", "c", "d"):
            value = deployment(name, 1, port, {}, {"name": "other", "image": "other"}, {})
            (found,) = judge([value], alike=emit_proven([value]).alike)
            assert [problem.path[-1] for problem in found] == problems


def test_a_text_of_a_certain_form_is_checked_in_each() -> None:
    for time, problems in (("2026-01-01T00:00:00Z", 0), ("yesterday", 1), ("2026-01-01T00:00:00Z", 0)):
        for name in ("a", "b", "c", "d", "e", "f"):
            value = service(name, 1, 80, {"creationTimestamp": time})
            (found,) = judge([value], alike=emit_proven([value]).alike)
            assert len(found) == problems


def test_what_is_right_in_one_kind_may_be_wrong_in_another() -> None:
    for _ in range(6):
        for kind, problems in (("ConfigMap", 0), ("ServiceAccount", 1)):
            value = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "a"}, "data": {"key": "text"}}
            (found,) = judge([value], alike=emit_proven([value]).alike)
            assert len(found) == problems
