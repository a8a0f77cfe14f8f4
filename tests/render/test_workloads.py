"""Workloads of every kind, and the pods in them."""

from typing import Any

import pytest
from tests.render.project import ONE, TWO, objects, told

HEAD = "name: cart\nnamespace: shop\nports: [{name: http, port: 8080, appProtocol: http}]\n"


def pod(text: str, key: str = "Deployment/cart-v1", **project: Any) -> dict[str, Any]:
    spec = objects(text, **project)[key]["spec"]
    found: dict[str, Any] = spec.get("template") or spec["jobTemplate"]["spec"]["template"]
    return found


def test_a_deployment_selects_app_and_version_and_the_service_selects_app() -> None:
    found = objects(ONE)
    assert found["Deployment/cart-v1"]["spec"]["selector"] == {"matchLabels": {"app": "cart", "version": "v1"}}
    assert found["Service/cart"]["spec"]["selector"] == {"app": "cart"}
    assert pod(ONE)["metadata"]["labels"] == {"app": "cart", "version": "v1"}


def test_every_setting_finds_its_place() -> None:
    text = (
        HEAD
        + """\
versions:
  - name: v1
    image: cart:1
    replicas: 3
    strategy: {type: Recreate}
    minReadySeconds: 5
    command: [/cart]
    args: [--verbose]
    env: [{name: A, value: b}]
    envFrom: [{secretRef: {name: cart-db}}]
    resources: {limits: {memory: 64Mi}}
    securityContext: {runAsNonRoot: true}
    podSecurityContext: {fsGroup: 1000}
    lifecycle: {preStop: {sleep: {seconds: 5}}}
    volumeMounts: [{name: tmp, mountPath: /tmp}]
    volumes: [{name: tmp, emptyDir: {}}]
    initContainers: [{name: migrate, image: migrate:1}]
    containers: [{name: log, image: log:1}]
    nodeSelector: {disk: ssd}
    tolerations: [{key: spot, operator: Exists}]
    topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}]
    terminationGracePeriodSeconds: 40
    serviceAccount: {name: robot, create: false}
    labels: {tier: front}
    annotations: {note: hi}
"""
    )
    found = objects(text)
    assert "ServiceAccount/robot" not in found
    deployment = found["Deployment/cart-v1"]["spec"]
    assert (deployment["replicas"], deployment["strategy"], deployment["minReadySeconds"]) == (
        3,
        {"type": "Recreate"},
        5,
    )
    template = deployment["template"]
    assert template["metadata"] == {
        "labels": {"app": "cart", "version": "v1", "tier": "front"},
        "annotations": {"note": "hi"},
    }
    spec = template["spec"]
    assert [container["name"] for container in spec["containers"]] == ["cart", "log"]
    main = spec["containers"][0]
    assert list(main) == [
        "name", "image", "command", "args", "ports", "env", "envFrom", "resources", "volumeMounts", "lifecycle", "securityContext",
    ]  # fmt: skip
    assert main["ports"] == [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]
    assert spec["securityContext"] == {"fsGroup": 1000}
    assert main["securityContext"] == {"runAsNonRoot": True}
    assert spec["serviceAccountName"] == "robot"
    assert spec["topologySpreadConstraints"][0]["labelSelector"] == {"matchLabels": {"app": "cart", "version": "v1"}}


def test_a_named_target_port_is_a_port_of_the_container() -> None:
    text = ONE.replace("port: 8080,", "port: 80, targetPort: web,")
    assert pod(text)["spec"]["containers"][0]["ports"] == [{"name": "web", "containerPort": 80, "protocol": "TCP"}]


def test_two_service_ports_on_one_container_port_are_one() -> None:
    text = ONE.replace(
        "[{name: http, port: 8080, appProtocol: http}]",
        "[{name: http, port: 80, targetPort: 8080, appProtocol: http}, {name: alt, port: 81, targetPort: 8080, appProtocol: http}]",
    )
    assert pod(text)["spec"]["containers"][0]["ports"] == [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]


def test_a_stateful_set_is_governed_by_the_service() -> None:
    text = (
        ONE
        + """\
workload:
  kind: StatefulSet
  name: cart
  podManagementPolicy: Parallel
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]
"""
    )
    spec = objects(text)["StatefulSet/cart"]["spec"]
    assert spec["serviceName"] == "cart"
    assert spec["podManagementPolicy"] == "Parallel"
    assert spec["volumeClaimTemplates"][0]["metadata"] == {"name": "data"}


