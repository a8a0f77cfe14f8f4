"""A workload that no AuthorizationPolicy selects accepts every caller.

Off unless asked for: a mesh that is closed wants each workload named; most begin open.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.selectors import selects
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import get, labels

ID = "workload-without-authorization"
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


def check(world: World) -> Iterator[Problem]:
    """Workloads in the mesh, or perhaps in it, against the policies of their namespace and of the root namespace."""
    selectors: dict[str, list[dict[str, str]]] = {}
    for manifest in world.index.of(kinds.AUTHORIZATION_POLICY):
        selector = labels(get(manifest.spec, "selector", "matchLabels"))
        selectors.setdefault(world.index.namespace_of(manifest), []).append(selector)
    everywhere = selectors.get(world.index.mesh.root_namespace, [])
    for workload in world.index.workloads:
        if world.index.injected(workload) is False:
            continue
        here = (*selectors.get(workload.namespace, ()), *everywhere)
        if not any(selects(selector, workload.labels) for selector in here):
            yield Problem(
                workload.manifest,
                ("metadata", "name"),
                f"no AuthorizationPolicy selects {workload.kind} {workload.name}",
                "add one that names its callers, or a default that denies",
            )
