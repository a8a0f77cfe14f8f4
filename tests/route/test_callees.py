"""What a callee makes of a caller with a sidecar, or of a gateway: policies, mTLS, pods that do not run."""

from typing import Any

import pytest
from tests.route.mesh import destination_rule, service, simulator, virtual_service
from tests.route.test_callers_and_callees import deployment, policy

from sailwright.route.callers import caller_of
from sailwright.route.request_input import from_url

NAMESPACES = "".join(
    f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{istio-injection: enabled}}}}\n"
    for name in ("shop", "edge")
)
MESH = (
    NAMESPACES
    + service("pay", "shop", "80", "90/tcp", extra="  selector: {app: pay}\n")
    + deployment("pay", "shop", "app: pay")
    + deployment("web", "edge", "app: web", "serviceAccountName: web,")
    + deployment("job", "edge", "app: job", "serviceAccountName: job,")
)


def answer(objects: str, url: str = "http://pay.shop/", app: str = "web", **given: Any) -> dict[str, Any]:
    """What a workload of namespace edge gets."""
    mesh = simulator(MESH + objects, given.get("mesh_config"))
    labels = [f"app={app}"] if app else []
    caller = caller_of(mesh.push_context, given.get("namespace", "edge"), labels, None, mesh.index)
    return mesh.answer(caller, from_url(url, given.get("method", "GET"), given.get("headers", ())))


def outcome(found: dict[str, Any]) -> object:
    """`route`, the status of a refusal, or `doubt`."""
    if found["kind"] == "route" and any("doubt" in each for each in found["destinations"]):
        return "doubt"
    return found.get("status", found["kind"])


def allow(rule: str, action: str = "ALLOW", name: str = "pay") -> str:
    """An AuthorizationPolicy of one rule for the pods of pay."""
    return policy(
        "AuthorizationPolicy", f"{{selector: {{matchLabels: {{app: pay}}}}, action: {action}, rules: [{rule}]}}", name
    )


def source(text: str) -> str:
    """A rule that asks who calls."""
    return f"{{from: [{{source: {{{text}}}}}]}}"


def operation(text: str) -> str:
    """A rule that asks what is called."""
    return f"{{to: [{{operation: {{{text}}}}}]}}"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (source("principals: [cluster.local/ns/edge/sa/web]"), "route"),
        (source("principals: [cluster.local/ns/edge/sa/job]"), 403),
        (source("principals: ['*']"), "route"),
        (source("principals: ['*/sa/web']"), "route"),
        (source("principals: ['cluster.local/ns/edge/*']"), "route"),
        (source("principals: ['other.domain/ns/edge/sa/web']"), 403),
        (source("notPrincipals: ['cluster.local/ns/edge/*']"), 403),
        (source("namespaces: [edge]"), "route"),
        (source("namespaces: ['ed*']"), "route"),
        (source("namespaces: [shop]"), 403),
        (source("notNamespaces: [edge]"), 403),
        (source("serviceAccounts: [edge/web]"), "route"),
        (source("serviceAccounts: [web]"), 403),  # of the policy's own namespace
        (source("ipBlocks: [10.0.0.0/8]"), "doubt"),
        (source("ipBlocks: [0.0.0.0/0]"), "route"),
        (source("namespaces: [shop], ipBlocks: [10.0.0.0/8]"), 403),
        (source("requestPrincipals: ['*']"), 403),
        (operation("methods: [GET]"), "route"),
        (operation("methods: [POST]"), 403),
        (operation("notMethods: [GET]"), 403),
        (operation("paths: [/a*]"), 403),
        (operation("paths: ['/{*}'], ports: ['80']"), 403),
        (operation("ports: ['80']"), "route"),
        (operation("ports: ['8080']"), 403),
        (operation("hosts: [PAY.shop]"), "route"),
        (operation("hosts: [other]"), 403),
        ("{when: [{key: source.namespace, values: [edge]}]}", "route"),
        ("{when: [{key: source.principal, notValues: ['*/sa/web']}]}", 403),
        ("{when: [{key: 'request.headers[x-user]', values: [staff]}]}", 403),
        ("{when: [{key: destination.port, values: ['80']}]}", "route"),
        ("{when: [{key: 'request.auth.claims[iss]', values: [a]}]}", 403),
        ("{when: [{key: connection.sni, values: [a]}]}", "doubt"),
        ("{}", "route"),
    ],
)
def test_an_allow_policy_lets_in_whom_one_of_its_rules_matches(rule: str, expected: object) -> None:
    """By every key that a rule may have; what only the cluster knows is a doubt, and DENY is the reverse."""
    assert outcome(answer(allow(rule))) == expected
    reverse = {"route": 403, 403: "route"}
    assert outcome(answer(allow(rule, "DENY"))) == reverse.get(expected, expected)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/api/{*}/x", "/api/1/x", True),
        ("/api/{*}/x", "/api/1/2/x", False),
        ("/api/{*}/x", "/api//x", False),
        ("/api/{**}", "/api/1/2", True),
        ("/api/{**}", "/other", False),
        ("/api/*", "/api/a?b=c", True),
        ("*/x", "/api/x", True),
        ("/a", "/b/../a", True),
    ],
)
def test_paths_are_compared_without_their_query_after_normalisation(pattern: str, path: str, matches: bool) -> None:
    """Templates too."""
    found = answer(allow(operation(f"paths: ['{pattern}']")), f"http://pay.shop{path}")
    assert outcome(found) == ("route" if matches else 403)


