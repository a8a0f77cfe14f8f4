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
    template,
    variable,
)

from sailwright.render.injection.inject import inject
from sailwright.render.injection.settings import settings_from
from sailwright.source.emit import emit

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
    off = settings_from({"sidecarInjectorWebhook": {"rewriteAppHTTPProbe": False}}, release="1.31.0")
    app = container(injected(first, off), "app")
    assert app["readinessProbe"] == {"httpGet": {"path": "/ready", "port": 8080}, "timeoutSeconds": 2}
    assert app["livenessProbe"] == {"grpc": {"port": 9090}, "timeoutSeconds": 2}
    assert app["lifecycle"] == {"preStop": {"tcpSocket": {"port": 8080}}}


@pytest.mark.parametrize("new", ["1.31.0", "1.30.3"])
def test_scrape_targets_come_back(new: str) -> None:
    """The newest release takes the annotation off the pod, older ones leave it."""
    workload = deployment({"prometheus.istio.io/scrape-targets": "8080:/metrics,9100:/metrics"})
    ours = plain(new, compat=False)
    again = injected(inject(workload, plain("1.31.0")).value, ours)
    assert annotations_of(again) == annotations_of(injected(workload, ours))
    fresh = variable(injected(workload, ours), "ISTIO_PROMETHEUS_ANNOTATIONS")
    assert variable(again, "ISTIO_PROMETHEUS_ANNOTATIONS") == fresh


def test_pull_secrets_of_an_old_installation_go_with_it() -> None:
    old = settings_from({"global": {"imagePullSecrets": ["regcred"]}}, release="1.29.6", compat=True)
    first = inject(deployment(imagePullSecrets=[{"name": "own"}]), old).value
    assert order(injected(first, plain("1.31.0", compat=False)), "imagePullSecrets") == ["own"]


LISTS = ("imagePullSecrets", "volumes", "initContainers", "tolerations")
EMPTY: list[dict[str, Any]] = [
    *({field: []} for field in LISTS),
    *({field: {}} for field in ("nodeSelector", "securityContext")),
    *({field: None} for field in (*LISTS, "nodeSelector", "securityContext")),
]


@pytest.mark.parametrize("spec", EMPTY, ids=str)
@pytest.mark.parametrize("mode", ["native", "classic"])
@pytest.mark.parametrize("compat", [False, True])
def test_what_is_empty_stays_as_it_is_written(spec: dict[str, Any], mode: str, compat: bool) -> None:
    """Injecting twice changes nothing where a pod holds empty lists and maps, and nulls."""
    settings = plain("1.31.0", mode, compat=compat)
    app: dict[str, Any] = {"env": [], "ports": None, "volumeMounts": [], "lifecycle": {}, "readinessProbe": None}
    once = inject(deployment(container=app, **spec), settings).value
    assert emit(inject(once, settings).value) == emit(once)


def test_istioctl_merges_over_what_another_injection_baked() -> None:
    """The containers that the status names are no part of what the templates read, and are merged with the new ones."""
    baked = inject(deployment(container=PROBED), plain("1.30.3")).value
    spec = baked["spec"]["template"]["spec"]
    proxy = next(item for item in spec["containers"] if item["name"] == "istio-proxy")
    proxy["env"].append({"name": "ADDED", "value": "by hand"})
    pod = injected(baked, plain("1.31.0"))
    assert container(pod)["image"] == "docker.io/istio/proxyv2:1.31.0"
    assert variable(pod, "ADDED") == "by hand"
    assert variable(pod, "ISTIO_META_APP_CONTAINERS") == "app"
    assert probers(pod) == probers(injected(deployment(container=PROBED), plain("1.31.0")))
    assert variable(injected(baked, plain("1.31.0", compat=False)), "ADDED") is None


def test_istioctl_completes_the_probers_of_an_earlier_injection() -> None:
    """A probe that came since is taken over; those that the agent has already stay with it."""
    baked = inject(deployment(container=PROBED), plain("1.30.3")).value
    app = baked["spec"]["template"]["spec"]["containers"][0]
    app["startupProbe"] = {"httpGet": {"path": "/started", "port": 8080}}
    pod = injected(baked, plain("1.31.0"))
    assert sorted(probers(pod)) == sorted([*probers(template(baked)), "/app-health/app/startupz"])


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
