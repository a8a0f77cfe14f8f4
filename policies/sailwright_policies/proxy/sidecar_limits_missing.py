"""A sidecar without limits can starve the application beside it, and the node.

A proxy that lost its limits is usually an accident: someone baked it, or copied a container, without the resources block.
Without a memory limit a leak takes the node's memory; without a cpu limit Envoy also starts one worker thread for each
core of the node (Istio derives their number from the limit), and each thread holds its own connections and buffers.
"""

from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecar_containers import sidecar_resources
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "sidecar-limits-missing"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
PARAMETERS = {"resources": "the resources that need a limit; [memory] accepts a sidecar without a cpu limit"}

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
        - name: istio-proxy  # finding
          image: docker.io/istio/proxyv2:1.31.0
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: "1"}}
"""

GOOD = (
    """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      initContainers:
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.31.0
          restartPolicy: Always
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: "1", memory: 256Mi}}
      containers:
        - name: reviews
          image: reviews:1.0.0
""",
    """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ztunnel, namespace: istio-system}
spec:
  template:
    spec:
      containers:
        - name: istio-proxy
          image: docker.io/istio/ztunnel:1.31.0
          args: [proxy, ztunnel]
          resources: {requests: {cpu: 200m, memory: 512Mi}}
""",
)


def check(workload: Workload, _: World, *, resources: Sequence[str] = ("cpu", "memory")) -> Iterator[Problem]:
    """Baked proxies and their init containers; annotations are judged by sidecar-annotations-partial."""
    for found in sidecar_resources(workload):
        missing = [name for name in resources if ("limits", name) not in found.amounts]
        if found.container and found.complete and missing:
            yield Problem(
                workload.manifest,
                found.path,
                f"{found.subject} has no {' and no '.join(missing)} limit",
                "set resources.limits on it; Istio's own defaults are cpu 2 and memory 1Gi",
            )
