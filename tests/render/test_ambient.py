"""Ambient mode: labels instead of sidecars, and waypoints that are rendered where they are used."""

from __future__ import annotations

from typing import Any

from tests.render.project import ONE, PROJECT, compiled, objects

AMBIENT = ONE + "mesh: {inject: ambient}\n"
WAYPOINT = ONE + "mesh: {inject: ambient, waypoint: shop}\n"
WEB = AMBIENT.replace("name: cart", "name: web").replace("cart:1", "web:1")


def pod_labels(found: dict[str, Any], name: str = "Deployment/cart-v1") -> dict[str, str]:
    labels: dict[str, str] = found[name]["spec"]["template"]["metadata"]["labels"]
    return labels


def of_project(*services: str, project: str = PROJECT) -> dict[str, Any]:
    """What is rendered for the project itself, by path."""
    compilation = compiled(*services, project=project)
    files = (file for target in compilation.targets for file in compilation.files(target))
    return {file.path: file.rendered_objects[0].value for file in files if file.source == "sailwright.yaml"}


def test_pods_in_ambient_mode_carry_its_label_and_no_sidecar() -> None:
    found = objects(AMBIENT)
    assert pod_labels(found) == {
        "app": "cart",
        "version": "v1",
        "istio.io/dataplane-mode": "ambient",
        "sidecar.istio.io/inject": "false",
    }
    spec = found["Deployment/cart-v1"]["spec"]["template"]["spec"]
    assert [each["name"] for each in spec["containers"]] == ["cart"]
    assert "initContainers" not in spec
    assert "annotations" not in found["Deployment/cart-v1"]["spec"]["template"]["metadata"]
    assert "istio.io/use-waypoint" not in found["Service/cart"]["metadata"]["labels"]


def test_an_environment_may_move_alone() -> None:
    project = PROJECT + "environments: {staging: {}, prod: {}}\n"
    service = ONE + "environments: {staging: {mesh: {inject: ambient}}}\n"
    compilation = compiled(service, project=project)
    modes = {}
    for target in compilation.targets:
        (file,) = compilation.files(target)
        (deployment,) = (each.value for each in file.rendered_objects if each.kind == "Deployment")
        modes[target.environment] = deployment["spec"]["template"]["metadata"]["labels"].get("istio.io/dataplane-mode")
    assert modes == {"staging": "ambient", "prod": None}


def test_a_waypoint_is_named_by_the_service_and_rendered_once_beside_it() -> None:
    second = WAYPOINT.replace("name: cart", "name: web").replace("cart:1", "web:1")
    assert objects(WAYPOINT)["Service/cart"]["metadata"]["labels"]["istio.io/use-waypoint"] == "shop"
    assert of_project(WAYPOINT, second) == {
        "default/shop/waypoint.shop.yaml": {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "Gateway",
            "metadata": {
                "name": "shop",
                "namespace": "shop",
                "labels": {"app.kubernetes.io/managed-by": "sailwright", "istio.io/waypoint-for": "service"},
                "annotations": {"sailwright.dev/source": "sailwright.yaml"},
            },
            "spec": {
                "gatewayClassName": "istio-waypoint",
                "listeners": [{"name": "mesh", "port": 15008, "protocol": "HBONE"}],
            },
        }
    }


def test_a_waypoint_of_another_namespace_exists_or_admits_those_who_use_it() -> None:
    edge = WAYPOINT.replace("namespace: shop", "namespace: edge")
    user = ONE + "mesh: {inject: ambient, waypoint: edge/shop}\n"
    assert of_project(user) == {}
    labels = objects(user)["Service/cart"]["metadata"]["labels"]
    assert labels["istio.io/use-waypoint"] == "shop"
    assert labels["istio.io/use-waypoint-namespace"] == "edge"
    (gateway,) = of_project(edge, user).values()
    (listener,) = gateway["spec"]["listeners"]
    assert gateway["metadata"]["namespace"] == "edge"
    assert listener["allowedRoutes"] == {
        "namespaces": {
            "from": "Selector",
            "selector": {
                "matchExpressions": [
                    {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["edge", "shop"]}
                ]
            },
        }
    }


