"""Two WorkloadGroups with the same labels cannot be distinguished: a machine of one gets the traffic of both.

Services and policies select machines by these labels, as they do pods.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD_GROUP
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels

ID = "workload-group-labels-shared"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1702",)

BAD = """
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: {name: legacy, namespace: shop}
spec: {metadata: {labels: {app: legacy}}, template: {serviceAccount: legacy}}
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: {name: legacy-eu, namespace: shop}
spec:
  metadata:
    labels: {app: legacy}  # finding
  template: {serviceAccount: legacy}
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: {name: legacy, namespace: shop}
spec: {metadata: {labels: {app: legacy}}, template: {serviceAccount: legacy}}
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: {name: legacy-eu, namespace: shop}
spec: {metadata: {labels: {app: legacy, region: eu}}, template: {serviceAccount: legacy}}
"""


def _labels(group: Manifest) -> str:
    return selector_text(labels(get(group.spec, "metadata", "labels")))


KIND = WORKLOAD_GROUP.grouped_by(
    lambda group, mesh: ((mesh.index.namespace_of(group), _labels(group)),) if _labels(group) else ()
)


def check(groups: tuple[Manifest, ...], _: World) -> Iterator[Problem]:
    """The WorkloadGroups of one namespace with the same labels, against the first of them."""
    first = groups[0]
    for group in groups:
        if group.name != first.name:
            yield Problem(
                group,
                ("spec", "metadata", "labels"),
                f"WorkloadGroup {first.name} has the labels {_labels(group)} too",
                "add a label that tells them apart",
                related=((first, ("spec", "metadata", "labels"), "the same labels"),),
                key=True,
            )
