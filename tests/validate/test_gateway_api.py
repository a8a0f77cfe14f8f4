"""The kinds of the Gateway API: what each of them takes, what it does not, and which bundle decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tools import derive_gateway_api_schemas as derive

from sailwright.cli import main
from sailwright.diagnostics.problem import Problem
from sailwright.source.source import parse
from sailwright.validate.cel.rules import undecided_rules
from sailwright.validate.run import Settings, choose_backend, judge
from sailwright.validate.schemas import gateway_api
from sailwright.validate.schemas.crd import custom_resources

SIZE = 700_000


def value_of(text: str) -> dict[str, Any]:
    value = parse("a.yaml", text.encode(), "manifest").documents[0].value
    assert isinstance(value, dict)
    return value


def problems_of(text: str, settings: Settings = Settings()) -> tuple[Problem, ...]:
    ((*found,),) = judge([value_of(text)], settings)
    return tuple(found)


def told(text: str) -> list[tuple[str, str, str]]:
    """Each problem as (rule, path, message)."""
    return [(each.rule, ".".join(map(str, each.path)), each.message) for each in problems_of(text)]


def route(kind: str, rules: str, version: str = "v1") -> str:
    return f"""
apiVersion: gateway.networking.k8s.io/{version}
kind: {kind}
metadata: {{name: reviews, namespace: shop}}
spec:
  parentRefs: [{{kind: Service, group: "", name: reviews, port: 9080}}]
  rules: {rules}
"""


def policy(kind: str, spec: str, version: str = "v1", group: str = gateway_api.GROUP) -> str:
    return f"""
