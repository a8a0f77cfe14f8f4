"""What `diff` says of a move to ambient mode: the routes and policies that no longer apply, and those that a waypoint brings back."""

from __future__ import annotations

from tests.gate.test_call_changes import lines
from tests.route.test_ambient import AT_SERVICE, MESH, ROUTES, STRICT, USED, policy, waypoint

SIDECARS = MESH.replace(
    "{name: shop, labels: {istio.io/dataplane-mode: ambient}}", "{name: shop, labels: {istio-injection: enabled}}"
)
SPLIT = ROUTES.replace("labels: {version: v1}", "labels: {app: pay}").replace(
    "labels: {version: v2}", "labels: {app: pay}"
)
DENY = policy("AuthorizationPolicy", "{action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]}")


def test_callers_that_lose_their_sidecar_lose_its_routes() -> None:
    assert lines(SIDECARS + SPLIT, MESH + SPLIT) == [
        "calls from shop/pay, shop/web: /: v1 100 % -> pay.shop 100 %",
        "calls from shop/pay, shop/web: /new: v2 100 % -> pay.shop 100 %",
        "callers without a proxy: unchanged",
    ]
    assert lines(SIDECARS, MESH) == []


def test_a_waypoint_brings_them_back() -> None:
    assert lines(MESH + SPLIT, USED + waypoint() + SPLIT) == [
        "callers in ambient mode: /: pay.shop 100 % -> v1 100 %",
        "callers in ambient mode: /new: pay.shop 100 % -> v2 100 %",
        "callers without a proxy: unchanged",
    ]
    assert lines(MESH, USED + waypoint()) == []


def test_a_deny_policy_that_asks_for_http_denies_nobody_at_ztunnel() -> None:
    """For every caller, so that the line is short: the gap in enforcement that nobody is told of otherwise."""
    assert "all callers: POST /: 403 by AuthorizationPolicy shop/pay -> 200" in lines(SIDECARS + DENY, MESH + DENY)


def test_a_policy_at_the_waypoint_is_for_ambient_callers_alone() -> None:
    before = USED + waypoint()
    assert lines(before, before + policy("AuthorizationPolicy", AT_SERVICE)) == [
        "callers in ambient mode: other methods of /: 200 -> 403 by AuthorizationPolicy shop/pay",
        "callers without a proxy: unchanged",
    ]


def test_strict_is_for_callers_without_a_proxy() -> None:
    (line,) = lines(MESH, MESH + STRICT)
    assert line.startswith("callers without a proxy: answered by any ready pod -> refused")
