"""The table of changes: each with its source, each found where it is used, and silent beside it."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from sailwright.mesh.facts import Facts
from sailwright.mesh.queries.release_uses import affected
from sailwright.mesh.values.release_changes import changes_between, release_changes
from sailwright.mesh.values.releases import LINES, release_numbers
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

BY_ID = {each.id: each for each in release_changes()}


def pod(template: str) -> str:
    """A Deployment with this pod template."""
    return f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a, namespace: shop}}\nspec: {{template: {template}}}\n"


def annotated(text: str) -> str:
    """A Deployment whose pods carry an annotation."""
    return pod(f"{{metadata: {{annotations: {{{text}}}}}}}")


def istiod(flag: str) -> str:
    """The control plane with a variable."""
    return pod(
        f"{{metadata: {{labels: {{app: istiod}}}}, spec: {{containers: [{{name: d, env: [{{name: {flag}}}]}}]}}}}"
    )


def container(image: str) -> str:
    """A Deployment of one container."""
    return pod(f"{{spec: {{containers: [{{name: a, image: {image}}}]}}}}")


def service(spec: str) -> str:
    """A Service of Kubernetes."""
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: a, namespace: shop}}\nspec: {spec}\n"


def mirror(share: str) -> str:
    """The spec of an HTTPRoute that mirrors."""
    return f"{{rules: [{{filters: [{{type: RequestMirror, requestMirror: {{backendRef: {{name: b}}{share}}}}}]}}]}}"


def crd(bundle: str) -> str:
    """A CRD of the Gateway API."""
    return f"""
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: httproutes.gateway.networking.k8s.io, annotations: {{gateway.networking.k8s.io/bundle-version: {bundle}}}}}
spec: {{group: gateway.networking.k8s.io}}
"""


AMBIENT = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: shop}
---
"""
INJECTED = AMBIENT.replace("istio.io/dataplane-mode: ambient", "istio-injection: enabled")


def istio(kind: str, spec: str, group: str = "networking.istio.io/v1") -> str:
    """An object of Istio, or of another group."""
    return f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: a, namespace: shop}}\nspec: {spec}\n"


def rule(policy: str) -> str:
    """A DestinationRule with a policy."""
    return istio("DestinationRule", f"{{host: a, trafficPolicy: {policy}}}")


GATEWAY_API = "gateway.networking.k8s.io/v1"
ENTRY = istio("ServiceEntry", "{hosts: [a.example.com], resolution: DNS}")

Example = tuple[str, Facts]


def mesh_config(**config: object) -> Facts:
    """A mesh with this MeshConfig."""
    return Facts(mesh_config=config)


def example(text: str, facts: Facts = Facts()) -> Example:
    """Objects and what else is known."""
    return text, facts


