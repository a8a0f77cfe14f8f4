"""A workload that requests a sidecar in an ambient namespace, or both, gets one of the two, and it is undefined which.

Ambient mode and sidecars exclude each other for a pod; the sidecar wins where both are set up. A pod that asks for ambient mode and has
its sidecar baked in gets no ztunnel.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.namespaces import DATAPLANE_LABEL
from sailwright.mesh.objects.workloads import INJECT, Workload
from sailwright.mesh.world import World

ID = "sidecar-and-ambient"
KIND = WORKLOAD
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA1311", "KIA1315")

BAD = (
    """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      labels:
        sidecar.istio.io/inject: "true"
        istio.io/dataplane-mode: ambient  # finding
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
""",
    """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      labels:
        istio.io/dataplane-mode: ambient  # finding
    spec:
      initContainers: [{name: istio-proxy, image: "example.com/proxyv2:1.31.0", restartPolicy: Always}]
      containers: [{name: reviews, image: "reviews:1.0.0"}]
""",
)

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      labels:
        sidecar.istio.io/inject: "true"
        istio.io/dataplane-mode: none
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
"""


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Pod templates with both labels, or with the sidecar's in a declared ambient namespace."""
    mode = workload.labels.get(DATAPLANE_LABEL)
    baked = workload.proxy is not None and not workload.is_gateway and mode == "ambient"
    if workload.inject != "true" and not baked:
        return
    if mode == "ambient":
        path = workload.path("metadata", "labels", DATAPLANE_LABEL)
    elif mode is None and mesh.index.namespace(workload.namespace).ambient:
        path = workload.path("metadata", "labels" if INJECT in workload.labels else "annotations", INJECT)
    else:
        return
    yield Problem(
        workload.manifest,
        path,
        f"{workload.kind} {workload.name} {'has a sidecar and asks' if baked else 'asks for a sidecar and'} for ambient mode",
        f"keep one: remove {'the sidecar' if baked else INJECT}, or set {DATAPLANE_LABEL}: none",
    )
