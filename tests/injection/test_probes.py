"""Probes and hooks of the application go through the agent."""

from typing import Any

import pytest
from tests.injection.workloads import container, deployment, injected, plain, probers

from sailwright.render.injection.inject import inject
from sailwright.render.injection.settings import settings_from

NEWEST = "1.31.0"


@pytest.mark.parametrize(
    ("probe", "rewritten", "prober"),
    [
        (
            {"httpGet": {"port": 8080, "path": "/a?b&<c>"}, "periodSeconds": 3},
            {"httpGet": {"path": "/app-health/app/readyz", "port": 15020}, "periodSeconds": 3},
            {"httpGet": {"path": "/a?b&<c>", "port": 8080}},
        ),
        (
            {"httpGet": {"port": "http", "scheme": "HTTPS", "host": "h"}, "timeoutSeconds": 4},
            {
                "httpGet": {"path": "/app-health/app/readyz", "port": 15020, "host": "h", "scheme": "HTTP"},
                "timeoutSeconds": 4,
            },
            {"httpGet": {"port": 9080, "host": "h", "scheme": "HTTPS"}, "timeoutSeconds": 4},
        ),
        (
            {"tcpSocket": {"port": "http", "host": "127.0.0.1"}},
            {"httpGet": {"path": "/app-health/app/readyz", "port": 15020}},
            {"tcpSocket": {"port": 9080, "host": "127.0.0.1"}},
        ),
        (
            {"grpc": {"port": 9090}},
            {"httpGet": {"path": "/app-health/app/readyz", "port": 15020}},
            {"grpc": {"port": 9090, "service": None}},
        ),
        ({"exec": {"command": ["true"]}}, {"exec": {"command": ["true"]}}, None),
    ],
)
def test_a_probe(probe: dict[str, Any], rewritten: dict[str, Any], prober: dict[str, Any] | None) -> None:
    app = {"ports": [{"name": "http", "containerPort": 9080}], "readinessProbe": probe}
    pod = injected(deployment(container=app), plain(NEWEST))
    assert container(pod, "app")["readinessProbe"] == rewritten
    assert probers(pod) == (None if prober is None else {"/app-health/app/readyz": prober})


def test_hooks_and_init_containers_are_rewritten_too() -> None:
    hook = {"lifecycle": {"postStart": {"tcpSocket": {"port": 80}}, "preStop": {"exec": {"command": ["true"]}}}}
    setup = {"name": "setup", "restartPolicy": "Always", "startupProbe": {"tcpSocket": {"port": 81}}}
    pod = injected(deployment(container=hook, initContainers=[setup]), plain(NEWEST, "native"))
    assert set(probers(pod)) == {"/app-lifecycle/app/poststartz", "/app-health/setup/startupz"}
    assert container(pod, "app")["lifecycle"]["preStop"] == {"exec": {"command": ["true"]}}


def test_an_unknown_port_name_is_told_and_left_to_fail_as_in_istio() -> None:
    app = {"readinessProbe": {"httpGet": {"port": "nowhere"}}}
    result = inject(deployment(container=app), plain(NEWEST))
    assert [problem.severity for problem in result.problems] == ["warning"]
    assert "`nowhere`" in result.problems[0].message
    assert result.problems[0].path[-3:] == ("containers", 0, "readinessProbe")


@pytest.mark.parametrize(
    ("annotation", "value", "rewrites"),
    [(None, True, True), (None, False, False), ("false", True, False), ("true", False, True), ("maybe", True, True)],
)
def test_rewriting_can_be_switched(annotation: str | None, value: bool, rewrites: bool) -> None:
    settings = settings_from({"sidecarInjectorWebhook": {"rewriteAppHTTPProbe": value}}, release=NEWEST)
    given = {} if annotation is None else {"sidecar.istio.io/rewriteAppHTTPProbers": annotation}
    app = {"livenessProbe": {"httpGet": {"port": 80}}}
    assert (probers(injected(deployment(given, container=app), settings)) is not None) == rewrites


def test_probes_ask_the_status_port_of_the_pod() -> None:
    app = {"livenessProbe": {"httpGet": {"port": 80}}}
    pod = injected(deployment({"status.sidecar.istio.io/port": "15022"}, container=app), plain(NEWEST))
    assert container(pod, "app")["livenessProbe"]["httpGet"]["port"] == 15022
    pod = injected(deployment({"proxy.istio.io/config": "statusPort: 15025"}, container=app), plain(NEWEST))
    assert container(pod, "app")["livenessProbe"]["httpGet"]["port"] == 15025
