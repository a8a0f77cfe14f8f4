"""What `diff` says of calls that a change refuses or lets in, for every kind of caller; it is silent where no outcome changes."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.route.mesh import destination_rule, service, virtual_service, world
from tests.route.test_callees import GATEWAY, STRICT, allow, operation, rule_for, source
from tests.route.test_callers_and_callees import deployment, policy

from sailwright.commands.diff.calls import call_changes
from sailwright.commands.diff.traffic import traffic_changes
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.peers import Peer
from sailwright.mesh.queries.pod_proxies import why_plain
from sailwright.route.request import Request
from sailwright.route.simulator import Simulator

NAMESPACES = "".join(
    f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{istio-injection: {injection}}}}}\n"
    for name, injection in (("shop", "enabled"), ("edge", "enabled"), ("tools", "disabled"))
)


def mesh(*objects: str, replicas: int = 1, account: str = "web") -> str:
    """Service pay of two versions, its callers web and job, and a caller without a proxy."""
    return "".join(
        (
            NAMESPACES,
            service("pay", "shop", "80", extra="  selector: {app: pay}\n"),
            deployment("pay-v1", "shop", "app: pay, version: v1"),
            deployment("pay-v2", "shop", "app: pay, version: v2", spec=f"replicas: {replicas}"),
            destination_rule("subsets", "pay", "v1", "v2"),
            deployment("web", "edge", "app: web", f"serviceAccountName: {account},"),
            deployment("job", "edge", "app: job", "serviceAccountName: job,"),
            deployment("cron", "tools", "app: cron"),
            *objects,
        )
    )


def to(subset: str) -> str:
    """All requests to one version."""
    return virtual_service(
        "pay", f"hosts: [pay]\nhttp: [{{route: [{{destination: {{host: pay, subset: {subset}}}}}]}}]"
    )


def lines(before: str, after: str, **mesh_config: Any) -> list[str]:
    """The lines of the diff."""
    one, other = world(before), world(after, mesh_config or None)
    return [change.line for change in (*traffic_changes(one, other), *call_changes(one, other))]


WEB = allow(source("principals: [cluster.local/ns/edge/sa/web]"))


def test_a_policy_refuses_those_whom_it_does_not_name() -> None:
    """The callers it lets in are not mentioned; those without a proxy have no identity."""
    plain, others = lines(mesh(), mesh(WEB))
    assert plain.startswith("callers without a proxy: answered by any ready pod -> 403: AuthorizationPolicy shop/pay")
    assert others == "calls from other namespaces, namespace shop: 200 -> 403 by AuthorizationPolicy shop/pay"
    back = lines(mesh(WEB), mesh())
    assert back[0].endswith("-> answered by any ready pod")
    assert back[1] == "calls from other namespaces, namespace shop: 403 by AuthorizationPolicy shop/pay -> 200"


def test_a_caller_that_a_policy_no_longer_names_is_told_by_its_workload() -> None:
    """By the service account that the policy asks for, and by the one that the workload runs as."""
    job = WEB.replace("sa/web", "sa/job")
    assert lines(mesh(WEB), mesh(job)) == [
        "calls from edge/web: 200 -> 403 by AuthorizationPolicy shop/pay",
        "calls from edge/job: 403 by AuthorizationPolicy shop/pay -> 200",
        "callers without a proxy: unchanged",
    ]
    assert lines(mesh(WEB), mesh(WEB, account="cart"))[0] == (
        "calls from edge/web: 200 -> 403 by AuthorizationPolicy shop/pay"
    )


def test_a_workload_without_a_proxy_is_not_told_by_the_account_that_it_runs_as() -> None:
    """It cannot show the identity: who has it and a proxy is elsewhere."""
    cron = WEB.replace("ns/edge/sa/web", "ns/tools/sa/default")
    assert lines(mesh(WEB), mesh(cron)) == [
        "calls from edge/web: 200 -> 403 by AuthorizationPolicy shop/pay",
        "calls from service account tools/default: 403 by AuthorizationPolicy shop/pay -> 200",
        "callers without a proxy: unchanged",
    ]


def test_classes_of_requests_are_those_that_policies_tell_apart() -> None:
    """Methods and paths; what no rule names is called other."""
    read = allow(operation("methods: [GET], paths: [/api*]"))
    (line,) = [each for each in lines(mesh(allow("{}")), mesh(read)) if each.startswith("all callers")]
    assert "GET other paths" in line
    assert "other methods of /api" in line
    assert "GET /api;" not in line
    narrower = allow(operation("methods: [GET], paths: [/api]"))
    assert "all callers: GET /api*: 200 -> 403 by AuthorizationPolicy shop/pay" in lines(mesh(read), mesh(narrower))


def test_the_last_pod_of_a_version_is_told_as_the_503_it_is() -> None:
    """For all who are routed there; kube-proxy has other pods."""
    assert lines(mesh(to("v2")), mesh(to("v2"), replicas=0)) == [
        "all callers: v2 100 % -> 503 (no ready pod: Deployment pay-v2 has no replicas)",
        "callers without a proxy: unchanged",
    ]
    assert lines(mesh(to("v1")), mesh(to("v1"), replicas=0)) == []
    moved = lines(mesh(to("v1"), replicas=0), mesh(to("v2"), replicas=0))
    assert "all callers: v1 100 % -> 503 (no ready pod: Deployment pay-v2 has no replicas)" in moved


def test_mtls_that_no_longer_fits() -> None:
    """STRICT shuts out plain callers, and those whose DestinationRule turns TLS off."""
    plain, rest = lines(mesh(rule_for("DISABLE")), mesh(rule_for("DISABLE"), STRICT))
    assert "takes mTLS only (STRICT)" in plain
    assert rest == "all callers: pay.shop 100 % -> 503 by PeerAuthentication shop/pay"
    assert [line for line in lines(mesh(), mesh(STRICT)) if "without a proxy" not in line] == []


def test_a_workload_that_loses_its_proxy_is_another_caller() -> None:
    """No rule of the mesh holds for it any more."""
    before = mesh(to("v2"))
    after = before.replace("metadata: {name: edge, labels: {istio-injection: enabled}}", "metadata: {name: edge}")
    assert lines(before, after) == [
        "calls from edge/web, edge/job: v2 100 % -> answered by any ready pod",
        "callers without a proxy: unchanged",
    ]


def test_what_only_the_cluster_knows_may_change() -> None:
    """The addresses of callers are no outcome that files tell."""
    before, after = (allow(source(f"ipBlocks: [{block}]")) for block in ("10.0.0.0/8", "10.1.0.0/16"))
    assert "all callers: may change: cannot decide (AuthorizationPolicy shop/pay)" in lines(mesh(before), mesh(after))
    assert lines(mesh(before), mesh(before)) == []


def test_policies_of_a_gateway_concern_the_hosts_behind_it() -> None:
    """Its callers are strangers."""
    inner = virtual_service(
        "pay", "hosts: [pay.example.com]\ngateways: [edge/public]\nhttp: [{route: [{destination: {host: pay}}]}]"
    )
    pods = deployment("edge", "edge", "istio: edge")
    deny = policy(
        "AuthorizationPolicy",
        "{selector: {matchLabels: {istio: edge}}, action: DENY, rules: [{to: [{operation: {paths: [/admin]}}]}]}",
    ).replace("namespace: shop", "namespace: edge")
    base = mesh(GATEWAY, inner, pods)
    assert lines(base, base + deny) == [
        "calls from gateway edge/public: /admin: 200 -> 403 by AuthorizationPolicy edge/pay"
    ]


def test_unknown_hosts_and_what_is_not_worked_out() -> None:
    """MeshConfig decides about hosts that nobody names; a RequestAuthentication about tokens."""
    (line,) = lines(mesh(), mesh(), outboundTrafficPolicy={"mode": "REGISTRY_ONLY"})
    assert line.startswith("requests to hosts that the mesh does not know: passed through")
    jwt = policy("RequestAuthentication", "{jwtRules: [{issuer: a, jwks: '{}'}]}")
    assert lines(mesh(), mesh(jwt)) == [
        "RequestAuthentication shop/pay changes: requests that carry a token are not compared"
    ]
    allowed = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: pay, namespace: shop}
spec: {podSelector: {matchLabels: {app: pay}}, policyTypes: [Ingress]}
"""
    assert lines(mesh(), mesh() + allowed) == [
        "NetworkPolicy shop/pay changes: the connections that it allows are not compared"
    ]