def test_the_callee_sees_what_the_rule_of_the_caller_changed() -> None:
    """Its path, Host and headers are those after the rewrite."""
    rule = virtual_service(
        "pay",
        "hosts: [pay]\nhttp:\n- match: [{uri: {prefix: /in}}]\n  rewrite: {uri: /out}\n"
        "  headers: {request: {set: {x-user: staff}}}\n  route: [{destination: {host: pay}}]",
    )
    wanted = "{to: [{operation: {paths: [/out/a]}}], when: [{key: 'request.headers[x-user]', values: [staff]}]}"
    assert outcome(answer(rule + allow(wanted), "http://pay.shop/in/a")) == "route"
    assert outcome(answer(rule + allow(operation("paths: [/in/a]")), "http://pay.shop/in/a")) == 403


def test_custom_goes_before_deny_before_allow() -> None:
    """What an external authorizer answers nobody knows, but a DENY refuses all the same; AUDIT refuses nothing."""
    custom = policy(
        "AuthorizationPolicy",
        "{action: CUSTOM, provider: {name: opa}, rules: [{to: [{operation: {paths: ['/*']}}]}]}",
        "c",
    )
    assert outcome(answer(custom)) == "doubt"
    assert outcome(answer(custom + allow("{}", "DENY"))) == 403
    assert outcome(answer(allow("{}") + allow("{}", "DENY", "deny"))) == 403
    assert outcome(answer(allow("{}", "AUDIT"))) == "route"


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        (allow(operation("methods: [GET]")), "refused"),  # the rule vanishes on TCP, and so nothing is allowed
        (allow(operation("methods: [GET], ports: ['90']"), "DENY"), "refused"),  # it loses the methods, and denies more
        (allow(operation("methods: [GET], ports: ['80']"), "DENY"), "route"),
        (allow(operation("ports: ['90']")), "route"),
        (allow(source("namespaces: [edge]")), "route"),
        (allow(source("requestPrincipals: ['*']"), "DENY"), "refused"),
    ],
)
def test_on_tcp_rules_that_ask_for_http_vanish_or_deny_more(objects: str, expected: str) -> None:
    """As istiod compiles them for a TCP filter chain; a connection is closed, so there is no status."""
    found = answer(objects, "tcp://pay.shop:90")
    assert outcome(found) == expected
    assert "status" not in found


def test_the_policies_of_the_root_namespace_hold_everywhere() -> None:
    """With a selector and without."""
    root = allow(source("namespaces: [edge]"), "DENY").replace("namespace: shop", "namespace: istio-system")
    assert outcome(answer(root)) == 403
    assert outcome(answer(root.replace("app: pay", "app: other"))) == "route"
    assert outcome(answer(root, mesh_config={"rootNamespace": "mesh"})) == "route"


