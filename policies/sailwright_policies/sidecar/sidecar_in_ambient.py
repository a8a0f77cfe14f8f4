"""A Sidecar in an ambient namespace does nothing: there is no sidecar to read it.

In ambient mode ztunnel and waypoints carry the traffic; they do not look at Sidecars.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SIDECAR
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.world import World

ID = "sidecar-in-ambient"
KIND = SIDECAR
SEVERITY: Severity = "warning"
ALIASES = ("IST0167",)
BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default  # finding
  namespace: shop
spec: {egress: [{hosts: ["./*"]}]}
"""
GOOD = BAD.replace("  # finding", "").replace("istio.io/dataplane-mode: ambient", "istio-injection: enabled")


def check(sidecar: Sidecar, mesh: World) -> Iterator[Problem]:
    """Look at the namespace of each Sidecar, and at the pods it selects."""
    pods = mesh.index.selected(sidecar.selector, sidecar.namespace) if sidecar.selector else ()
    if any(pod.annotations.get("ambient.istio.io/redirection") == "enabled" for pod in pods):
        what = "a workload it selects"
    elif not sidecar.selector and mesh.index.namespace(sidecar.namespace).ambient:
        what = f"the namespace `{sidecar.namespace}`"
    else:
        return
    message = f"{what} is in ambient mode: the Sidecar has no effect"
    remedy = "remove it; visibility in ambient mode is exportTo's business"
    yield Problem(sidecar.manifest, ("metadata", "name"), message, remedy)
