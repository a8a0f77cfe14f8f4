"""An application without a cpu request and a memory limit is scheduled blindly and can take its node down, sidecar and all.

The sidecar has its defaults; the container beside it has none.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "app-resources-missing"
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
      containers:
        - name: reviews  # finding
          image: reviews:1.0.0
          resources: {requests: {cpu: 100m}}
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
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """The containers of the application, init containers left out."""
    for container in workload.applications:
        needed = (("requests", "cpu"), ("limits", "memory"))
        missing = [
            f"{name} {side.removesuffix('s')}"
            for side, name in needed
            if get(container.value, "resources", side, name) is None
        ]
        if missing and not container.init:
            yield Problem(
                workload.manifest,
                (*container.path, "name"),
                f"container {container.name} has no {' and no '.join(missing)}",
                "set resources.requests and resources.limits",
            )