ACCOUNTS = ("web", "job", "other")
SOURCES = st.sampled_from(
    [
        *(f"principals: [cluster.local/ns/edge/sa/{name}]" for name in ACCOUNTS),
        *(f"{key}: [{name}]" for key in ("namespaces", "notNamespaces") for name in ("edge", "shop")),
        "principals: ['*']",
        "notPrincipals: ['*/sa/web']",
    ]
)
OPERATIONS = st.sampled_from(
    [
        "methods: [GET]",
        "notMethods: [POST]",
        "paths: [/a*]",
        "paths: [/a], methods: [POST]",
        "notPaths: ['/a/{*}']",
        "ports: ['80']",
        "ports: ['81']",
    ]
)
RULES = st.one_of(st.just("{}"), SOURCES.map(source), OPERATIONS.map(operation))


@st.composite
def meshes(draw: st.DrawFn) -> str:
    """A mesh with policies, mTLS, weights and replicas of all sorts."""
    policies = draw(st.lists(st.tuples(RULES, st.sampled_from(["ALLOW", "DENY"])), max_size=2))
    objects = [allow(rule, action, f"p{number}") for number, (rule, action) in enumerate(policies)]
    objects.append(draw(st.sampled_from(["", STRICT, STRICT.replace("STRICT", "DISABLE")])))
    objects.append(draw(st.sampled_from(["", rule_for("DISABLE"), rule_for("ISTIO_MUTUAL")])))
    objects.append(draw(st.sampled_from(["", to("v1"), to("v2")])))
    return mesh(*objects, replicas=draw(st.sampled_from([0, 1])), account=draw(st.sampled_from(["web", "other"])))


