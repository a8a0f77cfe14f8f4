"""A workload that leaves its proxy image to the injector and is not injected cannot start.

`image: auto` is a placeholder: the webhook writes the image when the pod is created. Where no webhook selects the pod,
the node tries to pull an image called `auto`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.selectors import label_selector_selects
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, text

ID = "image-auto-not-injected"
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


def check(world: World) -> Iterator[Problem]:
    """Ask of each workload with `image: auto` whether it is injected."""
    index = world.index
    for workload in _deployments(index):
        proxy = workload.proxy
        if proxy is None or proxy.image != "auto" or (index.facts.compat and proxy.init):
            continue  # the analyzers overlook native sidecars
        if not _selected(index, workload) if index.facts.compat else index.injected(workload) is False:
            message = f"{workload.kind} {workload.name} has the proxy image `auto`, and nothing injects it"
            remedy = 'label the namespace, or the pod template with sidecar.istio.io/inject: "true"'
            place = () if index.facts.compat else (*proxy.path, "image")
            yield Problem(workload.manifest, place, message, remedy)


def _deployments(index: Index) -> Iterator[Workload]:
    """The workloads with a pod template; Pods have a rule of their own. The analyzers look at Deployments alone."""
    if index.facts.compat:
        return (index.workload(manifest) for manifest in index.of(kinds.DEPLOYMENT))
    return (workload for workload in index.workloads if not workload.is_pod)


def _selected(index: Index, workload: Workload) -> bool:
    """Whether a webhook of Istio among the manifests selects the pods."""
    namespace = index.find(kinds.NAMESPACE, "", workload.namespace or "default")
    place: Mapping[str, str] = namespace.labels if namespace else {}
    for manifest in index.of(kinds.MUTATING_WEBHOOK):
        for _, webhook in entries(manifest.value.get("webhooks"), ()):
            if text(webhook.get("name")).endswith("istio.io"):
                selectors = webhook.get("namespaceSelector"), webhook.get("objectSelector")
                if label_selector_selects(selectors[0], place) and label_selector_selects(
                    selectors[1], workload.labels
                ):
                    return True
    return False
