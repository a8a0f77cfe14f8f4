"""An annotation on an object of the wrong kind does nothing.

Those for the sidecar belong into the pod template's metadata; on the Deployment itself they are not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ANNOTATED
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.annotations import ANY, Annotated, registry
from sailwright.mesh.world import World

ID = "annotation-misplaced"
KIND = ANNOTATED
SEVERITY: Severity = "warning"
ALIASES = ("IST0107",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
  annotations:
    sidecar.istio.io/proxyCPU: 100m  # finding
spec: {template: {metadata: {labels: {app: cart}}}}
"""
GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart}
      annotations: {sidecar.istio.io/proxyCPU: 100m}
"""


def check(place: Annotated, mesh: World) -> Iterator[Problem]:
    """Compare the kind that carries an annotation with those it is for."""
    known = registry(mesh.facts.istio_version)
    for name in place.annotations:
        annotation = known.get(name)
        if annotation and ANY not in annotation.kinds and place.kind not in annotation.kinds:
            message = f"`{name}` on a {place.kind} does nothing: it is for {', '.join(annotation.kinds)}"
            on_pods = "Pod" in annotation.kinds
            remedy = "move it into the metadata of the pod template" if on_pods else "move or remove it"
            yield Problem(place.manifest, (*place.path, name), message, remedy, key=True)
