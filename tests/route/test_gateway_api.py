"""Routes and Gateways of the Kubernetes Gateway API."""

from typing import Any

import pytest
from tests.route.mesh import SHOP, ask, hosts, service, simulator, virtual_service

from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.version_services import version_of
from sailwright.route.callers import gateway_caller
from sailwright.route.explain import explain
from sailwright.route.request_input import from_url
from sailwright.route.simulator import Simulator

PAY = Caller("pay")
NAMESPACES = """---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: pay, labels: {team: pay}}
"""
SERVICES = NAMESPACES + service("cart") + service("reviews") + service("ledger", "pay")
TO_CART = "[{backendRefs: [{name: cart, port: 80}]}]"


def route(
    name: str,
    rules: str,
    parents: str,
    namespace: str = "shop",
    hostnames: str = "",
    kind: str = "HTTPRoute",
    age: int = 1,
) -> str:
    """A route with flow-style rules and parents."""
    return f"""---
apiVersion: gateway.networking.k8s.io/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}, creationTimestamp: '2026-01-{age:02}T00:00:00Z'}}
spec:
  parentRefs: [{parents}]
  hostnames: [{hostnames}]
  rules: {rules}
"""


def to_service(name: str, namespace: str = "shop", more: str = "") -> str:
    """A parent reference to a Service."""
    return f'{{group: "", kind: Service, name: {name}, namespace: {namespace}{more}}}'


def gateway(*listeners: str, class_name: str = "istio") -> str:
    """The Gateway `edge/public`."""
    written = "".join(f"  - {{{listener}}}\n" for listener in listeners)
    return f"""---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: public, namespace: edge}}
spec:
  gatewayClassName: {class_name}
  listeners:
{written}"""


PUBLIC = "{name: public, namespace: edge}"
ALL = "allowedRoutes: {namespaces: {from: All}}"
HTTP = f"name: web, port: 80, protocol: HTTP, {ALL}"


def enter(mesh: Simulator, url: str) -> dict[str, Any]:
    """The answer to a URL at the Gateway."""
    return mesh.answer(gateway_caller(mesh.push_context, "edge/public"), from_url(url, "GET", ()))


def test_a_route_of_a_service_decides_for_all_of_its_callers() -> None:
    """What none of its rules takes is 404, as there is no way back to the default."""
    rules = "[{matches: [{path: {type: Exact, value: /a}}], backendRefs: [{name: cart, port: 80}]}]"
    mesh = simulator(SERVICES + route("r", rules, to_service("reviews")))
    for caller, name in ((SHOP, "reviews"), (PAY, "reviews.shop")):
        answer = ask(mesh, name, "/a", caller=caller)
        assert (hosts(answer), answer["name"], "virtualService" in answer) == (["cart:80"], "shop.r.0", False)
        assert ask(mesh, name, "/b", caller=caller)["kind"] == "not found"


def test_a_route_of_another_namespace_is_for_callers_there() -> None:
    """A consumer's route leaves the default in force for everybody else."""
    mesh = simulator(SERVICES + route("r", "[{backendRefs: [{name: ledger, port: 80}]}]", to_service("reviews"), "pay"))
    assert hosts(ask(mesh, "reviews.shop", caller=PAY)) == ["ledger:80"]
    assert ask(mesh, "reviews")["name"] == "default"


def test_a_route_for_one_port_leaves_the_others() -> None:
    """`port` of the parent reference narrows it."""
    text = NAMESPACES + service("cart") + service("reviews", "shop", "80", "81")
    mesh = simulator(text + route("r", TO_CART, to_service("reviews", more=", port: 81")))
    assert hosts(ask(mesh, "reviews:81", port=81)) == ["cart:80"]
    assert ask(mesh, "reviews")["name"] == "default"


def test_a_parent_that_is_not_there_changes_nothing() -> None:
    """Neither does a route without a port at a backend, which istiod cannot read."""
    rules = "[{backendRefs: [{name: cart, port: 80}]}, {backendRefs: [{name: cart}]}]"
    mesh = simulator(SERVICES + route("r", TO_CART, to_service("gone")) + route("s", rules, to_service("reviews")))
    assert ask(mesh, "reviews")["name"] == "default"


