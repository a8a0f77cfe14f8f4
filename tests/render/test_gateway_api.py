"""Routes as objects of the Gateway API: what each word becomes, what none exists for, and the project's own Gateway."""

from textwrap import dedent
from typing import Any

import pytest
from tests.render.project import ONE, PROJECT, TWO, objects, told

from sailwright.mesh.values.gateway_api import WORDS, bundle_of, has
from sailwright.mesh.values.releases import LINES
from sailwright.validate.schemas.gateway_api import bundles, openapi_schema, versions

GATEWAY = PROJECT + "routing: {api: gateway}\n"
EXPERIMENTAL = PROJECT + "routing: {api: gateway, channel: experimental}\n"
SERVICE = {"group": "", "kind": "Service", "name": "cart"}
V1, V2 = {"name": "cart-v1", "port": 8080}, {"name": "cart-v2", "port": 8080}
DEFAULT = {"name": "default", "backendRefs": [{**V1, "weight": 80}, {**V2, "weight": 20}]}


def spec(text: str, kind: str = "HTTPRoute", name: str = "cart", project: str = EXPERIMENTAL) -> dict[str, Any]:
    found: dict[str, Any] = objects(TWO + dedent(text), project=project)[f"{kind}/{name}"]["spec"]
    return found


def rule(text: str, project: str = EXPERIMENTAL) -> dict[str, Any]:
    """The first rule of a service with one route; the route's other keys as flow YAML."""
    found: dict[str, Any] = spec(f"routes: [{{name: first, {text}}}]\n", project=project)["rules"][0]
    return found


def wrong(text: str, project: str = GATEWAY, base: str = TWO) -> list[str]:
    """What the Gateway API has no word for, as PATH: MESSAGE."""
    found = [each for each in told(base + dedent(text), project=project) if each.rule.startswith("gateway-api")]
    return [f"{'.'.join(map(str, each.path))}: {each.message}" for each in found]


def test_each_version_has_a_service_and_the_route_its_weights() -> None:
    found = objects(TWO, project=GATEWAY)
    assert "VirtualService/cart" not in found
    assert found["HTTPRoute/cart"]["spec"] == {"parentRefs": [SERVICE], "rules": [DEFAULT]}
    assert found["Service/cart-v2"]["spec"] == {
        "selector": {"app": "cart", "version": "v2"},
        "ports": [{"name": "http", "port": 8080, "targetPort": 8080, "appProtocol": "http"}],
    }
    assert found["Service/cart"]["spec"]["selector"] == {"app": "cart"}
    assert list(found)[-1] == "HTTPRoute/cart"
    assert "argocd.argoproj.io/sync-wave" not in found["HTTPRoute/cart"]["metadata"]["annotations"]


def test_without_routes_there_is_no_route() -> None:
    assert list(objects(ONE, project=GATEWAY)) == list(objects(ONE))


def test_one_version_is_its_own_backend() -> None:
    found = objects(ONE + "timeout: 3s\n", project=GATEWAY)
    assert found["HTTPRoute/cart"]["spec"]["rules"] == [
        {"name": "default", "timeouts": {"request": "3s"}, "backendRefs": [{"name": "cart", "port": 8080}]}
    ]
    assert [key for key in found if key.startswith("Service/")] == ["Service/cart"]


