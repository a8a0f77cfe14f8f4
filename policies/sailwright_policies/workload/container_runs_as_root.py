"""An application that may run as root is one step from the node, and from the proxy's user.

Set `runAsNonRoot: true` or a `runAsUser` above 0, on the pod or on the container.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import mapping

ID = "container-runs-as-root"
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
      securityContext: {runAsNonRoot: true}
      containers:
        - name: reviews
          image: reviews:1.0.0
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Application containers; the container's own setting goes before the pod's."""
    pod = mapping(workload.spec.get("securityContext"))
    for container in workload.applications:
        context = {**pod, **mapping(container.value.get("securityContext"))}
        user = context.get("runAsUser")
        if context.get("runAsNonRoot") is not True and not (isinstance(user, int) and user > 0):
            yield Problem(
                workload.manifest,
                (*container.path, "name"),
                f"container {container.name} may run as root",
                "set securityContext.runAsNonRoot: true",
            )
