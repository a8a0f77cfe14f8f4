"""An autoscaler whose target does not exist scales nothing.

Most often the Deployment was renamed, as with a new version. Decided where a workload of the namespace has nearly the name.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.queries.absence import Absent
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import mapping, text

ID = "autoscaler-target-unknown"
KIND = objects(kinds.HORIZONTAL_POD_AUTOSCALER)
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


def check(autoscaler: Manifest, mesh: World) -> Iterator[Problem]:
    """A target of a kind that this tool reads as a workload."""
    namespace = mesh.index.namespace_of(autoscaler)
    target = mapping(autoscaler.spec.get("scaleTargetRef"))
    kind, name = text(target.get("kind")), text(target.get("name"))
    names = mesh.index.derived(_names).get((namespace, kind), ())
    if kind in _KINDS and name and name not in names:
        yield Problem(
            autoscaler,
            ("spec", "scaleTargetRef", "name"),
            f"there is no {kind} {name} in namespace {namespace}",
            did_you_mean(name, names, "correct the name, or remove the autoscaler"),
            absent=Absent((), name, namespace, tuple(names)),
        )


_KINDS = frozenset(kind.partition(".")[0] for kind in kinds.TEMPLATES)


def _names(index: Index) -> Mapping[tuple[str, str], set[str]]:
    """The names of the workloads of each namespace and kind."""
    found: dict[tuple[str, str], set[str]] = {}
    for workload in index.each_workload():
        found.setdefault((workload.namespace, workload.kind), set()).add(workload.name)
    return found