def test_what_callers_are_to_do_stands_in_destination_rules_of_the_versions() -> None:
    """A version's own fields win over the service's, those of a port too, as they do in a subset."""
    text = """
    trafficPolicy: {loadBalancer: LEAST_REQUEST, outlierDetection: {consecutive5xxErrors: 5}, portLevelSettings: [{port: {number: 8080}, connectionPool: {tcp: {maxConnections: 9}}}]}
    """
    one = TWO.replace("{name: v1, ", "{name: v1, trafficPolicy: {loadBalancer: RANDOM}, ")
    found = objects(one + dedent(text), project=GATEWAY)
    general, own = found["DestinationRule/cart"]["spec"], found["DestinationRule/cart-v1"]["spec"]
    assert general["host"] == "cart.shop.svc.cluster.local"
    assert "subsets" not in general
    assert found["DestinationRule/cart-v2"]["spec"]["trafficPolicy"] == general["trafficPolicy"]
    assert own == {
        "host": "cart-v1.shop.svc.cluster.local",
        "trafficPolicy": {
            "loadBalancer": {"simple": "RANDOM"},
            "outlierDetection": {"consecutive5xxErrors": 5},
            "portLevelSettings": [
                {
                    "port": {"number": 8080},
                    "connectionPool": {"tcp": {"maxConnections": 9}},
                    "loadBalancer": {"simple": "RANDOM"},
                }
            ],
        },
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("match: [{uri: {exact: /a}}], to: v1", [{"path": {"type": "Exact", "value": "/a"}}]),
        (
            "match: [{uri: {exact: /a}}, {uri: {prefix: /a/}}], to: v1",
            [{"path": {"type": "PathPrefix", "value": "/a"}}],
        ),
        ("match: [{method: {exact: GET}}], to: v1", [{"method": "GET"}]),
        ("match: [{headers: {x-a: {exact: b}}}], to: v1", [{"headers": [{"name": "x-a", "value": "b"}]}]),
        (
            "match: [{headers: {x-a: {prefix: b.c}}}], to: v1",
            [{"headers": [{"type": "RegularExpression", "name": "x-a", "value": r"b\.c.*"}]}],
        ),
        (
            "match: [{headers: {x-a: {}}}], to: v1",
            [{"headers": [{"type": "RegularExpression", "name": "x-a", "value": ".*"}]}],
        ),
        ("match: [{queryParams: {q: {exact: '1'}}}], to: v1", [{"queryParams": [{"name": "q", "value": "1"}]}]),
    ],
)
def test_conditions(written: str, expected: list[dict[str, Any]]) -> None:
    assert rule(written) == {"name": "first", "matches": expected, "backendRefs": [V1]}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("to: v1, timeout: 1.5s", {"timeouts": {"request": "1s500ms"}}),
        (
            "to: v1, retries: {attempts: 3, perTryTimeout: 1s, retryOn: 'cancelled,connect-failure,refused-stream,unavailable,503'}",
            {"timeouts": {"backendRequest": "1s"}, "retry": {"codes": [503], "attempts": 3}},
        ),
        ("to: v1, retries: {attempts: 0}", {"retry": {"attempts": 0}}),
        (
            "to: v1, headers: {request: {set: {x-a: b}}, response: {remove: [x-c]}}",
            {
                "filters": [
                    {
                        "type": "RequestHeaderModifier",
                        "requestHeaderModifier": {"set": [{"name": "x-a", "value": "b"}]},
                    },
                    {"type": "ResponseHeaderModifier", "responseHeaderModifier": {"remove": ["x-c"]}},
                ]
            },
        ),
        (
            "to: v1, mirror: {to: v2, percentage: 12.5}",
            {
                "filters": [
                    {
                        "type": "RequestMirror",
                        "requestMirror": {"backendRef": V2, "fraction": {"numerator": 1, "denominator": 8}},
                    }
                ]
            },
        ),
        (
            "to: v1, rewrite: {authority: other.example.com}",
            {"filters": [{"type": "URLRewrite", "urlRewrite": {"hostname": "other.example.com"}}]},
        ),
    ],
)
def test_settings(written: str, expected: dict[str, Any]) -> None:
    assert rule(written) == {"name": "first", **expected, "backendRefs": [V1]}


def test_a_redirect_says_its_code_and_its_port() -> None:
    """Without them an HTTPRoute redirects with 302, and to the port of the listener."""
    assert rule("match: [{uri: {exact: /old}}], redirect: {uri: /new}") == {
        "name": "first",
        "matches": [{"path": {"type": "Exact", "value": "/old"}}],
        "filters": [
            {
                "type": "RequestRedirect",
                "requestRedirect": {
                    "path": {"type": "ReplaceFullPath", "replaceFullPath": "/new"},
                    "scheme": "http",
                    "statusCode": 301,
                },
            }
        ],
    }


