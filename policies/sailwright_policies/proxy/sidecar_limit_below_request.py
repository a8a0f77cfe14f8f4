"""A sidecar whose limit is below its request is refused by the API server, so the pod never starts.

Injection does not compare the two: the Deployment is accepted, and its ReplicaSet fails to create a single pod.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecar_containers import sidecar_resources
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "sidecar-limit-below-request"
KIND = WORKLOAD
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        sidecar.istio.io/proxyCPU: 500m
        sidecar.istio.io/proxyMemory: 256Mi
        sidecar.istio.io/proxyCPULimit: 200m  # finding
        sidecar.istio.io/proxyMemoryLimit: 256Mi
    spec:
      containers: [{name: reviews, image: "reviews:1.0.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ratings, namespace: shop}
spec:
  template:
    spec:
      initContainers:
        - name: istio-init
          image: docker.io/istio/proxyv2:1.31.0
          resources:
            requests: {cpu: 100m, memory: 1Gi}
            limits:
              cpu: 100m
              memory: 128Mi  # finding
      containers: [{name: ratings, image: "ratings:1.0.0"}]
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        sidecar.istio.io/proxyCPU: 500m
        sidecar.istio.io/proxyMemory: 1024Mi
        sidecar.istio.io/proxyCPULimit: "1"
        sidecar.istio.io/proxyMemoryLimit: 1Gi
    spec:
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Annotations and injected containers, compared by value (1024Mi is 1Gi)."""
    for found in sidecar_resources(workload):
        for resource in ("cpu", "memory"):
            limit, request = found.amounts.get(("limits", resource)), found.amounts.get(("requests", resource))
            if limit is None or request is None or limit.number is None or request.number is None:
                continue
            if limit.number < request.number:
                yield Problem(
                    workload.manifest,
                    limit.path,
                    f"{found.subject}: the {resource} limit {limit.written} is below the request {request.written}",
                    f"raise the limit to at least {request.written}, or lower the request",
                    related=((workload.manifest, request.path, "the request"),),
                )
