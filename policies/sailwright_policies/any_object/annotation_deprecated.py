"""A deprecated annotation stops working in one of the next releases, without a word at the pod.

What replaces it is read by the releases of today already.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ANNOTATED
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import INJECT
from sailwright.mesh.queries.annotations import Annotated, registry
from sailwright.mesh.world import World

ID = "annotation-deprecated"
KIND = ANNOTATED
SEVERITY: Severity = "info"
ALIASES = ("IST0135",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart}
      annotations:
        sidecar.istio.io/inject: "true"  # finding
"""
GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart, sidecar.istio.io/inject: "true"}}}}
"""


def check(place: Annotated, mesh: World) -> Iterator[Problem]:
    """Look for deprecated annotations; `inject` is let off where the label that replaces it is there too."""
    known = registry(mesh.facts.istio_version)
    for name in place.annotations:
        annotation = known.get(name)
        if annotation and annotation.deprecated and not (name == INJECT and INJECT in place.labels):
            message = f"the annotation `{name}` is deprecated"
            remedy = f"use {annotation.instead}" if annotation.instead else "remove it"
            yield Problem(place.manifest, (*place.path, name), message, remedy, key=True)
