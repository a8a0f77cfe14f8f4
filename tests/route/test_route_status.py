"""What a controller writes into the status of routes and listeners, and where `route` shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.route.mesh import service, simulator
from tests.route.test_gateway_api import ALL, HTTP, PUBLIC, SERVICES, gateway, route, to_service

from sailwright.cli import main
from sailwright.mesh.pilot.gateway_api.conditions import ParentStatus
from sailwright.mesh.pilot.gateway_api.listener_conditions import listener_statuses
from sailwright.mesh.queries.push_context import gateway_api_statuses

TO_CART = "[{backendRefs: [{name: cart, port: 80}]}]"
SECURE = f"name: secure, port: 443, protocol: HTTPS, hostname: '*.example.com', {ALL}"
GRANT = """---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: pay}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}]
  to: [{group: "", kind: Service, name: ledger}]
"""


def status(text: str, name: str = "r") -> tuple[ParentStatus, ...]:
    """The status of one route, parent by parent."""
    index = simulator(text).index
    (found,) = (each for each in index.derived(gateway_api_statuses).values() if each.route.name == name)
    return found.parents


def reasons(parent: ParentStatus) -> tuple[str, str]:
    """The reasons of both conditions."""
    accepted, resolved = parent.conditions
    return accepted.reason, resolved.reason


@pytest.mark.parametrize(
    ("parent", "hostnames", "kind", "reason"),
    [
        ("{name: public, namespace: edge}", "shop.example.com", "HTTPRoute", "Accepted"),
        ("{name: public, namespace: edge, sectionName: secure}", "shop.example.com", "HTTPRoute", "Accepted"),
        ("{name: public, namespace: edge, port: 443}", "'*.example.com'", "GRPCRoute", "Accepted"),
        ("{name: public, namespace: edge, sectionName: web}", "shop.example.com", "HTTPRoute", "NoMatchingParent"),
        ("{name: public, namespace: edge, port: 8443}", "shop.example.com", "HTTPRoute", "NoMatchingParent"),
        ("{name: public, namespace: edge}", "shop.example.org", "HTTPRoute", "NoMatchingListenerHostname"),
        ("{name: public, namespace: edge}", "", "TCPRoute", "NotAllowedByListeners"),
    ],
)
def test_a_gateway_accepts_what_its_listeners_take(parent: str, hostnames: str, kind: str, reason: str) -> None:
    (found,) = status(SERVICES + gateway(SECURE) + route("r", TO_CART, parent, hostnames=hostnames, kind=kind))
    assert reasons(found)[0] == reason
    assert bool(found.listeners) == (reason == "Accepted")


def test_a_namespace_that_a_listener_does_not_admit_is_not_allowed() -> None:
    (found,) = status(SERVICES + gateway("name: web, port: 80, protocol: HTTP") + route("r", TO_CART, PUBLIC))
    assert reasons(found)[0] == "NotAllowedByListeners"
    assert "namespace shop" in found.unmet[0].message


def test_of_several_listeners_the_nearest_reason_counts() -> None:
    """One listener has the name and not the host: that it is not the other one is no news."""
    parent = "{name: public, namespace: edge, sectionName: secure}"
    (found,) = status(SERVICES + gateway(HTTP, SECURE) + route("r", TO_CART, parent, hostnames="shop.example.org"))
    assert reasons(found)[0] == "NoMatchingListenerHostname"
    assert found.unmet[0].message.count("listener") == 1


def test_one_listener_that_takes_it_is_enough() -> None:
    (found,) = status(SERVICES + gateway(HTTP, SECURE) + route("r", TO_CART, PUBLIC, hostnames="shop.example.org"))
    assert found.listeners == ("web",)
    assert found.unmet == ()


@pytest.mark.parametrize(
    ("backend", "grant", "reason"),
    [
        ("{name: cart, port: 80}", "", "ResolvedRefs"),
        ("{name: ledger, namespace: pay, port: 80}", "", "RefNotPermitted"),
        ("{name: ledger, namespace: pay, port: 80}", GRANT, "ResolvedRefs"),
        ("{name: ledger, namespace: pay, port: 80}", GRANT.replace("HTTPRoute", "GRPCRoute"), "RefNotPermitted"),
        ("{name: gone, port: 80}", "", "BackendNotFound"),
        ("{name: gone, port: 80, weight: 0}, {name: cart, port: 80}", "", "ResolvedRefs"),
        ("{group: example.com, kind: Bucket, name: b}", "", "InvalidKind"),
        ("{name: cart}", "", "InvalidDestination"),
        ("{name: cart.shop.svc.cluster.local, port: 80}", "", "InvalidDestination"),
        ("{name: gone, port: 80}, {name: ledger, namespace: pay, port: 80}", "", "RefNotPermitted"),
    ],
)
def test_references_resolve_or_say_why_not(backend: str, grant: str, reason: str) -> None:
    """Of several that do not, the last one gives the reason; one that cannot be read at all comes first."""
    rules = f"[{{backendRefs: [{backend}]}}]"
    (found,) = status(SERVICES + grant + gateway(HTTP) + route("r", rules, PUBLIC))
    assert reasons(found) == ("Accepted", reason)


def test_a_route_of_a_service_needs_no_grant() -> None:
    rules = "[{backendRefs: [{name: ledger, namespace: pay, port: 80}]}]"
    (found,) = status(SERVICES + route("r", rules, to_service("cart")))
    assert reasons(found) == ("Accepted", "ResolvedRefs")


def test_mirrors_and_unknown_filters_count() -> None:
    mirror = "{type: RequestMirror, requestMirror: {backendRef: {name: gone, port: 80}}}"
    rules = f"[{{filters: [{mirror}], backendRefs: [{{name: cart, port: 80}}]}}]"
    (found,) = status(SERVICES + gateway(HTTP) + route("r", rules, PUBLIC))
    assert reasons(found)[1] == "BackendNotFound"
    odd = "[{filters: [{type: ExtensionRef, extensionRef: {group: a, kind: B, name: c}}]}]"
    (found,) = status(SERVICES + gateway(HTTP) + route("r", odd, PUBLIC))
    assert reasons(found)[1] == "InvalidFilter"


def test_nobody_answers_for_parents_that_are_not_istios() -> None:
    other, absent, odd = status(
        SERVICES
        + gateway(HTTP, class_name="other")
        + route("r", TO_CART, "{name: public, namespace: edge}, {name: publik}, {group: a, kind: Mesh, name: m}")
    )
    assert (other.conditions, absent.conditions, odd.conditions) == ((), (), ())
    assert "gatewayClassName" in other.unanswered
    assert "no such Gateway" in absent.unanswered


def test_a_parent_service_that_is_not_there_is_no_parent() -> None:
    (found,) = status(SERVICES + route("r", TO_CART, to_service("kart")))
    assert reasons(found)[0] == "NoMatchingParent"


@pytest.mark.parametrize(
    ("listener", "reason", "routes"),
    [
        (HTTP, "", 1),
        (HTTP.replace("protocol: HTTP", "protocol: UDP"), "UnsupportedProtocol", 0),
        (HTTP.replace("{from: All}", "{from: All}, kinds: [{kind: TCPRoute}]"), "InvalidRouteKinds", 0),
        (f"{SECURE}, tls: {{certificateRefs: [{{name: c, namespace: certs}}]}}", "RefNotPermitted", 1),
        (f"{SECURE}, tls: {{certificateRefs: [{{name: c}}]}}", "", 1),
    ],
)
def test_listeners_have_conditions_too(listener: str, reason: str, routes: int) -> None:
    mesh = simulator(SERVICES + gateway(listener) + route("r", TO_CART, PUBLIC, hostnames="shop.example.com"))
    statuses = mesh.index.derived(gateway_api_statuses).values()
    (found,) = listener_statuses(mesh.index.manifests, mesh.push_context.kubernetes_gateways, statuses)
    assert [condition.reason for condition in found.unmet] == ([reason] if reason else [])
    assert found.routes == routes


WORLD = (
    SERVICES.removeprefix("---\n")
    + service("web", "edge")
    + gateway(SECURE, HTTP.replace("80,", "80, hostname: '*.example.com',"))
    + route("r", TO_CART, PUBLIC, hostnames="shop.example.org")
    + route("good", TO_CART, PUBLIC, hostnames="shop.example.com")
)


def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What `route` prints."""
    file = tmp_path / "mesh.yaml"
    file.write_text(WORLD)
    assert main(["route", str(file), "--gateway", "edge/public", *arguments]) == 0
    return capsys.readouterr().out


