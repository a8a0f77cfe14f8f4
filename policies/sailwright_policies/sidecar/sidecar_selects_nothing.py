"""A Sidecar whose selector matches no workload narrows nothing: its clients keep the namespace's default.

`workloadSelector` looks at the labels of pods of its own namespace. Nothing is reported where the repository holds no
workload of that namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.queries.istioctl_compat import shown
from sailwright.mesh.world import World

ID = "sidecar-selects-nothing"
SEVERITY: Severity = "error"
ALIASES = ("IST0101", "KIA0004")
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart}}}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: cart, namespace: shop}
spec:
  workloadSelector:
    labels:
      app: carts  # finding
  egress: [{hosts: ["./*"]}]
"""
GOOD = BAD.replace("carts  # finding", "cart")


def check(world: World) -> Iterator[Problem]:
    """Look for a pod of each selector."""
    index = world.index
    for sidecar in index.sidecars.all:
        if not sidecar.selector or index.selected(sidecar.selector, sidecar.namespace):
            continue
        if index.facts.compat or index.selected({}, sidecar.namespace):
            first = min(sidecar.selector)
            path = ("spec", "workloadSelector", "labels", first)
            message = f"no workload of `{sidecar.namespace}` has the labels {selector_text(sidecar.selector)}"
            place = shown(sidecar.manifest, *path)
            yield Problem(
                sidecar.manifest, place, message, "write the labels of the pod template, or remove the Sidecar"
            )
