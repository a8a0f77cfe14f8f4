"""Settings and the protocol a port really gets: appProtocol, name, well-known number, else a guess."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sailwright.lint.rule import Problem
from sailwright.mesh.facts import Facts, Known

Ask = Callable[..., list[Problem]]


def service(ports: str, name: str = "orders", extra: str = "") -> str:
    """A Service with these ports."""
    return f"""
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec: {{{extra} selector: {{app: {name}}}, ports: [{ports}]}}
---"""


def policy(block: str, host: str = "orders", rest: str = "") -> str:
    """A DestinationRule with this traffic policy."""
    return f"""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {host.replace("*", "all")}, namespace: shop}}
spec: {{host: "{host}", trafficPolicy: {{{block}}}{rest}}}
---"""


def route(block: str, hosts: str = "[orders]", gateways: str = "[mesh]") -> str:
    """A VirtualService."""
    return f"""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: orders, namespace: shop}}
spec: {{hosts: {hosts}, gateways: {gateways}, {block}}}
---"""


HTTP_ROUTE = "http: [{route: [{destination: {host: orders}}]}]"
POOL = "connectionPool: {http: {maxRetries: 3}}"


@pytest.mark.parametrize(
    ("port", "protocol"),
    [
        ("{name: tcp, port: 9000}", "TCP"),
        ("{name: tcp-http, port: 9000}", "TCP"),
        ("{name: http, port: 9000, appProtocol: tcp}", "TCP"),  # appProtocol goes first
        ("{name: db, port: 3306}", "TCP"),  # a well-known port
        ("{name: mongo, port: 27018}", "Mongo"),
        ("{name: https, port: 443}", "HTTPS"),
        ("{name: tls-api, port: 443}", "TLS"),
        ("{name: http, port: 9000}", ""),
        ("{name: tcp, port: 9000, appProtocol: http}", ""),
        ("{name: web, port: 9000}", ""),  # guessed: it may be HTTP
        ("{name: mongodb, port: 9000}", ""),
        ("{port: 9000}", ""),
        ("{name: tcp, port: 9000}, {name: http, port: 80}", ""),  # it works for one of them
        ("{name: dns, port: 53, protocol: UDP}", ""),
    ],
)
def test_http_routes_need_a_port_that_may_be_http(ask: Ask, port: str, protocol: str) -> None:
    """The message names the effective protocol."""
    found = ask("http-route-ignored", service(port) + route(HTTP_ROUTE))
    assert [f"is {protocol}: " in problem.message for problem in found] == ([True] if protocol else [])


def test_a_port_match_narrows_what_is_read(ask: Ask) -> None:
    """The rule for the TCP port of a mixed service is the one that is ignored."""
    ports = service("{name: tcp, port: 9000}, {name: http, port: 80}")
    routes = route(
        "http: [{match: [{port: 9000}], route: [{destination: {host: orders}}]}, {route: [{destination: {host: orders}}]}]"
    )
    (problem,) = ask("http-route-ignored", ports + routes)
    assert problem.path == ("spec", "http", 0)


def test_all_hosts_have_to_be_known(ask: Ask) -> None:
    """A host outside of the repository may well be HTTP."""
    assert ask("http-route-ignored", service("{name: tcp, port: 9000}") + route(HTTP_ROUTE, "[orders, other]")) == []
    assert ask("http-route-ignored", service("{name: tcp, port: 9000}") + route(HTTP_ROUTE, '["*.shop.svc"]')) == []


GATEWAY = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 443, name: s, protocol: %s}, hosts: ["shop/orders.example.com"], tls: {mode: %s}}]
---"""


@pytest.mark.parametrize(
    ("protocol", "mode", "block"),
    [
        ("HTTPS", "SIMPLE", "http"),
        ("HTTPS", "PASSTHROUGH", "tls"),
        ("TLS", "PASSTHROUGH", "tls"),
        ("TLS", "SIMPLE", "tcp"),
        ("TLS", "MUTUAL", "tcp"),
        ("HTTPS", "ISTIO_MUTUAL", "http"),
    ],
)
def test_a_gateway_reads_by_protocol_and_tls_mode(ask: Ask, protocol: str, mode: str, block: str) -> None:
    """HTTPS is HTTP behind the server's certificate; passed through it is TLS."""
    text = GATEWAY % (protocol, mode)
    for name in ("http", "tcp", "tls"):
        match = "match: [{sniHosts: [orders.example.com]}], " if name == "tls" else ""
        rules = route(f"{name}: [{{{match}route: [{{destination: {{host: x}}}}]}}]", "[orders.example.com]", "[public]")
        assert bool(ask(f"{name}-route-ignored", text + rules)) is (name != block), name


