"""A running Pod without a proxy in a namespace with injection is outside of the mesh.

It was created before the namespace was labelled, or while the injector was down. A manifest cannot tell: its pods are injected
when it is applied. So this is decided under `--compat istioctl` alone, where Pods are the cluster's.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.index import Index
from sailwright.mesh.objects.namespaces import INJECTION_LABEL
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "pod-missing-proxy"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES = ("IST0103",)
_CLUSTER = Facts(compat=True)
BAD = Example(
    """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1  # finding
kind: Pod
metadata: {name: cart-7d9f, namespace: shop}
spec: {containers: [{name: app, image: cart:1}]}
""",
    _CLUSTER,
)
GOOD = Example(
    """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Pod
metadata: {name: cart-7d9f, namespace: shop}
spec: {containers: [{name: app, image: cart:1}, {name: istio-proxy, image: "proxyv2:1.31.0"}]}
""",
    _CLUSTER,
)


def check(pod: Workload, mesh: World) -> Iterator[Problem]:
    """Look for the proxy in a Pod of a namespace with the label `istio-injection: enabled`."""
    inject = pod.inject or ""
    wanted = mesh.facts.compat and _injects(mesh.index, pod) and inject.lower() != "false" and not pod.host_network
    if wanted and not (pod.proxy and pod.proxy.image):
        message = f"the Pod {pod.name} has no proxy, though its namespace has injection"
        yield Problem(pod.manifest, (), message, "restart its workload")


def _injects(index: Index, pod: Workload) -> bool:
    """The analyzers pass over istio-system and ambient namespaces, and do not look at revisions."""
    labels = index.namespace(pod.namespace).labels or {}
    ambient = labels.get("istio.io/dataplane-mode") == "ambient"
    return pod.namespace != "istio-system" and not ambient and labels.get(INJECTION_LABEL) == "enabled"
