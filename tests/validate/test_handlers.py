"""A hook or probe has one handler: the API server refuses a second."""

from __future__ import annotations

from typing import Any

import pytest

from sailwright.validate.handlers import handler_problems

POD = {"apiVersion": "v1", "kind": "Pod"}


def cron_job(container: dict[str, Any]) -> dict[str, Any]:
    """A CronJob with one init container."""
    pod = {"spec": {"initContainers": [{"name": "a", **container}], "containers": []}}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": pod}}}}


@pytest.mark.parametrize("field", ["livenessProbe", "readinessProbe", "startupProbe"])
@pytest.mark.parametrize("containers", ["containers", "initContainers", "ephemeralContainers"])
def test_two_handlers_are_refused_at_the_second(field: str, containers: str) -> None:
    """In every probe of every container."""
    probe = {"httpGet": {"port": 80}, "periodSeconds": 3, "tcpSocket": {"port": 80}}
    value = {**POD, "spec": {containers: [{"name": "b"}, {"name": "a", field: probe}]}}
    [problem] = handler_problems(value)
    assert problem.path == ("spec", containers, 1, field, "tcpSocket")
    assert problem.message == f"`{field}` has 2 handlers, `httpGet` and `tcpSocket`: one is allowed"


def test_hooks_in_a_template_of_a_template() -> None:
    """A CronJob's pods lie deeper."""
    value = cron_job({"lifecycle": {"preStop": {"exec": {"command": ["a"]}, "sleep": {"seconds": 1}}, "postStart": {}}})
    [problem] = handler_problems(value)
    assert problem.path[-3:] == ("lifecycle", "preStop", "sleep")


@pytest.mark.parametrize(
    "container",
    [
        {},
        {"lifecycle": None, "livenessProbe": None},
        {"lifecycle": {"preStop": {"exec": {"command": ["a"]}}, "postStart": {"httpGet": {"port": 1}}}},
        {"livenessProbe": {"grpc": {"port": 1}, "httpGet": None}},
        {"livenessProbe": "odd", "lifecycle": [1]},
    ],
)
def test_one_handler_each_is_fine(container: dict[str, Any]) -> None:
    """A null is no handler; what has another shape is for the schema to refuse."""
    assert list(handler_problems(cron_job(container))) == []
    assert list(handler_problems({"apiVersion": "v1", "kind": "ConfigMap", "data": container})) == []
