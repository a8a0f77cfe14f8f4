"""What the analyzers do where the recorded worlds do not show it, each case read from their source."""

from collections import Counter

import pytest

from sailwright.lint.run import LintRequest, lint
from sailwright.lint.settings import Settings, choose
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright_policies import RULES

VALIDATORS = ("IST0106", "IST0133")


def answer(text: str, release: str = "1.31.0") -> Counter[str]:
    """The codes and objects that `--compat istioctl` gives for some manifests."""
    source = parse("all.yaml", text.encode(), "manifest")
    world = World(manifests(source), Facts(istio_version=release, compat=True))
    found = lint(LintRequest((world,), (source,), tuple(RULES), choose(RULES, Settings(), compat=True)))
    assert not found.crashed
    return Counter(
        f"{alias} {finding.object.kind} {finding.object.name}"
        for finding in found.findings
        for alias in finding.aliases
        if finding.object and alias.startswith("IST") and alias not in VALIDATORS
    )


def pod(name: str, labels: str, more: str = "spec: {containers: []}") -> str:
    return f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: shop, labels: {labels}}}\n{more}\n"


def istio(kind: str, name: str, spec: str, group: str = "networking.istio.io/v1", metadata: str = "") -> str:
    head = f"---\napiVersion: {group}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop{metadata}}}\n"
    return f"{head}spec: {spec}\n"


def namespace(name: str, labels: str = "{istio-injection: enabled}", more: str = "") -> str:
    return f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {labels}{more}}}\n"


def injector(image: str, by_default: str = "false") -> str:
    values = '{"global": {"hub": "h", "tag": "1", "proxy": {"image": "%s"}}, "sidecarInjectorWebhook": {%s}}'
    told = values % (image, f'"enableNamespacesByDefault": {by_default}')
    return (
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-sidecar-injector, namespace: istio-system}\n"
        f"data: {{values: '{told}'}}\n"
    )


def webhook(kind: str, name: str, config: str, selector: str = "{}") -> str:
    return (
        f"---\napiVersion: admissionregistration.k8s.io/v1\nkind: {kind}WebhookConfiguration\n"
        f"metadata: {{name: {name}}}\nwebhooks: [{{name: a.istio.io, clientConfig: {config}, namespaceSelector: {selector}}}]\n"
    )


