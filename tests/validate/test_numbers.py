"""Numbers that the API server cannot read into its fields, or refuses: bits, ports, replicas."""

from __future__ import annotations

from typing import Any

import pytest

from sailwright.source.shared_parts import share
from sailwright.validate.run import judge


def deployment(replicas: Any = 1, port: Any = 80, **container_port: Any) -> dict[str, Any]:
    container = {"name": "web", "image": "example.com/web:1", "ports": [{"containerPort": port, **container_port}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}},
        },
    }


def service(**port: Any) -> dict[str, Any]:
    spec = {"selector": {"app": "web"}, "ports": [{"name": "http", **port}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}


def messages(value: dict[str, Any]) -> list[str]:
    return [problem.message for problem in judge([value])[0]]


@pytest.mark.parametrize("replicas", [0, 3, 2**31 - 1, 1.0, 1e3, -0.0])
def test_what_a_reader_of_json_takes_for_a_whole_number(replicas: Any) -> None:
    """YAML's `1.0` and `1e3` reach the API server as `1` and `1000`."""
    assert messages(deployment(replicas)) == []


@pytest.mark.parametrize("replicas", [2**31, 1e23, 2**63, 2**64 - 1, -1e10])
def test_what_32_bits_do_not_hold(replicas: Any) -> None:
    assert "expected a whole number of 32 bits" in messages(deployment(replicas))[0]


@pytest.mark.parametrize("replicas", [1.5, float("nan"), float("inf"), "3", True])
def test_what_is_no_whole_number(replicas: Any) -> None:
    assert "expected a whole number, found" in messages(deployment(replicas))[0]


def test_fewer_replicas_than_none() -> None:
    assert messages(deployment(-1)) == ["`-1` is no number of replicas"]


def test_64_bits_hold_more() -> None:
    """`runAsUser` is an int64, `terminationGracePeriodSeconds` as well."""
    good, bad = deployment(), deployment()
    good["spec"]["template"]["spec"]["securityContext"] = {"runAsUser": 2**62}
    bad["spec"]["template"]["spec"]["securityContext"] = {"runAsUser": 2**63}
    assert messages(good) == []
    assert "expected a whole number of 64 bits" in messages(bad)[0]


@pytest.mark.parametrize("port", [0, -1, 65536, 70000])
def test_ports_that_are_none(port: int) -> None:
    for value in (deployment(port=port), service(port=port)):
        assert messages(value) == [f"`{port}` is no port"]


def test_ports_that_are_fine() -> None:
    """0 leaves a target port or a host's port to the API server; a name is one of the pod's."""
    for value in (deployment(hostPort=0), service(port=80, targetPort=0), service(port=65535, targetPort="http")):
        assert messages(value) == []
    assert messages(deployment(hostPort=65536)) == ["`65536` is no port"]
    assert messages(service(port=1, targetPort=65536)) == ["`65536` is no port"]


def test_numbers_that_no_field_of_bits_holds() -> None:
    """A quantity, an annotation and a custom kind's free-form field are no such field."""
    value = deployment()
    value["spec"]["template"]["spec"]["containers"][0]["resources"] = {"limits": {"memory": 2**40}}
    assert messages(value) == []


@pytest.mark.parametrize("limit", [2**31, 2**63, -(2**40), 1e23])
def test_numbers_of_a_part_that_many_objects_share(limit: Any) -> None:
    """What is known of such a part does not hide what is wrong with it."""
    small, large = deployment(), deployment()
    for value, seconds in ((small, 5), (large, limit)):
        container = value["spec"]["template"]["spec"]["containers"][0]
        container["readinessProbe"] = {"tcpSocket": {"port": 80}, "periodSeconds": seconds}
        share(container)
    assert messages(small) == []
    assert "expected a whole number of 32 bits" in messages(large)[0]
