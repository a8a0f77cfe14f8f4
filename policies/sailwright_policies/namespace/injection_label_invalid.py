"""A value that the webhook's selectors do not know injects nothing, or leaves it to the default.

The namespace label `istio-injection` is `enabled` or `disabled`; the pod label `sidecar.istio.io/inject` is `"true"` or `"false"`. The
label `istio.io/dataplane-mode` of either is `ambient` or `none`.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import WORKLOAD, objects
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.namespaces import INJECTION_LABEL
from sailwright.mesh.objects.workloads import INJECT, Workload
from sailwright.mesh.values import kinds
from sailwright.mesh.values.ambient import DATAPLANE_MODE, MODES
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import has_placeholder
from sailwright.source.untyped import labels

ID = "injection-label-invalid"
KIND = objects(kinds.NAMESPACE) | WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: "true"  # finding
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      labels:
        sidecar.istio.io/inject: enabled  # finding
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
---
apiVersion: v1
kind: Namespace
metadata:
  name: books
  labels:
    istio.io/dataplane-mode: ambeint  # finding
"""

GOOD = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      labels:
        sidecar.istio.io/inject: "false"
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
"""


def check(labelled: Manifest | Workload, _: World) -> Iterator[Problem]:
    """The injection labels of a namespace, or of a pod template."""
    if isinstance(labelled, Workload):
        value = labelled.labels.get(INJECT)
        if value not in (None, "true", "false"):
            yield Problem(
                labelled.manifest,
                labelled.path("metadata", "labels", INJECT),
                f"{INJECT}: {value} is neither true nor false: whether the pod gets a sidecar is left to the namespace",
                'write "true" or "false"',
            )
        mode = labelled.path("metadata", "labels", DATAPLANE_MODE)
        yield from _mode(labelled.manifest, mode, labelled.labels.get(DATAPLANE_MODE))
        return
    value = labels(labelled.labels).get(INJECTION_LABEL)
    if value not in (None, "enabled", "disabled"):
        yield Problem(
            labelled,
            ("metadata", "labels", INJECTION_LABEL),
            f"{INJECTION_LABEL}: {value} selects no webhook: pods get no sidecar",
            "write enabled or disabled",
        )
    yield from _mode(labelled, ("metadata", "labels", DATAPLANE_MODE), labels(labelled.labels).get(DATAPLANE_MODE))


def _mode(manifest: Manifest, path: Path, value: str | None) -> Iterator[Problem]:
    if value not in (None, *MODES) and not has_placeholder(value):
        message = f"{DATAPLANE_MODE}: {value} is not a data plane mode: the label has no effect"
        yield Problem(manifest, path, message, did_you_mean(value, MODES, "write ambient or none"))
