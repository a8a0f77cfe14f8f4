"""An autoscaler whose target does not exist scales nothing.

Most often the Deployment was renamed, as with a new version. Decided where the repository holds workloads of the namespace.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import mapping, text

ID = "autoscaler-target-unknown"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: reviews, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: review-v1}  # finding
  minReplicas: 2
  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews}}}}
"""

GOOD = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: reviews, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: reviews-v1}
  minReplicas: 2
  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews}}}}
"""


def check(world: World) -> Iterator[Problem]:
    """Targets of the kinds that this tool reads as workloads."""
    index = world.index
    present: dict[tuple[str, str], list[str]] = {}
    for workload in index.workloads:
        present.setdefault((workload.namespace, workload.kind), []).append(workload.name)
    for manifest in index.of(kinds.HORIZONTAL_POD_AUTOSCALER):
        target = mapping(manifest.spec.get("scaleTargetRef"))
        names = present.get((index.namespace_of(manifest), text(target.get("kind"))))
        name = text(target.get("name"))
        if names and name and name not in names:
            yield Problem(
                manifest,
                ("spec", "scaleTargetRef", "name"),
                f"there is no {target.get('kind')} {name} in namespace {index.namespace_of(manifest)}",
                did_you_mean(name, names, "correct the name, or remove the autoscaler"),
            )
