"""A sidecar that drains longer than the pod may live is killed with connections open.

On shutdown the agent waits `terminationDrainDuration` (5s) for Envoy to drain; after `terminationGracePeriodSeconds` (30s)
the kubelet kills the remaining processes.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecar_containers import proxy_setting
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values.duration import seconds
from sailwright.mesh.world import World

ID = "sidecar-drain-exceeds-grace"
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
        proxy.istio.io/config: "terminationDrainDuration: 60s"  # finding
    spec:
      terminationGracePeriodSeconds: 45
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
        proxy.istio.io/config: "terminationDrainDuration: 30s"
    spec:
      terminationGracePeriodSeconds: 45
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """The drain duration that a workload sets itself against its own grace period."""
    setting = proxy_setting(workload, "terminationDrainDuration")
    drain = seconds(setting.value) if setting else None
    grace = workload.spec.get("terminationGracePeriodSeconds", 30)
    if setting is None or drain is None or isinstance(grace, bool) or not isinstance(grace, int) or drain < grace:
        return
    yield Problem(
        workload.manifest,
        setting.path,
        f"the sidecar drains for {setting.value}, but the pod is killed after {grace} seconds",
        "set terminationGracePeriodSeconds a few seconds above terminationDrainDuration",
    )
