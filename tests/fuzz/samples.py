"""What is mutated: our own service files, what they render, and the small worlds of other tests."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.conftest import ROOT
from tests.hostile.repositories import CART
from tests.injection.workloads import deployment
from tests.policies.test_hostile import EXAMPLES
from tests.route.test_bad_worlds import OBJECTS

from sailwright.source.source import parse

MANY = 400
"""Values: a document with more is no sample, because a change in a small one says as much and takes less time."""


@cache
def services() -> tuple[dict[str, Any], ...]:
    """Service files."""
    files = sorted([*ROOT.glob("services/*/service.yaml"), *ROOT.glob("examples/*/services/*/service.yaml")])
    found = [document for file in files for document in _documents(file.read_bytes())]
    return (*_documents(CART.encode()), *found)


@cache
def objects() -> tuple[dict[str, Any], ...]:
    """Objects of every kind: rendered ones, the rules' own examples, the routes' world."""
    files = sorted([*ROOT.glob("rendered/prod/*/*.yaml"), *ROOT.glob("examples/*/rendered/*/*/*.yaml")])
    rendered = [document for file in files for document in _documents(file.read_bytes())]
    examples = [manifest.value for _, found in EXAMPLES for manifest in found]
    return tuple(
        {repr(value): value for value in (*OBJECTS, *examples, *rendered) if len(repr(value)) < 20 * MANY}.values()
    )


@cache
def workloads() -> tuple[dict[str, Any], ...]:
    """Objects with pods: those above, what injection has been at before among them, and one of every annotation."""
    found = [value for value in objects() if "template" in repr(value.get("spec")) or value.get("kind") == "Pod"]
    probes = {
        "ports": [{"name": "http", "containerPort": 8080}],
        "readinessProbe": {"httpGet": {"port": "http", "path": "/ready"}, "timeoutSeconds": 2},
        "livenessProbe": {"grpc": {"port": 9090}},
        "lifecycle": {"preStop": {"tcpSocket": {"port": 8080}}},
        "resources": {"limits": {"cpu": "100m"}},
    }
    own = [{"name": "istio-proxy", "image": "auto", "env": [{"name": "A", "value": "b"}]}]
    more: list[dict[str, Any]] = [
        deployment(_ANNOTATIONS, {"version": "v1"}, probes, volumes=[{"name": "data", "emptyDir": {}}]),
        deployment(
            {}, {}, probes, initContainers=own, securityContext={"fsGroup": 1}, imagePullSecrets=[{"name": "own"}]
        ),
        {"apiVersion": "v1", "kind": "List", "items": [deployment(), deployment({}, {}, probes)]},
    ]
    return (*more, *found)


_ANNOTATIONS = {
    "sidecar.istio.io/proxyCPU": "100m",
    "sidecar.istio.io/proxyImage": "example.com/proxyv2:1",
    "sidecar.istio.io/userVolume": '{"a":{"emptyDir":{}}}',
    "sidecar.istio.io/userVolumeMount": '{"a":{"mountPath":"/a"}}',
    "sidecar.istio.io/interceptionMode": "TPROXY",
    "traffic.sidecar.istio.io/includeOutboundIPRanges": "10.0.0.0/8,fd00::/8",
    "traffic.sidecar.istio.io/excludeInboundPorts": "9090",
    "readiness.status.sidecar.istio.io/initialDelaySeconds": "5",
    "proxy.istio.io/config": "concurrency: 0\nholdApplicationUntilProxyStarts: true\nproxyMetadata: {A: '1'}",
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "9100",
}


def _documents(data: bytes) -> list[dict[str, Any]]:
    return [document.value for document in parse("sample.yaml", data).documents if isinstance(document.value, dict)]