apiVersion: {group}/{version}
kind: {kind}
metadata: {{name: reviews, namespace: shop}}
spec: {spec}
"""


BACKEND = "backendRefs: [{name: reviews-v1, port: 9080, weight: 90}, {name: reviews-v2, port: 9080, weight: 10}]"
LISTENER = "{name: web, protocol: HTTPS, port: 443, hostname: shop.example.com, tls: {certificateRefs: [{name: shop}]}}"
GRANT = (
    "{from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}], to: [{group: '', kind: Service}]}"
)
TARGET = "[{group: '', kind: Service, name: reviews}]"
TRUSTED = "{hostname: reviews.example.com, wellKnownCACertificates: System}"

GOOD = {
    "HTTPRoute": route(
        "HTTPRoute",
        f"[{{matches: [{{path: {{type: PathPrefix, value: /a}}, method: GET}}], timeouts: {{request: 5s}}, {BACKEND}}}]",
    ),
    "HTTPRoute v1beta1": route("HTTPRoute", f"[{{{BACKEND}}}]", "v1beta1"),
    "HTTPRoute, fields of the experimental channel": route(
        "HTTPRoute",
        f"[{{name: all, retry: {{attempts: 2, codes: [503]}}, sessionPersistence: {{sessionName: a}}, {BACKEND}}}]",
    ),
    "GRPCRoute": route("GRPCRoute", f"[{{matches: [{{method: {{service: shop.Reviews, method: List}}}}], {BACKEND}}}]"),
    "GRPCRoute, which 1.1 still served": route("GRPCRoute", f"[{{{BACKEND}}}]", "v1alpha2"),
    "TCPRoute": route("TCPRoute", f"[{{{BACKEND}}}]"),
    "TCPRoute v1alpha2": route("TCPRoute", f"[{{{BACKEND}}}]", "v1alpha2"),
    "UDPRoute": route("UDPRoute", f"[{{{BACKEND}}}]", "v1alpha2"),
    "TLSRoute": policy(
        "TLSRoute", f"{{parentRefs: [{{name: public}}], hostnames: [shop.example.com], rules: [{{{BACKEND}}}]}}"
    ),
    "TLSRoute without hostnames, which v1alpha2 allows": policy(
        "TLSRoute", f"{{parentRefs: [{{name: public}}], rules: [{{{BACKEND}}}]}}", "v1alpha2"
    ),
    "Gateway": policy("Gateway", f"{{gatewayClassName: istio, listeners: [{LISTENER}]}}"),
    "GatewayClass": policy("GatewayClass", "{controllerName: istio.io/gateway-controller}"),
    "ReferenceGrant": policy("ReferenceGrant", GRANT, "v1beta1"),
    "ReferenceGrant v1": policy("ReferenceGrant", GRANT),
    "BackendTLSPolicy": policy("BackendTLSPolicy", f"{{targetRefs: {TARGET}, validation: {TRUSTED}}}"),
    "BackendTLSPolicy v1alpha3": policy(
        "BackendTLSPolicy", f"{{targetRefs: {TARGET}, validation: {TRUSTED}}}", "v1alpha3"
    ),
    "ListenerSet": policy("ListenerSet", f"{{parentRef: {{name: public}}, listeners: [{LISTENER}]}}"),
    "BackendLBPolicy, of which only 1.1 and 1.2 knew": policy(
        "BackendLBPolicy", f"{{targetRefs: {TARGET}, sessionPersistence: {{sessionName: a}}}}", "v1alpha2"
    ),
    "XMesh": policy("XMesh", "{controllerName: istio.io/mesh-controller}", "v1alpha1", gateway_api.EXPERIMENTS),
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_one_bundle_takes_is_right(text: str) -> None:
    assert told(text) == []


UNKNOWN = "schema-violation"
RULE = "schema-rule"
BAD = {
    "a misspelt parent": (
        policy("HTTPRoute", f"{{parentRef: [{{name: public}}], rules: [{{{BACKEND}}}]}}"),
        (UNKNOWN, "spec.parentRef", "there is no field `parentRef`"),
    ),
    "a field of VirtualService": (
        route("HTTPRoute", f"[{{match: [{{uri: {{prefix: /a}}}}], {BACKEND}}}]"),
        (UNKNOWN, "spec.rules.0.match", "there is no field `match`"),
    ),
    "a number in quotes": (
        route("HTTPRoute", "[{backendRefs: [{name: reviews, port: '9080'}]}]"),
        (UNKNOWN, "spec.rules.0.backendRefs.0.port", "expected a whole number, found `9080`"),
    ),
    "a field that only the experimental channel has, with a wrong value": (
        route("HTTPRoute", f"[{{retry: {{attempts: two}}, {BACKEND}}}]"),
        (UNKNOWN, "spec.rules.0.retry.attempts", "expected a whole number, found `two`"),
    ),
    "a Service without a port": (
        route("HTTPRoute", "[{backendRefs: [{name: reviews}]}]"),
        (RULE, "spec.rules.0.backendRefs.0", "Must have port for Service reference"),
    ),
    "the same of gRPC": (
        route("GRPCRoute", "[{backendRefs: [{name: reviews}]}]"),
        (RULE, "spec.rules.0.backendRefs.0", "Must have port for Service reference"),
    ),
    "a gRPC match that names nothing": (
        route("GRPCRoute", f"[{{matches: [{{method: {{}}}}], {BACKEND}}}]"),
        (RULE, "spec.rules.0.matches.0.method", "One or both of 'service' or 'method' must be specified"),
    ),
    "a weight beyond the limit": (
        route("TCPRoute", "[{backendRefs: [{name: reviews, port: 1, weight: 1000001}]}]", "v1alpha2"),
        (UNKNOWN, "spec.rules.0.backendRefs.0.weight", "expected a number of at most 1000000"),
    ),
    "a route without backends": (
        route("UDPRoute", "[{backendRefs: []}]", "v1alpha2"),
        (UNKNOWN, "spec.rules.0.backendRefs", "expected at least 1 items"),
    ),
    "a hostname that is none": (
        policy("TLSRoute", f"{{parentRefs: [{{name: a}}], hostnames: ['*'], rules: [{{{BACKEND}}}]}}", "v1alpha2"),
        (UNKNOWN, "spec.hostnames.0", "expected text that matches"),
    ),
    "two listeners for the same": (
        policy("Gateway", f"{{gatewayClassName: istio, listeners: [{LISTENER}, {LISTENER.replace('web', 'other')}]}}"),
        (RULE, "spec.listeners", "Combination of port, protocol and hostname must be unique for each listener"),
    ),
    "a listener with TLS and no protocol for it": (
        policy(
            "Gateway",
            f"{{gatewayClassName: istio, listeners: [{LISTENER.replace('HTTPS', 'HTTP')}]}}",
        ),
        (RULE, "spec.listeners", "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']"),
    ),
    "a class without its controller": (policy("GatewayClass", "{}"), (UNKNOWN, "spec", "`controllerName` is missing")),
    "a grant for nothing": (
        policy("ReferenceGrant", "{from: [], to: [{group: '', kind: Service}]}", "v1beta1"),
        (UNKNOWN, "spec.from", "expected at least 1 items"),
    ),
    "a certificate authority twice": (
        policy(
            "BackendTLSPolicy",
            f"{{targetRefs: {TARGET}, validation: {TRUSTED[:-1]}, caCertificateRefs: [{{group: '', kind: ConfigMap, name: a}}]}}}}",
        ),
        (
            RULE,
            "spec.validation",
            "exactly one of the fields in [caCertificateRefs wellKnownCACertificates] must be set",
        ),
    ),
}


@pytest.mark.parametrize(("text", "wanted"), BAD.values(), ids=BAD)
def test_what_every_bundle_refuses_is_reported_once(text: str, wanted: tuple[str, str, str]) -> None:
    ((rule, path, message),) = told(text)
    assert (rule, path) == wanted[:2]
    assert message.startswith(wanted[2])


@pytest.mark.parametrize(("text", "wanted"), BAD.values(), ids=BAD)
def test_lint_reports_the_same(
    text: str, wanted: tuple[str, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(text)
    assert main(["lint", str(tmp_path), "--select", "schema-violation,schema-rule"]) == 1
    out = capsys.readouterr().out
    assert out.count(": error: ") == 1
    assert f"[{wanted[0]}]" in out


@pytest.mark.parametrize("text", [*GOOD.values(), *(text for text, _ in BAD.values())], ids=[*GOOD, *BAD])
def test_kubeconform_says_the_same(text: str) -> None:
    kubeconform = choose_backend("auto", None)
    if kubeconform is None:
        pytest.skip("kubeconform is not on PATH")
    assert [(each.rule, each.path) for each in problems_of(text, Settings(kubeconform=kubeconform))] == [
        (each.rule, each.path) for each in problems_of(text)
    ]


@pytest.mark.parametrize(
    ("kind", "version", "remedy"),
    [
        ("HTTPRoute", "v1alpha2", "use gateway.networking.k8s.io/v1 or gateway.networking.k8s.io/v1beta1"),
        ("TCPRoute", "v1beta1", "use gateway.networking.k8s.io/v1 or gateway.networking.k8s.io/v1alpha2"),
        ("HTTPRoutes", "v1", "did you mean `HTTPRoute`?"),
        ("httproute", "v1", "did you mean `HTTPRoute`?"),
    ],
)
def test_what_no_bundle_serves_the_api_server_does_not_know(kind: str, version: str, remedy: str) -> None:
    (problem,) = problems_of(route(kind, "[]", version))
    assert (problem.rule, problem.severity, problem.help) == ("kind-unknown", "error", remedy)


@pytest.mark.parametrize(
    ("kind", "version"), [("HTTPRoute", "v2"), ("BackendTrafficPolicy", "v1"), ("Mesh", "v1alpha1")]
)
def test_what_a_newer_bundle_may_have_is_not_called_wrong(kind: str, version: str) -> None:
    (problem,) = problems_of(route(kind, "[]", version))
    assert (problem.rule, problem.severity) == ("schema-missing", "warning")


def test_a_definition_of_the_project_decides_alone() -> None:
    """With the definitions at hand it is known what the cluster has: nothing else is asked."""
    definition = {
        "spec": {
            "group": gateway_api.GROUP,
            "names": {"kind": "HTTPRoute"},
            "versions": [
                {
                    "name": "v1",
                    "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object"}}}},
                }
            ],
        }
    }
    imported = Settings(imported=tuple(custom_resources(definition)))
    assert sorted(each.message for each in problems_of(GOOD["HTTPRoute"], imported)) == [
        "there is no field `parentRefs`",
        "there is no field `rules`",
    ]


def test_every_rule_of_the_bundles_is_applied_but_for_those_named_here() -> None:
    """Some compare with the old object, which no file has, and some call functions of Kubernetes' formats."""
    undecided = {
        (kind, why)
        for kind in gateway_api.KINDS
        for version in gateway_api.versions(kind)
        for bundle in gateway_api.bundles(kind, version)
        for _, why in undecided_rules(gateway_api.openapi_schema(kind, version, bundle))
    }
    assert undecided == {
        ("Gateway", "it calls hasValue(), validate(), dns1123Subdomain()"),
        ("GatewayClass", "it compares with the old object"),
        ("XBackend", "it calls hasValue(), validate(), qualifiedName()"),
        ("XBackend", "it calls validate(), dns1123Label()"),
        ("XMesh", "it compares with the old object"),
    }


def test_the_kinds_are_those_of_the_files() -> None:
    files = list(derive.TARGET.iterdir())
    assert {each.stem for each in files} == set(gateway_api.KINDS)
    assert sum(each.stat().st_size for each in files) < SIZE
    for kind, group in gateway_api.KINDS.items():
        assert gateway_api.is_gateway_api(f"{group}/{gateway_api.versions(kind)[0]}", kind)


def test_the_schemas_are_those_of_the_bundles_that_they_come_from() -> None:
    """The tool would write what is committed."""
    folders = {bundle: folder for bundle in derive.BUNDLES if (folder := derive.cached(bundle)) is not None}
    if missing := set(derive.BUNDLES) - set(folders):
        pytest.skip(f"Go's module cache has no {derive.MODULE} {', '.join(sorted(missing))}: go mod download gets it")
    assert derive.derived(folders) == {each.name: each.read_text() for each in derive.TARGET.iterdir()}