@pytest.mark.parametrize("kind", ["DaemonSet", "Job", "CronJob"])
def test_other_kinds(kind: str) -> None:
    schedule = ", schedule: '0 3 * * *', backoffLimit: 2" if kind == "CronJob" else ""
    found = objects(ONE + f"workload: {{kind: {kind}{schedule}}}\n")[f"{kind}/cart-v1"]["spec"]
    template = pod(ONE + f"workload: {{kind: {kind}{schedule}}}\n", f"{kind}/cart-v1")
    if kind == "DaemonSet":
        assert found["selector"] == {"matchLabels": {"app": "cart", "version": "v1"}}
        assert "restartPolicy" not in template["spec"]
    else:
        assert "selector" not in found
        assert template["spec"]["restartPolicy"] == "Never"
    if kind == "CronJob":
        assert found["jobTemplate"]["spec"]["backoffLimit"] == 2


def test_an_adopted_deployment_keeps_its_name_and_selector() -> None:
    """Its pods get the labels it selects, the Service and the subset follow them."""
    text = (
        HEAD
        + """\
trafficPolicy: {loadBalancer: RANDOM}
versions:
  - name: v1
    image: cart:1
    workload: {name: old-cart, selector: {app: legacy, track: stable}}
"""
    )
    found = objects(text)
    deployment = found["Deployment/old-cart"]["spec"]
    assert deployment["selector"] == {"matchLabels": {"app": "legacy", "track": "stable"}}
    assert deployment["template"]["metadata"]["labels"] == {"app": "legacy", "version": "v1", "track": "stable"}
    assert found["Service/cart"]["spec"]["selector"] == {"app": "legacy"}
    assert found["DestinationRule/cart"]["spec"]["subsets"] == [{"name": "v1", "labels": {"version": "v1"}}]


def test_config_files_are_mounted_and_roll_the_pods() -> None:
    text = ONE + "config: {files: {app.conf: conf/app.conf}, mountPath: /etc/cart}\n"
    first = pod(text, files={"conf/app.conf": "a=1\n"})
    second = pod(text, files={"conf/app.conf": "a=2\n"})
    assert objects(text, files={"conf/app.conf": "a=1\n"})["ConfigMap/cart-config"]["data"] == {"app.conf": "a=1\n"}
    assert first["spec"]["volumes"] == [{"name": "config-files", "configMap": {"name": "cart-config"}}]
    assert first["spec"]["containers"][0]["volumeMounts"] == [
        {"name": "config-files", "mountPath": "/etc/cart", "readOnly": True}
    ]
    digest = "sailwright.dev/config-digest"
    assert first["metadata"]["annotations"][digest] != second["metadata"]["annotations"][digest]


def test_sidecar_settings_become_istio_s_own_annotations() -> None:
    text = (
        ONE
        + """\
mesh:
  sidecar:
    resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {cpu: 500m}}
    logLevel: debug
    rewriteAppHTTPProbers: false
    statusPort: 15025
    concurrency: 2
    holdApplicationUntilProxyStarts: true
    userVolume: {extra: {emptyDir: {}}}
    readiness: {periodSeconds: 3}
"""
    )
    assert pod(text)["metadata"]["annotations"] == {
        "sidecar.istio.io/proxyCPU": "50m",
        "sidecar.istio.io/proxyMemory": "64Mi",
        "sidecar.istio.io/proxyCPULimit": "500m",
        "sidecar.istio.io/logLevel": "debug",
        "sidecar.istio.io/rewriteAppHTTPProbers": "false",
        "status.sidecar.istio.io/port": "15025",
        "readiness.status.sidecar.istio.io/periodSeconds": "3",
        "sidecar.istio.io/userVolume": '{"extra":{"emptyDir":{}}}',
        "proxy.istio.io/config": "concurrency: 2\nholdApplicationUntilProxyStarts: true\n",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ONE.replace('"cart:1"', '"cart:1", labels: {app: other}'), "the label `app` of these pods is cart"),
        (TWO.replace('"cart:2"', '"cart:2", workload: {name: o, selector: {app: other}}'), "no Service selects both"),
        (
            TWO.replace('"cart:2"', '"cart:2", workload: {name: o, selector: {version: v1}}'),
            "no subset tells them apart",
        ),
    ],
)
def test_labels_that_service_and_subsets_could_not_follow(text: str, said: str) -> None:
    assert [said in finding.message for finding in told(text)] == [True]


def test_a_host_that_would_take_over_the_mesh_is_refused() -> None:
    found = told(ONE + "expose: {hosts: ['*'], gateways: [istio-ingress/public]}\n")
    assert [finding.rule for finding in found] == ["expose-host"]
