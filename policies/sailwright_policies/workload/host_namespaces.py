"""A pod in the node's process or IPC namespace sees the other pods of the node, their proxies too.

`hostPID` and `hostIPC` are for agents of the node, which belong outside the mesh.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "host-namespaces"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
PRESET: Preset = "strict"

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      hostPID: true  # finding
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """hostPID and hostIPC; hostNetwork has a rule of its own."""
    for key in ("hostPID", "hostIPC"):
        if workload.spec.get(key) is True:
            yield Problem(
                workload.manifest,
                workload.path("spec", key),
                f"{workload.kind} {workload.name} shares the node's namespace ({key})",
                f"remove {key}",
            )
