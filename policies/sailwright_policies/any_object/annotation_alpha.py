"""An annotation of alpha status may change or go with any release of Istio.

Before an upgrade the release notes have to be searched for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ANNOTATED
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.queries.annotations import Annotated, registry
from sailwright.mesh.world import World

ID = "annotation-alpha"
KIND = ANNOTATED
SEVERITY: Severity = "info"
ALIASES = ("IST0136",)
PRESET: Preset = "optional"
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart}
      annotations:
        sidecar.istio.io/proxyCPU: 100m  # finding
"""
GOOD = BAD.replace("sidecar.istio.io/proxyCPU: 100m  # finding", "proxy.istio.io/config: 'concurrency: 2'")
_NOT_ALPHA = (
    "ambient.istio.io/redirection",
    "kubernetes.io/ingress.class",
    "proxy.istio.io/config",
    "sidecar.istio.io/inject",
    "traffic.istio.io/nodeSelector",
)
"""The beta and stable ones; all others of the registry are alpha."""


def check(place: Annotated, mesh: World) -> Iterator[Problem]:
    """Look for alpha annotations. `istioctl x precheck` tells of them, `istioctl analyze` does not."""
    known = registry(mesh.facts.istio_version) if not mesh.facts.compat else {}
    for name in place.annotations:
        if name in known and name not in _NOT_ALPHA:
            message, remedy = f"the annotation `{name}` is of alpha status", "read the release notes before an upgrade"
            yield Problem(place.manifest, (*place.path, name), message, remedy, key=True)
