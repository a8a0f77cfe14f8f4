"""Callers without a proxy: who they are, where kube-proxy sends their requests, what refuses them; callees without a pod."""

from pathlib import Path
from typing import Any

import pytest
from tests.route.mesh import destination_rule, service, simulator, virtual_service

from sailwright.commands.test.results import RunOfTests
from sailwright.commands.test.run import test as run_tests
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.route.callers import caller_of
from sailwright.route.explain import explain
from sailwright.route.request_input import from_url
from sailwright.workspace.selection import Selection

OUTSIDE = """---
apiVersion: v1
kind: Namespace
metadata: {name: tools, labels: {istio-injection: disabled}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
"""
CALLEE = (
    service("pay", "shop", "80", extra="  selector: {app: pay}\n")
    + destination_rule("pay", "pay", "v1", "v2")
    + virtual_service("pay", "hosts: [pay]\nhttp: [{route: [{destination: {host: pay, subset: v2}}], timeout: 3s}]")
)


def deployment(name: str, namespace: str, labels: str, pod: str = "", spec: str = "") -> str:
    """A Deployment whose pods carry these labels; `pod` are fields of its pod spec, `spec` its own."""
    return f"""---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  {spec}
  selector: {{matchLabels: {{{labels}}}}}
  template:
    metadata: {{labels: {{{labels}}}}}
    spec: {{{pod} containers: [{{name: app, image: "example.com/{name}:1"}}]}}
"""


def policy(kind: str, spec: str, name: str = "pay", extra: str = "") -> str:
    """A PeerAuthentication or AuthorizationPolicy of namespace shop."""
    return f"""---
apiVersion: security.istio.io/v1
kind: {kind}
metadata: {{name: {name}, namespace: shop{extra}}}
spec: {spec}
"""


PODS = deployment("pay-v1", "shop", "app: pay, version: v1") + deployment("pay-v2", "shop", "app: pay, version: v2")
CRON = deployment("cron", "tools", "app: cron")
MESH = OUTSIDE + CALLEE + PODS + CRON


def caller(text: str, namespace: str, *labels: str) -> Caller:
    """The caller of `--from` and `--label`."""
    mesh = simulator(text)
    return caller_of(mesh.push_context, namespace, labels, None, mesh.index)


def answer(text: str, url: str = "http://pay.shop/", namespace: str = "tools", method: str = "GET") -> dict[str, Any]:
    """What a workload of a namespace gets."""
    return simulator(text).answer(caller(text, namespace), from_url(url, method, ()))


@pytest.mark.parametrize(
    ("more", "namespace", "labels", "why"),
    [
        (CRON, "tools", (), "namespace tools has the label istio-injection=disabled"),
        (deployment("a", "shop", 'app: a, sidecar.istio.io/inject: "false"'), "shop", ("app=a",), "inject"),
        (deployment("a", "shop", "app: a", "hostNetwork: true,"), "shop", ("app=a",), "the host network"),
        (deployment("a", "kube-system", "app: a"), "kube-system", (), "nothing is injected in namespace kube-system"),
    ],
)
def test_a_caller_is_plain_where_its_pods_are_known_to_have_no_proxy(
    more: str, namespace: str, labels: tuple[str, ...], why: str
) -> None:
    """By the namespace, by the pod's own label, and where the webhook never injects."""
    assert why in caller(OUTSIDE + more, namespace, *labels).plain


@pytest.mark.parametrize(
    ("more", "namespace", "labels"),
    [
        ("", "tools", ()),
        (deployment("a", "shop", "app: a"), "shop", ("app=a",)),
        (deployment("a", "elsewhere", "app: a"), "elsewhere", ("app=a",)),
        (deployment("a", "shop", "app: a") + deployment("b", "shop", "app: b", "hostNetwork: true,"), "shop", ()),
        (
            deployment("a", "far", "app: a")
            + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: far, labels: {istio.io/dataplane-mode: ambient}}\n",
            "far",
            (),
        ),
    ],
    ids=["no workload is known", "injected", "an undeclared namespace", "one of two has a proxy", "ambient"],
)
def test_any_other_caller_counts_as_having_a_sidecar(more: str, namespace: str, labels: tuple[str, ...]) -> None:
    """What the input does not say is not assumed."""
    assert caller(OUTSIDE + more, namespace, *labels).plain == ""


