"""A Service that selects no pod answers every request with 503.

Most often its selector and the labels of the pod template were changed apart. Decided where the repository holds workloads of
the namespace; services whose workloads are external (`workload: external`) are left out.
"""

from collections.abc import Iterator

from sailwright.finding import Severity
from sailwright.mesh import kinds
from sailwright.mesh.index import Index
from sailwright.mesh.nearest import did_you_mean
from sailwright.mesh.selectors import selector_text, selects
from sailwright.mesh.services import Service
from sailwright.mesh.shape import get, labels
from sailwright.mesh.workloads import external_workload
from sailwright.mesh.world import World
from sailwright.rule import Problem

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
    """Services with a selector that no pod template and no WorkloadEntry of their namespace satisfies."""
    index = world.index
    entries_of: dict[str, list[dict[str, str]]] = {}
    for manifest in index.of(kinds.WORKLOAD_ENTRY):
        entries_of.setdefault(index.namespace_of(manifest), []).append(labels(manifest.spec.get("labels")))
    for manifest in index.of(kinds.WORKLOAD_GROUP):
        entries_of.setdefault(index.namespace_of(manifest), []).append(labels(get(manifest.spec, "metadata", "labels")))
    for service in index.services:
        if not service.selector or index.backends(service) or external_workload(service.manifest):
            continue
        others = entries_of.get(service.namespace, ())
        if index.selected({}, service.namespace) and not any(selects(service.selector, found) for found in others):
            yield Problem(
                service.manifest,
                ("spec", "selector"),
                f"no workload of namespace {service.namespace} has the labels {selector_text(service.selector)}",
                _near(index, service),
                key=True,
            )


def _near(index: Index, service: Service) -> str:
    names = (selector_text(workload.labels) for workload in index.selected({}, service.namespace))
    return did_you_mean(selector_text(service.selector), names, "use the labels of the pod template")