def test_a_gateway_that_serves_other_namespaces_says_nothing(ask: Ask) -> None:
    """`books/...` is for VirtualServices of books only."""
    text = (GATEWAY % ("TLS", "PASSTHROUGH")).replace("shop/orders", "books/orders")
    assert ask("http-route-ignored", text + route(HTTP_ROUTE, "[orders.example.com]", "[public]")) == []


def test_policies_are_judged_by_the_ports_they_govern(ask: Ask) -> None:
    """A port level block is for its port; the top block is for those that have none."""
    ports = service("{name: tcp, port: 9000}, {name: http, port: 80}")
    assert ask("http-pool-on-tcp-port", ports + policy(POOL)) == []
    level = "portLevelSettings: [{port: {number: %s}, connectionPool: {http: {maxRetries: 3}}}]"
    assert len(ask("http-pool-on-tcp-port", ports + policy(level % 9000))) == 1
    assert ask("http-pool-on-tcp-port", ports + policy(level % 80)) == []
    covered = f"{POOL}, portLevelSettings: [{{port: {{number: 80}}, loadBalancer: {{simple: RANDOM}}}}]"
    assert len(ask("http-pool-on-tcp-port", ports + policy(covered))) == 1


def test_subset_policies_are_judged_too(ask: Ask) -> None:
    """Istio's own warnings stop at the top level."""
    subsets = f", subsets: [{{name: v1, labels: {{version: v1}}, trafficPolicy: {{{POOL}}}}}]"
    text = service("{name: tcp, port: 9000}") + policy("loadBalancer: {simple: RANDOM}", rest=subsets)
    (problem,) = ask("http-pool-on-tcp-port", text)
    assert problem.path[:3] == ("spec", "subsets", 0)


def test_wildcards_and_unknown_hosts_are_silent(ask: Ask) -> None:
    """Nobody knows which ports those have."""
    assert (
        ask("http-pool-on-tcp-port", service("{name: tcp, port: 9000}") + policy(POOL, "*.shop.svc.cluster.local"))
        == []
    )
    assert ask("http-pool-on-tcp-port", policy(POOL, "elsewhere")) == []


def test_service_entries_declare_by_exact_word(ask: Ask) -> None:
    """Neither the name nor the well-known port counts there."""
    entry = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec: {hosts: [db.example.com], resolution: DNS, addresses: [10.0.0.1], ports: [{number: 3306, name: mysql, protocol: %s}]}