PROXY = "spec: {containers: [{name: istio-proxy, image: %s}]}"
TWO_PODS = pod("a", "{app: a, tier: t}", PROXY % "h/proxyv2:1") + pod("b", "{app: b, tier: t}", PROXY % "h/proxyv2:1")
TLS = "servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [%s], tls: {mode: SIMPLE, credentialName: c}}]"
ISTIOD = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod, namespace: istio-system, labels: {app: istiod}}\n"
JWT = istio("RequestAuthentication", "jwt", "{}", "security.istio.io/v1")
SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\nspec: {ports: []}\n"
CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: tlsroutes.gateway.networking.k8s.io, annotations: {gateway.networking.k8s.io/bundle-version: v1.4.1}}
spec: {group: gateway.networking.k8s.io, names: {kind: TLSRoute}, versions: []}
"""

CASES = {
    "sidecars that share two pods are told for each": (
        TWO_PODS
        + "".join(istio("Sidecar", name, "{workloadSelector: {labels: {tier: t}}}") for name in ("left", "right")),
        ["IST0110 Sidecar left", "IST0110 Sidecar left", "IST0110 Sidecar right", "IST0110 Sidecar right"],
    ),
    "telemetries that share two pods are told for each": (
        TWO_PODS
        + "".join(
            istio("Telemetry", name, "{selector: {matchLabels: {tier: t}}}", "telemetry.istio.io/v1")
            for name in ("left", "right")
        ),
        ["IST0159 Telemetry left", "IST0159 Telemetry left", "IST0159 Telemetry right", "IST0159 Telemetry right"],
    ),
    "one certificate: the wider selector is told, a pair of gateways once": (
        pod("a", "{istio: gw, zone: z}")
        + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: c, namespace: shop}\n"
        + istio("Gateway", "wide", "{selector: {istio: gw}, %s}" % (TLS % "a.b"))
        + istio("Gateway", "narrow", "{selector: {istio: gw, zone: z}, %s}" % (TLS % "c.d")),
        [
            "IST0138 Gateway wide",
            *(f"{code} Gateway {name}" for code in ("IST0161", "IST0162") for name in ("wide", "narrow")),
        ],
    ),
    "a gateway without servers is missed by the conflict check, whatever pods there are": (
        pod("a", "{istio: gw}") + istio("Gateway", "empty", "{selector: {istio: gw}}"),
        ["IST0101 Gateway empty"],
    ),
    "two injectors for one namespace, and no Service behind one": (
        webhook("Mutating", "one", "{url: 'https://istiod.example.com'}")
        + webhook("Mutating", "two", "{service: {name: istiod, namespace: istio-system}}"),
        ["IST0139 MutatingWebhookConfiguration one", *["IST0139 MutatingWebhookConfiguration two"] * 2],
    ),
    "a namespace that is injected by default": (
        injector("proxyv2", "true") + namespace("shop", "{}"),
        ["IST0148 Namespace shop"],
    ),
    "a proxy that its injector would not give": (
        injector("proxyv2") + namespace("shop") + TWO_PODS + pod("old", "{app: a}", PROXY % "h/proxyv2:0"),
        ["IST0158 Namespace shop"],
    ),
    "the webhooks of an external control plane": (
        webhook("Validating", "istio-validator-x", "{}")
        + webhook("Validating", "istiod-default-validator", "{url: 'https://10.0.0.1/validate'}"),
        [
            "IST0163 ValidatingWebhookConfiguration istio-validator-x",
            "IST0164 ValidatingWebhookConfiguration istiod-default-validator",
        ],
    ),
    "a selector that takes in a Kubernetes Gateway": (
        pod("a", "{gateway.networking.k8s.io/gateway-name: front, app: a}")
        + istio("WasmPlugin", "w", "{selector: {matchLabels: {app: a}}}", "extensions.istio.io/v1alpha1"),
        ["IST0166 WasmPlugin w"],
    ),
    "a generated gateway": (
        istio("VirtualService", "v", "{hosts: [a], gateways: ['shop/a~istio-autogenerated-k8s-gateway~b']}"),
        ["IST0165 VirtualService v"],
    ),
    "a Service with a negative condition": (
        SERVICE + "status: {conditions: [{type: istio.io/WaypointBound, status: 'False'}]}\n",
        ["IST0171 Service s"],
    ),
    "of one name the last counts, and system namespaces do not": (
        namespace("shop", "{}") + namespace("shop", "{istio-injection: disabled}") + namespace("kube-system", "{}"),
        [],
    ),
    "suppressed codes are split at commas and not trimmed": (
        namespace("a", "{}", ", annotations: {galley.istio.io/analyze-suppress: 'IST0108,IST0102'}")
        + namespace("b", "{}", ", annotations: {galley.istio.io/analyze-suppress: 'IST0108, IST0102'}")
        + namespace("c", "{}", ", annotations: {galley.istio.io/analyze-suppress: '*'}"),
        ["IST0102 Namespace b"],
    ),
    "deployments are no pods": (
        istio("Sidecar", "left", "{workloadSelector: {labels: {app: a}}}")
        + "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\n"
        "spec: {template: {metadata: {labels: {app: a}}}}\n",
        ["IST0101 Sidecar left"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_no_recorded_world_shows(case: str) -> None:
    text, expected = CASES[case]
    assert answer(text) == Counter(expected)


@pytest.mark.parametrize(
    ("text", "code", "since", "before"),
    [
        (JWT + ISTIOD, "IST0175 Deployment istiod", "1.29.6", "1.28.6"),
        (CRD, "IST0176 CustomResourceDefinition tlsroutes.gateway.networking.k8s.io", "1.30.3", "1.29.6"),
    ],
)
def test_analyzers_start_with_a_release(text: str, code: str, since: str, before: str) -> None:
    assert answer(text, since) == Counter([code])
    assert not answer(text, before)


def test_a_filter_of_a_name_that_was_bound_to_a_version() -> None:
    value = "patch: {operation: INSERT_BEFORE, value: {name: lua}}"
    bound = "match: {proxy: {proxyVersion: ^1}}"
    text = istio(
        "EnvoyFilter", "e", f"{{configPatches: [{{{value}, {bound}}}, {{{value}}}]}}", "networking.istio.io/v1alpha3"
    )
    assert answer(text) == Counter(["IST0151 EnvoyFilter e", "IST0155 EnvoyFilter e"])
