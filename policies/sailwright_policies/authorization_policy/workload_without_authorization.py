"""A workload that no AuthorizationPolicy selects accepts every caller.

Off unless asked for: a mesh that is closed wants each workload named; most begin open.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.authorization_policies import Authorization
from sailwright.mesh.world import World

ID = "workload-without-authorization"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1301",)
PRESET: Preset = "optional"

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews  # finding
  namespace: shop
spec: {template: {metadata: {labels: {app: reviews}}, spec: {containers: [{name: reviews}]}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ratings, namespace: shop}
spec: {selector: {matchLabels: {app: ratings}}}
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec: {template: {metadata: {labels: {app: reviews}}, spec: {containers: [{name: reviews}]}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny-all, namespace: shop}
spec: {}
"""


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """A workload in the mesh, or perhaps in it, against the policies of its namespace and of the root namespace."""
    authorization = mesh.index.derived(Authorization)
    if mesh.index.injected(workload) is False or authorization.of_namespace(workload.namespace):
        return
    if not authorization.selecting(workload):
        yield Problem(
            workload.manifest,
            ("metadata", "name"),
            f"no AuthorizationPolicy selects {workload.kind} {workload.name}",
            "add one that names its callers, or a default that denies",
        )
