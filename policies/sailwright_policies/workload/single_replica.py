"""One replica is none during an upgrade, a drain or a crash.

Off unless asked for. The least number is a parameter.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.autoscalers import autoscaled
from sailwright.mesh.world import World
from sailwright.source.untyped import number

ID = "single-replica"
KIND = WORKLOAD
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()
PRESET: Preset = "optional"
PARAMETERS = {"minimum": "the least number of replicas"}

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  replicas: 1  # finding
  template: {metadata: {labels: {app: reviews}}}
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  replicas: 3
  template: {metadata: {labels: {app: reviews}}}
"""


def check(workload: Workload, mesh: World, *, minimum: int = 2) -> Iterator[Problem]:
    """Deployments and StatefulSets that no autoscaler scales."""
    replicas = number(workload.manifest.spec.get("replicas", 1))
    if workload.kind not in ("Deployment", "StatefulSet") or autoscaled(mesh.index, workload):
        return
    if 0 < replicas < minimum:
        yield Problem(
            workload.manifest,
            ("spec", "replicas"),
            f"{workload.kind} {workload.name} has {replicas} replica{'s' * (replicas > 1)}",
            f"run at least {minimum}",
        )
