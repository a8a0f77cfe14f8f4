"""Routes, gateways, security and injection: where a rule speaks, and where it keeps silent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sailwright.lint.rule import Problem
from sailwright.mesh.facts import Facts, Known

Ask = Callable[..., list[Problem]]


def virtual_service(rules: str, gateways: str = "[mesh]") -> str:
    """A VirtualService with these http rules."""
    return f"""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: reviews, namespace: shop}}
spec: {{hosts: [reviews], gateways: {gateways}, http: {rules}}}
---"""


V1 = "route: [{destination: {host: reviews, subset: v1}}]"


@pytest.mark.parametrize(
    ("match", "final"),
    [
        ("[{uri: {prefix: /}}]", True),
        ("[{}]", True),
        ("[{uri: {regex: '.*'}}]", True),
        ("[{name: all, uri: {prefix: /}}]", True),
        ("[{headers: {x: {exact: y}}}, {uri: {prefix: /}}]", True),
        ("[{uri: {prefix: /}, headers: {x: {exact: y}}}]", False),
        ("[{uri: {prefix: /}, port: 80}]", False),
        ("[{uri: {prefix: /}, sourceLabels: {app: x}}]", False),
        ("[{uri: {prefix: /}, gateways: [mesh]}]", False),
        ("[{uri: {prefix: /api}}]", False),
        ("[{uri: {exact: /}}]", False),
    ],
)
def test_a_match_that_narrows_nothing_belongs_at_the_end(ask: Ask, match: str, final: bool) -> None:
    """A canary above the default is only one if its match says for whom."""
    found = ask("route-catch-all-not-last", virtual_service(f"[{{match: {match}, {V1}}}, {{{V1}}}]"))
    assert bool(found) is final
    assert ask("route-catch-all-not-last", virtual_service(f"[{{match: {match}, {V1}}}]")) == []
    delegated = virtual_service(f"[{{match: {match}, delegate: {{name: other}}}}, {{{V1}}}]")
    assert ask("route-catch-all-not-last", delegated) == []


def test_the_rules_of_every_virtual_service_are_looked_at(ask: Ask) -> None:
    """A finding in the first does not end the search."""
    shadowing = f"[{{match: [{{}}], {V1}}}, {{{V1}}}]"
    text = virtual_service(shadowing) + virtual_service(shadowing).replace("name: reviews,", "name: second,")
    assert len(ask("route-catch-all-not-last", text)) == 2


@pytest.mark.parametrize(
    ("weights", "rules"),
    [
        ((90, 10), []),
        ((90, 20), ["route-weight-sum"]),
        ((100, 0), ["route-weight-zero"]),
        ((0, 0), ["route-weight-missing"]),
        ((None, None), ["route-weight-missing"]),
        ((100, None), ["route-weight-missing"]),
        ((1, 3), ["route-weight-sum"]),
    ],
)
def test_weights(ask: Ask, weights: tuple[int | None, int | None], rules: list[str]) -> None:
    """One thing wrong is told by one rule."""
    parts = [
        f"{{destination: {{host: reviews, subset: v{number}}}{'' if weight is None else f', weight: {weight}'}}}"
        for number, weight in enumerate(weights)
    ]
    text = virtual_service(f"[{{route: [{', '.join(parts)}]}}]")
    asked = ("route-weight-missing", "route-weight-sum", "route-weight-zero", "route-single-weight")
    assert [rule for rule in asked if ask(rule, text)] == rules


def test_a_fault_for_testers_may_stay_in_production(ask: Ask) -> None:
    """Every match entry has to say for whom; the environment's name is a parameter."""
    fault = "fault: {abort: {httpStatus: 500, percentage: {value: 1}}}"
    everybody = virtual_service(f"[{{{fault}, {V1}}}]")
    testers = virtual_service(f"[{{match: [{{headers: {{x-test: {{exact: y}}}}}}], {fault}, {V1}}}]")
    half = virtual_service(
        f"[{{match: [{{headers: {{x-test: {{exact: y}}}}}}, {{uri: {{prefix: /}}}}], {fault}, {V1}}}]"
    )
    assert len(ask("fault-in-production", everybody, environment="prod")) == 1
    assert len(ask("fault-in-production", half, environment="prod")) == 1
    assert ask("fault-in-production", testers, environment="prod") == []
    assert ask("fault-in-production", everybody, environment="dev") == []
    assert ask("fault-in-production", everybody) == []
    assert len(ask("fault-in-production", everybody, environment="live-eu", environments=["live-eu"])) == 1


def test_a_mirror_without_a_subset_is_another_destination(ask: Ask) -> None:
    """Host, subset and port have to be those of a route."""
    same = virtual_service("[{route: [{destination: {host: reviews}}], mirrors: [{destination: {host: reviews}}]}]")
    other = virtual_service(f"[{{{V1}, mirror: {{host: reviews, subset: v2}}}}]")
    assert len(ask("mirror-to-itself", same)) == 1
    assert ask("mirror-to-itself", other) == []