def test_an_unknown_service_account_is_a_doubt_and_never_a_refusal() -> None:
    """A workload that the input does not hold may run as any account of its namespace, but not as one of another."""
    wanted = allow(source("principals: [cluster.local/ns/edge/sa/web]"))
    assert outcome(answer(wanted, app="unheard-of")) == "doubt"
    assert outcome(answer(wanted, app="")) == "doubt"
    assert outcome(answer(wanted, app="", namespace="shop")) == 403
    assert outcome(answer(wanted, app="job")) == 403


def rule_for(mode: str, level: str = "") -> str:
    """A DestinationRule for pay with this TLS mode, at the top or for one port."""
    block = f"tls: {{mode: {mode}}}"
    block = f"portLevelSettings: [{{port: {{number: {level}}}, {block}}}]" if level else block
    return f"""---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: pay, namespace: shop}}
spec: {{host: pay, trafficPolicy: {{{block}}}}}
"""


STRICT = policy("PeerAuthentication", "{mtls: {mode: STRICT}}")


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        (STRICT, "route"),  # auto mTLS
        (STRICT + rule_for("DISABLE"), 503),
        (STRICT + rule_for("SIMPLE"), 503),
        (STRICT + rule_for("MUTUAL"), "doubt"),
        (STRICT + rule_for("ISTIO_MUTUAL"), "route"),
        (STRICT + rule_for("DISABLE", "90"), "route"),
        (STRICT + rule_for("DISABLE", "80"), 503),
        (policy("PeerAuthentication", "{mtls: {mode: DISABLE}}") + rule_for("ISTIO_MUTUAL"), 503),
        (policy("PeerAuthentication", "{mtls: {mode: DISABLE}}"), "route"),
        (rule_for("DISABLE"), "route"),
    ],
)
def test_the_tls_of_the_client_must_fit_the_callee(objects: str, expected: object) -> None:
    """Where it does not, the proxy of the caller answers 503."""
    assert outcome(answer(objects)) == expected


def test_without_mtls_a_caller_has_no_identity() -> None:
    """Its DestinationRule, a PeerAuthentication or MeshConfig turns mTLS off: policies that ask who calls refuse it."""
    who = allow(source("namespaces: [edge]"))
    assert outcome(answer(who)) == "route"
    assert outcome(answer(who + rule_for("DISABLE"))) == 403
    assert outcome(answer(who + policy("PeerAuthentication", "{mtls: {mode: DISABLE}}"))) == 403
    assert outcome(answer(who, mesh_config={"enableAutoMtls": False})) == 403
    assert outcome(answer(who + STRICT, mesh_config={"enableAutoMtls": False})) == 503


def test_a_callee_without_a_sidecar_enforces_nothing_and_takes_no_mtls() -> None:
    """Policies are its proxy's to enforce."""
    bare = deployment("pay", "shop", 'app: pay, sidecar.istio.io/inject: "false"')
    assert outcome(answer(bare + STRICT + allow("{}", "DENY"))) == "route"
    assert outcome(answer(bare + rule_for("ISTIO_MUTUAL"))) == 503


def test_a_refusal_names_the_object() -> None:
    """In a field of its own, and with its place in the reason."""
    found = answer(allow(source("namespaces: [shop]")))
    assert found["refusedBy"] == "AuthorizationPolicy shop/pay"
    assert found["reason"].startswith("AuthorizationPolicy shop/pay (mesh.yaml:")
    assert "service account edge/web" in found["reason"]


GATEWAY = """---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: edge}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
"""