def test_a_rewritten_path_is_a_rule_for_each_match() -> None:
    text = "routes: [{name: api, match: [{uri: {exact: /api}}, {uri: {prefix: /api/}}], to: v1, rewrite: {uri: /}}]\n"
    first, second, _ = spec(text)["rules"]
    assert [each["filters"][0]["urlRewrite"]["path"] for each in (first, second)] == [
        {"type": "ReplaceFullPath", "replaceFullPath": "/"},
        {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"},
    ]
    assert (first["name"], second["name"]) == ("api", "api-2")


def test_hosts_at_a_gateway_are_one_more_parent() -> None:
    found = spec("expose: {hosts: [Cart.example.com], gateways: [{name: edge/public, sectionName: https}]}\n")
    assert found["parentRefs"] == [
        SERVICE,
        {
            "group": "gateway.networking.k8s.io",
            "kind": "Gateway",
            "name": "public",
            "namespace": "edge",
            "sectionName": "https",
        },
    ]
    assert found["hostnames"] == ["cart.example.com"]


def test_what_holds_at_the_gateway_alone_is_a_route_of_its_own() -> None:
    text = """
    expose: {hosts: [cart.example.com], gateways: [edge/public]}
    routes: [{name: old, match: [{uri: {exact: /old}, gateways: [edge/public]}], redirect: {uri: /new, scheme: https}}]
    """
    found = objects(TWO + dedent(text), project=GATEWAY)
    assert found["HTTPRoute/cart"]["spec"] == {"parentRefs": [SERVICE], "rules": [DEFAULT]}
    outside = found["HTTPRoute/cart-public"]["spec"]
    assert outside["hostnames"] == ["cart.example.com"]
    assert [each["name"] for each in outside["rules"]] == ["old", "default"]


def test_each_port_has_a_route_of_its_own_by_its_protocol() -> None:
    ports = "[{name: http, port: 80, appProtocol: http}, {name: rpc, port: 90, appProtocol: grpc}, {name: db, port: 5432, appProtocol: tcp}]"
    text = TWO.replace("[{name: http, port: 8080, appProtocol: http}]", ports)
    text += "routes: [{name: staff, match: [{uri: {exact: /shop.Cart/Get}}, {uri: {prefix: /shop.Admin/}}], to: v2}]\n"
    with_http = objects(text, project=EXPERIMENTAL)
    assert with_http["GRPCRoute/cart-90"]["spec"]["parentRefs"] == [{**SERVICE, "port": 90}]
    assert with_http["GRPCRoute/cart-90"]["spec"]["rules"][0]["matches"] == [
        {"method": {"service": "shop.Cart", "method": "Get"}},
        {"method": {"service": "shop.Admin"}},
    ]
    assert with_http["HTTPRoute/cart-80"]["spec"]["parentRefs"] == [{**SERVICE, "port": 80}]
    tcp = with_http["TCPRoute/cart-5432"]
    assert tcp["apiVersion"] == "gateway.networking.k8s.io/v1alpha2"
    assert tcp["spec"]["rules"] == [
        {
            "backendRefs": [
                {"name": "cart-v1", "port": 5432, "weight": 80},
                {"name": "cart-v2", "port": 5432, "weight": 20},
            ]
        }
    ]


def test_a_timeout_makes_the_route_of_a_grpc_port_an_http_route() -> None:
    text = TWO.replace("appProtocol: http", "appProtocol: grpc")
    assert "GRPCRoute/cart" in objects(text, project=GATEWAY)
    assert "HTTPRoute/cart" in objects(text + "timeout: 3s\n", project=GATEWAY)


def test_weights_of_tls_are_a_tls_route_for_the_full_name() -> None:
    text = TWO.replace("appProtocol: http", "appProtocol: tls")
    found = objects(text, project=GATEWAY)["TLSRoute/cart"]
    assert found["apiVersion"] == "gateway.networking.k8s.io/v1"
    assert found["spec"]["hostnames"] == ["cart.shop.svc.cluster.local"]
    assert wrong("", base=text) == [
        "versions.0.weight: the Gateway API knows the Service by `cart.shop.svc.cluster.local` alone: TLS clients that dial `cart` are refused"
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("fault: {abort: {httpStatus: 500, percentage: {value: 1}}}", "fault"),
        ("corsPolicy: {allowOrigins: [{exact: 'https://example.com'}]}", "corsPolicy"),
        ("routes: [{name: a, match: [{uri: {exact: /a}}], directResponse: {status: 200}}]", "routes.0.directResponse"),
        ("routes: [{name: a, match: [{uri: {exact: /a}}], delegate: {name: other}}]", "routes.0.delegate"),
        ("routes: [{name: a, match: [{sourceLabels: {app: b}}], to: v1}]", "routes.0.match.0.sourceLabels"),
        ("routes: [{name: a, match: [{withoutHeaders: {x-a: {}}}], to: v1}]", "routes.0.match.0.withoutHeaders"),
        ("routes: [{name: a, match: [{authority: {exact: a.example.com}}], to: v1}]", "routes.0.match.0.authority"),
        ("routes: [{name: a, match: [{method: {regex: 'GET|PUT'}}], to: v1}]", "routes.0.match.0.method"),
        ("routes: [{name: a, match: [{uri: {exact: //a}}], to: v1}]", "routes.0.match.0.uri.exact"),
        (
            "routes: [{name: a, match: [{uri: {exact: /a}, ignoreUriCase: true}], to: v1}]",
            "routes.0.match.0.ignoreUriCase",
        ),
        ("routes: [{name: a, to: [{host: api.example.com, port: 443}]}]", "routes.0.to.0.host"),
        ("routes: [{name: a, to: [{host: orders, subset: v1}]}]", "routes.0.to.0.host"),
        ("rewrite: {uri: /new}", "rewrite.uri"),
        ("rewrite: {uriRegexRewrite: {match: /a, rewrite: /b}}", "rewrite.uriRegexRewrite"),
        ("routes: [{name: a, match: [{uri: {prefix: /api}}], to: v1, rewrite: {uri: /}}]", "routes.0.rewrite.uri"),
        ("retries: {attempts: 2, retryOn: 5xx}", "retries.retryOn"),
        ("retries: {attempts: 2}", "retries"),
        ("exportTo: ['.']", "exportTo"),
        ("headers: {request: {set: {':authority': a}}}", "headers.request.set.:authority"),
        (
            "routes: [{name: a, match: [{uri: {exact: /a}}], redirect: {uri: /b, redirectCode: 304}}]",
            "routes.0.redirect.redirectCode",
        ),
    ],
)
def test_what_the_gateway_api_cannot_say_is_an_error_at_its_line(text: str, path: str) -> None:
    errors = [each for each in wrong(text) if "compares whole segments" not in each]
    assert [each.partition(":")[0] for each in errors if each.startswith(path)]
    assert all(
        "routing: {api: istio}" in each.help
        for each in told(TWO + text, project=GATEWAY)
        if each.rule == "gateway-api-word"
    )