def answers(text: str) -> Iterator[object]:
    """What callers of every kind get for requests of every class."""
    simulator = Simulator(world(text))
    known = {workload.name: workload for workload in simulator.index.workloads}
    callers: list[tuple[Caller, tuple[Peer, ...]]] = []
    for name in ("web", "job", "pay-v1", "cron"):
        labels = tuple(sorted(known[name].labels.items()))
        plain = why_plain(simulator.index, known[name].namespace, labels)
        callers.append((Caller(known[name].namespace, labels, plain=plain), ()))
    for namespace, account in product(("edge", "shop", "elsewhere"), (*ACCOUNTS, "any")):
        callers.append((Caller(namespace), (Peer(namespace, account, ("cluster.local",)),)))
    for caller, peers in callers:
        for method in ("GET", "POST", "DELETE"):
            for path in ("/", "/a", "/a/b", "/ab", "/z"):
                asked = Request(80, "pay.shop.svc.cluster.local", method, path)
                yield _noticed(simulator.answer(caller, asked, peers))


def _noticed(answer: dict[str, Any]) -> object:
    """Where a request goes, and what becomes of it there."""
    shares: dict[object, Fraction] = {}
    for found in answer.get("destinations", ()):
        fate = 503 if found.get("unready") else found.get("refused", {}).get("status", 200)
        key = (found["host"], found.get("subset"), fate)
        shares[key] = shares.get(key, Fraction(0)) + found["weight"]
    return answer["kind"], answer.get("status"), tuple(shares.items())


@settings(max_examples=60, deadline=None)
@given(meshes(), meshes())
def test_nothing_is_said_exactly_where_every_caller_gets_what_it_got(before: str, after: str) -> None:
    """Refusals and 503s included: silence means that no request of any caller ends otherwise, and lines that one does."""
    same = list(answers(before)) == list(answers(after))
    assert (lines(before, after) == []) == same


EXCLUDED = 'labels: {app: web}, annotations: {traffic.sidecar.istio.io/excludeOutboundPorts: "80"}'


def test_a_port_that_is_taken_past_a_proxy_leaves_its_routes() -> None:
    """For that caller alone; past the callee's proxy there is nothing that takes the mTLS of its callers."""
    past = mesh(to("v2")).replace("metadata: {labels: {app: web}}", f"metadata: {{{EXCLUDED}}}")
    assert lines(mesh(to("v2")), past) == [
        "calls from edge/web: v2 100 % -> answered by any ready pod",
        "callers without a proxy: unchanged",
    ]
    inbound = 'app: pay, version: v2}, annotations: {traffic.sidecar.istio.io/excludeInboundPorts: "80"}'
    broken = mesh(to("v2")).replace("metadata: {labels: {app: pay, version: v2}", f"metadata: {{labels: {{{inbound}")
    assert lines(mesh(to("v2")), broken) == [
        "all callers: v2 100 % -> 503 by Deployment shop/pay-v2",
        "callers without a proxy: unchanged",
    ]
