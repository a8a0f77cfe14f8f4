"""Ambient mode and routes of the Gateway API: where a rule speaks, and the sound neighbours about which it is silent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.route.mesh import service
from tests.route.test_ambient import CALLERS, MESH, NAMESPACES, PAY, ROUTES, USED, deployment, policy, waypoint

from sailwright.lint.rule import Problem
from sailwright.mesh.facts import Facts, Known

Ask = Callable[..., list[Problem]]
SELECTS = "selector: {matchLabels: {app: pay}}, "
GET = "rules: [{to: [{operation: {methods: [GET]}}]}]"
AT_SERVICE = 'targetRefs: [{kind: Service, group: "", name: pay}], '
SIDECARS = NAMESPACES.replace("istio.io/dataplane-mode: ambient", "istio-injection: enabled")
OPTED_OUT = MESH.replace(
    "labels: {app: pay}}\n    spec", "labels: {app: pay, istio.io/dataplane-mode: none}}\n    spec"
)


def authorization(spec: str, namespace: str = "shop") -> str:
    """An AuthorizationPolicy."""
    return policy("AuthorizationPolicy", f"{{{spec}}}", namespace=namespace)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MESH + authorization(SELECTS + GET), "ignores this rule, and the policy allows no call"),
        (MESH + authorization(GET), "ignores this rule"),
        (MESH + authorization(GET, "istio-system"), "ignores this rule"),
        (MESH + authorization(SELECTS + "rules: [{from: [{source: {namespaces: [shop]}}]}, {to: [{operation: {paths: [/a]}}]}]"),
         "only the other rules apply"),
        (MESH + authorization(SELECTS + 'rules: [{when: [{key: "request.auth.claims[iss]", values: [a]}]}]'), "`request.auth.claims[iss]`"),
        (MESH + authorization(SELECTS + 'action: DENY, rules: [{to: [{operation: {methods: [POST], ports: ["80"]}}]}]'),
         "denies more than the rule says"),
        (MESH + authorization(SELECTS + "action: DENY, rules: [{to: [{operation: {notPaths: [/a]}}]}]"), "does not enforce this rule"),
        (MESH + authorization(SELECTS + "action: CUSTOM, provider: {name: opa}, rules: [{}]"), "does not support CUSTOM"),
        (USED + waypoint() + authorization(SELECTS + GET), "ignores this rule"),
    ],
)  # fmt: skip
def test_what_ztunnel_makes_of_a_policy_for_requests(ask: Ask, text: str, said: str) -> None:
    (problem,) = ask("policy-at-ztunnel", text)
    assert said in problem.message


@pytest.mark.parametrize(
    "text",
    [
        MESH + authorization(SELECTS + 'rules: [{from: [{source: {principals: ["*"]}}], to: [{operation: {ports: ["80"]}}]}]'),
        MESH + authorization(SELECTS + "rules: [{when: [{key: source.namespace, values: [shop]}]}]"),
        MESH + authorization(SELECTS),
        MESH + authorization(AT_SERVICE + GET),
        MESH + authorization("selector: {matchLabels: {app: other}}, " + GET),
        MESH + authorization(GET, "old"),
        SIDECARS + PAY + CALLERS + authorization(SELECTS + GET),
        OPTED_OUT + authorization(SELECTS + GET),
        PAY + authorization(SELECTS + GET),
    ],
    ids=["ports and callers", "a condition it knows", "no rules", "at the waypoint", "other pods", "sidecars elsewhere", "sidecars",
         "opted out", "an undeclared namespace"],
)  # fmt: skip
def test_policies_that_hold_as_they_read(ask: Ask, text: str) -> None:
    assert ask("policy-at-ztunnel", text) == []


JWT = "jwtRules: [{issuer: https://id.example.com}]"


def test_tokens_are_checked_by_waypoints_alone(ask: Ask) -> None:
    rule = "request-authentication-at-ztunnel"
    assert ask(rule, MESH + policy("RequestAuthentication", f"{{{SELECTS}{JWT}}}"))
    assert ask(rule, MESH + policy("RequestAuthentication", f"{{{JWT}}}"))
    assert not ask(rule, MESH + policy("RequestAuthentication", f"{{{AT_SERVICE}{JWT}}}"))
    assert not ask(rule, MESH + policy("RequestAuthentication", f"{{{JWT}}}", namespace="old"))
    assert not ask(rule, MESH + policy("RequestAuthentication", f"{{{JWT}}}", namespace="istio-system"))
    gateway = deployment("gate", "shop", ", istio.io/dataplane-mode: none")
    assert not ask(rule, MESH + gateway + policy("RequestAuthentication", f"{{{JWT}}}"))


@pytest.mark.parametrize("rule", ["virtual-service-without-waypoint", "destination-rule-without-waypoint"])
def test_routes_that_callers_in_ambient_mode_do_not_apply(ask: Ask, rule: str) -> None:
    routes = ROUTES.replace("  subsets:", "  trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}}\n  subsets:")
    assert "trafficPolicy" in routes
    assert ask(rule, MESH + routes)
    assert not ask(rule, USED + waypoint() + routes)
    assert not ask(rule, USED + routes), "a waypoint that is in no file may be in the cluster"
    assert not ask(rule, SIDECARS + PAY + CALLERS + routes)
    assert not ask(rule, OPTED_OUT + routes)
    assert not ask(rule, PAY + routes), "an undeclared namespace may have a waypoint"
    alone = NAMESPACES + PAY + deployment("front", "old") + routes
    assert not ask(rule, alone), "its only known caller has a sidecar"


def test_a_virtual_service_for_a_gateway_is_applied_there(ask: Ask) -> None:
    routes = ROUTES.replace("hosts: [pay]\n", "hosts: [pay]\n  gateways: [mesh, edge/public]\n")
    assert "edge/public" in routes
    assert not ask("virtual-service-without-waypoint", MESH + routes)


def route(
    name: str = "pay", parent: str = '{group: "", kind: Service, name: pay}', rules: str = "", extra: str = ""
) -> str:
    """An HTTPRoute of namespace shop."""
    rules = rules or "[{backendRefs: [{name: pay, port: 80}]}]"
    return f"""---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: {name}, namespace: shop}}
