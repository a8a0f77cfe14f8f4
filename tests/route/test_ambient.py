"""Callers and callees in ambient mode: what ztunnel does, what only a waypoint does, and who goes past it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.route.mesh import destination_rule, service, simulator, virtual_service

from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.route.callers import caller_of
from sailwright.route.explain import explain
from sailwright.route.request_input import from_url

NAMESPACES = """---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Namespace
metadata: {name: old, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Namespace
metadata: {name: tools, labels: {istio-injection: disabled}}
"""
HOST = "pay.shop.svc.cluster.local"


def deployment(name: str, namespace: str, labels: str = "", pod: str = "") -> str:
    """A Deployment of one app; `pod` are fields of its pod spec. Its service account has its name."""
    carried = f"{{app: {name}{labels}}}"
    return f"""---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {carried}}}
    spec: {{{pod} serviceAccountName: {name}, containers: [{{name: app, image: "example.com/{name}:1"}}]}}
"""


def policy(kind: str, spec: str, name: str = "pay", namespace: str = "shop") -> str:
    """A PeerAuthentication, AuthorizationPolicy or RequestAuthentication."""
    return f"""---
apiVersion: security.istio.io/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}}}
spec: {spec}
"""


def waypoint(name: str = "waypoint", namespace: str = "shop", serves: str = "service", listener: str = "") -> str:
    """A waypoint."""
    return f"""---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: {namespace}, labels: {{istio.io/waypoint-for: {serves}}}}}
spec: {{gatewayClassName: istio-waypoint, listeners: [{{name: mesh, port: 15008, protocol: HBONE{listener}}}]}}
"""


PAY = service("pay", "shop", "80", extra="  selector: {app: pay}\n") + deployment("pay", "shop")
CALLERS = deployment("web", "shop") + deployment("front", "old") + deployment("cron", "tools")
MESH = NAMESPACES + PAY + CALLERS
USED = MESH.replace("{name: pay, namespace: shop}\nspec:\n  selector: {app: pay}", "{name: pay, namespace: shop, labels: {istio.io/use-waypoint: waypoint}}\nspec:\n  selector: {app: pay}")  # fmt: skip
ROUTES = destination_rule("pay", "pay", "v1", "v2") + virtual_service(
    "pay",
    "hosts: [pay]\nhttp:\n- {name: new, match: [{uri: {prefix: /new}}], route: [{destination: {host: pay, subset: v2}}], timeout: 3s}\n"
    "- {route: [{destination: {host: pay, subset: v1}}]}",
)
ONLY_WEB = (
    '{selector: {matchLabels: {app: pay}}, rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]}]}'
)


def caller(text: str, name: str) -> Caller:
    """A workload of the mesh, by its app."""
    mesh = simulator(text)
    namespace = {"web": "shop", "front": "old", "cron": "tools"}[name]
    return caller_of(mesh.push_context, namespace, [f"app={name}"], None, mesh.index)


def answer(
    text: str, name: str = "web", path: str = "/", method: str = "GET", host: str = "pay.shop"
) -> dict[str, Any]:
    """What a caller gets."""
    return simulator(text).answer(caller(text, name), from_url(f"http://{host}{path}", method, ()))


@pytest.mark.parametrize(
    ("labels", "pod", "why"),
    [
        ("", "", "namespace shop has the label istio.io/dataplane-mode=ambient"),
        (", istio.io/dataplane-mode: ambient", "", "Deployment web has the label istio.io/dataplane-mode=ambient"),
        (", istio.io/dataplane-mode: none", "", ""),
        ("", "hostNetwork: true,", ""),
        ("", 'initContainers: [{name: istio-proxy, image: "example.com/proxyv2:1.31.0", restartPolicy: Always}],', ""),
    ],
    ids=["its namespace", "its own label", "opted out", "the host network", "its own sidecar"],
)
def test_a_pod_is_in_ambient_mode_by_its_label_or_that_of_its_namespace(labels: str, pod: str, why: str) -> None:
    """A sidecar goes before ambient mode."""
    text = NAMESPACES + PAY + deployment("web", "shop", labels, pod)
    assert caller(text, "web").ambient == why


def test_a_pod_may_ask_alone_in_a_namespace_that_says_nothing() -> None:
    text = NAMESPACES + deployment("cron", "tools", ", istio.io/dataplane-mode: ambient")
    assert "Deployment cron" in caller(text, "cron").ambient
    assert caller(text.replace("istio-injection: disabled", "istio-injection: enabled"), "cron").ambient == ""


def test_where_no_workload_is_known_the_namespace_decides() -> None:
    mesh = simulator(NAMESPACES + service("pay", "shop"))
    assert "namespace shop" in caller_of(mesh.push_context, "shop", (), None, mesh.index).ambient
    assert caller_of(mesh.push_context, "old", (), None, mesh.index).ambient == ""


def test_opted_out_in_an_ambient_namespace_is_plain() -> None:
    found = caller(NAMESPACES + PAY + deployment("web", "shop", ", istio.io/dataplane-mode: none"), "web")
    assert found.plain


# -- without a waypoint ---------------------------------------------------------------------------------------------------


def test_without_a_waypoint_no_route_has_a_say() -> None:
    assert answer(MESH + ROUTES, path="/new") == {
        "kind": "route",
        "destinations": [{"host": HOST, "port": 80, "weight": 100, "pods": ["pay"]}],
    }
    assert answer(MESH + ROUTES, "front", "/new")["timeout"] == "3s"


STRICT = policy("PeerAuthentication", "{mtls: {mode: STRICT}}")


def test_strict_refuses_plain_text_alone() -> None:
    """ztunnel and sidecars speak mTLS to a pod in ambient mode; a caller without a proxy does not."""
    assert answer(MESH + STRICT)["kind"] == "route"
    assert "refused" not in answer(MESH + STRICT, "front")["destinations"][0]
    refused = answer(MESH + STRICT, "cron")
    assert (refused["kind"], refused["refusedBy"]) == ("refused", "PeerAuthentication shop/pay")
    assert "status" not in refused
    assert answer(MESH, "cron")["kind"] == "route"


def test_mutual_tls_cannot_be_turned_off() -> None:
    """DISABLE counts as PERMISSIVE: the identity is known all the same."""
    text = MESH + policy("PeerAuthentication", "{mtls: {mode: DISABLE}}") + policy("AuthorizationPolicy", ONLY_WEB)
    assert answer(text)["kind"] == "route"


def test_a_destination_rule_that_turns_mutual_tls_off_is_refused_by_strict() -> None:
    rule = """---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: off, namespace: old}
