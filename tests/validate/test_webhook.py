"""Istio's own checks, fact by fact: those that its samples and the recorded documents do not reach.

Each row is a kind, a spec, and what is said of it: `E` refused or `W` warned about, and a part of the words, in order.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sailwright.diagnostics.problem import Problem
from sailwright.lint.former_families import FORMER_FAMILIES
from sailwright.source.source import parse
from sailwright.validate.run import Settings, judge
from sailwright.validate.schemas import istio
from sailwright.validate.schemas.istio import GROUPS, versions
from sailwright.validate.webhook import rule_of
from sailwright.validate.webhook_checks.checks import CHECKS

HTTP = "VirtualService | hosts: [a.b], http: [{route: [{destination: {host: a}}], %s}]"
MATCH = HTTP % "match: [{%s}]"
POLICY = "DestinationRule | host: a, trafficPolicy: {%s}"
ENTRY = "ServiceEntry | hosts: [a.b], ports: [{number: 80, name: http, protocol: HTTP}], %s"
SERVER = "Gateway | servers: [{port: {number: %s}, hosts: ['*'], %s}]"
INGRESS = "Sidecar | ingress: [{port: {%s}, %s}]"
EGRESS = "Sidecar | egress: [%s]"
RULE = "AuthorizationPolicy | %s"

TABLE = [
    # VirtualService
    ("VirtualService | hosts: ['*'], tcp: [{route: [{destination: {host: a}}]}]", "E for gateways only"),
    ("VirtualService | hosts: [10.0.0.1], tcp: [{route: [{destination: {host: a}}]}]", ""),
    (HTTP % "redirect: {uri: /, prefixRewrite: /}", "E answers by itself; E exclude each other"),
    ("VirtualService | hosts: [a], http: [{redirect: {prefixRewrite: /a}, match: [{uri: {exact: /}}]}]", "E by uri prefix"),
    ("VirtualService | hosts: [a], http: [{redirect: {authority: a, scheme: ftp}}]", "E neither http nor https"),
    ("VirtualService | hosts: [a], http: [{redirect: {port: 70000}}]", "E 70000"),
    ("VirtualService | hosts: [a], http: [{redirect: {authority: b, redirectCode: 200}}]", "E not a redirect"),
    ("VirtualService | hosts: [a], http: [{redirect: {}}]", "E leads nowhere"),
    ("VirtualService | hosts: [a], http: [{redirect: {port: 80}, directResponse: {status: 200}}]", "E answers by itself"),
    ("VirtualService | hosts: [a], http: [{directResponse: {status: 601}}]", "E outside"),
    ("VirtualService | hosts: [a], http: [{directResponse: {status: 600}}]", ""),
    ("VirtualService | hosts: [a], http: [{delegate: {name: x}, route: [{destination: {host: b}}]}]", "E takes no route"),
    ("VirtualService | gateways: [x/y], http: [{route: [{destination: {host: b}}]}]", "E takes no gateways"),
    (HTTP % "mirrorPercent: 101", "E above 100; W deprecated"),
    (HTTP % "mirrors: [{}], mirrorPercentage: {value: -1}", "E outside 0..100; E needs a destination"),
    (HTTP % "mirror: {host: a}, mirrors: [{destination: {host: b}}]", "E exclude each other"),
    (HTTP % "fault: {abort: {http2Error: x}}", "E not supported"),
    (HTTP % "fault: {abort: {grpcStatus: NOPE}}", "E not a gRPC status"),
    (HTTP % "fault: {abort: {grpcStatus: OK, percentage: {value: 0.00001}}}", "E neither 0 nor"),
    (HTTP % "fault: {delay: {exponentialDelay: 1us}}", "E shorter than 1ms; E not supported"),
    (HTTP % "fault: {delay: {fixedDelay: 1.5ms}}", "E finer than a millisecond"),
    (HTTP % "fault: {}", "E needs an abort or a delay"),
    (HTTP % "corsPolicy: {allowOrigins: [{}], allowHeaders: ['a b'], allowMethods: [GO], maxAge: 1500ms}",
     "E needs exact; E not an HTTP method; E not a header name; E whole seconds"),
    (HTTP % "rewrite: {uriRegexRewrite: {match: a}}", "E needs match and rewrite"),
    (HTTP % "rewrite: {uriRegexRewrite: {match: '(', rewrite: a}}", "E regular expression"),
    (HTTP % "rewrite: {uri: /, uriRegexRewrite: {match: a, rewrite: b}}", "E exclude each other"),
    (HTTP % "rewrite: {}", "E changes nothing"),
    (HTTP % "rewrite: {authority: x}, headers: {request: {set: {Host: z}}}", "E already 'x'"),
    (HTTP % "headers: {request: {set: {':path': a}, remove: [host]}, response: {add: {host: a, ':x': b}}}",
     "E pseudo headers; E only be added; E only be added; E pseudo headers"),
    (HTTP % "headers: {request: {set: {a: '100%', b: '100%%', c: '%START_TIME(%s)%', d: '%REQ(x)'}}}",
     "E must be written %%; E must be written %%"),
    (HTTP % "headers: {request: {set: {'': a}}}", "E empty"),
    (HTTP % "retries: {attempts: 0, retryOn: 5xx}", "E switches retries off"),
    (HTTP % "retries: {attempts: -1, perTryTimeout: 1us, backoff: 1us}", "E negative; E shorter; E shorter"),
    (HTTP % "retries: {attempts: 1, retryOn: '5xx, reset'}", "E ' reset'"),
    (HTTP % "retries: {attempts: 1, retryOn: '503,reset'}", ""),
    (MATCH % "headers: {'a b': {exact: a}}", "E not a header name"),
    (MATCH % "headers: {x: {prefix: ''}}, uri: {prefix: ''}", "E the prefix is empty"),
    (MATCH % "withoutHeaders: {x: {regex: '*'}}", ""),
    (MATCH % "queryParams: {q: {regex: ''}}", "E"),
    (MATCH % "port: 70000, sourceNamespace: a_b", "E 70000; E not a namespace"),
    (MATCH % "headers: {'@request.auth.claims.sub': {exact: a}}", "E matches on gateways only"),
    (HTTP % "timeout: 1h, match: [{gateways: [a/b/c]}]", "E"),
    ("VirtualService | hosts: [a.b], gateways: [gw.ns.svc.cluster.local], tcp: [{route: [{destination: {host: a}}]}]",
     "W write 'ns/gw'"),
    ("VirtualService | hosts: [a.b], http: [{route: [{destination: {host: a, subset: v1.2, port: {number: 0}}, weight: -1}]}]",
     "E v1.2; E 0; E negative"),
    ("VirtualService | hosts: [a.b], tls: [{route: [{destination: {host: a}}]}]", "E needs a match"),
    ("VirtualService | hosts: [a.b], tls: [{match: [{sniHosts: [x.y], port: 70000}]}]", "E among; E 70000; E needs a route"),
    ("VirtualService | hosts: [1.2.3.4], tls: [{match: [{sniHosts: [1.2.3.4]}], route: [{destination: {host: a}}]}]",
     "W no server name"),
    # DestinationRule
    (POLICY % "", "E is empty"),
    (POLICY % "tunnel: {targetHost: a.b, targetPort: 1}, proxyProtocol: {}", "E exclude each other"),
    (POLICY % "tunnel: {protocol: GET, targetHost: '*', targetPort: 0}", "E CONNECT or POST; E; E 0"),
    (POLICY % "portLevelSettings: [{}]", "E needs? the port; E need one of"),
    (POLICY % "connectionPool: {}", "E needs http or tcp"),
    (POLICY % "connectionPool: {http: {maxRetries: -1, http2KeepAlive: {interval: 1us}}}", "E negative; E needs timeout; E shorter"),
    (POLICY % "connectionPool: {http: {h2UpgradePolicy: UPGRADE, useClientProtocol: true}}", "E contradicts"),
    (POLICY % "connectionPool: {tcp: {idleTimeout: 0s, connectTimeout: 0s}}", "E shorter"),
    (POLICY % "outlierDetection: {maxEjectionPercent: 101, consecutiveLocalOriginFailures: 1}", "E needs split; E outside"),
    (POLICY % "loadBalancer: {consistentHash: {httpCookie: {attributes: [{}, {name: a}, {name: a}]}}}",
     "E needs a name; E needs a name; E two"),
    (POLICY % "loadBalancer: {consistentHash: {minimumRingSize: 1, ringHash: {}}}", "W deprecated; E excludes"),
    (POLICY % "loadBalancer: {consistentHash: {maglev: {tableSize: 4}}}", "E prime"),
    (POLICY % "loadBalancer: {consistentHash: {maglev: {tableSize: 5000011}}}", "E below"),
    (POLICY % "loadBalancer: {consistentHash: {maglev: {tableSize: 65537}}}", ""),
    (POLICY % "loadBalancer: {warmup: {minimumPercent: 101, aggression: 0}}", "E needs a duration; E above 100; E above 0"),
    (POLICY % "loadBalancer: {localityLbSetting: {distribute: [{from: a, to: {b: 100}}], failover: [{from: a, to: b}]}}", "E exclude"),
    (POLICY % "loadBalancer: {localityLbSetting: {distribute: [{from: a, to: {b: 90}}]}}", "E sum"),
    (POLICY % "loadBalancer: {localityLbSetting: {distribute: [{from: a, to: {b: 0, c: 100}}]}}", "E outside"),
    (POLICY % "loadBalancer: {localityLbSetting: {distribute: [{from: a/*, to: {b: 100}}, {from: a, to: {b: 100}}]}}", "E overlaps"),
    (POLICY % "loadBalancer: {localityLbSetting: {failover: [{from: a, to: a}, {from: a/b, to: '*'}]}}, outlierDetection: {}",
     "E another region; E no '/zone'; E no '[*]'"),
    (POLICY % "loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}], failoverPriority: [topology.kubernetes.io/zone]}}, outlierDetection: {}",
     "E excludes"),
    (POLICY % "loadBalancer: {localityLbSetting: {}, zoneAwareLbSetting: {}}", "E exclude each other"),
    (POLICY % "tls: {mode: MUTUAL}", "E needs clientCertificate; E needs privateKey"),
    (POLICY % "tls: {mode: SIMPLE, credentialName: a, caCertificates: /a}", "E takes the place"),
    (POLICY % "tls: {mode: SIMPLE, insecureSkipVerify: true, caCertificates: /a}", "E contradicts"),
    (POLICY % "tls: {mode: SIMPLE, credentialName: 'configmap://other/a'}", "E own namespace"),
    ("DestinationRule | host: a, subsets: [{name: v1}, {name: v1}, {name: v_2, labels: {'a b': c}}]", "E two; E v_2; E"),
    ("DestinationRule | host: a, subsets: [{name: v1, trafficPolicy: {outlierDetection: {consecutiveErrors: 1}}}]", ""),
    ("DestinationRule | host: a, workloadSelector: {matchLabels: {a: '*'}}", "E wildcard"),
    ("DestinationRule | host: a, workloadSelector: {matchLabels: {a: b}}, exportTo: ['*']", "E own namespace"),
    ("DestinationRule | host: a, exportTo: ['.', shop]", "E 'shop' twice"),
    ("DestinationRule | host: a, exportTo: ['*', other]", "E remove the other"),
    # ServiceEntry, WorkloadEntry, WorkloadGroup
    (ENTRY % "resolution: DYNAMIC_DNS", "E wildcard"),
    ("ServiceEntry | hosts: ['*.a.b'], ports: [{number: 443, name: t, protocol: HTTPS}], resolution: DYNAMIC_DNS, addresses: [10.0.0.1]",
     "E CIDR?|takes no addresses; E needs protocol"),
    (ENTRY % "resolution: DNS_ROUND_ROBIN, endpoints: [{address: a.b}, {address: c.d}]", "E one endpoint"),
    (ENTRY % "resolution: STATIC, endpoints: [{address: a.b, ports: {x: 70000}}]", "E not an IP; E no port; E 70000"),
    (ENTRY % "resolution: STATIC, endpoints: [{address: 'unix:///a', ports: {http: 1}}]", "E no ports"),
    (ENTRY % "resolution: STATIC, endpoints: [{network: net}]", "W left out"),
    (ENTRY % "resolution: DNS, endpoints: [{network: net}]", "E neither"),
    (ENTRY % "resolution: NONE, endpoints: [{address: 1.2.3.4}]", "E uses no endpoints"),
    (ENTRY % "exportTo: ['~']", ""),
    (ENTRY % "exportTo: ['~', '.']", "E no namespace"),
    (ENTRY % "addresses: [10.0.0.0/8], resolution: DNS", "E CIDR"),
    ("ServiceEntry | hosts: [a.b], ports: [{number: 1, name: a, protocol: HTTP, targetPort: 70000}, {number: 1, name: a, protocol: X}], resolution: STATIC",
     "E 70000; E two ports are named; E two ports have number; E X"),
    ("WorkloadEntry | address: 'unix://a', ports: {'a_b': 1}", "E; E no ports; E a_b"),
    ("WorkloadGroup | template: {}, probe: {periodSeconds: -1}", "E negative; E needs httpGet"),
    ("WorkloadGroup | template: {}, probe: {exec: {}}", "E needs a command"),
    ("WorkloadGroup | template: {}, probe: {tcpSocket: {port: 0}}", "E 0"),
    ("WorkloadGroup | template: {}, probe: {httpGet: {port: 0, scheme: x, httpHeaders: [{name: 'a b'}]}}", "E 0; E neither; E a b"),
    # Gateway
    (SERVER % ("80, name: a, protocol: HTTP, targetPort: 81", "bind: x"), "E targetPort; E x"),
    (SERVER % ("80, name: a, protocol: HTTP", "bind: 'unix:///a'"), "E port number 0"),
    ("Gateway | servers: [{hosts: ['*']}]", "E needs a port"),
    (SERVER % ("443, name: a, protocol: HTTPS", "tls: {mode: ISTIO_MUTUAL, credentialName: a}"), "E own certificates"),
    (SERVER % ("443, name: a, protocol: HTTPS", "tls: {mode: PASSTHROUGH, credentialName: a}"), "W ignored"),
    (SERVER % ("443, name: a, protocol: HTTPS", "tls: {mode: SIMPLE, credentialName: a, caCrl: /a}"), ""),
    (SERVER % ("443, name: a, protocol: HTTPS", "tls: {mode: SIMPLE, serverCertificate: a, privateKey: b, caCrl: /a}"), "E no use"),
    (SERVER % ("443, name: a, protocol: HTTPS", "tls: {mode: MUTUAL, serverCertificate: a, privateKey: b}"), "E needs caCertificates"),
    (SERVER % ("443, name: a, protocol: HTTPS", "tls: {mode: SIMPLE, credentialName: a, minProtocolVersion: TLSV1_0}"), "W below 1.2"),
    (SERVER % ("443, name: a, protocol: HTTPS", "tls: {mode: SIMPLE, credentialName: a, cipherSuites: [A, A]}"), "W unknown"),
    (SERVER % ("80, name: a, protocol: HTTP", "tls: {mode: SIMPLE, credentialName: a}"), "E plain HTTP"),
    (SERVER % ("80, name: a, protocol: TCP", "tls: {httpsRedirect: true}"), "E only an HTTPS; W httpsRedirect"),
    # Sidecar
    ("Sidecar | {}", "E configures nothing"),
    (INGRESS % ("number: 0, name: a_b, protocol: X, targetPort: 1", "bind: x"), "E targetPort; E a_b; E X; E 0; E x"),
    (INGRESS % ("number: 80, name: a, protocol: HTTP", "defaultEndpoint: '10.0.0.1:a'"), "E not the workload itself; E not a number"),
    (INGRESS % ("number: 80, name: a, protocol: HTTP", "defaultEndpoint: '[::1]:80'"), ""),
    (INGRESS % ("number: 80, name: a, protocol: HTTP", "tls: {mode: ISTIO_MUTUAL}"), "E cannot be; E needs a port"),
    (INGRESS % ("number: 80, name: a, protocol: TCP", "connectionPool: {http: {}}"), "W"),
    ("Sidecar | ingress: [{}]", "E needs a port"),
    (EGRESS % "{hosts: [./*]}, {port: {number: 80, name: a, protocol: HTTP}, hosts: ['*/*', a/b.c]}",
     "E must be the last; W takes every host"),
    (EGRESS % "{port: {number: 0, name: a, protocol: HTTP}, hosts: [./*]}", "E needs a number"),
    (EGRESS % "{port: {protocol: HTTP}, bind: 'unix:///a', captureMode: IPTABLES, hosts: [./*]}", "E cannot be captured"),
    (EGRESS % "{hosts: [a, ./b, ./*.c.d, ./e*.f, ./x.c.d, ./x.c.d]}", "E namespace/host; E short; E not a host; E not a host; E first label; W covered"),
    ("Sidecar | outboundTrafficPolicy: {egressProxy: {host: a.b, port: {number: 1}}}", "E needs mode"),
    ("Sidecar | outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a.b}}", "E needs a port"),
    # security
    (RULE % "provider: {name: a}", "E for action CUSTOM"),
    (RULE % "action: CUSTOM, rules: [{from: [{source: {namespaces: [a]}}], when: [{key: request.auth.audiences, values: [a]}]}]",
     "E needs provider.name; E cannot ask for namespaces; E cannot ask for request.auth"),
    (RULE % "action: DENY", "E never applies"),
    (RULE % "rules: [{from: [{}], to: [{}], when: [{}, {key: a}]}]", "E needs a source; E needs an operation; E needs a key; E needs values"),
    (RULE % "rules: [{from: [{source: {serviceAccounts: [a/b/c], principals: [x]}}]}]", "E excludes; E neither a service account"),
    (RULE % "rules: [{to: [{operation: {paths: ['/{**}/{*}', '/{*}/a b', '/x{*}'], ports: ['0', a]}}]}]", "E; E must be the last"),
    (RULE % "rules: [{when: [{key: source.ip, values: [x]}, {key: 'request.headers[]', values: [x]}, {key: nope, values: [x]}]}]",
     "E neither an IP; E values.*needs the form; E notValues.*needs the form; E values.*not an attribute; E notValues"),
    (RULE % "action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]", "W denies everything"),
    (RULE % "targetRef: {kind: Pod, group: core, name: a, namespace: x}", "E across namespaces; E cannot be attached"),
    (RULE % "selector: {matchLabels: {a: b}}, targetRefs: [{kind: Service, group: '', name: a}]", "E only one"),
    ("PeerAuthentication | portLevelMtls: {80: {mode: STRICT}}", "E"),
    ("PeerAuthentication | selector: {matchLabels: {a: b}}, portLevelMtls: {70000: {mode: STRICT}}", "E outside"),
    ("RequestAuthentication | jwtRules: [{}]", "E issuer"),
    ("RequestAuthentication | jwtRules: [{issuer: a, jwksUri: 'ftp://a', audiences: [''], fromHeaders: [{}], timeout: 1us}]",
     "E audience; E; E needs a name; E shorter"),
    ("RequestAuthentication | jwtRules: [{issuer: a, jwks: '[]', outputClaimToHeaders: [{header: 'a b', claim: c}]}]",
     "E must be; E not a header name"),
    ("""RequestAuthentication | jwtRules: [{issuer: a, jwks: '{"keys": [{"kty": "oct", "k": "AA"}]}'}]""", "W private key"),
    ("""RequestAuthentication | jwtRules: [{issuer: a, jwks: '{"keys": [{"kty": "RSA", "n": "AA"}]}'}]""", "E needs 'e'"),
    # the rest
    ("EnvoyFilter | configPatches: [{applyTo: HTTP_FILTER, match: {cluster: {}}, patch: {operation: MERGE, value: {}}}]", "E not by cluster"),
    ("EnvoyFilter | configPatches: [{applyTo: CLUSTER, match: {proxy: {proxyVersion: '('}}, patch: {operation: REMOVE}}]", "E"),
    ("EnvoyFilter | configPatches: [{applyTo: CLUSTER, patch: {}}]", "E needs an operation"),
    ("ProxyConfig | concurrency: -1", "E"),
    ("Telemetry | tracing: [{providers: [{}, {name: a}], randomSamplingPercentage: 101, customTags: {a: {literal: {}}}}, {}]",
     "W first tracing entry; W first tracing provider; E needs its name; E outside; E literal"),
    ("Telemetry | metrics: [{overrides: [{tagOverrides: {a: {}, b: {operation: REMOVE, value: x}}, match: {customMetric: ''}}]}]",
     "E UPSERT; E REMOVE; E customMetric"),
    ("WasmPlugin | url: 'ftp://a', sha256: x, vmConfig: {env: [{}]}", "E ftp; E sha256; E needs a name"),
    ("WasmPlugin | url: 'oci://a', vmConfig: {env: [{name: a, value: b, valueFrom: HOST}]}, match: [{ports: [{number: 0}]}]",
     "E valueFrom; E outside"),
    ("TrafficExtension | {}", "E exactly one"),
    ("TrafficExtension | wasm: {}, lua: {inlineCode: a}", "E exactly one; E needs a url"),
]  # fmt: skip


def objections(kind: str, spec: str, settings: Settings, **metadata: dict[str, str]) -> tuple[Problem, ...]:
    """Everything against an object of a kind with a spec in flow style."""
    body = spec if spec.startswith("{") else f"{{{spec}}}"
    (document,) = parse("spec.yaml", body.encode(), "manifest").documents
    value: dict[str, Any] = {
        "apiVersion": f"{GROUPS[kind]}/{versions(kind)[-1]}",
        "kind": kind,
        "metadata": {"name": "x", "namespace": "shop", **metadata},
        "spec": document.value,
    }
    (found,) = judge([value], settings)
    return found


def settings_arguments(kind: str, spec: str, **metadata: dict[str, str]) -> list[str]:
    """`E words` or `W words` for each message that istioctl would print, in order."""
    letters = {"error": "E", "warning": "W"}
    found = objections(kind, spec, Settings(compat=True), **metadata)
    return [f"{letters[each.severity]} {each.message}" for each in found if each.aliases and each.severity != "info"]


@pytest.mark.parametrize(("given", "expected"), TABLE, ids=lambda text: text[:60])
def test_what_is_said(given: str, expected: str) -> None:
    found = settings_arguments(*_split(given))
    wanted = [each for each in expected.split("; ") if each]
    assert len(found) == len(wanted), found
    for message, pattern in zip(found, wanted, strict=True):
        assert message[0] == pattern[0], found
        assert re.search(pattern[2:], message), (message, pattern)


@pytest.mark.parametrize(
    ("kind", "spec", "annotations", "expected"),
    [
        ("PeerAuthentication", "{}", {"istio.io/dry-run": "true"}, "works on an AuthorizationPolicy only"),
        ("AuthorizationPolicy", "{}", {"istio.io/dry-run": "true"}, ""),
        ("AuthorizationPolicy", "{}", {"istio.io/dry-run": "yes"}, "'true' or 'false'"),
        ("AuthorizationPolicy", "action: AUDIT", {"istio.io/dry-run": "true"}, "not with AUDIT"),
        ("AuthorizationPolicy", "{}", {"internal.istio.io/parents": "x"}, "reserved"),
    ],
)
def test_annotations(kind: str, spec: str, annotations: dict[str, str], expected: str) -> None:
    found = settings_arguments(kind, spec, annotations=annotations)
    assert bool(found) == bool(expected)
    assert all(expected in message for message in found)


def test_a_dynamic_name_behind_a_waypoint() -> None:
    entry = "hosts: ['*.a.b'], ports: [{number: 80, name: a, protocol: HTTP}], resolution: DYNAMIC_DNS, location: %s"
    waypoint = {"istio.io/use-waypoint": "egress"}
    assert settings_arguments("ServiceEntry", entry % "MESH_EXTERNAL", labels=waypoint) == []
    assert settings_arguments("ServiceEntry", entry % "MESH_INTERNAL") == []
    (message,) = settings_arguments("ServiceEntry", entry % "MESH_INTERNAL", labels=waypoint)
    assert "MESH_EXTERNAL" in message


@pytest.mark.parametrize("given", [given for given, _ in TABLE], ids=lambda text: text[:60])
def test_a_fault_is_told_once(given: str) -> None:
    """Where the schema's rules say what the webhook says, ours are the words."""
    found = objections(*_split(given), Settings())
    if any(each.aliases for each in found):
        assert [each.message for each in found if each.rule == "schema-rule"] == []


