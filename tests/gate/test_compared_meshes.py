"""`diff` over meshes with gateways, Sidecars, headers, several services and ports: silent exactly where no outcome changes."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.route.mesh import destination_rule, service, virtual_service
from tests.route.test_callees import allow, operation, source
from tests.route.test_callers_and_callees import deployment

from sailwright.commands.diff.calls import call_changes
from sailwright.commands.diff.traffic import traffic_changes
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.world import World
from sailwright.route.callers import gateway_caller
from sailwright.route.request import Request
from sailwright.route.simulator import Simulator
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

NAMESPACES = "".join(
    f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{istio-injection: enabled}}}}\n"
    for name in ("shop", "edge")
)
BASE = (
    NAMESPACES
    + service("pay", "shop", "80", "8080", "5432/tcp", extra="  selector: {app: pay}\n")
    + service("cart", "edge", "80", extra="  selector: {app: cart}\n")
    + deployment("pay-v1", "shop", "app: pay, version: v1")
    + deployment("pay-v2", "shop", "app: pay, version: v2")
    + deployment("cart", "edge", "app: cart")
    + deployment("web", "edge", "app: web")
    + destination_rule("pay", "pay", "v1", "v2")
)
SERVERS = {
    "http": "{hosts: ['*'], port: {number: 80, name: http, protocol: HTTP}}",
    "redirect": "{hosts: ['*'], port: {number: 80, name: http, protocol: HTTP}, tls: {httpsRedirect: true}}",
    "other": "{hosts: ['api.example.com'], port: {number: 80, name: http, protocol: HTTP}}",
    "https": "{hosts: ['*'], port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: a}}",
    "tcp": "{hosts: ['*'], port: {number: 9000, name: tcp, protocol: TCP}}",
}


def gateway(*servers: str) -> str:
    """The Gateway edge/public."""
    written = ", ".join(SERVERS[name] for name in servers)
    return f"""---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: public, namespace: edge}}
spec: {{selector: {{istio: edge}}, servers: [{written}]}}
"""


def sidecar(hosts: str, selector: str = "", policy: str = "") -> str:
    """A Sidecar of namespace edge."""
    return f"""---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {{name: default, namespace: edge}}