def test_own_routes_come_before_an_older_virtual_service() -> None:
    """For callers of other namespaces the older object has the host."""
    rules = "hosts: [reviews]\nhttp: [{name: v, route: [{destination: {host: cart}}]}]"
    mesh = simulator(SERVICES + virtual_service("v", rules) + route("r", TO_CART, to_service("reviews")))
    assert ask(mesh, "reviews")["name"] == "shop.r.0"
    assert ask(mesh, "reviews.shop", caller=PAY)["virtualService"] == "shop/v"


@pytest.mark.parametrize(
    ("path", "name"),
    [("/a/b", "exact"), ("/a", "long"), ("/a/x", "long"), ("/ab", "short"), ("/", "short")],
)
def test_the_most_specific_match_wins_whatever_the_order(path: str, name: str) -> None:
    """Exact paths, then the longer prefix; a prefix ends at a slash."""
    rules = (
        "[{name: short, backendRefs: [{name: cart, port: 80}]},"
        " {name: long, matches: [{path: {value: /a}}], backendRefs: [{name: cart, port: 80}]},"
        " {name: exact, matches: [{path: {type: Exact, value: /a/b}}], backendRefs: [{name: cart, port: 80}]}]"
    )
    assert ask(simulator(SERVICES + route("r", rules, to_service("reviews"))), "reviews", path)["name"] == name


def test_of_equal_matches_the_older_route_wins_then_namespace_and_name() -> None:
    """Of one parent and host the rules of all routes are joined."""
    parent = to_service("reviews")
    older = route("b", TO_CART, parent, age=1) + route("a", TO_CART, parent, age=2)
    assert ask(simulator(SERVICES + older), "reviews")["name"] == "shop.b.0"
    equal = route("b", TO_CART, parent) + route("a", TO_CART, parent)
    assert ask(simulator(SERVICES + equal), "reviews")["name"] == "shop.a.0"


@pytest.mark.parametrize(
    ("change", "path", "expected"),
    [
        ("{type: ReplacePrefixMatch, replacePrefixMatch: /new}", "/api/x?q", "/new/x?q"),
        ("{type: ReplacePrefixMatch, replacePrefixMatch: /new/}", "/api", "/new"),
        ("{type: ReplacePrefixMatch, replacePrefixMatch: /}", "/api/x", "/x"),
        ("{type: ReplacePrefixMatch, replacePrefixMatch: /}", "/api", "/"),
        ("{type: ReplaceFullPath, replaceFullPath: /full}", "/api/x?q", "/full?q"),
    ],
)
def test_rewrites(change: str, path: str, expected: str) -> None:
    """`/` takes the prefix out, and no second slash stays."""
    rules = (
        f"[{{matches: [{{path: {{value: /api}}}}], filters: [{{type: URLRewrite, urlRewrite: {{path: {change}}}}}],"
        " backendRefs: [{name: cart, port: 80}]}]"
    )
    answer = ask(simulator(SERVICES + route("r", rules, to_service("reviews"))), "reviews", path)
    assert answer["upstream"]["path"] == expected


def test_timeouts_retries_weights_and_headers() -> None:
    """In the words of an answer; without `attempts` there are two."""
    rules = (
        "[{timeouts: {request: 10s, backendRequest: 2s}, retry: {codes: [503]},"
        " filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-set, value: b}]}}],"
        " backendRefs: [{name: cart, port: 80, weight: 3}, {name: gone, port: 80, weight: 1}, {name: reviews, port: 80, weight: 0}]}]"
    )
    answer = ask(simulator(SERVICES + route("r", rules, to_service("reviews"))), "reviews")
    assert (answer["timeout"], answer["retries"]["attempts"], answer["retries"]["perTryTimeout"]) == ("10s", 2, "2s")
    assert answer["retries"]["statusCodes"] == [503]
    assert [found["weight"] for found in answer["destinations"]] == [3, 1]
    assert answer["destinations"][1]["unknown"]
    assert answer["upstream"]["headers"] == {"x-set": "b"}


