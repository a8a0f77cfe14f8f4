"""A writable root filesystem lets whoever gets into the application leave something behind.

Set `readOnlyRootFilesystem: true`, and mount an emptyDir where the application has to write.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "container-root-filesystem-writable"
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
    spec:
      containers:
        - name: reviews  # finding
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
          securityContext: {readOnlyRootFilesystem: true}
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Application containers."""
    for container in workload.applications:
        if get(container.value, "securityContext", "readOnlyRootFilesystem") is not True:
            yield Problem(
                workload.manifest,
                (*container.path, "name"),
                f"container {container.name} can write to its root filesystem",
                "set securityContext.readOnlyRootFilesystem: true",
            )