spec: {{{selector} {policy} egress: [{{hosts: [{hosts}]}}]}}
"""


def world(text: str, declared: str = "") -> World:
    """The world of a text; `declared` are Gateways that others run, as sailwright.yaml declares them."""
    gateways = manifests(parse("sailwright.yaml", declared.encode())) if declared else ()
    names = tuple(f"{found.namespace}/{found.name}" for found in gateways)
    known = Known(hosts=(), gateways=names, declared_gateways=tuple(gateways))
    return World(manifests(parse("mesh.yaml", text.encode())), Facts(known=known))


def lines(before: World, after: World) -> list[str]:
    """The lines of the diff."""
    return [change.line for change in (*traffic_changes(before, after), *call_changes(before, after))]


FRONT = virtual_service(
    "front",
    "hosts: [shop.example.com]\ngateways: [edge/public]\nhttp: [{route: [{destination: {host: pay, port: {number: 80}, subset: %s}}]}]",
)


def test_routes_at_a_gateway_that_others_run() -> None:
    """As sailwright.yaml declares it; `known.gateways` is what both sides know."""
    before, after = (world(BASE + FRONT % subset, gateway("https")) for subset in ("v1", "v2"))
    assert lines(before, after) == [
        "from gateway edge/public: every request: pay.shop:80/v1 100 % -> pay.shop:80/v2 100 %"
    ]
    guarded = allow(source("namespaces: [shop]"))
    refused = lines(before, world(BASE + FRONT % "v1" + guarded, gateway("https")))
    assert [line for line in refused if "gateway" in line] == [
        "calls from gateway edge/public: 200 -> 403 by AuthorizationPolicy shop/pay"
    ]


def rule(match: str, to: str) -> str:
    """A rule of a VirtualService."""
    return f"{{match: [{{{match}}}], {to}}}" if match else f"{{{to}}}"


MATCHES = st.sampled_from(
    ["", "headers: {x-user: {exact: staff}}", "uri: {prefix: /api}", "port: 8080", "method: {exact: POST}"]
)
TARGETS = st.sampled_from(
    [
        *(
            f"route: [{{destination: {{host: pay.shop.svc.cluster.local, subset: {name}, port: {{number: 80}}}}}}]"
            for name in ("v1", "v2")
        ),
        "route: [{destination: {host: cart.edge.svc.cluster.local}}]",
        "redirect: {uri: /moved}",
        "directResponse: {status: 418}",
    ]
)
RULES = st.lists(st.builds(rule, MATCHES, TARGETS), min_size=1, max_size=3)
POLICIES = st.sampled_from(
    [
        "",
        allow(operation("ports: ['8080']"), "DENY"),
        allow(operation("methods: [POST]"), "DENY"),
        allow(source("namespaces: [edge]")),
        allow("{when: [{key: 'request.headers[x-user]', values: [staff]}]}", "DENY"),
    ]
)
SIDECARS = st.sampled_from(
    [
        "",
        sidecar("'*/*'"),
        sidecar("'./*'"),
        sidecar("'shop/*'"),
        sidecar("'./*'", "workloadSelector: {labels: {app: web}},"),
        sidecar("'*/*'", policy="outboundTrafficPolicy: {mode: REGISTRY_ONLY},"),
    ]
)
GATEWAYS = st.sampled_from([(), ("http",), ("http", "https"), ("redirect", "https"), ("other",), ("http", "tcp")])
BYTES = virtual_service(
    "bytes",
    "hosts: ['*']\ngateways: [edge/public]\ntcp: [{route: [{destination: {host: pay.shop.svc.cluster.local, port: {number: 5432}}}]}]",
)


def written(inner: list[str], outer: list[str], servers: tuple[str, ...], policy: str, narrowed: str) -> str:
    """A mesh with routes for sidecars and at a gateway, a policy, and a Sidecar."""
    return "".join(
        (
            BASE,
            virtual_service("inner", f"hosts: [pay.shop.svc.cluster.local]\nhttp: [{', '.join(inner)}]"),
            virtual_service("outer", f"hosts: [shop.example.com]\ngateways: [edge/public]\nhttp: [{', '.join(outer)}]"),
            gateway(*servers) if servers else "",
            BYTES if "tcp" in servers else "",
            policy,
            narrowed,
        )
    )


PARTS: tuple[st.SearchStrategy[Any], ...] = (RULES, RULES, GATEWAYS, POLICIES, SIDECARS)


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, str]:
    """A mesh, and what becomes of it where one part of it is written anew."""
    parts = [draw(part) for part in PARTS]
    position = draw(st.integers(0, len(PARTS) - 1))
    again = [*parts]
    again[position] = draw(PARTS[position])
    return written(*parts), written(*again)


def requests() -> Iterator[Request]:
    """Requests of every class to every host and port."""
    for host, port in (
        ("pay.shop.svc.cluster.local", 80),
        ("pay.shop.svc.cluster.local", 8080),
        ("cart.edge.svc.cluster.local", 80),
    ):
        for method in ("GET", "POST"):
            for path in ("/", "/api"):
                for headers in ({}, {"x-user": "staff"}):
                    yield Request(port, host, method, path, headers)
    yield Request(5432, "pay.shop.svc.cluster.local", scheme="tcp")
    yield Request(80, "unknown.invalid")


def answers(text: str, with_gateway: bool) -> Iterator[object]:
    """What every caller gets for each."""
    simulator = Simulator(world(text))
    web = (("app", "web"),)
    callers = (Caller("edge", web), Caller("edge"), Caller("shop"), Caller("elsewhere"))
    for caller in callers:
        yield from (noticed(simulator.answer(caller, request)) for request in requests())
    if with_gateway:
        caller = Caller("edge", (("istio", "edge"),), "edge/public")
        if simulator.push_context.has_gateway("edge/public"):
            caller = gateway_caller(simulator.push_context, "edge/public")
        for port, scheme in ((80, "http"), (443, "https")):
            for request in requests():
                asked = Request(port, "shop.example.com", request.method, request.path, request.headers, scheme)
                yield noticed(simulator.answer(caller, asked))
        yield noticed(simulator.answer(caller, Request(9000, "any.example.com", scheme="tcp")))


def noticed(answer: dict[str, Any]) -> object:
    """Where a request goes, and what becomes of it there."""
    shares: dict[object, Fraction] = {}
    for found in answer.get("destinations", ()):
        fate = found.get("refused", {}).get("status", 200)
        shares[found["host"], found["port"], found.get("subset"), fate] = Fraction(found["weight"])
    return answer["kind"], answer.get("status"), tuple(shares.items())


@settings(max_examples=80, deadline=None)
@given(changes())
def test_nothing_is_said_exactly_where_every_caller_gets_what_it_got(change: tuple[str, str]) -> None:
    """At gateways too, and for the callers of Sidecars."""
    before, after = change
    same = list(answers(before, with_gateway=True)) == list(answers(after, with_gateway=True))
    found = [line for line in lines(world(before), world(after)) if "not compared" not in line]
    assert (found == []) == same, found
