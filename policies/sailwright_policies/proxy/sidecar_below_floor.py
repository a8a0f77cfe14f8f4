"""A sidecar with too little cpu or memory is throttled or killed, and takes its application's traffic with it.

Envoy needs some 40Mi to start and grows with the number of clusters it knows; below the floor it is killed when the mesh
grows, not when the limit is written. The floors are parameters: raise them to what your mesh needs.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecar_containers import Amounts, sidecar_resources
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values.quantity import quantity
from sailwright.mesh.world import World

ID = "sidecar-below-floor"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
PARAMETERS = {
    "cpu_request": "least cpu request",
    "memory_request": "least memory request",
    "cpu_limit": "least cpu limit",
    "memory_limit": "least memory limit",
}

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        sidecar.istio.io/proxyCPU: 100m
        sidecar.istio.io/proxyMemory: 16Mi  # finding
        sidecar.istio.io/proxyCPULimit: "1"
        sidecar.istio.io/proxyMemoryLimit: 32Mi  # finding
    spec:
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        sidecar.istio.io/proxyCPU: 10m
        sidecar.istio.io/proxyMemory: 40Mi
        sidecar.istio.io/proxyCPULimit: "1"
        sidecar.istio.io/proxyMemoryLimit: 128Mi
    spec:
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""


def check(
    workload: Workload,
    _: World,
    *,
    cpu_request: str = "10m",
    memory_request: str = "40Mi",
    cpu_limit: str = "100m",
    memory_limit: str = "64Mi",
) -> Iterator[Problem]:
    """The requests of Istio's demo profile are the lowest that Istio itself ships."""
    floors: dict[Amounts, str] = {
        ("requests", "cpu"): cpu_request,
        ("requests", "memory"): memory_request,
        ("limits", "cpu"): cpu_limit,
        ("limits", "memory"): memory_limit,
    }
    for found in sidecar_resources(workload):
        for (side, resource), amount in found.amounts.items():
            floor = floors[side, resource]
            least = quantity(floor)
            if amount.number is not None and least is not None and amount.number < least:
                yield Problem(
                    workload.manifest,
                    amount.path,
                    f"{found.subject}: the {resource} {side.removesuffix('s')} {amount.written} is below the floor of {floor}",
                    f"raise it to {floor} or more, or lower the rule's parameter {resource}_{side.removesuffix('s')}",
                )
