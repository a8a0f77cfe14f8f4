"""A workload that leaves its proxy image to the injector and is not injected cannot start.

`image: auto` is a placeholder: the webhook writes the image when the pod is created. Where no webhook selects the pod,
the node tries to pull an image called `auto`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import POD_MAKER
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.selectors import label_selector_selects
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.webhooks import webhooks
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World

ID = "image-auto-not-injected"
KIND = POD_MAKER
SEVERITY: Severity = "warning"
ALIASES = ("IST0146",)
BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: ingress}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingressgateway, namespace: ingress}
spec:
  template:
    metadata: {labels: {istio: ingressgateway}}
    spec:
      containers:
        - name: istio-proxy
          image: auto  # finding
"""
GOOD = BAD.replace("  # finding", "").replace("labels: {istio", 'labels: {sidecar.istio.io/inject: "true", istio')


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Whether a workload with `image: auto` is injected; Pods have a rule of their own. Analyzers overlook native sidecars."""
    index, proxy = mesh.index, workload.proxy
    if workload.is_pod or proxy is None or proxy.image != "auto" or (index.facts.compat and proxy.init):
        return
    if not _selected(index, workload) if index.facts.compat else index.injected(workload) is False:
        message = f"{workload.kind} {workload.name} has the proxy image `auto`, and nothing injects it"
        remedy = 'label the namespace, or the pod template with sidecar.istio.io/inject: "true"'
        yield Problem(workload.manifest, (*proxy.path, "image"), message, remedy)


def _selected(index: Index, workload: Workload) -> bool:
    """Whether a webhook of Istio among the manifests selects the pods."""
    namespace = index.find(kinds.NAMESPACE, "", workload.namespace or "default")
    place: Mapping[str, str] = namespace.labels if namespace else {}
    return any(
        label_selector_selects(webhook.value.get("namespaceSelector"), place)
        and label_selector_selects(webhook.value.get("objectSelector"), workload.labels)
        for manifest in index.of(kinds.MUTATING_WEBHOOK)
        for webhook in webhooks(manifest)
        if webhook.name.endswith("istio.io")
    )
