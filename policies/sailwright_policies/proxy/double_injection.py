"""A baked pod in a namespace that the webhook injects gets another sidecar than the one in Git.

The webhook has no "already injected" exit: it strips what `sidecar.istio.io/status` names and injects again, with its own
release and values. The label `istio-injection: disabled` on the namespace keeps it away from every pod there; the pod label
`sidecar.istio.io/inject: "false"` does so too, but with istio-cni it also switches redirection off, and the pod fails.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.namespaces import INJECTION_LABEL, REVISION_LABEL, Namespace
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.proxies import baked_proxy
from sailwright.mesh.world import World

ID = "double-injection"
KIND = WORKLOAD
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec:
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
        - name: istio-proxy  # finding
          image: docker.io/istio/proxyv2:1.31.0
"""

GOOD = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: disabled}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec:
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.31.0
"""


_REMEDY = (
    "label the namespace istio-injection: disabled, and take sidecar.istio.io/inject and istio.io/rev off the pods"
)
_CNI_REASON = 'its label sidecar.istio.io/inject: "false" makes istio-cni skip redirection'
_CNI_REMEDY = "remove the label from the pods, and label the namespace istio-injection: disabled"


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """A baked proxy against the declared labels of its namespace and its own; an undeclared namespace is not guessed."""
    proxy = baked_proxy(workload)
    if proxy is None or workload.is_pod:
        return  # a Pod with a proxy may be what the webhook made of it
    namespace = mesh.index.namespace(workload.namespace)
    reason, remedy = _injected_again(workload, namespace), _REMEDY
    if workload.inject == "false":
        reason, remedy = _CNI_REASON if mesh.facts.cni else "", _CNI_REMEDY
    if reason:
        related = () if namespace.manifest is None else ((namespace.manifest, ("metadata", "labels"), "the namespace"),)
        yield Problem(
            workload.manifest,
            (*proxy.container.path, "name"),
            f"{workload.kind} {workload.name} has its sidecar baked in, but {reason}",
            f"{remedy}, or leave the sidecar to the webhook (mesh.inject: webhook)"
            if workload.manifest.origin
            else remedy,
            related=related,
        )


def _injected_again(workload: Workload, namespace: Namespace) -> str:
    if not namespace.declared:
        return ""
    if namespace.injected:
        return f"the labels of namespace {namespace.name} make the webhook inject again"
    if INJECTION_LABEL in (namespace.labels or {}):
        return ""
    if workload.inject == "true" or REVISION_LABEL in workload.labels:
        return "its own labels make the webhook inject again"
    return ""