spec:
  parentRefs: [{parent}]
{extra}  rules: {rules}
"""


def test_a_route_of_the_gateway_api_needs_a_waypoint_too(ask: Ask) -> None:
    assert ask("route-without-waypoint", MESH + route())
    assert not ask("route-without-waypoint", USED + waypoint() + route())
    assert not ask("route-without-waypoint", MESH + route(parent="{name: public}"))


# -- waypoints ------------------------------------------------------------------------------------------------------------

ADMITTED = SELECTS + "rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/waypoint]}}]}]"


def test_who_goes_past_a_waypoint(ask: Ask) -> None:
    rule, guarded = "waypoint-bypassed", USED + waypoint() + authorization(AT_SERVICE + GET)
    (problem,) = ask(rule, guarded)
    assert "Deployment old/front has a sidecar" in problem.message
    gateway = "targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}], "
    assert ask(rule, USED + waypoint() + authorization(gateway + GET))
    assert ask(
        rule,
        USED + waypoint() + authorization(AT_SERVICE + "action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]"),
    )
    assert not ask(rule, guarded + authorization(ADMITTED).replace("name: pay,", "name: pods,"))
    assert not ask(
        rule, USED + waypoint() + authorization(AT_SERVICE + "rules: [{from: [{source: {namespaces: [old]}}]}]")
    )
    assert not ask(rule, guarded.replace("istio-injection: enabled", "istio.io/dataplane-mode: ambient"))
    hidden = guarded.replace(
        "labels: {istio.io/use-waypoint: waypoint}",
        'labels: {istio.io/use-waypoint: waypoint}, annotations: {networking.istio.io/exportTo: "."}',
    )
    assert not ask(rule, hidden), "the sidecar does not see the service"


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (waypoint(), False),
        (waypoint("waypoints"), True),
        (waypoint("edge"), False),
        ("", False),
        (waypoint(serves="workload"), True),
        (waypoint(serves="all"), False),
        (waypoint().replace("istio-waypoint", "istio").replace("HBONE", "HTTP"), True),
    ],
    ids=["there", "nearly its name", "another one", "in no file", "for pods", "for all", "no waypoint"],
)
def test_a_waypoint_that_is_named_takes_the_calls(ask: Ask, more: str, found: bool) -> None:
    assert bool(ask("waypoint-unknown", USED + more)) is found


def test_a_waypoint_of_another_namespace_must_let_it_in(ask: Ask) -> None:
    away = USED.replace(
        "istio.io/use-waypoint: waypoint", "istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: old"
    )
    assert ask("waypoint-unknown", away + waypoint(namespace="old"))
    for listener in (
        ", allowedRoutes: {namespaces: {from: All}}",
        ", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: shop}}}}",
    ):
        assert not ask("waypoint-unknown", away + waypoint(namespace="old", listener=listener))
        assert not ask("waypoint-unused", away + waypoint(namespace="old", listener=listener))


def test_a_waypoint_without_users(ask: Ask) -> None:
    rule = "waypoint-unused"
    assert ask(rule, MESH + waypoint())
    assert not ask(rule, USED + waypoint())
    assert not ask(rule, MESH + waypoint(serves="none")), "made for tests"
    assert not ask(rule, waypoint()), "the namespace is in no file: it may have the label"
    assert not ask(rule, MESH + waypoint(listener=", allowedRoutes: {namespaces: {from: All}}")), (
        "another namespace may use it"
    )
    by_pod = MESH + deployment("worker", "shop", ", istio.io/use-waypoint: waypoint") + waypoint(serves="workload")
    assert not ask(rule, by_pod)


def test_a_waypoint_is_for_callers_in_ambient_mode(ask: Ask) -> None:
    rule = "waypoint-without-ambient"
    labelled = SIDECARS.replace(
        "istio-injection: enabled}}\n---", "istio-injection: enabled, istio.io/use-waypoint: waypoint}}\n---", 1
    )
    assert ask(rule, labelled + PAY)
    assert not ask(rule, labelled + PAY + deployment("new", "tools", ", istio.io/dataplane-mode: ambient"))
    assert not ask(rule, labelled), "without workloads it may be there for outside services"


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ('{kind: Service, group: "", name: pay}', False),
        ("{kind: Service, group: core, name: pay}", False),
        ("{kind: Service, name: pay}", False),
        ("{kind: Service, group: gateway.networking.k8s.io, name: pay}", True),
        ('{kind: Service, group: "", name: pays}', True),
        ('{kind: Service, group: "", name: quite-another}', False),
        ("{kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}", False),
        ("{kind: Gateway, group: networking.istio.io, name: waypoint}", True),
        ("{kind: Gateway, group: gateway.networking.k8s.io, name: waypiont}", True),
        ("{kind: Pod, group: '', name: pay}", True),
        ("{kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}", True),
        ('{kind: Service, group: "", name: pay, namespace: old}', True),
    ],
)
def test_what_a_policy_is_attached_to(ask: Ask, reference: str, found: bool) -> None:
    text = USED + waypoint() + authorization(f"targetRefs: [{reference}], {GET}")
    assert bool(ask("target-reference-unknown", text)) is found


def test_a_policy_for_a_service_without_a_waypoint_is_enforced_by_nothing(ask: Ask) -> None:
    assert ask("target-reference-unknown", MESH + authorization(AT_SERVICE + GET))
    assert not ask("target-reference-unknown", PAY + authorization(AT_SERVICE + GET)), "an undeclared namespace"
    for_class = "targetRefs: [{kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}], "
    assert not ask("target-reference-unknown", MESH + authorization(for_class + GET, "istio-system"))


# -- both modes -----------------------------------------------------------------------------------------------------------


def test_pods_in_ambient_mode_are_in_the_mesh(ask: Ask) -> None:
    """Rules that ask whether pods are in the mesh know them, by the label of the pod alone too."""
    pod = deployment("pay", "tools", ", istio.io/dataplane-mode: ambient, sidecar.istio.io/inject: 'false'")
    text = NAMESPACES + pod + authorization(SELECTS + "rules: [{}]", "tools")
    assert not ask("authorization-matches-nothing", text)
    assert not ask("sidecar-and-ambient", text)


# -- routes of the Gateway API ----------------------------------------------------------------------------------------------

GATEWAY = """---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP}, {name: https, port: 443, protocol: HTTPS}]
"""


@pytest.mark.parametrize(
    ("parent", "rule"),
    [
        ("{name: public}", ""),
        ("{name: public, sectionName: https}", ""),
        ("{name: public, port: 443}", ""),
        ("{name: pubilc}", "route-parent-unknown"),
        ("{name: another-gateway}", ""),
        ("{name: public, sectionName: htpps}", "route-listener-unknown"),
        ("{name: public, port: 8443}", "route-listener-unknown"),
        ("{kind: Service, name: pay}", "route-parent-unfit"),
        ('{group: "", kind: Service, name: pay}', ""),
        ('{group: "", kind: Service, name: pay, port: 80}', ""),
        ('{group: "", kind: Service, name: pay, port: 8080}', "route-parent-unfit"),
        ('{group: "", kind: Service, name: pays}', "route-parent-unfit"),
        ('{group: "", kind: Service, name: other, namespace: elsewhere}', ""),
        ("{kind: Deployment, name: pay}", "route-parent-unfit"),
        ("{group: mesh.example.com, kind: Deployment, name: pay}", ""),
        ("{group: networking.istio.io, kind: Gateway, name: public}", "route-parent-unfit"),
    ],
)
def test_the_parent_of_a_route(ask: Ask, parent: str, rule: str) -> None:
    text = NAMESPACES + PAY + GATEWAY + route(parent=parent)
    names = ("route-parent-unknown", "route-parent-unfit", "route-listener-unknown")
    reported = {name for name in names if ask(name, text)}
    assert reported == ({rule} if rule else set())


def test_known_gateways_are_all_there_are(ask: Ask) -> None:
    facts = Facts(known=Known(gateways=("edge/other",)))
    assert ask("route-parent-unknown", route(parent="{name: public}"), facts)
    assert not ask("route-parent-unknown", route(parent="{name: other, namespace: edge}"), facts)


def rules(path: str, backend: str = "pay", more: str = "") -> str:
    """One rule for a path."""
    return f"[{{matches: [{{path: {{type: PathPrefix, value: {path}}}{more}}}], backendRefs: [{{name: {backend}, port: 80}}]}}]"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (route("a", "{name: public}", rules("/a")), route("b", "{name: public}", rules("/a", "old")), True),
        (route("a", "{name: public}", rules("/a")), route("b", "{name: public}", rules("/a")), False),
        (route("a", "{name: public}", rules("/a")), route("b", "{name: public}", rules("/b", "old")), False),
        (route("a", "{name: public}", rules("/a")), route("b", "{name: public}", rules("/a", "old", ", method: GET")), False),
        (route("a", "{name: public, sectionName: http}", rules("/a")), route("b", "{name: public, sectionName: https}", rules("/a", "old")), False),
        (route("a", "{name: public}", rules("/a")), route("b", "{name: public, sectionName: https}", rules("/a", "old")), True),
        (route("a", "{name: public}", rules("/"), "  hostnames: [a.example.com]\n"), route("b", "{name: public}", rules("/", "old"), "  hostnames: [b.example.com]\n"), False),
        (route("a", "{name: public}", rules("/"), "  hostnames: [a.example.com]\n"), route("b", "{name: public}", "[{backendRefs: [{name: old, port: 80}]}]", "  hostnames: [A.example.com]\n"), True),
        (route("a"), route("b", rules="[{backendRefs: [{name: old, port: 80}]}]"), True),
        (route("a"), route("b", rules="[{backendRefs: [{name: old, port: 80}]}]").replace("namespace: shop}", "namespace: old}").replace("name: pay}", "name: pay, namespace: shop}"), False),
    ],
    ids=["the same match", "the same rule", "another path", "a method more", "other listeners", "all listeners and one", "other hosts",
         "the default match", "one service", "a caller's own route"],
)  # fmt: skip
def test_routes_that_take_each_others_requests(ask: Ask, one: str, other: str, found: bool) -> None:
    assert bool(ask("routes-overlap", GATEWAY + one + other)) is found
    assert not ask("routes-overlap", GATEWAY + one + one), "one object twice"


def test_a_rule_that_an_earlier_one_leaves_nothing(ask: Ask) -> None:
    both = "[{backendRefs: [{name: a, port: 80}]}, {matches: [{path: {value: /}}], backendRefs: [{name: b, port: 80}]}]"
    assert ask("routes-overlap", route(rules=both))
    assert not ask("routes-overlap", route(rules=both.replace("value: /}", "value: /b}")))


@pytest.mark.parametrize(
    ("backends", "found"),
    [
        ("[{name: a, port: 80, weight: 90}, {name: b, port: 80}]", 1),
        ("[{name: a, port: 80, weight: 90}, {name: b, port: 80}, {name: c, port: 80}]", 2),
        ("[{name: a, port: 80, weight: 0}, {name: b, port: 80, weight: 0}]", 1),
        ("[{name: a, port: 80, weight: 0}]", 1),
        ("[{name: a, port: 80, weight: 90}, {name: b, port: 80, weight: 10}]", 0),
        ("[{name: a, port: 80}, {name: b, port: 80}]", 0),
        ("[{name: a, port: 80, weight: 1}, {name: b, port: 80}]", 0),
        ("[{name: a, port: 80}, {name: b, port: 80, weight: 0}]", 0),
        ("[{name: a, port: 80, weight: 100}]", 0),
        ("[]", 0),
    ],
)
def test_weights_of_backends(ask: Ask, backends: str, found: int) -> None:
    assert len(ask("route-backend-weight", route(rules=f"[{{backendRefs: {backends}}}]"))) == found


def test_backends_that_share_their_pods(ask: Ask) -> None:
    split = route(rules="[{backendRefs: [{name: pay, port: 80, weight: 90}, {name: pay-v2, port: 80, weight: 10}]}]")
    second = service("pay-v2", "shop", "80", extra="  selector: {app: pay}\n")
    apart = service("pay-v2", "shop", "80", extra="  selector: {app: pay-v2}\n")
    assert ask("route-backends-overlap", MESH + second + split)
    assert not ask("route-backends-overlap", MESH + apart + split)
    assert not ask("route-backends-overlap", MESH + second + split.replace("weight: 90", "weight: 0"))


def test_two_apis_for_one_service(ask: Ask) -> None:
    rule, claimed = "route-beside-virtual-service", MESH + ROUTES
    assert ask(rule, claimed + route())
    assert ask(rule, claimed.replace("hosts: [pay]", 'hosts: ["*.shop.svc.cluster.local"]') + route())
    assert not ask(rule, claimed + route(parent="{name: public}"))
    assert not ask(rule, claimed.replace("hosts: [pay]", "hosts: [pay]\n  gateways: [edge/public]") + route())
    assert not ask(rule, claimed.replace("hosts: [pay]", "hosts: [cart]") + route())


def test_a_port_that_speaks_no_http_takes_no_http_route(ask: Ask) -> None:
    stock = service("stock", "shop", "80", "6379/redis", extra="  selector: {app: stock}\n")
    parent = '{group: "", kind: Service, name: stock}'
    assert ask("route-on-tcp-port", stock + route(parent=parent.replace("}", ", port: 6379}")))
    assert not ask("route-on-tcp-port", stock + route(parent=parent))
    only = stock.replace("  - {name: http-80, port: 80}\n", "")
    assert ask("route-on-tcp-port", only + route(parent=parent))
    assert not ask("route-on-tcp-port", only.replace("name: redis-6379", "name: any-6379") + route(parent=parent)), (
        "sniffed"
    )


def test_a_waypoint_sees_bytes_on_a_tcp_port(ask: Ask) -> None:
    rule = "authorization-http-attribute"
    text = USED + waypoint() + authorization(AT_SERVICE + GET)
    assert not ask(rule, text)
    assert ask(rule, text.replace("{name: http-80, port: 80}", "{name: redis, port: 80}"))


def test_the_waypoint_of_a_pod_is_for_pods(ask: Ask) -> None:
    worker = MESH + deployment("worker", "shop", ", istio.io/use-waypoint: waypoint")
    assert ask("waypoint-unknown", worker + waypoint())
    assert not ask("waypoint-unknown", worker + waypoint(serves="workload"))
    assert not ask("waypoint-unknown", worker + waypoint(serves="all"))
    assert ask("waypoint-unknown", worker + waypoint("waypoints", serves="all"))


def test_nothing_is_said_of_the_waypoint_of_a_headless_service(ask: Ask) -> None:
    """Its callers dial the pods."""
    headless = USED.replace("  selector: {app: pay}\n", "  selector: {app: pay}\n  clusterIP: None\n")
    assert not ask("virtual-service-without-waypoint", headless + waypoint() + ROUTES)
    assert not ask("target-reference-unknown", headless + waypoint() + authorization(AT_SERVICE + GET))
