"""The words that let a service keep what it has: names, selectors, subsets by any labels, ports, further Services."""

import pytest
from tests.render.project import ONE, objects, told

CART = """\
name: cart
namespace: shop
ports:
  - {name: web, port: 80, targetPort: 8080, appProtocol: auto}
service: {name: cart-svc, selector: {app.kubernetes.io/name: cart}, sessionAffinity: ClientIP}
defaults:
  serviceAccount: {name: cart, labels: {team: shop}}
  ports: [{name: web, containerPort: 8080}, {name: metrics, containerPort: 9100}]
versions:
  - name: stable
    image: cart:1
    weight: 90
    subset: {labels: {track: stable}}
    labels: {app.kubernetes.io/name: cart}
    workload: {name: cart, selector: {app.kubernetes.io/name: cart, track: stable}, labels: {tier: front}}
  - name: canary
    image: cart:2
    weight: 10
    subset: {labels: {track: canary}}
    workload: {name: cart-canary, selector: {app.kubernetes.io/name: cart, track: canary}, annotations: {a: b}}
mesh: {inject: namespace, mtls: STRICT}
"""


def test_the_service_keeps_its_name_and_its_selector() -> None:
    service = objects(CART)["Service/cart-svc"]
    assert service["spec"]["selector"] == {"app.kubernetes.io/name": "cart"}
    assert service["spec"]["sessionAffinity"] == "ClientIP"


def test_auto_writes_no_protocol() -> None:
    """Istio detects the protocol of such a port, so that HTTP routes hold on it."""
    found = objects(CART)
    assert found["Service/cart-svc"]["spec"]["ports"] == [{"name": "web", "port": 80, "targetPort": 8080}]
    assert "http" in found["VirtualService/cart"]["spec"]


def test_subsets_go_by_the_labels_that_are_written_and_pods_get_no_others() -> None:
    found = objects(CART)
    rule = found["DestinationRule/cart"]["spec"]
    assert rule["host"] == "cart-svc.shop.svc.cluster.local"
    assert rule["subsets"] == [
        {"name": "stable", "labels": {"track": "stable"}},
        {"name": "canary", "labels": {"track": "canary"}},
    ]
    for name, track in (("cart", "stable"), ("cart-canary", "canary")):
        labels = found[f"Deployment/{name}"]["spec"]["template"]["metadata"]["labels"]
        assert labels == {"app.kubernetes.io/name": "cart", "track": track}


def test_workloads_and_accounts_have_labels_of_their_own() -> None:
    found = objects(CART)
    assert found["Deployment/cart"]["metadata"]["labels"]["tier"] == "front"
    assert found["Deployment/cart-canary"]["metadata"]["annotations"]["a"] == "b"
    assert found["ServiceAccount/cart"]["metadata"]["labels"]["team"] == "shop"


def test_a_container_lists_the_ports_that_are_written() -> None:
    container = objects(CART)["Deployment/cart"]["spec"]["template"]["spec"]["containers"][0]
    assert [port["name"] for port in container["ports"]] == ["web", "metrics"]


def test_policies_select_the_pods_as_the_service_does() -> None:
    selector = objects(CART)["PeerAuthentication/cart"]["spec"]["selector"]
    assert selector == {"matchLabels": {"app.kubernetes.io/name": "cart"}}


def test_a_version_may_be_no_subset() -> None:
    text = ONE.replace('"cart:1"', '"cart:1", subset: {labels: {}}, labels: {app: cart, tier: web}').replace(
        "versions:", "trafficPolicy: {loadBalancer: RANDOM}\nversions:"
    )
    found = objects(text)
    assert "subsets" not in found["DestinationRule/cart"]["spec"]
    assert found["Deployment/cart-v1"]["spec"]["template"]["metadata"]["labels"] == {"app": "cart", "tier": "web"}


def test_one_version_is_a_subset_where_its_labels_are_written() -> None:
    found = objects(
        ONE.replace('"cart:1"', '"cart:1", subset: {labels: {version: v1}}, labels: {app: cart, version: v1}')
    )
    assert found["DestinationRule/cart"]["spec"]["subsets"] == [{"name": "v1", "labels": {"version": "v1"}}]


def test_several_services_stand_in_front_of_one_workload() -> None:
    more = "additionalServices:\n  - {name: cart-pods, clusterIP: None}\n  - {name: cart-admin, selector: {app: cart, version: v1}, ports: [{name: tcp, port: 9, appProtocol: tcp}]}\n"
    found = objects(ONE + more)
    assert found["Service/cart-pods"]["spec"]["clusterIP"] == "None"
    assert found["Service/cart-pods"]["spec"]["ports"] == found["Service/cart"]["spec"]["ports"]
    assert found["Service/cart-admin"]["spec"]["selector"] == {"app": "cart", "version": "v1"}
    assert found["Service/cart-admin"]["spec"]["ports"][0]["port"] == 9


def test_an_external_name_has_no_pods_and_no_selector() -> None:
    text = "name: db\nnamespace: shop\nservice: {type: ExternalName, externalName: db.example.com}\n"
    assert objects(text)["Service/db"]["spec"] == {"type": "ExternalName", "externalName": "db.example.com"}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("service: {name: cart-svc, selector: {app.kubernetes.io/name: cart}", "service: {name: cart-svc, selector: {app: x}", 6, "do not carry `app: x`"),
        ("selector: {app.kubernetes.io/name: cart}, ", "", 11, "no `app` label"),
        ("{labels: {track: canary}}", "{labels: {track: other}}", 20, "do not carry the labels of its subset"),
        ("{labels: {track: stable}}", "{labels: {app.kubernetes.io/name: cart}}", 14, "carry these labels too"),
        ("{labels: {track: canary}}", "{labels: {}}", 20, "is no subset"),
    ],
)  # fmt: skip
def test_labels_that_nothing_could_go_by_are_told(old: str, new: str, line: int, said: str) -> None:
    found = [finding for finding in told(CART.replace(old, new)) if finding.severity == "error"]
    assert [(finding.location.line, said in finding.message) for finding in found[:1]] == [(line, True)]


def test_pods_may_name_no_account() -> None:
    """They run as `default`, and a template that is adopted stays as it is."""
    found = objects(ONE.replace('"cart:1"', '"cart:1", serviceAccount: ""'))
    assert "ServiceAccount/default" not in found
    assert "serviceAccountName" not in found["Deployment/cart-v1"]["spec"]["template"]["spec"]


def test_routing_keeps_its_names() -> None:
    found = objects(CART + "names: {destinationRule: cart-rule, virtualService: cart-routes}\n")
    assert {"DestinationRule/cart-rule", "VirtualService/cart-routes"} <= found.keys()
