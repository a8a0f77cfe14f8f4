"""A service whose words both APIs have: every request has the same outcome, whichever of them its routes are rendered for."""

import json
from dataclasses import replace
from typing import Any

import jsonschema_rs
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.render.project import compiled

from sailwright.commands.diff.traffic import traffic_changes
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.version_services import version_of
from sailwright.mesh.values.kinds import HTTP_ROUTE
from sailwright.mesh.world import World
from sailwright.route.callers import gateway_caller
from sailwright.route.request import Request
from sailwright.route.simulator import Simulator
from sailwright.validate.run import Settings, judge
from sailwright.validate.schemas.gateway_api import openapi_schema
from sailwright.workspace.parallel import render_alone
from sailwright.workspace.worlds import build_worlds

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["*.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
"""
BY_ISTIO = PROJECT + "known: {gateways: [{name: istio-ingress/public, port: 80, protocol: HTTP}]}\n"
BY_GATEWAY_API = (
    PROJECT
    + """\
routing: {api: gateway, channel: experimental}
gateway: {name: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
"""
)
OTHER = "name: orders\nnamespace: shop\nports: [{name: http, port: 80, appProtocol: http}]\nversions: [{name: v1, image: 'orders:1'}]\n"
RETRY_ON = "connect-failure,refused-stream,unavailable,cancelled"
VERSIONS = ("v1", "v2", "v3")

NAMED = st.sampled_from([{"exact": "a"}, {"prefix": "a"}, {"regex": "a|b"}, {}])
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "headers": st.dictionaries(st.sampled_from(["x-user", "x-group"]), NAMED, min_size=1, max_size=2),
        "queryParams": st.dictionaries(st.sampled_from(["q", "page"]), st.just({"exact": "a"}), min_size=1, max_size=1),
        "method": st.sampled_from([{"exact": "GET"}, {"exact": "POST"}]),
    },
)
PATHS = st.sampled_from(
    [
        [],
        [{"prefix": "/"}],
        [{"exact": "/a"}],
        [{"exact": "/a"}, {"exact": "/a/b"}],
        [{"exact": "/a"}, {"prefix": "/a/"}],
        [{"exact": "/a/b"}, {"prefix": "/a/b/"}],
        [{"regex": "/[ab]/.*"}],
    ]
)
HEADERS = st.sampled_from(
    [
        {"request": {"set": {"x-a": "1"}, "remove": ["x-b"]}},
        {"response": {"add": {"x-a": "1", "x-c": "2"}}},
        {"request": {"add": {"x-a": "1"}}, "response": {"remove": ["x-d"]}},
    ]
)
TARGET = st.sampled_from(
    [
        "v1",
        {"v1": 90, "v2": 10},
        [
            {"version": "v1", "weight": 50, "headers": {"request": {"set": {"x-v": "1"}}}},
            {"version": "v3", "weight": 50},
        ],
        [{"host": "orders", "weight": 30}, {"version": "v2", "weight": 70}],
        [{"host": "orders"}],
    ]
)
MIRROR = st.sampled_from([{"to": "v3"}, {"to": "v2", "percentage": 50}, {"host": "orders", "percentage": 0.5}])
RETRIES = st.sampled_from(
    [
        {"attempts": 3, "retryOn": RETRY_ON},
        {"attempts": 2, "retryOn": f"{RETRY_ON},503", "perTryTimeout": "1s"},
        {"attempts": 0},
        {"attempts": 2},
    ]
)
SETTINGS: dict[str, Any] = {
    "timeout": st.sampled_from(["5s", "1.5s", "2m"]),
    "retries": RETRIES,
    "headers": HEADERS,
    "mirror": MIRROR,
    "rewrite": st.sampled_from([{"authority": "other.example.com"}]),
}
PATTERNS = "if there are any: patterns overlap"
"""What a diff adds where it cannot say whether two patterns are one, as that of `prefix: a` for a header."""
REWRITES = {"exact": ["/new", "/", "/new/"], "prefix": ["/new/", "/"]}
"""What a path may become, by the kind of the last match."""


@st.composite
def routes(draw: st.DrawFn) -> dict[str, Any]:
    """A route: matches of one path or two, and what becomes of the requests."""
    paths: list[dict[str, str]] = draw(PATHS)
    conditions = draw(CONDITIONS)
    blocks = [{"uri": path, **conditions} for path in paths] or ([conditions] if conditions else [])
    action = draw(st.sampled_from(["to", "to", "to", "redirect"]))
    route: dict[str, Any] = {"match": blocks} if blocks else {}
    if action == "redirect":
        return {
            **route,
            "redirect": draw(
                st.sampled_from(
                    [
                        {"uri": "/new"},
                        {"authority": "new.example.com"},
                        {"scheme": "https", "redirectCode": 302},
                        {"uri": "/x", "port": 8443, "redirectCode": 308},
                    ]
                )
            ),
        }
    route |= {"to": draw(TARGET), **draw(st.fixed_dictionaries({}, optional=SETTINGS))}
    rewritten: bool = draw(st.booleans())
    if paths and rewritten and (new := REWRITES.get(next(iter(paths[-1])))):
        route["rewrite"] = {**route.get("rewrite", {}), "uri": draw(st.sampled_from(new))}
        if paths == [{"prefix": "/"}]:
            route["rewrite"]["uri"] = "/"
    return route


@st.composite
def services(draw: st.DrawFn) -> dict[str, Any]:
    """The service shop/cart."""
    weights = draw(st.sampled_from([(100, 0, 0), (80, 20, 0), (1, 1, 98)]))
    several = [{"name": "http", "port": 80, "appProtocol": "http"}, {"name": "rpc", "port": 90, "appProtocol": "grpc"}]
    value = {
        "apiVersion": "sailwright/v1alpha1",
        "name": "cart",
        "namespace": "shop",
        "ports": draw(st.sampled_from([several[:1], several, [{"name": "rpc", "port": 90, "appProtocol": "grpc"}]])),
        "versions": [
            {"name": name, "image": "cart:1", "weight": weight} for name, weight in zip(VERSIONS, weights, strict=True)
        ],
        "routes": draw(st.lists(routes(), max_size=4)),
        **draw(
            st.fixed_dictionaries(
                {}, optional={key: SETTINGS[key] for key in ("timeout", "retries", "headers", "mirror")}
            )
        ),
    }
    if draw(st.booleans()):
        value["expose"] = {"hosts": ["cart.example.com"], "gateways": ["istio-ingress/public"]}
    return value


REQUESTS = st.builds(
    Request,
    port=st.sampled_from([80, 90]),
    authority=st.sampled_from(["cart", "cart.shop"]),
    path=st.sampled_from(["/", "/a", "/ab", "/a/", "/a/b", "/a/b/c", "/b/x?q=a", "/a?page=a&q=b", "/a/b?q=a"]),
    headers=st.dictionaries(
        st.sampled_from(["x-user", "x-group", "x-b"]), st.sampled_from(["a", "b", "ac"]), max_size=2
    ),
    method=st.sampled_from(["GET", "POST", "PUT"]),
)


def world(service: dict[str, Any], project: str) -> World | None:
    """The project with this service; None where the Gateway API would try its routes in another order."""
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in service.items() if key != "apiVersion")
    worlds = build_worlds(render_alone(compiled(text, OTHER, project=project)))
    errors = [finding for finding in worlds.findings if finding.severity == "error"]
    assert {finding.rule for finding in errors} <= {"gateway-api-order"}, errors
    return None if errors else worlds.worlds[0]


def told(simulator: Simulator, caller: Caller, request: Request) -> dict[str, Any]:
    """An answer, with versions in place of subsets and of the Services that stand for them."""
    answer = json.loads(json.dumps(simulator.answer(caller, request)))
    for found in (*answer.get("destinations", ()), *answer.get("mirrors", ())):
        if version := version_of(simulator.push_context, found["host"]):
            found |= {"host": version[0], "subset": version[1]}
    if retries := answer.get("retries"):
        retries["on"] = (
            retries["on"] if retries.get("statusCodes") else retries["on"].replace(",retriable-status-codes", "")
        )
    shares: dict[str, int] = {}
    for found in answer.pop("destinations", ()):
        key = f"{found['host']}:{found['port']}/{found.get('subset', '')}"
        shares[key] = shares.get(key, 0) + found["weight"]
    for key in ("name", "virtualService"):
        answer.pop(key, None)
    return {**answer, "shares": shares}


@settings(max_examples=60)
@given(service=services(), asked=st.lists(REQUESTS, min_size=3, max_size=6))
def test_a_request_has_the_same_outcome(service: dict[str, Any], asked: list[Request]) -> None:
    before, after = world(service, BY_ISTIO), world(service, BY_GATEWAY_API)
    assume(after is not None)
    assert before
    assert after
    if "expose" not in service:
        lines = [change.line for change in traffic_changes(before, after)]
        assert [line for line in lines if PATTERNS not in line] == []
    by_istio, by_gateway_api = Simulator(before), Simulator(after)
    pay = Caller("pay", (("app", "client"),))
    for request in asked:
        assert told(by_gateway_api, pay, request) == told(by_istio, pay, request)
        outside = replace(request, port=80, authority="cart.example.com")
        if "expose" in service:
            answers = [
                told(side, gateway_caller(side.push_context, "istio-ingress/public"), outside)
                for side in (by_gateway_api, by_istio)
            ]
            assert answers[0] == answers[1]


BUNDLES = {"1.24.6": "1.2.1", "1.26.8": "1.3.0", "1.28.10": "1.4.1", "1.31.0": "1.6.3"}
"""For a release of Istio, the named bundle whose standard channel has the same HTTPRoute as the one it is built with."""


@settings(max_examples=40)
@given(service=services(), istio=st.sampled_from(sorted(BUNDLES)))
def test_what_is_rendered_is_valid_and_accepted(service: dict[str, Any], istio: str) -> None:
    """By the schema of the bundle that the Istio release is built with, by its rules, and by the model of Istio's controller."""
    project = BY_GATEWAY_API.replace("1.31.0", istio).replace(", channel: experimental", "")
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in service.items() if key != "apiVersion")
    worlds = build_worlds(render_alone(compiled(text, OTHER, project=project)))
    errors = {finding.rule for finding in worlds.findings if finding.severity == "error"}
    assert errors <= {"gateway-api-order", "gateway-api-word"}
    assume(not errors)
    world = worlds.worlds[0]
    routes = [found for found in world.manifests if found.kind == "HTTPRoute"]
    validator = jsonschema_rs.validator_for(openapi_schema("HTTPRoute", "v1", f"{BUNDLES[istio]} standard"))
    for route in routes:
        assert list(validator.iter_errors(route.value)) == []
        assert unknown(openapi_schema("HTTPRoute", "v1", f"{BUNDLES[istio]} standard"), route.value) == []
    values = [found.value for found in world.manifests if found.api_version.startswith("gateway.networking")]
    assert not any(problems for problems in judge(values, Settings(istio=istio)))
    simulator = Simulator(world)
    taken = {found.name for found in simulator.push_context.virtual_services if found.gateway_api}
    assert {
        found.value["metadata"]["name"] for found in world.manifests if found.kind in ("HTTPRoute", "GRPCRoute")
    } <= taken
    for port in (80, 90):
        answer = simulator.answer(Caller("pay"), Request(port, "cart", "GET", "/", {}))
        assert not any(found.get("unknown") or found.get("invalid") for found in answer.get("destinations", ()))


def unknown(schema: dict[str, Any], value: Any, at: str = "") -> list[str]:
    """The fields that a schema of a CustomResourceDefinition does not have."""
    if isinstance(value, list):
        return [found for item in value for found in unknown(schema.get("items", {}), item, at)]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    known = schema["properties"]
    return [
        found
        for key, item in value.items()
        for found in (unknown(known[key], item, f"{at}.{key}") if key in known else [f"{at}.{key}"])
    ]


def test_more_rules_than_a_route_takes_are_several_routes() -> None:
    """Forty paths, the default last: 16 rules at most in each object, and every request goes where it went."""
    service = {
        "name": "cart",
        "namespace": "shop",
        "ports": [{"name": "http", "port": 80, "appProtocol": "http"}],
        "versions": [{"name": "v1", "image": "cart:1", "weight": 100}, {"name": "v2", "image": "cart:1", "weight": 0}],
        "routes": [{"match": [{"uri": {"exact": f"/{number}"}}], "to": "v2"} for number in range(40)],
    }
    before, after = world(service, BY_ISTIO), world(service, BY_GATEWAY_API)
    assert before
    assert after
    by_istio, by_gateway_api = Simulator(before), Simulator(after)
    names = [found.name for found in by_gateway_api.index.of(HTTP_ROUTE)]
    assert names == ["cart", "cart-02", "cart-03"]
    for path in ("/0", "/16", "/39", "/40"):
        request = Request(80, "cart", path=path)
        assert told(by_gateway_api, Caller("pay"), request) == told(by_istio, Caller("pay"), request)
