"""A user's own `istio-proxy` or `istio-init`: its fields win over the injected ones."""

import json
from typing import Any

import pytest
from tests.injection.workloads import annotations_of, argument, container, deployment, injected, order, plain, variable

from sailwright.render.injection.settings import settings_from

NEWEST = "1.31.0"


def own(**fields: Any) -> dict[str, Any]:
    """A Deployment with a sidecar of its own among the containers."""
    workload = deployment()
    proxy = {"name": "istio-proxy", "image": "auto", **fields}
    workload["spec"]["template"]["spec"]["containers"].append(proxy)
    return workload


@pytest.mark.parametrize("mode", ["native", "classic"])
def test_fields_of_the_users_sidecar_win(mode: str) -> None:
    limits = {"cpu": "3"}
    env = [{"name": "MINE", "value": "1"}, {"name": "TRUST_DOMAIN", "value": "mine"}]
    pod = injected(own(resources={"limits": limits}, env=env), plain(NEWEST, mode))
    proxy = container(pod)
    assert proxy["image"].endswith("/proxyv2:1.31.0")
    assert proxy["resources"]["limits"] == {"cpu": "3", "memory": "1Gi"}
    assert variable(pod, "MINE") == "1"
    assert variable(pod, "TRUST_DOMAIN") == "mine"
    assert order(pod, "containers" if mode == "classic" else "initContainers")[-1] == "istio-proxy"


@pytest.mark.parametrize(("mode", "field"), [("native", "initContainers"), ("classic", "containers")])
def test_what_the_user_wrote_is_remembered(mode: str, field: str) -> None:
    pod = injected(own(args=["proxy", "sidecar", "--x"]), plain(NEWEST, mode))
    remembered = json.loads(annotations_of(pod)["proxy.istio.io/overrides"])
    assert remembered == {field: [{"name": "istio-proxy", "args": ["proxy", "sidecar", "--x"]}]}
    assert container(pod)["args"] == ["proxy", "sidecar", "--x"]


def test_redirection_follows_the_user_of_the_sidecar() -> None:
    pod = injected(own(securityContext={"runAsUser": 1555, "runAsGroup": 1556}), plain(NEWEST))
    assert argument(pod, "-u") == ["1555"]
    assert container(pod, "istio-init")["securityContext"]["runAsUser"] == 0
    cni = settings_from({"pilot": {"cni": {"enabled": True}}}, release=NEWEST)
    checked = injected(own(securityContext={"runAsUser": 1555, "runAsGroup": 1556}), cni)
    context = container(checked, "istio-validation")["securityContext"]
    assert (context["runAsUser"], context["runAsGroup"]) == (1555, 1556)


def test_root_is_never_the_user_whose_traffic_passes() -> None:
    assert argument(injected(own(securityContext={"runAsUser": 0}), plain(NEWEST)), "-u") == ["1337"]


def test_mode_tproxy_keeps_the_sidecar_root() -> None:
    settings = settings_from({}, {"defaultConfig": {"interceptionMode": "TPROXY"}}, release=NEWEST)
    pod = injected(own(securityContext={"runAsUser": 1555}), settings)
    assert container(pod)["securityContext"]["runAsUser"] == 0
    assert argument(pod, "-u") == ["1555"]


@pytest.mark.parametrize(("mesh", "annotation"), [("TPROXY", "REDIRECT"), ("REDIRECT", "TPROXY"), ("TPROXY", "TPROXY")])
def test_either_way_to_ask_for_tproxy_keeps_the_sidecar_root(mesh: str, annotation: str) -> None:
    settings = settings_from({}, {"defaultConfig": {"interceptionMode": mesh}}, release=NEWEST)
    workload = own(securityContext={"runAsUser": 1555})
    workload["spec"]["template"]["metadata"]["annotations"] = {"sidecar.istio.io/interceptionMode": annotation}
    assert container(injected(workload, settings))["securityContext"]["runAsUser"] == 0


def test_an_own_init_container_is_merged_too() -> None:
    init = {"name": "istio-init", "image": "auto", "resources": {"limits": {"cpu": "50m"}}}
    pod = injected(deployment(initContainers=[init]), plain(NEWEST))
    assert container(pod, "istio-init")["resources"]["limits"] == {"cpu": "50m", "memory": "1Gi"}


def test_a_sidecar_among_the_init_containers_counts_for_a_classic_one_too() -> None:
    """istioctl would leave two containers of one name, with which no pod starts."""
    proxy = {"name": "istio-proxy", "image": "auto", "restartPolicy": "Always", "args": ["proxy", "sidecar", "--x"]}
    ours = injected(deployment(initContainers=[proxy]), plain(NEWEST, compat=False))
    assert order(ours, "initContainers") == ["istio-init"]
    assert container(ours)["args"] == ["proxy", "sidecar", "--x"]
    assert "restartPolicy" not in container(ours)
    theirs = injected(deployment(initContainers=[proxy]), plain(NEWEST))
    assert [*order(theirs, "initContainers"), *order(theirs, "containers")].count("istio-proxy") == 2


def test_an_init_container_named_as_the_sidecar_keeps_its_user() -> None:
    """Classic, TPROXY, --compat istioctl: the sidecar among `containers` becomes root, and nothing else of that name."""
    workload = deployment()
    mine = {"name": "istio-proxy", "image": "example.com/setup:1", "securityContext": {"runAsUser": 1500}}
    workload["spec"]["template"]["spec"]["initContainers"] = [mine]
    settings = settings_from({}, {"defaultConfig": {"interceptionMode": "TPROXY"}}, release=NEWEST, compat=True)
    spec = injected(workload, settings)["spec"]
    users = {
        field: [item["securityContext"]["runAsUser"] for item in spec[field] if item["name"] == "istio-proxy"]
        for field in ("initContainers", "containers")
    }
    assert users == {"initContainers": [1500], "containers": [0]}
