"""Without a readiness probe a pod gets traffic as soon as its proxy is ready, whether the application is or not.

Only pods behind a Service get any; Jobs are left out.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "readiness-probe-missing"
KIND = WORKLOAD
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()
PRESET: Preset = "strict"

BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec:
      containers:
        - name: reviews  # finding
          image: reviews:1.0.0
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          readinessProbe: {httpGet: {path: /health, port: 9080}}
"""


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Workloads behind a Service none of whose application containers has a readiness probe."""
    main = [container for container in workload.applications if not container.init]
    if not main or any("readinessProbe" in container.value for container in main):
        return
    if workload.kind not in ("Job", "CronJob") and mesh.index.services_of(workload):
        yield Problem(
            workload.manifest,
            (*main[0].path, "name"),
            f"no container of {workload.kind} {workload.name} has a readinessProbe",
            "add one that succeeds once the application can serve",
        )
