"""A sidecar without requests is scheduled as if it were free, so nodes fill up with proxies that the scheduler did not count.

The scheduler, the autoscaler and the eviction order all read requests. A horizontal autoscaler on cpu utilisation even
stops working: it needs a request on every container of the pod.
"""

from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecar_containers import Resources, sidecar_resources
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "sidecar-requests-missing"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
PARAMETERS = {"resources": "the resources that need a request"}

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      initContainers:
        - name: istio-proxy  # finding
          image: docker.io/istio/proxyv2:1.31.0
          restartPolicy: Always
          resources: {limits: {memory: 256Mi}, requests: {memory: 128Mi}}
      containers:
        - name: reviews
          image: reviews:1.0.0
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.31.0
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: "1", memory: 256Mi}}
"""


def check(workload: Workload, _: World, *, resources: Sequence[str] = ("cpu", "memory")) -> Iterator[Problem]:
    """Baked proxies and their init containers; where only a limit is set, the API server takes it as the request."""
    for found in sidecar_resources(workload):
        missing = [name for name in resources if ("requests", name) not in found.amounts]
        if found.container and found.complete and missing:
            yield Problem(
                workload.manifest,
                found.path,
                f"{found.subject} has no {' and no '.join(missing)} request{_taken(found, missing)}",
                "set resources.requests on it; Istio's own defaults are cpu 100m and memory 128Mi",
            )


def _taken(found: Resources, missing: list[str]) -> str:
    limits = [found.amounts[side, name].written for side, name in found.amounts if side == "limits" and name in missing]
    return f": Kubernetes reserves the whole limit of {' and '.join(limits)}" if limits else ""