USED_AND_NOT: dict[str, tuple[Example, Example]] = {
    "opencensus-removed": (
        example("", mesh_config(extensionProviders=[{"name": "t", "opencensus": {}}])),
        example("", mesh_config(extensionProviders=[{"name": "t", "opentelemetry": {}}])),
    ),
    "dns-auto-allocate-deprecated": (
        example(annotated('proxy.istio.io/config: "proxyMetadata: {ISTIO_META_DNS_AUTO_ALLOCATE: \'true\'}"')),
        example(annotated('proxy.istio.io/config: "proxyMetadata: {ISTIO_META_DNS_CAPTURE: \'true\'}"')),
    ),
    "ip-auto-allocate-default": (
        example(ENTRY, mesh_config(defaultConfig={"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "true"}})),
        example(ENTRY),
    ),
    "kubevirt-interfaces-deprecated": (
        example(annotated("traffic.sidecar.istio.io/kubevirtInterfaces: net1")),
        example(annotated("istio.io/reroute-virtual-interfaces: net1")),
    ),
    "ambient-dns-capture-default": (example(AMBIENT), example(INJECTED)),
    "wasm-fail-close": (
        example(istio("WasmPlugin", "{url: oci://a}", "extensions.istio.io/v1alpha1")),
        example(istio("WasmPlugin", "{url: oci://a, failStrategy: FAIL_OPEN}", "extensions.istio.io/v1alpha1")),
    ),
    "traffic-distribution-for-sidecars": (
        example(service("{trafficDistribution: PreferClose}")),
        example(service("{}")),
    ),
    "mirror-fraction-fixed": (
        example(istio("HTTPRoute", mirror(", percent: 10"), GATEWAY_API)),
        example(istio("HTTPRoute", mirror(""), GATEWAY_API)),
    ),
    "lightstep-deprecated": (
        example("", mesh_config(extensionProviders=[{"name": "t", "lightstep": {}}])),
        example("", mesh_config(extensionProviders=[{"name": "t", "zipkin": {}}])),
    ),
    "auto-sni-flag-removed": (example(istiod("ENABLE_AUTO_SNI")), example(istiod("PILOT_ENABLE_X"))),
    "lightstep-removed": (
        example("", mesh_config(extensionProviders=[{"name": "t", "lightstep": {}}])),
        example("", mesh_config()),
    ),
    "native-sidecars-default": (
        example(INJECTED, Facts(kubernetes_versions=("1.34",))),
        example(INJECTED, Facts(kubernetes_versions=("1.32", "1.34"))),
    ),
    "prefer-close-without-subzone": (
        example(service("{trafficDistribution: PreferClose}")),
        example(service("{trafficDistribution: PreferSameZone}")),
    ),
    "virtual-service-host-case": (
        example(istio("VirtualService", "{hosts: [shop.example.com, Pay.example.com]}")),
        example(istio("VirtualService", "{hosts: [shop.example.com]}")),
    ),
    "sidecar-scope-flag-superseded": (
        example("", Facts(values={"pilot": {"env": {"PILOT_CONVERT_SIDECAR_SCOPE_CONCURRENCY": "2"}}})),
        example("", Facts(values={"pilot": {"env": {"ENABLE_LAZY_SIDECAR_EVALUATION": "true"}}})),
    ),
    "gateway-api-1-4": (example(crd("v1.3.0")), example(crd("v1.4.0"))),
    "inference-pool-versions": (
        example(istio("InferencePool", "{}", "inference.networking.x-k8s.io/v1alpha2")),
        example(istio("InferencePool", "{}", "inference.networking.k8s.io/v1")),
    ),
    "backend-tls-policy-alpha": (
        example(istio("BackendTLSPolicy", "{}", "gateway.networking.k8s.io/v1alpha3")),
        example(istio("BackendTLSPolicy", "{}", GATEWAY_API)),
    ),
    "backend-tls-policy-in-force": (
        example(istio("BackendTLSPolicy", "{}", GATEWAY_API)),
        example(istio("HTTPRoute", "{}", GATEWAY_API)),
    ),
    "metric-expiry-flags-removed": (
        example(istiod("METRIC_ROTATION_INTERVAL")),
        example(istiod("METRIC_ROTATION_INTERVAL").replace("app: istiod", "app: shop")),
    ),
    "gateway-spans-default": (
        example(istio("Telemetry", "{tracing: [{}]}", "telemetry.istio.io/v1")),
        example(istio("Telemetry", "{metrics: [{}]}", "telemetry.istio.io/v1")),
    ),
    "http2-pool-on-upgrade": (
        example(rule("{connectionPool: {http: {h2UpgradePolicy: UPGRADE}}}")),
        example(rule("{connectionPool: {http: {h2UpgradePolicy: DO_NOT_UPGRADE}}}")),
    ),
    "waypoint-grace-period": (
        example(istio("Gateway", "{gatewayClassName: istio-waypoint}", GATEWAY_API)),
        example(istio("Gateway", "{gatewayClassName: istio}", GATEWAY_API)),
    ),
    "ambient-resolution-none": (
        example(AMBIENT + istio("ServiceEntry", "{hosts: [a.example.com], resolution: NONE}")),
        example(INJECTED + istio("ServiceEntry", "{hosts: [a.example.com], resolution: NONE}")),
    ),
    "stats-compression-annotation": (
        example(annotated('sidecar.istio.io/statsCompression: "true"')),
        example(annotated('proxy.istio.io/config: "statsCompression: true"')),
    ),
    "circuit-breaker-metrics": (
        example(rule("{connectionPool: {tcp: {maxConnections: 5}}}")),
        example(rule("{outlierDetection: {}}")),
    ),
    "ambient-dry-run": (
        example(istiod("AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY")),
        example(istiod("AMBIENT_ENABLE_BAGGAGE")),
    ),
    "ambient-rules-reconciled": (example(AMBIENT), example(INJECTED)),
    "locality-label": (
        example(pod("{metadata: {labels: {istio-locality: eu.a}}}")),
        example(pod("{metadata: {labels: {topology.istio.io/locality: eu.a}}}")),
    ),
    "gateway-api-1-5": (example(crd("v1.4.1")), example(crd("v1.5.0"))),
    "host-in-several-namespaces": (
        example(f"{ENTRY}---\n{ENTRY.replace('namespace: shop', 'namespace: pay')}"),
        example(f"{ENTRY}---\n{ENTRY.replace('name: a,', 'name: b,')}"),
    ),
    "retry-budget-percent": (
        example(rule("{retryBudget: {minRetryConcurrency: 3}}")),
        example(rule("{retryBudget: {percent: 20}}")),
    ),
    "retry-budget-with-subsets": (
        example(
            istio(
                "DestinationRule",
                "{host: a, trafficPolicy: {retryBudget: {percent: 5}}, subsets: [{name: v1, trafficPolicy: {tls: {}}}]}",
            )
        ),
        example(istio("DestinationRule", "{host: a, trafficPolicy: {retryBudget: {percent: 5}}, subsets: [{name: v1}]}")),
    ),
    "reference-grant-several-targets": (
        example(istio("ReferenceGrant", "{to: [{kind: Service}, {kind: Secret}]}", GATEWAY_API)),
        example(istio("ReferenceGrant", "{to: [{kind: Service}]}", GATEWAY_API)),
    ),
    "tls-listeners-accepted": (
        example(istio("Gateway", "{listeners: [{protocol: HTTP}, {protocol: TLS}]}", GATEWAY_API)),
        example(istio("Gateway", "{listeners: [{protocol: HTTPS}]}", GATEWAY_API)),
    ),
    "rule-without-backends-404": (
        example(istio("HTTPRoute", "{rules: [{matches: []}]}", GATEWAY_API)),
        example(istio("HTTPRoute", "{rules: [{filters: [{type: RequestRedirect}]}, {backendRefs: []}]}", GATEWAY_API)),
    ),
    "tls-defaults-min-version": (
        example("", mesh_config(tlsDefaults={"minProtocolVersion": "TLSV1_3"})),
        example("", mesh_config(tlsDefaults={"cipherSuites": []})),
    ),
    "cni-excluded-namespaces": (example(AMBIENT), example(INJECTED)),
    "gateway-api-1-6": (example(crd("v1.5.1")), example(crd("v1.6.0"))),
    "rule-without-backends-500": (
        example(istio("HTTPRoute", "{rules: [{}]}", GATEWAY_API)),
        example(istio("GRPCRoute", "{rules: [{}]}", GATEWAY_API)),
    ),
    "google-registries-retired": (
        example(container('"gcr.io/istio-release/proxyv2:1.29.6"')),
        example(container('"registry.example.com/istio-release/proxyv2:1.29.6"')),
    ),
    "unhealthy-endpoints-sent": (
        example(rule("{outlierDetection: {consecutive5xxErrors: 5}}")),
        example(rule("{outlierDetection: {minHealthPercent: 30}}")),
    ),
    "machines-over-hbone": (
        example(AMBIENT + istio("WorkloadGroup", "{template: {}}")),
        example(istio("WorkloadGroup", "{template: {}}")),
    ),
    "gateway-spans-flag-removed": (
        example("", Facts(values={"pilot": {"env": {"PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY": "false"}}})),
        example("", Facts(values={"pilot": {"env": {}}})),
    ),
    "strict-gateway-merging": (
        example(istio("Gateway", "{selector: {gateway.networking.k8s.io/gateway-name: public}}")),
        example(
            istio("Gateway", "{selector: {gateway.networking.k8s.io/gateway-name: public}}")
            + "---\n"
            + istio("Gateway", "{gatewayClassName: istio}", GATEWAY_API).replace("name: a,", "name: public,")
        ),
    ),
    "backend-policy-precedence": (
        example(istio("BackendTLSPolicy", "{targetRefs: [{kind: Service, name: a}]}", GATEWAY_API) + "---\n" + rule("{}")),
        example(istio("BackendTLSPolicy", "{targetRefs: [{kind: Service, name: b}]}", GATEWAY_API) + "---\n" + rule("{}")),
    ),
    "subset-tls-falls-back": (
        example(
            istio(
                "DestinationRule",
                "{host: a, trafficPolicy: {tls: {mode: SIMPLE}}, subsets: [{name: v1, trafficPolicy: {connectionPool: {}}}]}",
            )
        ),
        example(
            istio("DestinationRule", "{host: a, subsets: [{name: v1, trafficPolicy: {connectionPool: {}}}]}"),
        ),
    ),
    "default-export-with-others": (
        example("", mesh_config(defaultServiceExportTo=[".", "pay"])),
        example("", mesh_config(defaultServiceExportTo=["."])),
    ),
    "sidecar-exclusions": (
        example(istio("Sidecar", "{egress: [{hosts: ['*/*', '~/pay.example.com']}]}")),
        example(istio("Sidecar", "{egress: [{hosts: ['~/*']}]}")),
    ),
}  # fmt: skip


def found(change: str, given: Example) -> int:
    """How many places of an example a change concerns."""
    text, facts = given
    objects = manifests(parse("a.yaml", dedent(text).encode(), "manifest")) if text else ()
    return len(affected(BY_ID[change], World(tuple(objects), facts)))


@pytest.mark.parametrize("change", [each.id for each in release_changes() if each.uses])
def test_a_change_is_found_where_it_is_used_and_not_beside_it(change: str) -> None:
    used, unused = USED_AND_NOT[change]
    assert found(change, used)
    assert not found(change, unused)


def test_every_change_has_its_own_name_and_a_page_that_says_so() -> None:
    assert len(BY_ID) == len(release_changes())
    for each in release_changes():
        assert re.fullmatch(
            r"https://(istio\.io/latest/news/releases/1\.\d+\.x/announcing-1\.\d+/(upgrade|change)-notes/|pkg\.go\.dev/istio\.io/api@.*)",
            each.source,
        )
        assert not each.what.endswith(".")
        assert each.do


def test_every_known_minor_but_the_first_has_changes() -> None:
    assert {each.since for each in release_changes()} >= {release_numbers(line.name) for line in LINES[1:]}


def test_changes_add_up_over_several_minors() -> None:
    """What comes and goes in between is not told, and what only some starting points see is told there."""
    both = {each.id for each in changes_between((1, 29), (1, 31))}
    assert both >= {"retry-budget-percent", "google-registries-retired"}
    assert both.isdisjoint({"rule-without-backends-404", "rule-without-backends-500", "stats-compression-annotation"})
    assert "rule-without-backends-404" in {each.id for each in changes_between((1, 29), (1, 30))}
    assert "rule-without-backends-500" in {each.id for each in changes_between((1, 30), (1, 31))}
    assert changes_between((1, 31), (1, 31)) == ()
