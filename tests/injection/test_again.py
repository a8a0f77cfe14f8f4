"""Injecting what is injected already: by us, by istioctl or by the webhook, of this release or another."""

import json
from typing import Any

import pytest
from tests.injection.workloads import (
    LINES,
    annotations_of,
    container,
    deployment,
    injected,
    order,
    plain,
    probers,
    variable,
)

from sailwright.render.injection import inject, settings_from

PROBED = {
    "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
    "readinessProbe": {"httpGet": {"port": "http", "path": "/ready"}, "timeoutSeconds": 2},
    "livenessProbe": {"grpc": {"port": 9090}, "timeoutSeconds": 2},
    "lifecycle": {"preStop": {"tcpSocket": {"port": 8080}}},
}


@pytest.mark.parametrize("old", [("1.24.6", "classic"), ("1.27.9", "native"), ("1.30.3", "classic")])
@pytest.mark.parametrize("new", [("1.31.0", "native"), ("1.31.0", "classic"), ("1.25.5", "native")])
def test_a_release_upgrade_starts_from_what_the_user_wrote(old: tuple[str, str], new: tuple[str, str]) -> None:
    given = {"prometheus.io/port": "9100", "prometheus.io/scrape": "true"}
    workload = deployment(given, container=PROBED, volumes=[{"name": "own", "emptyDir": {}}])
    first = inject(workload, plain(*old, compat=False)).value
    again, fresh = injected(first, plain(*new, compat=False)), injected(workload, plain(*new, compat=False))
    for field in ("initContainers", "containers", "volumes"):
        assert order(again, field) == order(fresh, field)
    assert container(again)["image"] == container(fresh)["image"]
    assert variable(again, "ISTIO_PROMETHEUS_ANNOTATIONS") == variable(fresh, "ISTIO_PROMETHEUS_ANNOTATIONS")
    assert annotations_of(again) == annotations_of(fresh)
    if old[0] != "1.24.6":  # its sidecar does not take over hooks, so they are new to the other one
        assert probers(again) == probers(fresh)
    assert container(again, "app")["readinessProbe"] == container(fresh, "app")["readinessProbe"]


def test_probes_come_back_when_rewriting_is_switched_off() -> None:
    first = inject(deployment(container=PROBED), plain("1.31.0")).value
    off = settings_from({"sidecarInjectorWebhook": {"rewriteAppHTTPProbe": False}}, release="1.31.0", compat=True)
    app = container(injected(first, off), "app")
    assert app["readinessProbe"] == {"httpGet": {"path": "/ready", "port": 8080}, "timeoutSeconds": 2}
    assert app["livenessProbe"] == {"grpc": {"port": 9090}, "timeoutSeconds": 2}
    assert app["lifecycle"] == {"preStop": {"tcpSocket": {"port": 8080}}}


@pytest.mark.parametrize("new", ["1.31.0", "1.30.3"])
def test_scrape_targets_come_back(new: str) -> None:
    """The newest release takes the annotation off the pod, older ones leave it."""
    workload = deployment({"prometheus.istio.io/scrape-targets": "8080:/metrics,9100:/metrics"})
    again = injected(inject(workload, plain("1.31.0")).value, plain(new))
    assert annotations_of(again) == annotations_of(injected(workload, plain(new)))
    fresh = variable(injected(workload, plain(new)), "ISTIO_PROMETHEUS_ANNOTATIONS")
    assert variable(again, "ISTIO_PROMETHEUS_ANNOTATIONS") == fresh


def test_pull_secrets_of_an_old_installation_go_with_it() -> None:
    old = settings_from({"global": {"imagePullSecrets": ["regcred"]}}, release="1.29.6", compat=True)
    first = inject(deployment(imagePullSecrets=[{"name": "own"}]), old).value
    assert order(injected(first, plain("1.31.0")), "imagePullSecrets") == ["own"]


@pytest.mark.parametrize("release", LINES)
def test_the_users_own_sidecar_survives_a_change_of_mode(release: str) -> None:
    workload = deployment()
    own = {"name": "istio-proxy", "image": "auto", "resources": {"limits": {"cpu": "3"}}}
    workload["spec"]["template"]["spec"]["containers"].append(own)
    native = inject(workload, plain(release, "native", compat=False)).value
    pod = injected(native, plain(release, "classic", compat=False))
    assert container(pod)["resources"]["limits"]["cpu"] == "3"
    assert "initContainers" not in json.loads(annotations_of(pod)["proxy.istio.io/overrides"])


@pytest.mark.parametrize("status", ["", "not json", "[]", '{"containers": 7}', "null"])
def test_a_broken_status_is_no_obstacle(status: str) -> None:
    pod = injected(deployment({"sidecar.istio.io/status": status}), plain("1.31.0"))
    assert json.loads(annotations_of(pod)["sidecar.istio.io/status"])["containers"] == ["istio-proxy"]


@pytest.mark.parametrize(
    "overrides", ["", "[]", '{"containers": 1}', '{"containers": [1]}', '{"containers": [{"name": 1}]}']
)
def test_broken_overrides_are_left_out(overrides: str) -> None:
    first: dict[str, Any] = inject(deployment(), plain("1.31.0")).value
    first["spec"]["template"]["metadata"]["annotations"]["proxy.istio.io/overrides"] = overrides
    assert order(injected(first, plain("1.31.0")), "containers") == ["app", "istio-proxy"]
