"""A pod that requests a sidecar in a namespace labelled `istio-injection: disabled` gets none.

The namespace's label goes first: no webhook selects such a namespace, and labels of the pods do not change that. It is what keeps
the webhook away from baked pods; one that is to be injected belongs into another namespace.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.namespaces import INJECTION_LABEL
from sailwright.mesh.objects.workloads import INJECT, Workload
from sailwright.mesh.world import World

ID = "injection-forbidden-by-namespace"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: disabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ratings, namespace: shop}
spec:
  template:
    metadata:
      labels:
        app: ratings
        sidecar.istio.io/inject: "true"  # finding
    spec: {containers: [{name: ratings, image: "ratings:1.0.0"}]}
"""

GOOD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: disabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ratings, namespace: shop}
spec:
  template:
    metadata: {labels: {app: ratings}}
    spec: {containers: [{name: ratings, image: "ratings:1.0.0"}]}
"""


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Workloads without a baked sidecar that ask for one, in namespaces declared to be disabled."""
    namespace = mesh.index.namespace(workload.namespace)
    if workload.inject != "true" or workload.proxy is not None:
        return
    if (namespace.labels or {}).get(INJECTION_LABEL) == "disabled":
        related = () if namespace.manifest is None else ((namespace.manifest, ("metadata", "labels"), "the namespace"),)
        yield Problem(
            workload.manifest,
            workload.path("metadata", "labels" if INJECT in workload.labels else "annotations", INJECT),
            f"{workload.kind} {workload.name} asks for a sidecar, which namespace {namespace.name} forbids: it gets none",
            "move it to a namespace that is injected, or bake its sidecar (`inject: build`)",
            related=related,
        )