@pytest.mark.parametrize(
    ("text", "project", "expected"),
    [
        (
            "retries: {attempts: 0}",
            GATEWAY,
            "1.5, which Istio 1.31.0 reads, has retries in its experimental channel only",
        ),
        (
            "mirror: {to: v2, percentage: 5}",
            GATEWAY.replace("1.31.0", "1.25.5"),
            "experimental channel only (from 1.3 on",
        ),
        (
            "routes: [{name: a, redirect: {uri: /b, redirectCode: 308}}]",
            EXPERIMENTAL.replace("1.31.0", "1.28.10"),
            "1.4, which Istio 1.28.10 reads, has no code 308",
        ),
    ],
)
def test_a_word_that_the_release_lacks(text: str, project: str, expected: str) -> None:
    assert any(expected in each for each in wrong(text, project))


def test_a_prefix_that_is_no_whole_segment_is_told() -> None:
    text = "routes: [{name: a, match: [{uri: {prefix: /login}}], to: v2}]"
    assert wrong(text) == [
        "routes.0.match.0.uri.prefix: the Gateway API compares whole segments of the path: `/login` does not take `/loginx`, as `prefix: /login` does"
    ]
    assert wrong("routes: [{name: a, match: [{uri: {exact: /login}}, {uri: {prefix: /login/}}], to: v2}]") == []
    assert wrong("routes: [{name: a, match: [{uri: {prefix: /}}], to: v2}]") == []


