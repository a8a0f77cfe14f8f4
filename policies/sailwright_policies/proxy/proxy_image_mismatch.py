"""Pods whose proxy differs from what their injector would give them run another release than intended.

They were created before the injector was upgraded, or their proxy is written by hand. `sidecar.istio.io/proxyImage` on
the pod says that it is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import NAMESPACE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.namespaces import INJECTION_LABEL, REVISION_LABEL, Namespace
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.injector_config import injector_images, injector_name, proxy_variant
from sailwright.mesh.world import World

ID = "proxy-image-mismatch"
KIND = NAMESPACE
SEVERITY: Severity = "warning"
ALIASES = ("IST0158",)
BAD = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio-sidecar-injector, namespace: istio-system}
data: {values: '{"global": {"hub": "docker.io/istio", "tag": "1.31.0", "proxy": {"image": "proxyv2"}}}'}
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop  # finding
  labels: {istio-injection: enabled}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec: {containers: [{name: istio-proxy, image: "docker.io/istio/proxyv2:1.30.3"}]}
"""
GOOD = BAD.replace("  # finding", "").replace("1.30.3", "1.31.0")


def check(namespace: Namespace, mesh: World) -> Iterator[Problem]:
    """Compare the proxies of an injected namespace with the image of its injector, where that is a manifest."""
    index = mesh.index
    expected = index.derived(injector_images).get(_injector(namespace))
    if not expected or namespace.manifest is None:
        return
    pods = [pod.name for pod in index.selected({}, namespace.name) if _differs(index, pod, expected)]
    if pods:
        message = f"the proxies of {', '.join(pods)} differ from what the injector of {namespace.name} would give them"
        yield Problem(namespace.manifest, ("metadata", "name"), message, "restart the workloads, or render them again")


def _differs(index: Index, pod: Workload, expected: str) -> bool:
    if not pod.proxy or pod.annotations.get("sidecar.istio.io/proxyImage"):
        return False
    image = pod.proxy.image
    by_injector = image == "auto" and not index.facts.compat
    return not by_injector and image not in (expected, f"{expected}-{proxy_variant(index, pod)}")


def _injector(namespace: Namespace) -> str:
    """The ConfigMap of the injector of a namespace, empty where there is none."""
    labels = namespace.labels or {}
    if REVISION_LABEL in labels:
        return injector_name(labels[REVISION_LABEL])
    return injector_name("") if labels.get(INJECTION_LABEL) == "enabled" else ""
