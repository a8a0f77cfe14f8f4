"""A Service that selects no pod answers every request with 503.

Most often its selector and the labels of the pod template were changed apart. Decided where sailwright.yaml declares the
namespace, or where a workload of it was in all likelihood meant: others alone prove nothing, pods may come from elsewhere.
Services whose workloads are external (`workload: external`) are left out.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload, external_workload
from sailwright.mesh.queries.absence import no_pods
from sailwright.mesh.queries.possible_pods import may_select
from sailwright.mesh.queries.traits import populated
from sailwright.mesh.world import World

ID = "service-selects-nothing"
KIND = SERVICE
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


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Services with a selector that no pod template and no WorkloadEntry of their namespace satisfies.

    A workload of the Service's own name makes it a slip; without one the pods may come from elsewhere.
    """
    index = mesh.index
    if not service.selector or external_workload(service.manifest) or service.namespace not in index.derived(populated):
        return
    if not index.has_endpoints(service) and not may_select(index, service.selector, service.namespace):
        meant = index.derived(_named).get((service.namespace, service.name))
        remedy = f"{meant.kind} {meant.name} has {selector_text(meant.labels)}" if meant else ""
        yield Problem(
            service.manifest,
            ("spec", "selector"),
            f"no workload of namespace {service.namespace} has the labels {selector_text(service.selector)}",
            remedy or "use the labels of the pod template",
            key=True,
            absent=no_pods(service.selector, service.namespace),
            severity=None if meant else "info",
        )


def _named(index: Index) -> Mapping[tuple[str, str], Workload]:
    """The workloads by what their Service may be called: as they are, or as they are without the version."""
    return {
        (workload.namespace, name): workload
        for workload in index.workloads
        for name in (workload.name, workload.name.rpartition("-")[0])
    }
