"""What lies in no file is not absent: an absence is reported where a repository can know it, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policies.conftest import Ask

from sailwright.diagnostics.suggestions import is_near
from sailwright.mesh.facts import Facts
from sailwright.source.placeholders import may_become

WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: %(name)s, namespace: %(namespace)s}
spec:
  template:
    metadata: {labels: %(labels)s}
    spec: {containers: [{name: app, image: "%(image)s"}]}
---
"""
POLICY = """\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: %(name)s, namespace: shop}
spec: {selector: {matchLabels: %(selector)s}, mtls: {mode: STRICT}}
"""


def workload(
    name: str = "cart", labels: str = "{app: cart}", namespace: str = "shop", image: str = "example.com/cart:1"
) -> str:
    return WORKLOAD % {"name": name, "labels": labels, "namespace": namespace, "image": image}


def policy(selector: str, name: str = "strict") -> str:
    return POLICY % {"name": name, "selector": selector}


@pytest.mark.parametrize(
    ("selector", "name"),
    [
        ("{app: crat}", "strict"),
        ("{app: carts}", "strict"),
        ("{app.kubernetes.io/name: cart}", "strict"),
        ("{app: cart-v1}", "strict"),
        ("{app: basket}", "cart"),
        ("{app: basket}", "allow-cart"),
    ],
)
def test_a_selector_that_was_meant_for_a_workload_selects_nothing(ask: Ask, selector: str, name: str) -> None:
    """A slip of the hand, the right name under another key, or an object that has the workload's name."""
    assert len(ask("policy-selects-nothing", workload() + policy(selector, name))) == 1


@pytest.mark.parametrize("selector", ["{app: orders}", "{app: postgres, role: primary}", "{k8s-app: dns}"])
def test_another_workload_of_the_namespace_is_no_proof(ask: Ask, selector: str) -> None:
    """An operator, a chart or another repository makes pods too; that the namespace is declared says that all are here."""
    text = workload() + policy(selector)
    assert ask("policy-selects-nothing", text) == []
    assert len(ask("policy-selects-nothing", text, Facts(namespaces={"shop": {}}))) == 1


def test_a_gateway_of_another_name_is_no_proof(ask: Ask) -> None:
    """The repository has one gateway's pods, and the Gateway is for another's, installed elsewhere."""
    pods = workload("cluster-local-gateway", "{istio: cluster-local-gateway}", "istio-system").replace(
        "name: app", "name: istio-proxy"
    )
    gateway = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: istio-system}
spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
"""
    assert ask("gateway-selects-nothing", pods + gateway) == []
    assert len(ask("gateway-selects-nothing", pods + gateway.replace("name: public", "name: cluster-local"))) == 1


def test_a_placeholder_silences_what_it_decides_and_nothing_else(ask: Ask) -> None:
    """One in an image says nothing of labels; one in a label or in the namespace may make the selector right."""
    wrong = policy("{app: crat}")
    assert len(ask("policy-selects-nothing", workload(image="${REGISTRY}/cart:${TAG}") + wrong)) == 1
    assert ask("policy-selects-nothing", workload(labels="{app: '${APP}'}") + wrong) == []
    elsewhere = workload("crat", "{app: crat}", "${NAMESPACE}")
    assert ask("policy-selects-nothing", workload() + elsewhere + wrong) == []


def test_a_name_with_a_placeholder_silences_the_names_it_may_become(ask: Ask) -> None:
    """`${ENV}-basket` may be a host that is looked for, or may not."""
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: shop}\nspec: {ports: [{port: 80}]}\n---\n"
    rule = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reveiws, trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}}
"""
    reviews = service % "reviews"
    assert len(ask("destination-rule-host-unknown", reviews + rule)) == 1
    assert len(ask("destination-rule-host-unknown", reviews + service % "'${ENV}-basket'" + rule)) == 1
    assert ask("destination-rule-host-unknown", reviews + service % "'rev${SUFFIX}'" + rule) == []


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("cart", "cart", True),
        ("cart", "crat", True),
        ("cart", "carts", True),
        ("reviews", "reveiws", True),
        ("reviews", "reviews-v1", True),
        ("cart", "allow-cart", True),
        ("cart", "before-the-cart", False),
        ("redis-a", "redis-b", False),
        ("ingressgateway", "egressgateway", False),
        ("", "cart", False),
    ],
)
def test_near_names(one: str, other: str, near: bool) -> None:
    assert is_near(one, other) is is_near(other, one) is near


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.from_regex(r"[a-z]{0,8}", fullmatch=True))
def test_a_text_may_become_whatever_its_placeholders_can_be(begin: str, filled: str) -> None:
    assert may_become(f"{begin}${{X}}", begin + filled)
    assert may_become(f"$(X){begin}", filled + begin)
    assert not may_become(f"{begin}1${{X}}", begin + filled)
    assert may_become(begin, begin)
