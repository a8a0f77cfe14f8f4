"""Pods whose proxy differs from what their injector would give them run another release than intended.

They were created before the injector was upgraded, or their proxy is written by hand. `sidecar.istio.io/proxyImage` on
the pod says that it is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.namespaces import INJECTION_LABEL, REVISION_LABEL
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.injector_config import injector_images, injector_name, proxy_variant
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World

ID = "proxy-image-mismatch"
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


def check(world: World) -> Iterator[Problem]:
    """Compare the proxies of each injected namespace with the image of its injector, where that is a manifest."""
    index = world.index
    images = injector_images(index)
    differing: dict[str, list[str]] = {}
    for pod in index.workloads if images else ():
        expected = images.get(_injector(index, pod))
        if expected and pod.proxy and not pod.annotations.get("sidecar.istio.io/proxyImage"):
            image = pod.proxy.image
            if image not in (expected, f"{expected}-{proxy_variant(index, pod)}") and (
                index.facts.compat or image != "auto"
            ):
                differing.setdefault(pod.namespace, []).append(pod.name)
    for namespace, pods in differing.items():
        manifest = index.find(kinds.NAMESPACE, "", namespace)
        if manifest:
            message = f"the proxies of {', '.join(pods)} differ from what the injector of {namespace} would give them"
            yield Problem(manifest, ("metadata", "name"), message, "restart the workloads, or render them again")


def _injector(index: Index, pod: Workload) -> str:
    """The ConfigMap of the injector of a pod's namespace, empty where there is none."""
    labels = index.namespace(pod.namespace).labels or {}
    if REVISION_LABEL in labels:
        return injector_name(labels[REVISION_LABEL])
    return injector_name("") if labels.get(INJECTION_LABEL) == "enabled" else ""
