"""A disruption budget that allows no disruption blocks every node drain, and with it every upgrade.

`maxUnavailable: 0`, `minAvailable: 100%`, or as many as there are replicas: the eviction is refused for ever.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.autoscalers import autoscaled
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, number

ID = "disruption-budget-blocks-drain"
KIND = objects("PodDisruptionBudget.policy")
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: reviews, namespace: shop}
spec:
  minAvailable: 2  # finding
  selector: {matchLabels: {app: reviews}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  replicas: 2
  template: {metadata: {labels: {app: reviews}}}
"""

GOOD = """
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: reviews, namespace: shop}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: reviews}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  replicas: 2
  template: {metadata: {labels: {app: reviews}}}
"""


def check(budget: Manifest, mesh: World) -> Iterator[Problem]:
    """A budget by itself, and against the replicas of the workloads it selects that no autoscaler raises."""
    most, least = budget.spec.get("maxUnavailable"), budget.spec.get("minAvailable")
    replicas = _replicas(mesh.index, budget)
    if most in (0, "0%") and most is not False:
        key, why = "maxUnavailable", "no pod may ever be unavailable"
    elif least == "100%":
        key, why = "minAvailable", "all pods have to be available"
    elif replicas and isinstance(least, int) and not isinstance(least, bool) and least >= replicas:
        key, why = "minAvailable", f"{least} of {replicas} replicas have to be available"
    else:
        return
    message = f"this budget allows no disruption: {why}"
    yield Problem(budget, ("spec", key), message, "let one pod be unavailable, as maxUnavailable: 1")


def _replicas(index: Index, budget: Manifest) -> int:
    """The replicas that a budget covers in all; 0 where some of them are not written down."""
    selector = match_labels(budget)
    if not selector or get(budget.spec, "selector", "matchExpressions"):
        return 0
    found = index.selected(selector, index.namespace_of(budget))
    if any(autoscaled(index, workload) or workload.kind == "DaemonSet" for workload in found):
        return 0
    counts = [workload.manifest.spec.get("replicas", 1) for workload in found]
    return sum(number(count) for count in counts) if all(isinstance(count, int) for count in counts) else 0