---"""
    rule = policy(POOL, "db.example.com")
    assert len(ask("http-pool-on-tcp-port", entry % "mysql" + rule)) == 1
    assert len(ask("http-pool-on-tcp-port", entry % "TCP" + rule)) == 1
    assert ask("http-pool-on-tcp-port", entry % '""' + rule) == []
    assert len(ask("server-first-auto-detected", entry % '""')) == 1
    assert ask("server-first-auto-detected", entry % "TCP") == []


def test_a_headless_service_is_balanced_at_a_gateway_only(ask: Ask) -> None:
    """So a host that a gateway routes to keeps its settings."""
    text = service("{name: tcp, port: 9000}", extra="clusterIP: None,") + policy("loadBalancer: {simple: RANDOM}")
    assert len(ask("load-balancer-inert", text)) == 1
    assert ask("load-balancer-inert", text + route(HTTP_ROUTE, "[a.example.com]", "[public]")) == []
    assert ask("load-balancer-inert", text.replace("RANDOM", "PASSTHROUGH")) == []


@pytest.mark.parametrize(
    ("port", "speaks"),
    [
        ("{name: smtp, port: 587}", "SMTP"),
        ("{name: ftp-control, port: 2121}", "FTP"),
        ("{name: git, port: 22}", "SSH"),
        ("{name: mariadb, port: 13306}", "MySQL"),
        ("{name: smtp, port: 25}", ""),  # Istio takes 25 for TCP
        ("{name: mysql, port: 13306}", ""),  # declared
        ("{name: tcp-ssh, port: 22}", ""),
        ("{name: http, port: 22}", ""),
        ("{name: postgres, port: 5432}", ""),  # the client speaks first
    ],
)
def test_servers_that_speak_first_hang_on_a_guessed_port(ask: Ask, port: str, speaks: str) -> None:
    """The name or the number tells what is spoken there."""
    found = ask("server-first-auto-detected", service(port))
    assert [problem.message.split()[0] for problem in found] == ([speaks] if speaks else [])


def test_a_detection_timeout_ends_the_wait(ask: Ask) -> None:
    """protocolDetectionTimeout is 0 by default: for ever."""
    text = service("{name: ssh, port: 22}")
    assert ask("server-first-auto-detected", text, Facts(mesh_config={"protocolDetectionTimeout": "5s"})) == []
    assert len(ask("server-first-auto-detected", text, Facts(mesh_config={"protocolDetectionTimeout": "0s"}))) == 1


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("mongodb", "mongo"),
        ("kafka-broker", "tcp-kafka"),
        ("httpapi", "http-api"),
        ("http-api", ""),
        ("grpc-web", ""),
        ("mongo-main", ""),
        ("metrics", ""),
        ("tcpfoo", "tcp-foo"),
    ],
)
def test_names_that_look_like_a_protocol(ask: Ask, name: str, better: str) -> None:
    """The remedy is the name that Istio knows."""
    found = ask("port-name-misleads", service(f"{{name: {name}, port: 9999}}"))
    assert [problem.help for problem in found] == ([f"call the port {better}"] if better else [])


def test_ports_outside_the_mesh_may_be_called_anything(ask: Ask) -> None:
    """A Service whose pods surely have no sidecar is none of Istio's business."""
    pods = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec: {template: {metadata: {labels: {app: orders, sidecar.istio.io/inject: "false"}}}}
"""
    assert ask("port-name-misleads", service("{name: kafka, port: 9092}") + pods) == []


def test_tls_over_tls_is_fine_where_http_is_led_there(ask: Ask) -> None:
    """The application speaks HTTP to port 80, a route leads it to 443, and TLS is originated once."""
    entry = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: cnn, namespace: shop}
spec: {hosts: [edition.cnn.com], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: https, protocol: HTTPS}]}
---"""
    originate = policy("portLevelSettings: [{port: {number: 443}, tls: {mode: SIMPLE}}]", "edition.cnn.com")
    assert len(ask("tls-origination-over-tls", entry + originate)) == 1
    led = route(
        "http: [{match: [{port: 80}], route: [{destination: {host: edition.cnn.com, port: {number: 443}}}]}]",
        "[edition.cnn.com]",
    )
    assert ask("tls-origination-over-tls", entry + originate + led) == []


def test_unregistered_hosts_are_decided_by_declared_facts(ask: Ask) -> None:
    """Without `known.hosts` another repository may have the ServiceEntry."""
    text = route("tcp: [{route: [{destination: {host: orders}}]}]", "[db.legacy.example]")
    assert ask("mesh-host-unregistered", text) == []
    assert len(ask("mesh-host-unregistered", text, Facts(known=Known(hosts=())))) == 1
    assert ask("mesh-host-unregistered", text, Facts(known=Known(hosts=("*.legacy.example",)))) == []
    on_80 = route("http: [{route: [{destination: {host: orders}}]}]", "[db.legacy.example]")
    assert ask("mesh-host-unregistered", on_80, Facts(known=Known(hosts=()))) == []


def test_http2_settings_follow_the_upgrade(ask: Ask) -> None:
    """By declaration, by the policy, or by the mesh."""
    http = service("{name: http, port: 80}")
    streams = "connectionPool: {http: {maxConcurrentStreams: 10%s}}"
    assert len(ask("http2-setting-without-http2", http + policy(streams % ""))) == 1
    assert ask("http2-setting-without-http2", http + policy(streams % ", h2UpgradePolicy: UPGRADE")) == []
    assert (
        ask(
            "http2-setting-without-http2",
            http + policy(streams % ""),
            Facts(mesh_config={"h2UpgradePolicy": "UPGRADE"}),
        )
        == []
    )
    grpc = service("{name: grpc, port: 80}")
    assert ask("http2-setting-without-http2", grpc + policy(streams % "")) == []
    assert len(ask("http2-setting-without-http2", grpc + policy(streams % ", useClientProtocol: true"))) == 1


