"""Gateways as public repositories write them: the proxy alone in a pod, hosts to be filled in, routes that repeat the mesh's."""

from __future__ import annotations

import pytest
from tests.policies.conftest import Ask

PROXY = """\
apiVersion: v1
kind: Service
metadata: {name: ingress, namespace: ingress}
spec:
  selector: {istio: ingress}
  ports: [{name: http2, port: 80, targetPort: %s}, {name: https, port: 443}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress, namespace: ingress}
spec:
  template:
    metadata: {labels: {istio: ingress}, annotations: {inject.istio.io/templates: gateway}}
    spec: {containers: [{name: %s, image: auto, ports: [{containerPort: 15090, name: metrics}]}]}
"""


@pytest.mark.parametrize("target", ["80", "8080", "metrics"])
def test_a_gateway_listens_on_ports_that_its_container_does_not_declare(ask: Ask, target: str) -> None:
    assert ask("service-target-port-unknown", PROXY % (target, "istio-proxy")) == []


def test_an_application_declares_its_ports_and_a_name_must_be_declared(ask: Ask) -> None:
    assert len(ask("service-target-port-unknown", PROXY % (80, "nginx"))) == 2
    assert len(ask("service-target-port-unknown", PROXY % ("http2", "istio-proxy"))) == 1


GATEWAY = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public%s}
spec:
  selector: {istio: ingress}
  servers: [{port: {number: 80, name: http, protocol: HTTP}%s}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop%s}
spec:
  hosts: [shop.example.com]
  gateways: [public]
  http: [{route: [{destination: {host: shop}}]}]
"""


@pytest.mark.parametrize(
    "hosts",
    ["", ", hosts: []", ', hosts: ["*"]', ', hosts: ["*.${DOMAIN}"]', ", hosts: [$HOST]", ", hosts: ['{{ host }}']"],
)
def test_a_gateway_that_istiod_refuses_or_whose_hosts_are_unknown_serves_who_knows_what(ask: Ask, hosts: str) -> None:
    assert ask("gateway-host-mismatch", GATEWAY % ("", hosts, "")) == []


def test_a_gateway_is_called_as_it_is_written_where_no_namespace_is_known(ask: Ask) -> None:
    hosts = ", hosts: [other.example.com]"
    (problem,) = ask("gateway-host-mismatch", GATEWAY % ("", hosts, ""))
    assert problem.message == "the gateway `public` serves none of the hosts shop.example.com"
    (problem,) = ask("gateway-host-mismatch", GATEWAY % (", namespace: a", hosts, ", namespace: a"))
    assert problem.message == "the gateway `a/public` serves none of the hosts shop.example.com"


ROUTES = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mesh, namespace: shop}
spec:
  hosts: [cart]
  http: [%s]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: outside, namespace: shop}
spec:
  hosts: [cart.example.com]
  gateways: [ingress/public]
  http: [%s]
"""
SPLIT = (
    "{match: [{uri: {prefix: /api}}], route: [{destination: {host: cart, subset: v1}, weight: 90},"
    " {destination: {host: cart, subset: v2}, weight: 10}]}"
)
REST = "{route: [{destination: {host: cart}}]}"


@pytest.mark.parametrize(
    ("mesh", "outside", "number"),
    [
        (f"{SPLIT}, {REST}", f"{SPLIT}, {REST}", 0),
        (SPLIT, SPLIT, 0),
        (SPLIT, REST, 1),
        (f"{SPLIT}, {REST}", REST, 1),
        (SPLIT, REST.replace("cart", "cart, subset: v1"), 0),
        (SPLIT, "{match: [{uri: {prefix: /api}}], route: [{destination: {host: cart, subset: v1}}]}, " + REST, 1),
    ],
)
def test_a_gateway_that_splits_as_the_mesh_does_skips_nothing(ask: Ask, mesh: str, outside: str, number: int) -> None:
    assert len(ask("gateway-route-without-subset", ROUTES % (mesh, outside))) == number


ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs: [{%s, name: cart}]
  rules: [{backendRefs: [{name: cart, port: 80}]}]
"""


@pytest.mark.parametrize(
    ("parent", "number"),
    [
        ("group: multicluster.x-k8s.io, kind: ServiceImport", 0),
        ("group: kuma.io, kind: MeshService", 0),
        ("group: policy.linkerd.io, kind: Server", 0),
        ("group: serving.knative.dev, kind: Service", 0),
        ("group: example.com, kind: Gateway", 0),
        ("group: networking.istio.oi, kind: ServiceEntry", 1),
        ("group: gateway.networking.k8s.oi, kind: Gateway", 1),
        ("kind: Service", 1),
        ("kind: Gatway", 1),
        ('group: "", kind: Pod', 1),
    ],
)
def test_a_parent_of_another_implementation_is_its_business(ask: Ask, parent: str, number: int) -> None:
    assert len(ask("route-parent-unfit", ROUTE % parent)) == number


WAYPOINT = """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop, labels: {istio.io/use-waypoint: mesh}}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: mesh, namespace: shop}
spec: {gatewayClassName: %s, listeners: [{name: http, port: 80, protocol: HTTP}]}
"""


@pytest.mark.parametrize(
    ("of_class", "number"),
    [("istio", 1), ("istio-east-west", 1), ("istio-waypoint", 0), ("agentgateway-waypoint", 0), ("example", 0)],
)
def test_a_gateway_of_another_class_may_be_a_waypoint(ask: Ask, of_class: str, number: int) -> None:
    assert len(ask("waypoint-unknown", WAYPOINT % of_class)) == number