def test_a_rule_without_backends_answers_500() -> None:
    """So does one whose backends all have the weight 0."""
    for backends in ("[]", "[{name: cart, port: 80, weight: 0}]"):
        mesh = simulator(SERVICES + route("r", f"[{{backendRefs: {backends}}}]", to_service("reviews")))
        assert ask(mesh, "reviews")["status"] == 500


def test_a_grpc_route_matches_service_and_method() -> None:
    """gRPC's path is `/SERVICE/METHOD`."""
    rules = (
        "[{name: hello, matches: [{method: {service: v1.Greeter, method: Hello}}], backendRefs: [{name: cart, port: 80}]},"
        " {name: any, matches: [{method: {service: v1.Greeter}}], backendRefs: [{name: cart, port: 80}]}]"
    )
    text = SERVICES + route("r", rules, to_service("reviews"), kind="GRPCRoute")
    mesh = simulator(text)
    assert ask(mesh, "reviews", "/v1.Greeter/Hello")["name"] == "hello"
    assert ask(mesh, "reviews", "/v1.Greeter/Bye")["name"] == "any"
    assert ask(mesh, "reviews", "/v2.Greeter/Bye")["kind"] == "not found"
    old = """---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: grpcroutes.gateway.networking.k8s.io, annotations: {gateway.networking.k8s.io/bundle-version: v1.0.0}}
"""
    assert ask(simulator(text + old), "reviews", "/v1.Greeter/Hello")["name"] == "default"


def test_a_gateway_takes_the_routes_that_attach_to_it() -> None:
    """By hostname, section, port, kind and namespace; others are not there."""
    listeners = gateway(
        HTTP,
        f'name: narrow, port: 80, protocol: HTTP, hostname: "*.example.com", {ALL}',
        "name: own, port: 81, protocol: HTTP",
        "name: team, port: 82, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: shop}}}}",
        "name: grpc, port: 83, protocol: HTTP, allowedRoutes: {namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}",
    )
    mesh = simulator(SERVICES + listeners + route("r", TO_CART, PUBLIC, hostnames="a.example.com, b.example.org"))
    assert hosts(enter(mesh, "http://a.example.com/")) == ["cart:80"]
    assert hosts(enter(mesh, "http://b.example.org/")) == ["cart:80"]
    assert enter(mesh, "http://a.example.com:81/")["kind"] == "not found"
    assert hosts(enter(mesh, "http://a.example.com:82/")) == ["cart:80"]
    assert enter(mesh, "http://a.example.com:83/")["kind"] == "not found"
    assert enter(mesh, "http://a.example.com:84/")["kind"] == "blocked"


def test_a_wider_listener_leaves_a_host_to_the_narrower_one() -> None:
    """A route of the wide section alone does not answer for the narrow one's hosts."""
    listeners = gateway(HTTP, f'name: narrow, port: 80, protocol: HTTP, hostname: "*.example.com", {ALL}')
    parent = "{name: public, namespace: edge, sectionName: web}"
    mesh = simulator(SERVICES + listeners + route("r", TO_CART, parent, hostnames="a.example.com, b.example.org"))
    assert enter(mesh, "http://a.example.com/")["kind"] == "not found"
    assert hosts(enter(mesh, "http://b.example.org/")) == ["cart:80"]


def test_backends_of_other_namespaces_need_a_grant() -> None:
    """At a Gateway; without one the destination is invalid, and where all are nothing arrives."""
    rules = "[{backendRefs: [{name: ledger, namespace: pay, port: 80}]}]"
    text = SERVICES + gateway(HTTP) + route("r", rules, PUBLIC)
    answer = enter(simulator(text), "http://a.example.com/")
    assert answer["destinations"] == [{"invalid": True, "weight": 100}]
    assert "upstream" not in answer
    grant = """---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: pay}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}]
  to: [{group: "", kind: Service, name: ledger}]
"""
    assert hosts(enter(simulator(text + grant), "http://a.example.com/")) == ["ledger:80"]