def test_a_gateway_is_a_caller_with_an_identity_and_a_callee_of_strangers() -> None:
    """Its own policies are asked first: who calls from outside has no identity."""
    inner = virtual_service(
        "pay", "hosts: [pay.example.com]\ngateways: [edge/public]\nhttp: [{route: [{destination: {host: pay}}]}]"
    )
    pods = deployment("edge", "edge", "istio: edge", "serviceAccountName: edge,")
    who = allow(source("principals: [cluster.local/ns/edge/sa/edge]"))

    def asked(objects: str) -> object:
        mesh = simulator(MESH + GATEWAY + inner + pods + objects)
        caller = caller_of(mesh.push_context, None, (), "edge/public", mesh.index)
        return outcome(mesh.answer(caller, from_url("http://pay.example.com/", "GET", ())))

    assert asked(who) == "route"
    assert asked(who.replace("sa/edge", "sa/other")) == 403
    own = who.replace("namespace: shop", "namespace: edge").replace("app: pay", "istio: edge")
    assert asked(own) == 403
    assert asked(own.replace("principals", "notPrincipals")) == "route"


def test_what_surely_has_no_endpoints_answers_503() -> None:
    """A Service whose EndpointSlice is there and empty, a ServiceEntry that lists none; what the input leaves open is silent."""
    empty = """---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: db-1, namespace: shop, labels: {kubernetes.io/service-name: db}}
addressType: IPv4
endpoints: []
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: out, namespace: shop}
spec: {hosts: [out.example.com], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}]}
"""
    bare = service("db", "shop", "80")
    (found,) = answer(bare + empty, "http://db.shop/")["destinations"]
    assert found["unready"] == "the EndpointSlices of Service db are empty"
    (found,) = answer(bare + empty, "http://out.example.com/")["destinations"]
    assert found["unready"] == "ServiceEntry out has no endpoints"
    assert "unready" not in answer(bare, "http://db.shop/")["destinations"][0]
    listed = empty.replace("STATIC,", "STATIC, endpoints: [{address: 10.1.0.1}],")
    assert "unready" not in answer(bare + listed, "http://out.example.com/")["destinations"][0]


def test_where_nothing_says_whether_the_pods_have_a_sidecar_a_refusal_is_a_doubt() -> None:
    """The namespace is declared nowhere: the answer says which fact is missing. What lets everybody in needs no proxy to do so."""
    bare = MESH.replace("metadata: {name: shop, labels: {istio-injection: enabled}}", "metadata: {name: other}")

    def asked(objects: str) -> dict[str, Any]:
        mesh = simulator(bare + objects)
        caller = caller_of(mesh.push_context, "edge", ("app=web",), None, mesh.index)
        return mesh.answer(caller, from_url("http://pay.shop/", "GET", ()))

    found = asked(allow("{}", "DENY"))
    assert outcome(found) == "doubt"
    assert "whether the pods of Deployment pay have a sidecar" in found["destinations"][0]["doubt"]["reason"]
    assert outcome(asked(allow("{}"))) == "route"


def excluding(text: str, app: str, direction: str, ports: str) -> str:
    """The mesh whose workload `app` has an annotation that takes ports past its proxy."""
    annotation = f'annotations: {{traffic.sidecar.istio.io/exclude{direction}Ports: "{ports}"}}'
    return text.replace(f"labels: {{app: {app}}}", f"labels: {{app: {app}}}, {annotation}")