def test_a_target_port_is_no_service_port(ask: Ask) -> None:
    """The remedy names the port that was meant."""
    text = service("{name: http, port: 80, targetPort: 9080}")
    (problem,) = ask(
        "port-level-unknown-port", text + policy("portLevelSettings: [{port: {number: 9080}, tls: {mode: DISABLE}}]")
    )
    assert problem.help == "9080 is a targetPort: write the Service's port, 80"


def test_a_tunnel_is_read_where_the_route_looks(ask: Ask) -> None:
    """A single destination reads its subset's own, a split reads that of the DestinationRule."""
    tunnel = "tunnel: {protocol: CONNECT, targetHost: orders, targetPort: 443}"
    subset = ", subsets: [{name: v1, labels: {version: v1}%s}]"
    alone = route("tcp: [{route: [{destination: {host: orders, subset: v1}}]}]")
    split = route(
        "tcp: [{route: [{destination: {host: orders, subset: v1}, weight: 90}, {destination: {host: other}, weight: 10}]}]"
    )
    top = policy(tunnel, rest=subset % "")
    own = policy("loadBalancer: {simple: RANDOM}", rest=subset % f", trafficPolicy: {{{tunnel}}}")
    assert [bool(ask("tunnel-not-inherited", rule + routes)) for rule in (top, own) for routes in (alone, split)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_policy_for_the_tcp_port_of_a_mixed_workload(ask: Ask) -> None:
    """What a rule asks of requests is lost where the ports it names, those of the pod, are TCP."""
    text = (
        service("{name: http, port: 80, targetPort: 8080}, {name: tcp, port: 9000, targetPort: 9001}")
        + """
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec: {template: {metadata: {labels: {app: orders}}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: orders, namespace: shop}
spec: {selector: {matchLabels: {app: orders}}, action: DENY, rules: [{to: [{operation: {ports: [%s], methods: [POST]}}]}]}
"""
    )
    asked = {
        ports: bool(ask("authorization-http-attribute", text % ports))
        for ports in ('"9001"', '"8080"', '"9001", "8080"', "")
    }
    assert asked == {'"9001"': True, '"8080"': False, '"9001", "8080"': False, "": False}
    assert ask("authorization-http-attribute", text % '"9000"') == []  # no port of the pod


@pytest.mark.parametrize(
    ("spec", "ports", "found"),
    [
        ("accessLogging: [{filter: {expression: response.code >= 400}}]", "{name: tcp, port: 9000}", 1),
        (
            "accessLogging: [{filter: {expression: response.code >= 400}}]",
            "{name: tcp, port: 9000}, {name: http, port: 80}",
            0,
        ),
        (
            "accessLogging: [{filter: {expression: '!has(response.code) || response.code >= 400'}}]",
            "{name: tcp, port: 9000}",
            0,
        ),
        ("accessLogging: [{filter: {expression: connection.mtls}}]", "{name: tls, port: 443}", 0),
        (
            "metrics: [{overrides: [{tagOverrides: {host: {value: request.host}, pod: {value: 'xds.request.x'}}}]}]",
            "{name: tcp, port: 9000}",
            1,
        ),
    ],
)
def test_attributes_of_requests_need_requests(ask: Ask, spec: str, ports: str, found: int) -> None:
    """Filters and tags that ask for them get nothing where all ports are TCP; `has` takes care of both."""
    workload = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders, namespace: shop}\n"
    pods = "spec: {template: {metadata: {labels: {app: orders}}}}\n---\n"
    telemetry = "apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: {name: a, namespace: shop}\n"
    chosen = f"spec: {{selector: {{matchLabels: {{app: orders}}}}, {spec}}}\n"
    assert len(ask("telemetry-attribute-on-tcp", service(ports) + "\n" + workload + pods + telemetry + chosen)) == found