def test_a_pod_with_its_own_proxy_container_is_not_plain() -> None:
    """A proxy baked into the manifest works in a namespace that the webhook leaves out."""
    pod = 'initContainers: [{name: istio-proxy, image: "example.com/proxyv2:1.31.0", restartPolicy: Always}],'
    assert caller(OUTSIDE + deployment("a", "tools", "app: a", pod), "tools").plain == ""


def test_kube_proxy_picks_any_ready_pod_of_any_version() -> None:
    """No VirtualService sends the request to v2 alone, and no timeout is set."""
    found = answer(MESH)
    host = "pay.shop.svc.cluster.local"
    assert found == {
        "kind": "route",
        "destinations": [{"host": host, "port": 80, "weight": 100, "pods": ["pay-v1", "pay-v2"]}],
    }
    assert simulator(MESH).answer(caller(MESH, "shop"), from_url("http://pay/", "GET", ()))["timeout"] == "3s"


@pytest.mark.parametrize(
    ("url", "kind", "reason"),
    [
        ("http://pay/", "passthrough", "pay is no Service of the input"),
        ("http://example.com/", "passthrough", "example.com is no Service of the input"),
        ("http://pay.shop:8080/", "refused", "has the ports 80, not 8080"),
    ],
)
def test_names_are_those_of_cluster_dns(url: str, kind: str, reason: str) -> None:
    """A short name means the caller's own namespace; what is no Service is past the mesh."""
    found = answer(MESH, url)
    assert found["kind"] == kind
    assert reason in found["reason"]


def test_pods_that_do_not_run_take_nothing() -> None:
    """A version without replicas is left out; where nothing runs, nobody takes the connection."""
    half = OUTSIDE + CALLEE + CRON + deployment("pay-v1", "shop", "app: pay, version: v1")
    one = half + deployment("pay-v2", "shop", "app: pay, version: v2", spec="replicas: 0")
    assert answer(one)["destinations"][0]["pods"] == ["pay-v1"]
    none = OUTSIDE + CALLEE + CRON + deployment("pay-v2", "shop", "app: pay, version: v2", spec="replicas: 0")
    found = answer(none)
    assert found["kind"] == "refused"
    assert "no ready pod: Deployment pay-v2 has no replicas" in found["reason"]
    scaled = none + (
        "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: pay, namespace: shop}\n"
        "spec: {scaleTargetRef: {kind: Deployment, name: pay-v2}}\n"
    )
    assert answer(scaled)["kind"] == "route"


STRICT = policy("PeerAuthentication", "{mtls: {mode: STRICT}}")
WEB = '{rules: [{from: [{source: {principals: ["cluster.local/ns/web/sa/web"]}}]}]}'


@pytest.mark.parametrize(
    ("objects", "status", "reason"),
    [
        (STRICT, None, "PeerAuthentication shop/pay (mesh.yaml:"),
        (policy("AuthorizationPolicy", WEB), 403, "allows none but callers with an identity"),
        (policy("AuthorizationPolicy", "{rules: [{from: [{source: {namespaces: [tools]}}]}]}"), 403, "identity"),
        (policy("AuthorizationPolicy", "{rules: [{when: [{key: source.principal, values: ['*']}]}]}"), 403, "identity"),
        (policy("AuthorizationPolicy", "{}"), 403, "allows nobody"),
        (policy("AuthorizationPolicy", "{rules: [{to: [{operation: {methods: [POST]}}]}]}"), 403, "does not allow it"),
        (
            policy("AuthorizationPolicy", "{action: DENY, rules: [{from: [{source: {notPrincipals: ['*']}}]}]}"),
            403,
            "denies callers without an identity",
        ),
        (
            policy("AuthorizationPolicy", "{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ['*']}}]}]}"),
            403,
            "denies it",
        ),
        (
            policy("AuthorizationPolicy", "{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}"),
            403,
            "denies it",
        ),
    ],
)
def test_a_callee_that_asks_who_calls_refuses(objects: str, status: int | None, reason: str) -> None:
    """The answer names the object: a handshake that fails has no status, a policy answers 403."""
    found = answer(MESH + objects)
    assert (found["kind"], found.get("status")) == ("refused", status)
    assert reason in found["reason"]