@pytest.mark.parametrize(
    ("labels", "inject", "reported"),
    [
        ("{istio-injection: enabled}", "", True),
        ("{istio.io/rev: canary}", "", True),
        ("{istio-injection: disabled}", "", False),
        ("{istio-injection: disabled, istio.io/rev: canary}", "", False),
        ("{}", "", False),
        ("{}", ", sidecar.istio.io/inject: 'true'", True),
        ("{}", ", istio.io/rev: canary", True),
        ("{istio-injection: disabled}", ", sidecar.istio.io/inject: 'true'", False),
        ("{istio-injection: enabled}", ", sidecar.istio.io/inject: 'false'", False),
    ],
)
def test_who_is_injected_twice(ask: Ask, labels: str, inject: str, reported: bool) -> None:
    """By the labels of the namespace first, then by those of the pod."""
    pod = f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: reviews, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{app: reviews{inject}}}}}
    spec: {{containers: [{{name: istio-proxy, image: "istio/proxyv2:1.31.0"}}]}}
---"""
    namespace = f"\napiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {labels}}}\n"
    assert bool(ask("double-injection", pod + namespace)) is reported
    assert ask("double-injection", pod) == []  # an undeclared namespace cannot be decided


def test_declared_labels_count_as_those_of_the_namespace(ask: Ask) -> None:
    """sailwright.yaml says them where no Namespace is in the repository."""
    pod = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec: {template: {spec: {initContainers: [{name: istio-proxy, image: "istio/proxyv2:1.31.0", restartPolicy: Always}]}}}
"""
    facts = Facts(namespaces={"shop": {"istio-injection": "enabled"}})
    assert len(ask("double-injection", pod, facts)) == 1


PEER = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
---
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: shop}
spec: {selector: {app: legacy}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: legacy, namespace: shop}
spec: {template: {metadata: {labels: {app: legacy, sidecar.istio.io/inject: "%s"}}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: legacy, namespace: shop}
spec: {host: legacy, trafficPolicy: {tls: {mode: DISABLE}}}
"""


def test_plain_text_to_a_server_without_a_sidecar_is_right(ask: Ask) -> None:
    """STRICT means nothing where no proxy enforces it."""
    assert ask("mtls-disabled-for-strict", PEER % "false") == []
    assert len(ask("mtls-disabled-for-strict", PEER % "true")) == 1


def test_kubernetes_routes_are_decided_by_declared_facts(ask: Ask) -> None:
    """A Gateway of another repository is declared; a Service as parent is the mesh."""
    route = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec: {parentRefs: [{name: public, namespace: ingress}, {kind: Service, group: "", name: front}]}
"""
    assert ask("route-parent-unknown", route) == []
    assert len(ask("route-parent-unknown", route, Facts(known=Known(gateways=())))) == 1
    assert ask("route-parent-unknown", route, Facts(known=Known(gateways=("ingress/public",)))) == []


def test_a_service_of_external_pods_is_left_alone(ask: Ask) -> None:
    """Without workloads of the namespace nothing can be said, nor with others alone: its pods may come from elsewhere."""
    service = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80}]}
---"""
    other = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: %s, namespace: shop}
spec: {template: {metadata: {labels: {app: %s}}}}
"""
    assert ask("service-selects-nothing", service) == []
    assert ask("service-selects-nothing", service + other % ("cart", "cart")) == []
    assert [
        problem.severity for problem in ask("service-selects-nothing", service + other % ("reviews-v1", "review"))
    ] == [None]
    assert ask("service-selects-nothing", service + other % ("reviews-v1", "reviews")) == []


def test_secrets_are_told_by_name_and_never_shown(ask: Ask) -> None:
    """What is a switch, a path or a reference is none."""
    text = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          env:
            - {name: API_SECRET, value: hunter2}
            - {name: USE_SECRETS, value: "true"}
            - {name: SECRET_STORE, value: /run/secrets}
            - {name: SECRET_NAME, value: reviews}
            - {name: MY_SECRET, value: $(OTHER)}
"""
    (problem,) = ask("env-secret-value", text)
    assert "API_SECRET" in problem.message
    assert "hunter2" not in problem.message + problem.help


CALLED = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: istio-system}
spec: {egress: [{hosts: [shop/ratings.shop.svc.cluster.local]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: shop}
spec: {template: {metadata: {labels: {app: front}}}}
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: shop}
spec: {selector: {app: front}, ports: [{name: http, port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs: [PARENT]
  rules: [{backendRefs: [{name: front, port: 80}]}]
"""


def test_what_a_route_of_a_gateway_leads_to_is_called(ask: Ask) -> None:
    """A route of the mesh calls nothing by itself."""
    assert ask("service-never-called", CALLED.replace("PARENT", "{name: public}")) == []
    assert len(ask("service-never-called", CALLED.replace("PARENT", "{group: '', kind: Service, name: front}"))) == 1