def test_a_namespace_names_the_waypoint_of_its_services() -> None:
    project = PROJECT + "namespaces: {shop: {render: true, waypoint: shop}}\n"
    found = of_project(AMBIENT, project=project)
    assert found["default/shop/namespace.yaml"]["metadata"]["labels"] == {
        "istio.io/dataplane-mode": "ambient",
        "istio.io/use-waypoint": "shop",
        "app.kubernetes.io/managed-by": "sailwright",
    }
    assert found["default/shop/waypoint.shop.yaml"]["metadata"]["name"] == "shop"
    assert "istio.io/use-waypoint" not in objects(AMBIENT, project=project)["Service/cart"]["metadata"]["labels"]
    nothing = ONE + "mesh: {inject: ambient, waypoint: none}\n"
    assert objects(nothing, project=project)["Service/cart"]["metadata"]["labels"]["istio.io/use-waypoint"] == "none"


def test_where_the_namespace_is_not_rendered_the_services_say_it() -> None:
    project = PROJECT + "namespaces: {shop: {waypoint: shop}}\n"
    assert objects(AMBIENT, project=project)["Service/cart"]["metadata"]["labels"]["istio.io/use-waypoint"] == "shop"
    assert list(of_project(AMBIENT, project=project)) == ["default/shop/waypoint.shop.yaml"]
    assert of_project(ONE, project=project) == {}


def test_in_a_mixed_namespace_each_pod_says_what_it_is() -> None:
    plain = ONE.replace("name: cart", "name: old").replace("cart:1", "old:1") + "mesh: {inject: none}\n"
    project = PROJECT + "namespaces: {shop: {render: true}}\n"
    found = of_project(AMBIENT, plain, project=project)
    assert "istio.io/dataplane-mode" not in found["default/shop/namespace.yaml"]["metadata"]["labels"]
    labelled = PROJECT + "namespaces: {shop: {labels: {istio.io/dataplane-mode: ambient}}}\n"
    assert pod_labels(objects(plain, project=labelled), "Deployment/old-v1")["istio.io/dataplane-mode"] == "none"
    assert pod_labels(objects(ONE, project=labelled))["istio.io/dataplane-mode"] == "none"
    assert "istio.io/dataplane-mode" not in pod_labels(objects(ONE))


def test_an_access_policy_is_asked_of_ztunnel_and_of_the_waypoint() -> None:
    """ztunnel sees the waypoint's identity, or that of a caller who goes past it; the waypoint sees the caller's."""
    found = objects(WAYPOINT + "accessPolicy: {inbound: [{service: web}]}\n", WEB)
    web, waypoint = "cluster.local/ns/shop/sa/web", "cluster.local/ns/shop/sa/shop"
    assert found["AuthorizationPolicy/cart"]["spec"] == {
        "selector": {"matchLabels": {"app": "cart"}},
        "action": "ALLOW",
        "rules": [{"from": [{"source": {"principals": [web, waypoint]}}]}],
    }
    assert found["AuthorizationPolicy/cart-waypoint"]["spec"] == {
        "targetRefs": [{"kind": "Service", "group": "", "name": "cart"}],
        "action": "ALLOW",
        "rules": [{"from": [{"source": {"principals": [web]}}]}],
    }
    without = objects(AMBIENT + "accessPolicy: {inbound: [{service: web}]}\n", WEB)
    assert "AuthorizationPolicy/cart-waypoint" not in without
    assert without["AuthorizationPolicy/cart"]["spec"]["rules"] == [{"from": [{"source": {"principals": [web]}}]}]


def test_nobody_is_let_in_by_an_empty_list() -> None:
    found = objects(WAYPOINT + "accessPolicy: {inbound: []}\n")
    assert "rules" not in found["AuthorizationPolicy/cart"]["spec"]
    assert "rules" not in found["AuthorizationPolicy/cart-waypoint"]["spec"]


def test_an_outside_service_may_have_a_waypoint() -> None:
    bank = """\
name: bank
namespace: shop
external: {hosts: [bank.example.com]}
ports: [{name: https, port: 443, appProtocol: https}]
mesh: {waypoint: edge/egress}
"""
    labels = objects(bank)["ServiceEntry/bank"]["metadata"]["labels"]
    assert labels["istio.io/use-waypoint"] == "egress"
    assert labels["istio.io/use-waypoint-namespace"] == "edge"
