"""A Telemetry whose selector matches no workload observes nothing.

`selector` matches pods of its own namespace by their labels. Reported where sailwright.yaml
declares the namespace, or where a workload of it was in all likelihood meant: pods may come from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import TELEMETRY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import match_labels, selector_text
from sailwright.mesh.queries.absence import no_pods
from sailwright.mesh.queries.possible_pods import may_select
from sailwright.mesh.queries.traits import populated
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "telemetry-selects-nothing"
KIND = TELEMETRY
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


def check(telemetry: Manifest, mesh: World) -> Iterator[Problem]:
    """Look for a pod of the selector."""
    selector, namespace = match_labels(telemetry), mesh.index.namespace_of(telemetry)
    if not selector or may_select(mesh.index, selector, namespace):
        return
    if mesh.facts.compat or namespace in mesh.index.derived(populated):
        place = ("spec", "selector", "matchLabels", min(selector))
        message = f"no workload of `{namespace}` has the labels {selector_text(selector)}"
        yield Problem(
            telemetry, place, message, "write the labels of the pod template", absent=no_pods(selector, namespace)
        )
