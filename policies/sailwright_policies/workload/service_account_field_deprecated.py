"""`serviceAccount` is the old name of `serviceAccountName`.

Kubernetes keeps it as an alias; tools that read the identity of a workload may look at the new name only.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Fix, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.edit import Rename

ID = "service-account-field-deprecated"
KIND = WORKLOAD
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      serviceAccount: reviews  # finding
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      serviceAccountName: reviews
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """The old field, where the new one is not there too."""
    if workload.spec.get("serviceAccount") and not workload.spec.get("serviceAccountName"):
        path = workload.path("spec", "serviceAccount")
        yield Problem(
            workload.manifest,
            path,
            "serviceAccount is deprecated",
            "write serviceAccountName",
            key=True,
            fix=Fix("write serviceAccountName", (Rename(path, "serviceAccountName"),)),
        )
