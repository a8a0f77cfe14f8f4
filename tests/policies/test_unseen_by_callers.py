"""destination-unseen-by-callers: every way in which a VirtualService sends, and every kind of caller."""

from __future__ import annotations

import pytest

from sailwright.lint.run_rules import EnabledRule, run_rules
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright_policies.virtual_service import destination_unseen_by_callers

MESH = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{name: http, port: 80}, {name: tcp-db, port: 5432}, {name: tls-in, port: 443}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec: {host: cart, exportTo: [.], subsets: [{name: v1, labels: {version: v1}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: front}
spec: {template: {metadata: {labels: {app: web, sidecar.istio.io/inject: "true"}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart, sidecar.istio.io/inject: "true"}}}}
"""
GATEWAY = """
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {selector: {istio: gate}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
"""
WORKLOAD = """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gate, namespace: edge}
spec: {template: {metadata: {labels: {istio: gate, sidecar.istio.io/inject: "true"}}}}
"""


def virtual_service(rules: str, name: str = "cart", more: str = "hosts: [cart]") -> str:
    """A VirtualService of the service's namespace."""
    return f"""
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec: {{{more}, {rules}}}
"""


def messages(text: str) -> list[str]:
    """What the rule says of a mesh."""
    world = World(manifests(parse("mesh.yaml", (MESH + text).encode())))
    rule_run = run_rules([world], [EnabledRule(destination_unseen_by_callers)])
    assert not rule_run.crashes
    return [f"{found.severity}: {found.problem.message}" for found in rule_run.found]


V1 = "{host: cart, subset: v1}"


@pytest.mark.parametrize(
    "rules",
    [
        f"http: [{{route: [{{destination: {V1}}}]}}]",
        f"http: [{{route: [{{destination: {{host: cart}}, weight: 90}}, {{destination: {V1}, weight: 10}}]}}]",
        f"http: [{{route: [{{destination: {{host: cart}}}}], mirror: {V1}}}]",
        f"http: [{{route: [{{destination: {{host: cart}}}}], mirrors: [{{destination: {V1}}}]}}]",
        f"tcp: [{{route: [{{destination: {V1}}}]}}]",
        f"tls: [{{match: [{{sniHosts: [cart.shop.svc.cluster.local]}}], route: [{{destination: {V1}}}]}}]",
        f"http: [{{match: [{{sourceNamespace: front}}], route: [{{destination: {V1}}}]}}]",
        f"http: [{{match: [{{sourceLabels: {{app: web}}}}], route: [{{destination: {V1}}}]}}]",
    ],
)
def test_every_way_of_sending_counts(rules: str) -> None:
    """Routes, parts of a split, mirrors, connections; conditions on the caller that this caller meets."""
    (message,) = messages(virtual_service(rules))
    assert message.startswith(
        "warning: callers in namespace `front` have no cluster for `cart.shop.svc.cluster.local` subset `v1`"
    )


@pytest.mark.parametrize(
    "rules",
    [
        f"http: [{{route: [{{destination: {{host: cart}}, weight: 100}}, {{destination: {V1}, weight: 0}}]}}]",
        f"http: [{{match: [{{sourceNamespace: shop}}], route: [{{destination: {V1}}}]}}]",
        f"http: [{{match: [{{sourceLabels: {{app: cart}}}}], route: [{{destination: {V1}}}]}}]",
        f"exportTo: [.], http: [{{route: [{{destination: {V1}}}]}}]",
    ],
)
def test_what_no_such_caller_takes_is_silent(rules: str) -> None:
    """A part without weight, rules for others, and a VirtualService that others do not see."""
    assert messages(virtual_service(rules)) == []


def test_a_gateway_is_where_its_workload_is() -> None:
    """Its Gateway may lie in the service's namespace: what counts is the workload that the selector finds."""
    bound = virtual_service(
        f"http: [{{route: [{{destination: {V1}}}]}}]", more="hosts: [x.example.com], gateways: [public]"
    )
    assert messages(GATEWAY + bound) == []
    (message,) = messages(GATEWAY + WORKLOAD + bound)
    assert message.startswith("error: the gateway `shop/public` has no cluster for")


def test_delegates_are_for_the_callers_of_their_root() -> None:
    """The destination stands in the delegate, and the root says who is routed."""
    delegate = virtual_service(f"http: [{{route: [{{destination: {V1}}}]}}]", "part", "exportTo: [.]")
    root = virtual_service("http: [{delegate: {name: part}}]")
    (message,) = messages(delegate + root)
    assert "`front`" in message
    assert messages(delegate + virtual_service("http: [{delegate: {name: part}}], exportTo: [.]")) == []