spec: {host: pay.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}
"""
    assert answer(MESH + STRICT + rule, "front")["status"] == 503
    assert answer(MESH + STRICT + rule)["kind"] == "route"


def test_ztunnel_asks_who_calls() -> None:
    text = MESH + policy("AuthorizationPolicy", ONLY_WEB)
    assert answer(text)["kind"] == "route"
    found = answer(text, "front")
    assert (found["kind"], found["status"], found["refusedBy"]) == ("refused", 503, "AuthorizationPolicy shop/pay")
    assert "does not allow it to service account old/front" in found["reason"]
    assert answer(text, "cron")["reason"].count("mTLS")


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ('{rules: [{to: [{operation: {methods: [GET]}}]}]}', "refused"),
        ('{rules: [{to: [{operation: {methods: [GET]}}]}, {from: [{source: {namespaces: [shop]}}]}]}', "route"),
        ('{rules: [{to: [{operation: {ports: ["80"]}}]}]}', "route"),
        ('{rules: [{to: [{operation: {ports: ["81"]}}]}]}', "refused"),
        ('{rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}', "refused"),
        ('{rules: [{from: [{source: {namespaces: [shop]}}], when: [{key: "request.headers[x]", values: [y]}]}]}', "refused"),
        ('{rules: [{when: [{key: source.namespace, values: [shop]}]}]}', "route"),
        ('{rules: [{}]}', "route"),
        ("{}", "refused"),
    ],
)  # fmt: skip
def test_an_allow_rule_that_asks_for_http_is_left_out(spec: str, kind: str) -> None:
    """Where no rule is left, nobody is allowed."""
    assert answer(MESH + policy("AuthorizationPolicy", spec))["kind"] == kind


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ('{action: DENY, rules: [{to: [{operation: {methods: [POST], ports: ["80"]}}]}]}', "refused"),
        ('{action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]}', "route"),
        ('{action: DENY, rules: [{from: [{source: {namespaces: [shop]}}], to: [{operation: {methods: [POST]}}]}]}', "route"),
        ('{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ["*"]}}]}]}', "route"),
        ('{action: DENY, rules: [{from: [{source: {namespaces: [shop]}}]}]}', "refused"),
        ('{action: DENY, rules: [{from: [{source: {notNamespaces: [shop]}}]}]}', "route"),
        ('{action: DENY, rules: [{from: [{source: {namespaces: [shop]}}], when: [{key: "request.headers[x]", values: [y]}]}]}', "route"),
        ('{action: CUSTOM, provider: {name: opa}, rules: [{}]}', "route"),
        ('{action: AUDIT, rules: [{}]}', "route"),
    ],
)  # fmt: skip
def test_a_deny_rule_is_asked_without_what_asks_for_http(spec: str, kind: str) -> None:
    """An entry of which nothing is left matches nothing, so that the rule denies nobody (istio/istio#61126)."""
    assert answer(MESH + policy("AuthorizationPolicy", spec))["kind"] == kind


def test_policies_that_are_attached_to_a_waypoint_are_not_for_ztunnel() -> None:
    spec = '{targetRefs: [{kind: Service, group: "", name: pay}], rules: []}'
    assert answer(MESH + policy("AuthorizationPolicy", spec))["kind"] == "route"


def test_a_service_without_ready_pods_answers_nobody() -> None:
    text = MESH.replace(
        "spec:\n  selector: {matchLabels: {app: pay}}", "spec:\n  replicas: 0\n  selector: {matchLabels: {app: pay}}"
    )
    assert "has no replicas" in answer(text)["reason"]


def test_a_name_that_is_no_service_goes_past_the_mesh() -> None:
    assert answer(MESH, host="example.com")["kind"] == "passthrough"
    assert answer(MESH, host="pay.shop:81")["kind"] == "refused"


# -- sidecars as callees --------------------------------------------------------------------------------------------------

CART = service("cart", "old", "80", extra="  selector: {app: cart}\n")
OLD_STRICT = policy("PeerAuthentication", "{mtls: {mode: STRICT}}", namespace="old")


@pytest.mark.parametrize(
    ("labels", "pod", "kind", "reason"),
    [
        (", networking.istio.io/tunnel: http", "", "route", ""),
        ("", 'initContainers: [{name: istio-proxy, image: "example.com/proxyv2:1.31.0", restartPolicy: Always}],',
         "refused", "takes mTLS only (STRICT)"),
        ("", "", "route", "takes HBONE (ISTIO_META_ENABLE_HBONE)"),
    ],
    ids=["takes HBONE", "takes none", "the webhook decides"],
)  # fmt: skip
def test_a_sidecar_takes_what_ztunnel_sends_where_it_speaks_hbone(
    labels: str, pod: str, kind: str, reason: str
) -> None:
    """Else ztunnel sends plain text, which STRICT refuses."""
    text = MESH + CART + deployment("cart", "old", labels, pod) + OLD_STRICT
    found = answer(text, host="cart.old")
    assert found["kind"] == kind
    said = found.get("reason") or (found["destinations"][0].get("doubt") or {}).get("reason", "")
    assert reason in said


# -- with a waypoint ------------------------------------------------------------------------------------------------------


def test_a_waypoint_applies_the_routes_of_the_service() -> None:
    text = USED + waypoint() + ROUTES.replace("labels: {version: v2}", "labels: {app: pay}")
    found = answer(text, path="/new")
    assert (found["kind"], found["waypoint"], found["timeout"], found["name"]) == (
        "route",
        "shop/waypoint",
        "3s",
        "new",
    )
    assert [each.get("subset") for each in found["destinations"]] == ["v2"]


def test_a_waypoint_applies_a_route_of_the_gateway_api() -> None:
    route = """---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: pay, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: pay}]
  rules: [{timeouts: {request: 2s}, backendRefs: [{name: pay-v2, port: 80}]}]
"""
    second = service("pay-v2", "shop", "80", extra="  selector: {app: pay}\n")
    found = answer(USED + waypoint() + route + second)
    assert found["destinations"][0]["host"] == "pay-v2.shop.svc.cluster.local"
    assert found["timeout"] == "2s"


def test_routes_of_a_third_namespace_are_not_applied() -> None:
    """Those of the service's namespace and of the waypoint's are."""
    away = ROUTES.replace("namespace: shop", "namespace: old").replace(
        "hosts: [pay]", "hosts: [pay.shop.svc.cluster.local]"
    )
    assert "timeout" not in answer(USED + waypoint() + away, path="/new")


@pytest.mark.parametrize(
    ("more", "labels", "used"),
    [
        (waypoint(), "istio.io/use-waypoint: waypoint", True),
        (waypoint(), "istio.io/use-waypoint: none", False),
        (waypoint(serves="workload"), "istio.io/use-waypoint: waypoint", False),
        (waypoint(serves="all"), "istio.io/use-waypoint: waypoint", True),
        ("", "istio.io/use-waypoint: waypoint", True),
        (waypoint(namespace="old"), "istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: old", False),
        (
            waypoint(namespace="old", listener=", allowedRoutes: {namespaces: {from: All}}"),
            "istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: old",
            True,
        ),
    ],
    ids=["named", "none", "for workloads", "for all", "in no file", "closed to others", "open to others"],
)
def test_which_waypoint_takes_a_call(more: str, labels: str, used: bool) -> None:
    text = USED.replace("istio.io/use-waypoint: waypoint", labels) + more
    assert ("waypoint" in answer(text)) is used


def test_a_namespace_names_the_waypoint_of_its_services() -> None:
    text = MESH.replace(
        "{istio.io/dataplane-mode: ambient}", "{istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}"
    )
    assert answer(text + waypoint())["waypoint"] == "shop/waypoint"


AT_SERVICE = '{targetRefs: [{kind: Service, group: "", name: pay}], rules: [{to: [{operation: {methods: [GET]}}]}]}'
AT_GATEWAY = "{targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}], rules: [{from: [{source: {namespaces: [shop]}}]}]}"


@pytest.mark.parametrize("spec", [AT_SERVICE, AT_GATEWAY.replace("namespaces: [shop]", "namespaces: [old]")])
def test_a_waypoint_enforces_what_is_attached_to_it_or_to_the_service(spec: str) -> None:
    found = answer(USED + waypoint() + policy("AuthorizationPolicy", spec), method="POST")
    assert (found["kind"], found["status"], found["refusedBy"]) == ("refused", 403, "AuthorizationPolicy shop/pay")
    assert found["waypoint"] == "shop/waypoint"


def test_requests_that_are_allowed_pass_the_waypoint() -> None:
    assert answer(USED + waypoint() + policy("AuthorizationPolicy", AT_SERVICE))["kind"] == "route"
    assert answer(USED + waypoint() + policy("AuthorizationPolicy", AT_GATEWAY))["kind"] == "route"


def test_a_sidecar_goes_past_the_waypoint() -> None:
    """Its policies and routes are not enforced; ztunnel's are."""
    text = USED + waypoint() + policy("AuthorizationPolicy", AT_SERVICE)
    found = answer(text, "front", method="POST")
    assert found["kind"] == "route"
    assert found["destinations"][0]["pastWaypoint"] == "shop/waypoint"
    assert answer(text, "cron", method="POST")["kind"] == "route"


def test_ztunnel_sees_the_identity_of_the_waypoint() -> None:
    """A policy by selector that names the callers refuses the waypoint, and with it all of them."""
    text = USED + waypoint() + policy("AuthorizationPolicy", ONLY_WEB)
    found = answer(text)
    assert (found["kind"], found["status"], found["waypoint"]) == ("refused", 503, "shop/waypoint")
    assert "service account shop/waypoint" in found["reason"]
    both = ONLY_WEB.replace('sa/web"', 'sa/web", "cluster.local/ns/shop/sa/waypoint"')
    assert answer(USED + waypoint() + policy("AuthorizationPolicy", both))["kind"] == "route"


def test_the_walk_says_what_applies() -> None:
    mesh = simulator(USED + waypoint() + ROUTES.replace("labels: {version: v2}", "labels: {app: pay}"))
    walk = "\n".join(explain(mesh, caller(USED, "web"), from_url("http://pay.shop/new", "GET", ())))
    assert "in ambient mode: namespace shop has the label istio.io/dataplane-mode=ambient" in walk
    assert "shop/waypoint takes it: its routes and policies apply" in walk
    assert "VirtualService shop/pay, rule `new`" in walk
    past = "\n".join(explain(mesh, caller(USED, "front"), from_url("http://pay.shop/new", "GET", ())))
    assert "bypasses waypoint shop/waypoint: its policies and routes do not apply" in past
    none = "\n".join(explain(simulator(MESH), caller(MESH, "web"), from_url("http://pay.shop/", "GET", ())))
    assert "none: without a waypoint no route, timeout or retry applies to a caller in ambient mode" in none


# -- gateways -------------------------------------------------------------------------------------------------------------

EDGE = """---
apiVersion: v1
kind: Namespace
metadata: {name: edge, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: public, namespace: edge}
spec:
  template:
    metadata: {labels: {istio: public}}
    spec: {serviceAccountName: public, containers: [{name: istio-proxy, image: auto}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: public}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["shop.example.com"]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: public, namespace: edge}
spec:
  hosts: [shop.example.com]
  gateways: [public]
  http: [{route: [{destination: {host: pay.shop.svc.cluster.local, port: {number: 80}}}]}]
"""


def from_outside(text: str, method: str = "GET") -> dict[str, Any]:
    """What a request from outside gets."""
    mesh = simulator(text + EDGE)
    gateway = caller_of(mesh.push_context, None, (), "edge/public", mesh.index)
    return mesh.answer(gateway, from_url("http://shop.example.com/", method, ()))


def test_a_gateway_goes_past_the_waypoint_unless_a_label_says_otherwise() -> None:
    text = USED + waypoint() + policy("AuthorizationPolicy", AT_SERVICE)
    past = from_outside(text, "POST")
    assert (past["kind"], past["destinations"][0]["pastWaypoint"]) == ("route", "shop/waypoint")
    through = text.replace(
        "istio.io/use-waypoint: waypoint", "istio.io/use-waypoint: waypoint, istio.io/ingress-use-waypoint: 'true'"
    )
    assert from_outside(through)["destinations"][0]["waypoint"] == "shop/waypoint"
    refused = from_outside(through, "POST")
    assert (refused["kind"], refused["status"], refused["refusedBy"]) == (
        "refused",
        403,
        "AuthorizationPolicy shop/pay",
    )


def test_the_namespace_may_say_that_gateways_use_waypoints() -> None:
    text = USED.replace(
        "{istio.io/dataplane-mode: ambient}",
        '{istio.io/dataplane-mode: ambient, istio.io/ingress-use-waypoint: "true"}',
    )
    assert from_outside(text + waypoint())["destinations"][0]["waypoint"] == "shop/waypoint"


def test_ztunnel_sees_the_waypoint_behind_a_gateway_that_uses_it() -> None:
    text = USED.replace(
        "istio.io/use-waypoint: waypoint", "istio.io/use-waypoint: waypoint, istio.io/ingress-use-waypoint: 'true'"
    )
    only = ONLY_WEB.replace("sa/web", "sa/waypoint")
    assert from_outside(text + waypoint() + policy("AuthorizationPolicy", only))["kind"] == "route"
    assert from_outside(USED + waypoint() + policy("AuthorizationPolicy", only))["kind"] == "refused"


# -- connections ------------------------------------------------------------------------------------------------------------


def test_a_connection_passes_the_waypoint_as_bytes() -> None:
    """A short name is that of the caller's namespace, wherever the waypoint is."""
    text = USED.replace("{name: http-80, port: 80}", "{name: redis, port: 80}") + waypoint()
    mesh = simulator(text + policy("AuthorizationPolicy", AT_GATEWAY))
    found = mesh.answer(caller(text, "web"), from_url("tcp://pay:80", "GET", ()))
    assert (found["kind"], found["waypoint"]) == ("route", "shop/waypoint")
    assert found["destinations"][0]["host"] == HOST
    refused = simulator(text + policy("AuthorizationPolicy", AT_GATEWAY.replace("[shop]", "[old]")))
    assert (
        refused.answer(caller(text, "web"), from_url("tcp://pay:80", "GET", ()))["refusedBy"]
        == "AuthorizationPolicy shop/pay"
    )


def test_an_outside_host_passes_a_waypoint_where_its_entry_names_one() -> None:
    entry = """---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: bank, namespace: shop, labels: {istio.io/use-waypoint: waypoint}}
spec: {hosts: [bank.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}
"""
    spec = "{targetRefs: [{kind: ServiceEntry, group: networking.istio.io, name: bank}], rules: [{to: [{operation: {methods: [GET]}}]}]}"
    text = MESH + waypoint() + entry + policy("AuthorizationPolicy", spec)
    assert answer(text, host="bank.example.com")["waypoint"] == "shop/waypoint"
    assert answer(text, host="bank.example.com", method="POST")["status"] == 403
    without = text.replace(", labels: {istio.io/use-waypoint: waypoint}", "")
    assert answer(without, host="bank.example.com", method="POST")["kind"] == "passthrough"


def test_callers_of_a_headless_service_dial_its_pods() -> None:
    text = USED.replace("  selector: {app: pay}\n", "  selector: {app: pay}\n  clusterIP: None\n") + waypoint()
    assert "waypoint" not in answer(text)


# -- ztunnel and sidecars agree about what both see -----------------------------------------------------------------------

SOURCES = st.fixed_dictionaries(
    {},
    optional={
        "principals": st.lists(
            st.sampled_from(["cluster.local/ns/shop/sa/web", "cluster.local/ns/shop/*", "*/sa/front", "*"]),
            min_size=1,
            max_size=2,
        ),
        "namespaces": st.lists(st.sampled_from(["shop", "old", "o*"]), min_size=1, max_size=2),
        "notNamespaces": st.just(["old"]),
        "notPrincipals": st.just(["cluster.local/ns/shop/sa/web"]),
    },
).filter(bool)
OPERATIONS = st.fixed_dictionaries({}, optional={"ports": st.sampled_from([["80"], ["81"]]), "notPorts": st.just(["81"])}).filter(bool)  # fmt: skip
CONDITION = st.sampled_from(
    [
        {"key": "source.namespace", "values": ["shop"]},
        {"key": "source.principal", "notValues": ["cluster.local/ns/old/sa/front"]},
        {"key": "destination.port", "values": ["80"]},
    ]
)
RULES = st.fixed_dictionaries(
    {},
    optional={
        "from": st.lists(SOURCES.map(lambda source: {"source": source}), min_size=1, max_size=2),
        "to": st.lists(OPERATIONS.map(lambda operation: {"operation": operation}), min_size=1, max_size=2),
        "when": st.lists(CONDITION, min_size=1, max_size=2),
    },
)
POLICIES = st.builds(
    lambda action, rules: {"selector": {"matchLabels": {"app": "pay"}}, "action": action, "rules": rules},
    st.sampled_from(["ALLOW", "DENY"]),
    st.lists(RULES, max_size=2),
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(found=st.lists(POLICIES, max_size=2), strict=st.booleans(), name=st.sampled_from(["web", "front", "cron"]))
def test_policies_for_connections_hold_alike_at_ztunnel_and_at_a_sidecar(
    found: list[Any], strict: bool, name: str
) -> None:
    """Whoever calls, a move of the callee to ambient mode opens and closes nothing, as long as policies ask of no request."""
    policies = "".join(
        policy("AuthorizationPolicy", json.dumps(spec), f"p{number}") for number, spec in enumerate(found)
    )
    mesh = MESH + policies + (STRICT if strict else "")
    pod = 'initContainers: [{name: istio-proxy, image: "example.com/proxyv2:1.31.0", restartPolicy: Always}],'
    baked = deployment("pay", "shop", ", networking.istio.io/tunnel: http", pod)
    sidecar = mesh.replace(deployment("pay", "shop"), baked)
    assert sidecar != mesh
    assert answer(mesh, name)["kind"] == answer(sidecar, name)["kind"]