@pytest.mark.parametrize(
    "objects",
    [
        policy("PeerAuthentication", "{mtls: {mode: PERMISSIVE}}"),
        policy("PeerAuthentication", "{selector: {matchLabels: {app: other}}, mtls: {mode: STRICT}}"),
        policy(
            "PeerAuthentication",
            "{selector: {matchLabels: {app: pay}}, mtls: {mode: STRICT}, portLevelMtls: {80: {mode: DISABLE}}}",
        ),
        policy("AuthorizationPolicy", "{rules: [{to: [{operation: {methods: [GET], paths: ['/*']}}]}]}"),
        policy("AuthorizationPolicy", WEB) + policy("AuthorizationPolicy", "{rules: [{}]}", "all"),
        policy("AuthorizationPolicy", "{rules: [{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}]}"),
        policy("AuthorizationPolicy", "{action: AUDIT, rules: [{}]}"),
        policy("AuthorizationPolicy", WEB, extra=", annotations: {istio.io/dry-run: 'true'}"),
        policy("AuthorizationPolicy", "{targetRefs: [{kind: Service, name: pay}]}"),
    ],
)
def test_a_callee_that_does_not_ask_lets_it_in(objects: str) -> None:
    """And so does one of which the input cannot say that it refuses."""
    assert answer(MESH + objects)["kind"] == "route"


def test_a_callee_without_a_proxy_enforces_nothing() -> None:
    """A PeerAuthentication is the proxy's to enforce."""
    bare = deployment("pay", "shop", 'app: pay, sidecar.istio.io/inject: "false"')
    assert answer(OUTSIDE + CALLEE + CRON + bare + STRICT)["kind"] == "route"
    some = answer(OUTSIDE + CALLEE + CRON + bare + PODS + STRICT)
    assert some["kind"] == "cannot decide"
    assert "kube-proxy picks the pod" in some["reason"]
    assert "and pay lets the caller in" in some["reason"]


def test_the_walk_says_that_there_is_no_proxy_and_why() -> None:
    """In place of the rules that would have been tried."""
    mesh = simulator(MESH)
    told = "\n".join(explain(mesh, caller(MESH, "tools"), from_url("http://pay.shop/", "GET", ())))
    assert "without a proxy: namespace tools has the label istio-injection=disabled" in told
    assert "none: a caller without a proxy applies no VirtualService" in told
    assert "kube-proxy spreads the connections over all ready pods of pay-v1, pay-v2" in told


# -- tests of service files

B = """\
apiVersion: sailwright/v1alpha1
name: b
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions: [{name: v1, image: "example.com/b:1", weight: 100}, {name: v2, image: "example.com/b:2", weight: 0}]
routes: [{name: staff, match: [{headers: {x-g: {exact: staff}}}], to: v2}]
"""
A = """\
apiVersion: sailwright/v1alpha1
name: a
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions: [{name: v1, image: "example.com/a:1"}]
"""


def run(folder: Path, asks: str, inject: str, more: str = "") -> RunOfTests:
    """One test of service b, from service a with this `mesh.inject`."""
    folder.joinpath("a.yaml").write_text(f"{A}mesh: {{inject: {inject}}}\n")
    folder.joinpath("b.yaml").write_text(f"{B}tests: [{{name: t, from: {{service: shop/a}}, {asks}}}]\n")
    if more:
        folder.joinpath("more.yaml").write_text(more)
    return run_tests(Selection((str(folder),), injecting=False, context="mesh"))


