"""Two WorkloadGroups with the same labels cannot be told apart: a machine of one gets the traffic of both.

Services and policies select machines by these labels, as they do pods.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.values import kinds
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


def check(world: World) -> Iterator[Problem]:
    """The labels of each WorkloadGroup against those before it in its namespace."""
    first: dict[tuple[str, str], Manifest] = {}
    for manifest in world.index.of(kinds.WORKLOAD_GROUP):
        found = selector_text(labels(get(manifest.spec, "metadata", "labels")))
        other = first.setdefault((world.index.namespace_of(manifest), found), manifest)
        if found and other is not manifest and other.name != manifest.name:
            yield Problem(
                manifest,
                ("spec", "metadata", "labels"),
                f"WorkloadGroup {other.name} has the labels {found} too",
                "add a label that tells them apart",
                related=((other, ("spec", "metadata", "labels"), "the same labels"),),
                key=True,
            )
