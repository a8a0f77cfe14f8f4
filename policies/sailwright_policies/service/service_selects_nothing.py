"""A Service that selects no pod answers every request with 503.

Most often its selector and the labels of the pod template were changed apart. Decided where the repository holds workloads of
the namespace; services whose workloads are external (`workload: external`) are left out.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.selectors import selector_text, selects
from sailwright.mesh.objects.workloads import Workload, external_workload
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import get, labels

ID = "service-selects-nothing"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: review}  # finding
  ports: [{name: http, port: 9080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews}}}}
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 9080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews}}}}
"""


def check(world: World) -> Iterator[Problem]:
    """Services with a selector that no pod template and no WorkloadEntry of their namespace satisfies.

    A workload of the Service's own name makes it a slip; without one the pods may come from elsewhere.
    """
    index = world.index
    machines = _machines(index)
    named = {(workload.namespace, name): workload for workload in index.workloads for name in _names(workload)}
    for service in index.services:
        if not service.selector or index.backends(service) or external_workload(service.manifest):
            continue
        if not index.selected({}, service.namespace):
            continue
        if any(selects(service.selector, found) for found in machines.get(service.namespace, ())):
            continue
        meant = named.get((service.namespace, service.name))
        yield Problem(
            service.manifest,
            ("spec", "selector"),
            f"no workload of namespace {service.namespace} has the labels {selector_text(service.selector)}",
            f"{meant.kind} {meant.name} has {selector_text(meant.labels)}"
            if meant
            else "use the labels of the pod template",
            key=True,
            severity=None if meant else "info",
        )


def _names(workload: Workload) -> tuple[str, str]:
    """What its Service may be called: as itself, or as it is without the version."""
    return workload.name, workload.name.rpartition("-")[0]


def _machines(index: Index) -> dict[str, list[dict[str, str]]]:
    """The labels of the machines that a namespace declares."""
    found: dict[str, list[dict[str, str]]] = {}
    for manifest in index.of(kinds.WORKLOAD_ENTRY):
        found.setdefault(index.namespace_of(manifest), []).append(labels(manifest.spec.get("labels")))
    for manifest in index.of(kinds.WORKLOAD_GROUP):
        found.setdefault(index.namespace_of(manifest), []).append(labels(get(manifest.spec, "metadata", "labels")))
    return found
