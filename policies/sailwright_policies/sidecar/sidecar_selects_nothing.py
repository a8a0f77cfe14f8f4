"""A Sidecar whose selector matches no workload narrows nothing: its clients keep the namespace's default.

`workloadSelector` matches pods of its own namespace by their labels. Reported where sailwright.yaml
declares the namespace, or where a workload of it was in all likelihood meant: pods may come from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SIDECAR
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.queries.absence import no_pods
from sailwright.mesh.queries.possible_pods import may_select
from sailwright.mesh.queries.traits import populated
from sailwright.mesh.world import World

ID = "sidecar-selects-nothing"
KIND = SIDECAR
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


def check(sidecar: Sidecar, mesh: World) -> Iterator[Problem]:
    """Look for a pod of each selector."""
    index, namespace = mesh.index, sidecar.namespace
    if not sidecar.selector or may_select(index, sidecar.selector, namespace):
        return
    if mesh.facts.compat or namespace in index.derived(populated):
        path = ("spec", "workloadSelector", "labels", min(sidecar.selector))
        message = f"no workload of `{namespace}` has the labels {selector_text(sidecar.selector)}"
        remedy = "write the labels of the pod template, or remove the Sidecar"
        yield Problem(sidecar.manifest, path, message, remedy, absent=no_pods(sidecar.selector, namespace))