def asked(text: str, url: str = "http://pay.shop/", app: str = "web", headers: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a workload of namespace edge gets in a mesh."""
    mesh = simulator(text)
    return mesh.answer(
        caller_of(mesh.push_context, "edge", [f"app={app}"], None, mesh.index), from_url(url, "GET", headers)
    )


TO_NOBODY = virtual_service("pay", "hosts: [pay]\nhttp: [{directResponse: {status: 418}}]")


def test_a_port_that_annotations_take_past_the_callers_proxy() -> None:
    """No VirtualService has a say and no mTLS is spoken; other ports and other workloads are as ever."""
    mesh = excluding(MESH, "web", "Outbound", "80,3306")
    assert mesh != MESH
    assert outcome(asked(mesh + TO_NOBODY)) == "route"
    assert outcome(asked(mesh + TO_NOBODY, app="job")) == 418
    assert outcome(asked(excluding(MESH, "web", "Outbound", "3306") + TO_NOBODY)) == 418
    refused = asked(mesh + STRICT)
    assert refused["kind"] == "refused"
    assert refused["reason"].endswith("excludeOutboundPorts takes port 80 past the proxy")
    assert outcome(asked(mesh + STRICT, app="job")) == "route"


def test_mtls_at_a_port_that_annotations_take_past_the_callees_proxy() -> None:
    """Callers' proxies know nothing of the annotation: they speak mTLS there unless a mode or a DestinationRule says otherwise."""
    mesh = excluding(MESH, "pay", "Inbound", "80")
    found = asked(mesh)
    assert outcome(found) == 503
    assert found["refusedBy"] == "Deployment shop/pay"
    assert outcome(asked(mesh + STRICT.replace("STRICT", "DISABLE"))) == "route"
    assert outcome(asked(mesh + rule_for("DISABLE"))) == "route"
    assert outcome(asked(excluding(mesh, "web", "Outbound", "80"))) == "route"
    assert outcome(asked(excluding(MESH, "pay", "Inbound", "90"))) == "route"


@pytest.mark.parametrize(
    ("hosts", "host", "expected"),
    [
        ("[pay.shop]", "pay.shop", "route"),
        ("[pay.shop]", "pay.shop:80", 403),
        ("['pay.shop:*']", "pay.shop:80", "route"),
        ("['pay.shop:*']", "pay.shop", 403),
        ("['pay.*']", "PAY.shop:80", "route"),
        ("['*.shop']", "pay.shop:80", 403),
    ],
)
def test_hosts_of_a_policy_are_compared_with_the_whole_host_header(hosts: str, host: str, expected: object) -> None:
    """Its port is part of it, where the client sends one; case does not count."""
    found = asked(
        MESH + allow("{to: [{operation: {hosts: HOSTS}}]}".replace("HOSTS", hosts)), headers=(f"Host: {host}",)
    )
    assert outcome(found) == expected


def test_a_subset_that_no_pod_carries_has_no_endpoints() -> None:
    """503, though the cluster exists; where the Service has no pods in the input, they are elsewhere."""
    rule = destination_rule("pay", "pay", "v9")
    routes = virtual_service("pay", "hosts: [pay]\nhttp: [{route: [{destination: {host: pay, subset: v9}}]}]")
    (found,) = asked(MESH + rule + routes)["destinations"]
    assert found["unready"] == "no pod of Service pay has the labels version: v9 of subset v9"
    elsewhere = MESH.replace(deployment("pay", "shop", "app: pay"), "")
    (found,) = asked(elsewhere + rule + routes)["destinations"]
    assert "unready" not in found


JWT = policy("RequestAuthentication", "{selector: {matchLabels: {app: pay}}, jwtRules: [%s{issuer: a, jwks: '{}'}]}")
TOKEN = "e30.e30.c2ln"


@pytest.mark.parametrize(
    ("rules", "url", "header", "expected"),
    [
        ("", "http://pay.shop/", "", "route"),
        ("", "http://pay.shop/", "Authorization: Basic dTpw", "route"),
        ("", "http://pay.shop/", "Authorization: Bearer nonsense", 401),
        ("", "http://pay.shop/", f"Authorization: Bearer {TOKEN}", "doubt"),
        ("", f"http://pay.shop/?access_token={TOKEN}", "", "doubt"),
        ("", "http://pay.shop/?access_token=no", "", 401),
        ("", "http://pay.shop/?token=no", "", "route"),
        ("", "http://pay.shop/", "Cookie: session=1", "route"),
        ("", "tcp://pay.shop:90", "", "route"),
        ("{issuer: b, fromHeaders: [{name: x-jwt}]}, ", "http://pay.shop/", "x-jwt: no", 401),
        ("{issuer: b, fromCookies: [id]}, ", "http://pay.shop/", f"Cookie: a=1; id={TOKEN}", "doubt"),
    ],
)
def test_a_token_that_is_none_is_refused_and_what_a_jwt_says_is_not_known(
    rules: str, url: str, header: str, expected: object
) -> None:
    """A request without one passes a RequestAuthentication."""
    assert outcome(asked(MESH + JWT % rules, url, headers=(header,) if header else ())) == expected
