"""Workloads that share the default service account share one identity: no policy can tell them apart.

The service account is what mTLS certificates and AuthorizationPolicies name. One for each workload costs nothing.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "service-account-default"
KIND = WORKLOAD
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()
PRESET: Preset = "strict"

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
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
  template:
    metadata: {labels: {app: reviews}}
    spec:
      serviceAccountName: reviews
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Workloads (no Jobs) that run as `default` and may have a sidecar."""
    if workload.kind in ("Job", "CronJob") or workload.service_account != "default":
        return
    if workload.spec and mesh.index.injected(workload) is not False:
        yield Problem(
            workload.manifest,
            workload.path("spec"),
            f"{workload.kind} {workload.name} runs as the default service account, which others share",
            "set serviceAccountName to an account of its own",
            key=True,
        )