def test_a_version_whose_service_would_have_too_long_a_name() -> None:
    """A Service's name has 63 characters at most."""
    assert wrong("", base=TWO.replace("name: cart", f"name: {'c' * 60}")) == []
    found = wrong("", base=TWO.replace("name: cart", f"name: {'c' * 61}"))
    assert [each.partition(":")[0] for each in found] == ["versions.0.name", "versions.1.name"]


ORDER = "routes: [{{name: one, match: [{}], to: v1}}, {{name: two, match: [{}], to: v2}}]"


@pytest.mark.parametrize(
    ("one", "two", "moves"),
    [
        ("{headers: {x-a: {exact: b}}}", "{uri: {exact: /a}}", True),
        ("{uri: {exact: /a}}", "{headers: {x-a: {exact: b}}}", False),
        ("{headers: {x-a: {exact: b}}}", "{headers: {x-a: {exact: c}, x-b: {exact: d}}}", False),
        ("{headers: {x-a: {exact: b}}}", "{headers: {x-a: {exact: b}, x-b: {exact: d}}}", True),
        ("{method: {exact: GET}}", "{method: {exact: PUT}, headers: {x-a: {exact: b}}}", False),
        ("{uri: {exact: /a}}", "{uri: {exact: /abc}}", False),
        ("{uri: {regex: '/a.*'}}", "{uri: {exact: /b}}", True),
    ],
)
def test_routes_that_the_gateway_api_tries_in_another_order(one: str, two: str, moves: bool) -> None:
    """An error where a request may match both, and none where no request does."""
    found = wrong(ORDER.format(one, two))
    assert any("comes before `two` here" in each for each in found) == moves


def test_the_same_answer_in_another_order_is_no_matter() -> None:
    text = ORDER.format("{headers: {x-a: {exact: b}}}", "{uri: {exact: /a}}").replace("to: v2", "to: v1")
    assert wrong(text) == []


LAYERS = """\
apiVersion: sailwright/v1alpha1
services: ["*.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
"""


@pytest.mark.parametrize(
    ("project", "service", "kind"),
    [
        ("routing: {api: gateway}", "", "HTTPRoute"),
        ("routing: {api: gateway}\nnamespaces: {shop: {routing: {api: istio}}}", "", "VirtualService"),
        ("namespaces: {shop: {routing: {api: gateway}}}", "", "HTTPRoute"),
        ("environments: {prod: {routing: {api: gateway}}}", "", "HTTPRoute"),
        (
            "environments: {prod: {routing: {api: gateway}, clusters: {eu: {routing: {api: istio}}}}}",
            "",
            "VirtualService",
        ),
        ("routing: {api: gateway}", "routing: {api: istio}", "VirtualService"),
        ("environments: {prod: {}}", "environments: {prod: {routing: {api: gateway}}}", "HTTPRoute"),
        ("namespaces: {shop: {routing: {api: gateway}}}", "routing: {channel: experimental}", "HTTPRoute"),
    ],
)
def test_the_closest_word_counts(project: str, service: str, kind: str) -> None:
    """Service > namespace > cluster > environment > project."""
    found = objects(f"{TWO}{service}\n", project=f"{LAYERS}{project}\n")
    assert [key.partition("/")[0] for key in found if key.startswith(("HTTPRoute", "VirtualService"))] == [kind]


