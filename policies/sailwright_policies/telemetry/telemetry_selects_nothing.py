"""A Telemetry whose selector matches no workload observes nothing.

`selector` looks at the labels of pods of its own namespace. Nothing is reported where the repository holds no workload
of that namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.queries.istioctl_compat import shown
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import get, labels

ID = "telemetry-selects-nothing"
SEVERITY: Severity = "error"
ALIASES = ("IST0101",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart}}}}
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: cart, namespace: shop}
spec:
  selector:
    matchLabels:
      app: carts  # finding
  accessLogging: [{providers: [{name: envoy}]}]
"""
GOOD = BAD.replace("carts  # finding", "cart")


def check(world: World) -> Iterator[Problem]:
    """Look for a pod of each selector."""
    index = world.index
    for manifest in index.of(kinds.TELEMETRY):
        selector, namespace = labels(get(manifest.spec, "selector", "matchLabels")), index.namespace_of(manifest)
        if not selector or index.selected(selector, namespace):
            continue
        if index.facts.compat or index.selected({}, namespace):
            place = shown(manifest, "spec", "selector", "matchLabels", min(selector))
            message = f"no workload of `{namespace}` has the labels {selector_text(selector)}"
            yield Problem(manifest, place, message, "write the labels of the pod template")
