"""Replicas that may share a node are lost together.

Off unless asked for; topology spread constraints do as well.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import get, number

ID = "anti-affinity-missing"
KIND = WORKLOAD
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()
PRESET: Preset = "optional"

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  replicas: 3
  template:
    metadata: {labels: {app: reviews}}
    spec:  # finding
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  replicas: 3
  template:
    metadata: {labels: {app: reviews}}
    spec:
      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway}
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Deployments and StatefulSets with several replicas and neither anti-affinity nor spread constraints."""
    if workload.kind not in ("Deployment", "StatefulSet") or number(workload.manifest.spec.get("replicas")) < 2:
        return
    if not get(workload.spec, "affinity", "podAntiAffinity") and not workload.spec.get("topologySpreadConstraints"):
        yield Problem(
            workload.manifest,
            workload.path("spec"),
            f"the replicas of {workload.kind} {workload.name} may all run on one node",
            "add podAntiAffinity or topologySpreadConstraints over kubernetes.io/hostname",
            key=True,
        )