def test_https_and_tls_and_tcp_listeners() -> None:
    """HTTPS is ended at the listener; a TCPRoute gets bytes, a TLSRoute goes by SNI."""
    listeners = gateway(
        f"name: https, port: 443, protocol: HTTPS, tls: {{certificateRefs: [{{name: c}}]}}, {ALL}",
        f"name: tcp, port: 9000, protocol: TCP, {ALL}",
        f"name: tls, port: 9443, protocol: TLS, tls: {{mode: Passthrough}}, {ALL}",
    )
    mesh = simulator(
        SERVICES
        + listeners
        + route("r", TO_CART, PUBLIC)
        + route("t", TO_CART, PUBLIC, kind="TCPRoute")
        + route("s", TO_CART, PUBLIC, kind="TLSRoute", hostnames="a.example.com")
    )
    assert enter(mesh, "https://a.example.com/")["name"] == "shop.r.0"
    assert enter(mesh, "tcp://a.example.com:9000")["protocol"] == "tcp"
    assert enter(mesh, "tls://a.example.com:9443")["protocol"] == "tls"
    assert enter(mesh, "tls://b.example.com:9443")["kind"] == "blocked"


def test_a_gateway_of_another_class_is_not_served() -> None:
    """Its controller is not Istio's."""
    mesh = simulator(SERVICES + gateway(HTTP, class_name="other") + route("r", TO_CART, PUBLIC))
    assert enter(mesh, "http://a.example.com/")["kind"] == "blocked"


def test_the_explanation_names_the_route_and_its_line() -> None:
    """Each rule tried, with the place of its match."""
    rules = "[{matches: [{path: {value: /a}}], backendRefs: [{name: cart, port: 80}]}]"
    mesh = simulator(SERVICES + route("r", rules, to_service("reviews")))
    text = "\n".join(explain(mesh, SHOP, from_url("http://reviews/a", "GET", ())))
    assert "HTTPRoute shop/r (mesh.yaml:" in text
    assert "the path is or lies below `/a`" in text


POLICY = """---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  rules: [{from: [{source: {principals: [cluster.local/ns/edge/sa/public-istio]}}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart, sidecar.istio.io/inject: 'true'}}
    spec: {containers: [{name: cart, image: 'cart:1'}]}
"""


@pytest.mark.parametrize(
    ("more", "refused"),
    [("", False), ("  annotations: {gateway.istio.io/service-account: other}\n", True)],
)
def test_the_account_of_a_gateways_proxy_is_that_of_what_istiod_deploys(more: str, refused: bool) -> None:
    """`public-istio` for the Gateway `public` of the class `istio`, unless an annotation names another."""
    own = gateway(HTTP).replace(
        "metadata: {name: public, namespace: edge}\n", f"metadata:\n  name: public\n  namespace: edge\n{more}"
    )
    shop = service("cart").replace("spec:\n", "spec:\n  selector: {app: cart}\n")
    mesh = simulator(NAMESPACES + shop + POLICY + own + route("r", TO_CART, PUBLIC))
    destination = enter(mesh, "http://shop.example.com/")["destinations"][0]
    assert ("refused" in destination, "doubt" in destination) == (refused, False)


def test_a_service_of_one_version_is_known_by_what_it_selects() -> None:
    """Its name alone does not make it one."""
    part = service("reviews-v1").replace("spec:\n", "spec:\n  selector: {app: reviews, version: v1}\n")
    other = service("reviews-admin").replace("spec:\n", "spec:\n  selector: {app: reviews-admin}\n")
    whole = service("reviews").replace("spec:\n", "spec:\n  selector: {app: reviews}\n")
    found = simulator(part + other + whole).push_context
    assert version_of(found, "reviews-v1.shop.svc.cluster.local") == ("reviews.shop.svc.cluster.local", "v1")
    assert version_of(found, "reviews-admin.shop.svc.cluster.local") is None
    assert version_of(found, "reviews.shop.svc.cluster.local") is None