def test_a_virtual_service_is_bound_to_whole_gateways() -> None:
    text = "expose: {hosts: [a.example.com], gateways: [{name: edge/public, sectionName: https}]}"
    assert wrong(text, PROJECT) == [
        "expose.gateways.0.sectionName: a VirtualService is bound to a whole Gateway: it has no `sectionName`"
    ]


ELSEWHERE = "name: orders\nnamespace: pay\nports: [{name: http, port: 81, appProtocol: http}]\nversions: [{name: v1, image: 'o:1'}]\n"
TO_PAY = "routes: [{name: pay, match: [{uri: {exact: /pay}}], to: [{host: orders.pay}]}]\n"


def test_a_service_of_another_namespace_is_a_backend_as_it_is_a_destination() -> None:
    found = objects(TWO + TO_PAY, ELSEWHERE, project=GATEWAY)["HTTPRoute/cart"]["spec"]["rules"][0]
    assert found["backendRefs"] == [{"name": "orders", "namespace": "pay", "port": 81}]


def test_a_patch_may_not_add_such_a_backend() -> None:
    add = "{op: add, path: /spec/rules/0/backendRefs/0/namespace, value: pay}"
    text = f"{TWO}patches: [{{target: {{kind: HTTPRoute}}, patch: [{add}]}}]\n"
    assert [each.rule for each in told(text, ELSEWHERE, project=GATEWAY)] == ["patch-privilege"]


OWN = GATEWAY + "gateway: {listeners: [{name: http, port: 80, protocol: HTTP}]}\n"
EXPOSED = "expose: {hosts: [cart.example.com], gateways: [istio-ingress/gateway]}\n"


def test_the_projects_own_gateway_takes_the_routes_of_the_namespaces_that_name_it() -> None:
    found = objects(TWO + EXPOSED, project=OWN)["Gateway/gateway"]
    assert found["metadata"]["namespace"] == "istio-ingress"
    expression = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["shop"]}
    assert found["spec"] == {
        "gatewayClassName": "istio",
        "listeners": [
            {
                "name": "http",
                "port": 80,
                "protocol": "HTTP",
                "allowedRoutes": {"namespaces": {"from": "Selector", "selector": {"matchExpressions": [expression]}}},
            }
        ],
    }


def test_a_listener_that_says_its_routes_keeps_them() -> None:
    project = OWN.replace("protocol: HTTP}", "protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}")
    listeners = objects(TWO + EXPOSED, project=project)["Gateway/gateway"]["spec"]["listeners"]
    assert listeners[0]["allowedRoutes"] == {"namespaces": {"from": "All"}}


def test_an_environment_may_have_another_gateway() -> None:
    project = (
        OWN
        + "environments: {prod: {gateway: {name: edge, namespace: shop, listeners: [{name: tcp, port: 5, protocol: TCP}]}}}\n"
    )
    found = objects(TWO, project=project)
    assert "Gateway/gateway" not in found
    assert found["Gateway/edge"]["metadata"]["namespace"] == "shop"


@pytest.mark.parametrize("word", sorted(WORDS))
def test_the_table_of_words_agrees_with_the_schemas(word: str) -> None:
    """For every bundle and channel that has a schema of its own."""
    kind, _, path = word.partition(".")
    for version in versions(kind):
        for named in bundles(kind, version):
            number, channel = named.split()
            bundle = (int(number.split(".")[0]), int(number.split(".")[1]))
            node: dict[str, Any] = openapi_schema(kind, version, named)["properties"]["spec"]
            for key in path.split(".") if path else ():
                node = node.get("items", node).get("properties", {}).get(key, {})
            there = 303 in node.get("enum", ()) if word.endswith("statusCode") else bool(node)
            assert there == has(word, bundle, channel), named


def test_every_release_line_has_a_bundle() -> None:
    found = [bundle_of(str(line.newest)) for line in LINES]
    assert found == sorted(found)
    assert bundle_of("1.99.0") == found[-1]
