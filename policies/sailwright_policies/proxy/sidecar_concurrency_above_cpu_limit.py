"""A sidecar with more worker threads than its cpu limit is throttled: every thread waits for the others' quota.

Left alone, Istio derives the number of threads from the cpu limit (2 for the default limit). A `concurrency` of its own
above that, or 0 (one thread for each core of the node), makes the kernel stop the whole proxy for part of each period;
the requests in flight feel it as latency.
"""

from collections.abc import Iterator
from math import ceil

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecar_containers import Amount, concurrency, sidecar_resources
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "sidecar-concurrency-above-cpu-limit"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        proxy.istio.io/config: "concurrency: 8"  # finding
        sidecar.istio.io/proxyCPU: 100m
        sidecar.istio.io/proxyMemory: 128Mi
        sidecar.istio.io/proxyCPULimit: 1500m
        sidecar.istio.io/proxyMemoryLimit: 256Mi
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
        proxy.istio.io/config: "concurrency: 2"
        sidecar.istio.io/proxyCPU: 100m
        sidecar.istio.io/proxyMemory: 128Mi
        sidecar.istio.io/proxyCPULimit: 1500m
        sidecar.istio.io/proxyMemoryLimit: 256Mi
    spec:
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Concurrency of the workload's own annotation or baked configuration against its own cpu limit."""
    setting = concurrency(workload)
    limit = _cpu_limit(workload)
    if setting is None or limit is None or limit.number is None or 0 < setting.value <= max(1, ceil(limit.number)):
        return
    threads = f"{setting.value} worker threads" if setting.value else "a worker thread for each core of the node"
    yield Problem(
        workload.manifest,
        setting.path,
        f"the sidecar starts {threads} but may use only {limit.written} cpu",
        f"leave concurrency out (Istio takes {max(1, ceil(limit.number))} from the limit), or raise the cpu limit",
        related=((workload.manifest, limit.path, "the cpu limit"),),
    )


def _cpu_limit(workload: Workload) -> Amount | None:
    limits = (found.amounts.get(("limits", "cpu")) for found in sidecar_resources(workload) if found.is_proxy)
    return next((limit for limit in limits if limit is not None), None)