def test_route_says_why_a_route_did_not_apply(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = asked(tmp_path, capsys, "--url", "http://shop.example.org/")
    assert "route     HTTPRoute shop/r" in out
    assert "Accepted is False at Gateway edge/public, NoMatchingListenerHostname: none of its hostnames matches" in out
    assert "good" not in out
    assert "Accepted is False" not in asked(tmp_path, capsys, "--url", "http://shop.example.com/")


def test_route_gives_the_conditions_as_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document: dict[str, Any] = json.loads(
        asked(tmp_path, capsys, "--url", "http://shop.example.org/", "--format", "json")
    )
    (found,) = document["routes"]
    assert (found["kind"], found["namespace"], found["name"]) == ("HTTPRoute", "shop", "r")
    (parent,) = found["parents"]
    accepted, resolved = parent["conditions"]
    assert (accepted["type"], accepted["status"], accepted["reason"]) == (
        "Accepted",
        "False",
        "NoMatchingListenerHostname",
    )
    assert resolved == {"type": "ResolvedRefs", "status": "True", "reason": "ResolvedRefs"}
    assert [each["attachedRoutes"] for each in document["listeners"]] == [1, 1]


def test_without_the_gateway_api_the_answer_is_as_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_text(service("cart").removeprefix("---\n"))
    assert main(["route", str(file), "--from", "shop", "--url", "http://cart/", "--format", "json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"version", "answers"}
