"""A workload whose selector does not match its own pods is refused by the API server.

The same goes for one without a selector. Deployments, StatefulSets, DaemonSets and ReplicaSets find their pods by it.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import label_selector_selects, selector_text
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import labels

ID = "selector-mismatch"
KIND = WORKLOAD
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews, version: v2}  # finding
  template:
    metadata: {labels: {app: reviews, version: v1}}
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews}
  template:
    metadata: {labels: {app: reviews, version: v1}}
"""

KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Written selectors of the apps kinds against the labels of their pod template."""
    selector = workload.manifest.spec.get("selector")
    if workload.kind not in KINDS or workload.manifest.group != "apps" or not isinstance(selector, dict):
        return
    if not label_selector_selects(selector, workload.labels):
        wanted = selector_text(labels(selector.get("matchLabels")))
        yield Problem(
            workload.manifest,
            ("spec", "selector", "matchLabels"),
            f"the selector {wanted} does not match the pods' labels {selector_text(workload.labels) or '(none)'}",
            "make the labels of spec.template.metadata carry what the selector asks for",
            related=((workload.manifest, workload.path("metadata", "labels"), "the pods' labels"),),
            key=True,
        )