STAFF = "request: {headers: {x-g: staff}}, expect: {version: v2}"


@pytest.mark.parametrize("inject", ["build", "webhook"])
def test_routes_hold_for_a_caller_with_a_sidecar(inject: str, tmp_path: Path) -> None:
    """Baked in by the build, in a namespace that the webhook leaves out, or injected by the webhook."""
    label = "disabled" if inject == "build" else "enabled"
    namespace = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{istio-injection: {label}}}}}\n"
    assert run(tmp_path, STAFF, inject, namespace).failed == 0


def test_a_test_fails_where_only_a_sidecar_would_apply_the_route(tmp_path: Path) -> None:
    """And says so."""
    (finding,) = run(tmp_path, STAFF, "none").findings
    assert "expected 100 % to v2, got 100 % to b.shop.svc.cluster.local" in finding.message
    assert 'the caller has no proxy (Deployment a-v1 has sidecar.istio.io/inject: "false")' in finding.message


def test_a_test_may_expect_that_a_plain_caller_is_refused(tmp_path: Path) -> None:
    """403 by a policy that asks principals of the baked callee."""
    more = policy("AuthorizationPolicy", '{rules: [{from: [{source: {principals: ["*"]}}]}]}')
    assert run(tmp_path, "expect: {status: 403}", "none", more).failed == 0
    assert run(tmp_path, "expect: {status: 403}", "build", more).failed == 1


def test_a_service_of_one_version_answers_whoever_calls(tmp_path: Path) -> None:
    """A host, and a version that is the only one, are the same for a caller without a proxy."""
    assert run(tmp_path, "expect: {host: b}", "none").failed == 0


# -- callees without a ready pod


def test_a_sidecar_gets_503_where_no_pod_of_the_subset_is_ready() -> None:
    """The cluster is there and has no endpoints; other subsets are not concerned."""
    rests = deployment("pay-v1", "shop", "app: pay, version: v1")
    rests += deployment("pay-v2", "shop", "app: pay, version: v2", spec="replicas: 0")
    rule = virtual_service("split", "hosts: [pay]\nhttp: [{route: [{destination: {host: pay, subset: v1}}]}]")
    found = simulator(OUTSIDE + CALLEE + rests).answer(Caller("shop"), from_url("http://pay/", "GET", ()))
    assert found["destinations"][0]["unready"] == "Deployment pay-v2 has no replicas"
    mesh = simulator(
        OUTSIDE + CALLEE.partition("---\napiVersion: networking.istio.io/v1\nkind: Virtual")[0] + rule + rests
    )
    assert "unready" not in mesh.answer(Caller("shop"), from_url("http://pay/", "GET", ()))["destinations"][0]
    told = "\n".join(explain(simulator(OUTSIDE + CALLEE + rests), Caller("shop"), from_url("http://pay/", "GET", ())))
    assert "(503: no pod is ready, Deployment pay-v2 has no replicas)" in told


def test_pods_that_the_input_does_not_hold_may_be_ready() -> None:
    """A Service without workloads in the repository is not said to be down."""
    found = simulator(OUTSIDE + CALLEE).answer(Caller("shop"), from_url("http://pay/", "GET", ()))
    assert "unready" not in found["destinations"][0]


def test_a_test_fails_where_its_version_has_no_replicas(tmp_path: Path) -> None:
    """And says why."""
    tmp_path.joinpath("b.yaml").write_text(
        B.replace('image: "example.com/b:2"', 'replicas: 0, image: "example.com/b:2"')
        + "tests: [{name: t, request: {headers: {x-g: staff}}, expect: {version: v2}}]\n"
    )
    (finding,) = run_tests(Selection((str(tmp_path),), injecting=False, context="mesh")).findings
    assert "100 % to v2  (503: no pod is ready, Deployment b-v2 has no replicas)" in finding.message
