"""An injection label on the workload itself does nothing: the webhook looks at pods.

`sidecar.istio.io/inject` and `istio.io/rev` belong into `spec.template.metadata.labels`.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import INJECT, Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import labels

ID = "injection-label-misplaced"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
  labels:
    sidecar.istio.io/inject: "true"  # finding
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  template:
    metadata: {labels: {app: reviews, sidecar.istio.io/inject: "true"}}
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """The label on the object and not on its pod template."""
    written = labels(workload.manifest.labels)
    if not workload.is_pod and INJECT in written and INJECT not in workload.labels:
        yield Problem(
            workload.manifest,
            ("metadata", "labels", INJECT),
            f"{INJECT} is read from pods, not from a {workload.kind}",
            "move it to spec.template.metadata.labels",
            key=True,
        )
