"""VirtualServices: the routes in their order, the weighted default last, on every port and way in."""

from typing import Any

from tests.render.project import ONE, TWO, objects

HOST = "cart.shop.svc.cluster.local"
PORTS = "[{name: http, port: 80, appProtocol: http}, {name: grpc, port: 90, appProtocol: grpc}, {name: db, port: 5432, appProtocol: tcp}]"


def spec(text: str, *others: str) -> dict[str, Any]:
    found: dict[str, Any] = objects(text, *others)["VirtualService/cart"]["spec"]
    return found


def several(text: str) -> str:
    return text.replace("[{name: http, port: 8080, appProtocol: http}]", PORTS)


def to(subset: str, weight: int | None = None, port: int | None = None) -> dict[str, Any]:
    destination: dict[str, Any] = {"host": HOST, "subset": subset}
    if port:
        destination["port"] = {"number": port}
    return {"destination": destination} | ({} if weight is None else {"weight": weight})


def test_the_weighted_default_comes_last() -> None:
    text = (
        TWO
        + """\
routes:
  - {name: staff, match: [{headers: {x-group: {exact: staff}}}], to: v2, fault: {delay: {percentage: {value: 1}, fixedDelay: 2s}}}
  - {name: search, match: [{uri: {prefix: /s}}], to: {v1: 95, v2: 5}, timeout: 3s}
timeout: 10s
retries: {attempts: 2}
"""
    )
    found = spec(text)
    assert found["hosts"] == [HOST]
    assert "gateways" not in found
    assert found["http"] == [
        {
            "name": "staff",
            "match": [{"headers": {"x-group": {"exact": "staff"}}}],
            "fault": {"delay": {"percentage": {"value": 1}, "fixedDelay": "2s"}},
            "route": [to("v2")],
        },
        {"name": "search", "match": [{"uri": {"prefix": "/s"}}], "timeout": "3s", "route": [to("v1", 95), to("v2", 5)]},
        {"name": "default", "timeout": "10s", "retries": {"attempts": 2}, "route": [to("v1", 80), to("v2", 20)]},
    ]


def test_a_route_that_takes_everything_leaves_no_default() -> None:
    text = (
        TWO + "routes: [{name: all, to: [{version: v1, weight: 90}, {host: cart.eu.example, port: 443, weight: 10}]}]\n"
    )
    assert spec(text)["http"] == [
        {
            "name": "all",
            "route": [
                to("v1", 90),
                {"destination": {"host": "cart.eu.example", "port": {"number": 443}}, "weight": 10},
            ],
        }
    ]


def test_every_family_has_its_default_on_each_of_its_ports() -> None:
    found = spec(several(TWO))
    assert found["http"] == [
        {"name": "default-80", "match": [{"port": 80}], "route": [to("v1", 80, 80), to("v2", 20, 80)]},
        {"name": "default-90", "match": [{"port": 90}], "route": [to("v1", 80, 90), to("v2", 20, 90)]},
    ]
    assert found["tcp"] == [{"match": [{"port": 5432}], "route": [to("v1", 80, 5432), to("v2", 20, 5432)]}]


def test_a_match_with_a_port_holds_on_that_port_alone() -> None:
    text = several(TWO) + "routes: [{name: r, match: [{port: 90, uri: {prefix: /a}}], to: v2}]\n"
    assert [rule["name"] for rule in spec(text)["http"]] == ["r-90", "default-80", "default-90"]


def test_tls_is_told_apart_by_the_service_s_own_names() -> None:
    text = TWO.replace("appProtocol: http", "appProtocol: tls")
    names = [HOST, "cart", "cart.shop", "cart.shop.svc"]
    assert spec(text)["hosts"] == names
    assert spec(text)["tls"] == [{"match": [{"sniHosts": names}], "route": [to("v1", 80), to("v2", 20)]}]


def test_tcp_routes_come_before_the_default() -> None:
    text = TWO.replace("appProtocol: http", "appProtocol: tcp")
    text += "tcpRoutes: [{name: batch, match: [{destinationSubnets: [10.0.0.0/8]}], to: v2}]\n"
    assert spec(text)["tcp"] == [
        {"match": [{"destinationSubnets": ["10.0.0.0/8"]}], "route": [to("v2")]},
        {"route": [to("v1", 80), to("v2", 20)]},
    ]


def test_an_exposed_service_is_one_object_for_mesh_and_gateway() -> None:
    found = spec(TWO + "expose: {hosts: [shop.example.com], gateways: [istio-ingress/public]}\n")
    assert found["hosts"] == [HOST, "shop.example.com"]
    assert found["gateways"] == ["mesh", "istio-ingress/public"]
    assert found["http"] == [{"name": "default", "route": [to("v1", 80), to("v2", 20)]}]


def test_gateway_traffic_of_a_service_with_several_ports_goes_to_the_first() -> None:
    """It comes in on the Gateway's own ports, so rules for the service's ports would not match it."""
    found = spec(several(TWO) + "expose: {hosts: [shop.example.com], gateways: [istio-ingress/public]}\n")
    assert [(rule["name"], rule["match"]) for rule in found["http"]] == [
        ("default-80", [{"port": 80, "gateways": ["mesh"]}]),
        ("default-90", [{"port": 90, "gateways": ["mesh"]}]),
        ("default", [{"gateways": ["istio-ingress/public"]}]),
    ]
    assert found["http"][2]["route"] == [to("v1", 80, 80), to("v2", 20, 80)]


