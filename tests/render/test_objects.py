"""What is rendered when, in which order, and how the objects name each other."""

import pytest
from tests.render.project import ONE, PROJECT, TWO, compiled, objects

from sailwright.render.template_input import SYNC_WAVE


def kinds(text: str) -> list[str]:
    return list(dict.fromkeys(key.partition("/")[0] for key in objects(text)))


def test_the_order_of_a_file_is_fixed() -> None:
    """Accounts and configuration first, policies before workloads, routes last."""
    text = """\
        name: cart
        namespace: shop
        ports: [{name: http, port: 8080, appProtocol: http}]
        defaults:
          resources: {requests: {cpu: 100m}}
          autoscaling: {maxReplicas: 3, targetCPUUtilization: 80}
          disruptionBudget: {maxUnavailable: 1}
        versions: [{name: v2, image: "cart:2", weight: 20}, {name: v1, image: "cart:1", weight: 80}]
        config: {files: [app.conf]}
        include: [more.yml]
        accessPolicy: {inbound: [], outbound: []}
        mesh: {mtls: STRICT}
        """
    files = {"app.conf": "a=1\n", "more.yml": "apiVersion: v1\nkind: LimitRange\nmetadata: {name: limits}\n"}
    assert list(objects(text, files=files)) == [
        "ServiceAccount/cart",
        "ConfigMap/cart-config",
        "LimitRange/limits",
        "Service/cart",
        "PeerAuthentication/cart",
        "AuthorizationPolicy/cart",
        "Sidecar/cart",
        "DestinationRule/cart",
        "PodDisruptionBudget/cart-v1",
        "PodDisruptionBudget/cart-v2",
        "Deployment/cart-v1",
        "Deployment/cart-v2",
        "HorizontalPodAutoscaler/cart-v1",
        "HorizontalPodAutoscaler/cart-v2",
        "VirtualService/cart",
    ]


@pytest.mark.parametrize(
    ("text", "rule", "routes"),
    [
        (ONE, False, False),
        (ONE + "trafficPolicy: {loadBalancer: RANDOM}\n", True, False),
        (ONE + "timeout: 3s\n", False, True),
        (ONE + "expose: {hosts: [a.example], gateways: [istio-ingress/public]}\n", False, True),
        (ONE.replace('"cart:1"', '"cart:1", retire: true').replace("[{name: v1", '[{name: v0, image: "cart:0"}, {name: v1'), True, False),
        (TWO, True, True),
        (TWO.replace(", weight: 80", "").replace(", weight: 20", ""), True, False),
    ],
)  # fmt: skip
def test_destination_rule_and_virtual_service_appear_when_they_are_needed(text: str, rule: bool, routes: bool) -> None:
    found = kinds(text)
    assert ("DestinationRule" in found, "VirtualService" in found) == (rule, routes)


def test_workload_external_renders_no_workload_and_nothing_for_one() -> None:
    text = TWO + "workload: external\n"
    assert kinds(text) == ["Service", "DestinationRule", "VirtualService"]


def test_outside_the_mesh_nothing_of_istio_is_rendered() -> None:
    text = ONE + "mesh: {inject: none}\nconfig: {files: [app.conf]}\n"
    found = objects(text, files={"app.conf": ""})
    assert [key.partition("/")[0] for key in found] == ["ServiceAccount", "ConfigMap", "Service", "Deployment"]
    assert found["Deployment/cart-v1"]["spec"]["template"]["metadata"]["labels"]["sidecar.istio.io/inject"] == "false"


def test_a_webhook_pod_is_labelled_and_not_baked() -> None:
    pod = objects(ONE + "mesh: {inject: webhook}\n", injecting=True)["Deployment/cart-v1"]["spec"]["template"]
    assert pod["metadata"]["labels"] == {"app": "cart", "version": "v1", "sidecar.istio.io/inject": "true"}
    assert [container["name"] for container in pod["spec"]["containers"]] == ["cart"]
    revised = ONE + "mesh: {inject: webhook, istio: {revision: canary}}\n"
    labels = objects(revised)["Deployment/cart-v1"]["spec"]["template"]["metadata"]["labels"]
    assert labels["istio.io/rev"] == "canary"


def test_a_baked_pod_says_nothing_to_the_webhook() -> None:
    pod = objects(ONE + "mesh: {istio: {revision: canary}}\n", injecting=True)["Deployment/cart-v1"]["spec"]["template"]
    assert not {"sidecar.istio.io/inject", "istio.io/rev"} & pod["metadata"]["labels"].keys()
    assert pod["metadata"]["annotations"]["istio.io/rev"] == "canary"


def test_metadata_says_whose_an_object_is_and_where_it_comes_from() -> None:
    metadata = objects(TWO + "owner: team-a\nsystem: store\nlabels: {tier: one}\n")["DestinationRule/cart"]["metadata"]
    assert metadata["labels"] == {
        "app.kubernetes.io/name": "cart",
        "app.kubernetes.io/part-of": "store",
        "app.kubernetes.io/managed-by": "sailwright",
        "tier": "one",
    }
    assert metadata["annotations"] == {
        "sailwright.dev/owner": "team-a",
        "sailwright.dev/source": "s0.yaml",
        SYNC_WAVE: "-1",
    }


def test_sync_waves_stand_on_what_routes_rely_on_and_never_on_routes() -> None:
    text = TWO + "mesh: {mtls: STRICT}\naccessPolicy: {inbound: [], outbound: []}\n"
    waves = {
        key.partition("/")[0] for key, value in objects(text).items() if SYNC_WAVE in value["metadata"]["annotations"]
    }
    assert waves == {"PeerAuthentication", "AuthorizationPolicy", "Sidecar", "DestinationRule"}
    without = objects(text, project=PROJECT + "output: {syncWaves: false}\n")
    assert not any(SYNC_WAVE in value["metadata"]["annotations"] for value in without.values())


def test_a_namespace_is_rendered_where_the_project_says_so() -> None:
    project = (
        PROJECT + "namespaces: {shop: {render: true, labels: {istio-injection: disabled}}, empty: {render: true}}\n"
    )
    found = objects(ONE, project=project)
    assert found["Namespace/shop"]["metadata"]["labels"]["istio-injection"] == "disabled"
    assert "Namespace/empty" not in found


def test_the_long_and_the_short_form_of_autoscaling() -> None:
    text = ONE.replace(
        '"cart:1"',
        '"cart:1", resources: {requests: {cpu: 1}}, autoscaling: {minReplicas: 2, maxReplicas: 6, targetCPUUtilization: 70}',
    )
    found = objects(text)
    assert found["HorizontalPodAutoscaler/cart-v1"]["spec"] == {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart-v1"},
        "minReplicas": 2,
        "maxReplicas": 6,
        "metrics": [
            {
                "type": "ContainerResource",
                "containerResource": {
                    "name": "cpu",
                    "container": "cart",
                    "target": {"type": "Utilization", "averageUtilization": 70},
                },
            }
        ],
    }
    assert "replicas" not in found["Deployment/cart-v1"]["spec"]


def test_rendering_is_the_same_whatever_comes_first() -> None:
    """Services are taken by name, not in the order of their files."""
    other = TWO.replace("cart", "alpha")
    there = [file.path for file in compiled(TWO, other).files(compiled(TWO).targets[0])]
    back = [file.path for file in compiled(other, TWO).files(compiled(TWO).targets[0])]
    assert there == back == ["default/shop/alpha.yaml", "default/shop/cart.yaml"]
