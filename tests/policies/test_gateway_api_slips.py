"""Slips in the names that objects of the Gateway API and of ambient mode call each other by: one finding, with what was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.policies.conftest import Ask

from sailwright.cli import main

SHOP = """\
apiVersion: v1
kind: Service
metadata: {name: front, namespace: shop}
spec: {selector: {app: front}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: istio
  listeners: [{name: web, port: 80, protocol: HTTP}, {name: inner, port: 8080, protocol: HTTP}]
---
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs: [%s]
  rules: [{backendRefs: [%s]}]
---
"""
FRONT = "{name: front, port: 80}"


@pytest.mark.parametrize(
    ("parent", "said"),
    [
        ("{name: public, sectionName: wbe}", ("Gateway shop/public has no listener `wbe`", "did you mean `web`?")),
        (
            "{name: public, port: 81}",
            ("Gateway shop/public has no port 81", "write `80` or `8080`, or leave `port` out"),
        ),
        (
            "{name: public, sectionName: web, port: 8080}",
            ("listener `web` of Gateway shop/public has no port 8080", "write `80`, or leave `port` out"),
        ),
    ],
)
def test_a_route_that_means_no_listener(ask: Ask, parent: str, said: tuple[str, str]) -> None:
    (problem,) = ask("route-listener-unknown", SHOP + ROUTE % (parent, FRONT))
    assert (problem.message, problem.help) == said


@pytest.mark.parametrize(
    "parent", ["{name: public}", "{name: public, sectionName: inner, port: 8080}", "{name: other, port: 1}"]
)
def test_a_route_that_means_one_or_a_gateway_elsewhere(ask: Ask, parent: str) -> None:
    assert ask("route-listener-unknown", SHOP + ROUTE % (parent, FRONT)) == []


def test_a_gateway_with_listener_sets_may_have_the_listener(ask: Ask) -> None:
    open_to_sets = SHOP.replace("  listeners:", "  allowedListeners: {namespaces: {from: Same}}\n  listeners:")
    assert ask("route-listener-unknown", open_to_sets + ROUTE % ("{name: public, sectionName: more}", FRONT)) == []


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ("{name: frnt, port: 80}", ("there is no Service frnt in namespace shop", "did you mean `front`?")),
        ("{name: front, port: 8080}", ("Service shop/front has no port 8080", "name one of its ports (80)")),
    ],
)
def test_a_backend_by_a_slip(ask: Ask, backend: str, said: tuple[str, str]) -> None:
    (problem,) = ask("route-backend-unknown", SHOP + ROUTE % ("{name: public}", backend))
    assert (problem.message, problem.help) == said


@pytest.mark.parametrize(
    "backend", [FRONT, "{name: checkout, port: 80}", "{name: front, kind: InferencePool, group: example.com}"]
)
def test_a_backend_that_may_be_elsewhere(ask: Ask, backend: str) -> None:
    assert ask("route-backend-unknown", SHOP + ROUTE % ("{name: public}", backend)) == []


AMBIENT = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: %s, istio.io/use-waypoint: %s}}
---
"""
WAYPOINT = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: %s, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
"""


def test_a_label_with_a_slip_is_one_finding(ask: Ask) -> None:
    """The waypoint that was meant is not reported as unused beside it."""
    text = AMBIENT % ("ambient", "waypont") + WAYPOINT % "waypoint"
    (problem,) = ask("waypoint-unknown", text)
    assert problem.help == "did you mean `waypoint`?"
    assert ask("waypoint-unused", text) == []


@pytest.mark.parametrize(("place", "remedy"), [("infar", "did you mean `infra`?"), ("infra", ""), ("elsewhere", "")])
def test_a_namespace_of_a_waypoint_with_a_slip(ask: Ask, place: str, remedy: str) -> None:
    """Waypoints of namespaces that no file is about may exist."""
    gateway = (
        (WAYPOINT % "waypoint")
        .replace("namespace: shop", "namespace: infra")
        .replace("HBONE}", "HBONE, allowedRoutes: {namespaces: {from: All}}}")
    )
    label = AMBIENT.replace("%s}}", "%s, istio.io/use-waypoint-namespace: " + place + "}}") % ("ambient", "waypoint")
    found = ask("waypoint-unknown", label + gateway)
    assert [each.help for each in found] == ([remedy] if remedy else [])
    assert all(each.path[-1] == "istio.io/use-waypoint-namespace" for each in found)


TLS_ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: %s
metadata: {name: front, namespace: shop}
spec: {parentRefs: [%s], rules: [{backendRefs: [%s]}]%s}
---
"""


@pytest.mark.parametrize("kind", ["TCPRoute", "TLSRoute"])
def test_routes_of_connections_have_parents_and_backends_too(ask: Ask, kind: str) -> None:
    sound = TLS_ROUTE % (kind, "{name: public}", FRONT, "")
    rules = ("route-parent-unknown", "route-listener-unknown", "route-backend-unknown", "route-without-parent")
    assert [ask(rule, SHOP + sound) for rule in rules] == [[], [], [], []]
    slips = ("{name: publik}", "{name: public, port: 1}", "{name: public}", "")
    backends = (FRONT, FRONT, "{name: frnt, port: 80}", FRONT)
    for rule, parent, backend in zip(rules, slips, backends, strict=True):
        assert len(ask(rule, SHOP + TLS_ROUTE % (kind, parent, backend, ""))) == 1


def test_a_server_name_that_no_listener_takes(ask: Ask) -> None:
    listener = "{name: web, port: 80, protocol: HTTP}, {name: inner, port: 8080, protocol: HTTP}"
    tls = SHOP.replace(
        listener, "{name: tls, port: 443, protocol: TLS, hostname: a.example.com, tls: {mode: Passthrough}}"
    )
    assert (
        len(
            ask(
                "route-hostname-unmatched",
                tls + TLS_ROUTE % ("TLSRoute", "{name: public}", FRONT, ", hostnames: [b.example.com]"),
            )
        )
        == 1
    )
    assert (
        ask(
            "route-hostname-unmatched",
            tls + TLS_ROUTE % ("TLSRoute", "{name: public}", FRONT, ", hostnames: [a.example.com]"),
        )
        == []
    )


def test_a_second_waypoint_of_a_like_name_is_unused(ask: Ask) -> None:
    text = AMBIENT % ("ambient", "waypoint") + WAYPOINT % "waypoint" + WAYPOINT % "waypoint-v2"
    (problem,) = ask("waypoint-unused", text)
    assert "shop/waypoint-v2" in problem.message


def test_a_policy_for_a_service_whose_waypoint_does_not_fit_is_the_labels_finding(ask: Ask) -> None:
    policy = """\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: get, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: front}]
  rules: [{to: [{operation: {methods: [GET]}}]}]
---
"""
    waypoint = (WAYPOINT % "waypoint").replace("shop}", "shop, labels: {istio.io/waypoint-for: workload}}")
    text = SHOP + AMBIENT % ("ambient", "waypoint") + waypoint + policy
    assert len(ask("waypoint-unknown", text)) == 1
    assert ask("target-reference-unknown", text) == []
    assert len(ask("target-reference-unknown", SHOP + AMBIENT % ("ambient", "none") + policy)) == 1


@pytest.mark.parametrize(
    ("mode", "count"), [("ambient", 0), ("none", 0), ("ambeint", 1), ("sidecar", 1), ("${MODE}", 0)]
)
def test_a_mode_of_the_data_plane(ask: Ask, mode: str, count: int) -> None:
    assert len(ask("injection-label-invalid", AMBIENT.replace("%s", f'"{mode}"', 1) % "none")) == count


def test_out_of_ambient_mode_and_with_sidecars_is_no_conflict(ask: Ask) -> None:
    labels = AMBIENT.replace("istio.io/use-waypoint: %s", "istio-injection: enabled")
    assert ask("namespace-injection-labels", labels % "none") == []
    assert len(ask("namespace-injection-labels", labels % "ambient")) == 1


def test_a_route_for_the_waypoint_itself(ask: Ask) -> None:
    """The routes of a Service that uses the waypoint apply at it; one that names the waypoint is a route of nothing."""
    waypoint = SHOP + WAYPOINT % "waypoint"
    (problem,) = ask("route-parent-unfit", waypoint + ROUTE % ("{name: waypoint}", FRONT))
    assert problem.help == 'name the Services that use it: `{group: "", kind: Service, name: SERVICE}`'
    assert ask("route-parent-unfit", waypoint + ROUTE % ('{group: "", kind: Service, name: front}', FRONT)) == []
    assert ask("route-parent-unfit", waypoint + ROUTE % ("{name: public}", FRONT)) == []


LISTENERS = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: istio, listeners: [%s, %s]}
"""
WEB = "{name: web, port: 80, protocol: HTTP, hostname: a.example.com}"


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        (WEB.replace("web", "more"), "listener-not-unique"),
        (WEB.replace("port: 80", "port: 81"), "schema-rule"),
        (
            WEB.replace("web", "more").replace("HTTP", "TCP").replace(", hostname: a.example.com", ""),
            "listener-protocol-conflict",
        ),
    ],
    ids=["same port, protocol and hostname", "same name", "two protocols on a port"],
)
def test_listeners_that_clash_are_one_finding_at_the_second(
    other: str, rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The API server's sentence about the whole list is left out where a finding names the listener."""
    (tmp_path / "gateway.yaml").write_text(LISTENERS % (WEB, other))
    rules = "listener-not-unique,listener-protocol-conflict,schema-rule"
    assert main(["lint", str(tmp_path), "--select", rules, "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["rule"] == rule
    assert finding["path"].startswith("/spec/listeners/1")


def test_what_is_not_about_equal_items_of_a_list_stays(ask: Ask) -> None:
    (problem,) = ask("schema-rule", LISTENERS % (WEB, "{name: tcp, port: 81, protocol: TCP, hostname: a.example.com}"))
    assert "hostname" in problem.message


SECURE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: istio
  listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [%s]}}]
---
apiVersion: v1
kind: Secret
metadata: {name: front-tls, namespace: %s}
type: kubernetes.io/tls
---
"""
GRANT = """\
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: certificates, namespace: certs}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: shop}]
  to: [{group: "", kind: Secret}]
"""
ELSEWHERE = "{name: front-tls, namespace: certs}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SECURE % ("{name: front-tls}", "shop"), []),
        (SECURE % ("{name: other}", "shop"), []),
        (SECURE % ("{name: fornt-tls}", "shop"), ["there is no Secret fornt-tls in namespace shop"]),
        (SECURE % (ELSEWHERE, "shop"), []),
        (SECURE % (ELSEWHERE, "certs"), ["namespace certs does not let Gateways of shop read its Secrets"]),
        (SECURE % (ELSEWHERE, "certs") + GRANT, []),
    ],
    ids=["there", "made by an operator", "a slip", "in a namespace of others", "without consent", "with consent"],
)
def test_a_certificate_of_a_listener(ask: Ask, text: str, said: list[str]) -> None:
    assert [each.message for each in ask("listener-certificate-missing", text)] == said
