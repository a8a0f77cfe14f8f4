"""Of two variables with one name the last wins, and the first reads as if it did.

It happens when overrides are appended; a server-side apply may drop either.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, text

ID = "env-duplicate"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          env:
            - {name: LOG_LEVEL, value: info}
            - {name: LOG_LEVEL, value: debug}  # finding
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
          env:
            - {name: LOG_LEVEL, value: debug}
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Environment variables of each container, the sidecar's own too: per-service overrides are merged into them."""
    for container in workload.containers:
        first: dict[str, Path] = {}
        for path, variable in entries(container.value.get("env"), (*container.path, "env")):
            name = text(variable.get("name"))
            before = first.setdefault(name, path)
            if before is not path and name:
                yield Problem(
                    workload.manifest,
                    (*path, "name"),
                    f"{name} is set twice in container {container.name}: this one wins",
                    "keep one of the two",
                    related=((workload.manifest, (*before, "name"), "set first here"),),
                )