def test_every_kind_has_a_schema_checks_and_rules() -> None:
    """What is written in several lists is held together here."""
    folder = Path(istio.__file__).parent / "istio"
    assert set(GROUPS) == set(CHECKS) == {path.stem for path in folder.glob("*.json")}
    known = set(FORMER_FAMILIES["webhook"])
    for kind in GROUPS:
        assert rule_of(kind, Problem((), "")) in known
    met = {each.rule for given, _ in TABLE for each in objections(*_split(given), Settings())}
    assert met <= known | {"schema-violation", "schema-rule"}
    assert {"gateway-doubtful", "telemetry-doubtful", "sidecar-doubtful"} <= met


def _split(given: str) -> tuple[str, str]:
    kind, _, spec = given.partition(" | ")
    return kind, spec


@pytest.mark.parametrize("host", ["~shop/*", "~shop/api.example.com", "~/api.example.com", "~/*.example.com"])
def test_a_sidecar_excludes_hosts_from_1_31_on(host: str) -> None:
    """Earlier releases have no such namespace; in 1.31 it takes nothing from the others, and nothing covers it."""
    spec = f"{{egress: [{{hosts: ['*/*', '{host}']}}]}}"
    assert objections("Sidecar", spec, Settings(istio="1.31.0")) == ()
    assert objections("Sidecar", spec, Settings(istio="1.30.3"))


@pytest.mark.parametrize("host", ["~sh_op/*", "~shop/", "~shop", "~shop/api"])
def test_what_a_sidecar_excludes_has_the_same_form(host: str) -> None:
    found = objections("Sidecar", f"{{egress: [{{hosts: ['*/*', '{host}']}}]}}", Settings(istio="1.31.0"))
    assert {each.severity for each in found} == {"error"}