def test_matches_by_caller_are_not_narrowed_by_gateways() -> None:
    """Istio looks at `gateways` alone where both are given (core/route/route.go)."""
    text = several(TWO) + "expose: {hosts: [a.example], gateways: [istio-ingress/public]}\n"
    text += "routes: [{name: r, match: [{sourceLabels: {app: web}}], to: v2}]\n"
    assert spec(text)["http"][0]["match"] == [{"sourceLabels": {"app": "web"}, "port": 80}]


def test_a_retiring_version_keeps_its_subset_and_gets_no_traffic() -> None:
    text = TWO.replace("weight: 80", "weight: 0, retire: true").replace("weight: 20", "weight: 100")
    found = objects(text)
    assert [subset["name"] for subset in found["DestinationRule/cart"]["spec"]["subsets"]] == ["v1", "v2"]
    assert found["VirtualService/cart"]["spec"]["http"] == [{"name": "default", "route": [to("v2")]}]
    assert "Deployment/cart-v1" in found


def test_one_version_without_subsets_is_the_service_itself() -> None:
    assert spec(ONE + "timeout: 3s\n")["http"] == [
        {"name": "default", "timeout": "3s", "route": [{"destination": {"host": HOST}}]}
    ]


def test_hosts_are_written_in_full() -> None:
    other = ONE.replace("cart", "stock").replace("namespace: shop", "namespace: store")
    text = (
        ONE
        + """\
routes:
  - {name: a, match: [{uri: {prefix: /a}}], to: [{host: near}]}
  - {name: b, match: [{uri: {prefix: /b}}], to: [{host: stock.store}]}
  - {name: c, match: [{uri: {prefix: /c}}], to: [{host: stock.store.svc}]}
  - {name: d, match: [{uri: {prefix: /d}}], to: [{host: other.example}]}
"""
    )
    hosts = [rule["route"][0]["destination"]["host"] for rule in spec(text, other)["http"][:4]]
    assert hosts == [
        "near.shop.svc.cluster.local",
        "stock.store.svc.cluster.local",
        "stock.store.svc.cluster.local",
        "other.example",
    ]


def test_the_port_of_another_service_is_named_where_it_differs() -> None:
    """Without it, Istio would look for the port of the request there."""
    other = ONE.replace("cart", "stock").replace("port: 8080", "port: 9999")
    text = ONE + "routes: [{name: a, match: [{uri: {prefix: /a}}], to: [{host: stock}]}]\n"
    assert spec(text, other)["http"][0]["route"][0]["destination"]["port"] == {"number": 9999}


def test_mirrors() -> None:
    one = spec(TWO + "mirror: {to: v2, percentage: 5}\n")["http"][0]
    assert one["mirror"] == {"host": HOST, "subset": "v2"}
    assert one["mirrorPercentage"] == {"value": 5}
    many = spec(
        TWO + "mirrors: [{destination: {version: v2}, percentage: {value: 1}}, {destination: {host: log.example}}]\n"
    )
    assert many["http"][0]["mirrors"] == [
        {"destination": {"host": HOST, "subset": "v2"}, "percentage": {"value": 1}},
        {"destination": {"host": "log.example"}},
    ]


def test_actions_without_destinations() -> None:
    text = (
        ONE
        + """\
routes:
  - {name: old, match: [{uri: {exact: /old}}], redirect: {uri: /new}}
  - {name: gone, match: [{uri: {exact: /gone}}], directResponse: {status: 410}}
"""
    )
    assert spec(text)["http"][:2] == [
        {"name": "old", "match": [{"uri": {"exact": "/old"}}], "redirect": {"uri": "/new"}},
        {"name": "gone", "match": [{"uri": {"exact": "/gone"}}], "directResponse": {"status": 410}},
    ]


def test_an_outside_service_has_an_entry_and_others_route_to_it() -> None:
    outside = """\
name: cart-eu
namespace: shop
ports: [{name: http, port: 80, targetPort: 15443, appProtocol: http}, {name: h2c, port: 81, appProtocol: kubernetes.io/h2c}]
external: {hosts: [cart.eu.example], location: MESH_INTERNAL, endpoints: [{address: gateway.eu.example}]}
trafficPolicy: {loadBalancer: RANDOM}
timeout: 1s
exportTo: ["."]
"""
    found = objects(outside)
    assert list(found) == ["ServiceEntry/cart-eu", "DestinationRule/cart-eu", "VirtualService/cart-eu"]
    assert found["ServiceEntry/cart-eu"]["spec"] == {
        "hosts": ["cart.eu.example"],
        "location": "MESH_INTERNAL",
        "resolution": "DNS",
        "ports": [
            {"number": 80, "name": "http", "protocol": "HTTP", "targetPort": 15443},
            {"number": 81, "name": "h2c", "protocol": "HTTP2"},
        ],
        "endpoints": [{"address": "gateway.eu.example"}],
        "exportTo": ["."],
    }
    assert found["DestinationRule/cart-eu"]["spec"]["host"] == "cart.eu.example"
    assert found["VirtualService/cart-eu"]["spec"]["hosts"] == ["cart.eu.example"]
