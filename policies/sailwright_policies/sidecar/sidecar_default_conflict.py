"""Two Sidecars without a selector in one namespace leave it to chance which one is its default.

Only one of them governs the namespace's workloads; Istio does not merge them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SIDECAR
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.world import World

ID = "sidecar-default-conflict"
KIND = SIDECAR.grouped_by(lambda sidecar, _: () if sidecar.selector else (sidecar.namespace,))
SEVERITY: Severity = "error"
ALIASES = ("IST0111", "KIA0002")
BAD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default  # finding
  namespace: shop
spec: {egress: [{hosts: ["./*"]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: tight  # finding
  namespace: shop
spec: {egress: [{hosts: ["./cart.shop.svc.cluster.local"]}]}
"""
GOOD = BAD.replace("  # finding", "").replace(
    'namespace: shop\nspec: {egress: [{hosts: ["./*"]', 'namespace: pay\nspec: {egress: [{hosts: ["./*"]'
)


def check(sidecars: tuple[Sidecar, ...], mesh: World) -> Iterator[Problem]:
    """Count the Sidecars without a selector in each namespace."""
    alternatives = {sidecar.manifest.name: sidecar for sidecar in sidecars}
    namespace = sidecars[0].namespace
    if len(alternatives) < 2 or mesh.index.namespace(namespace).ambient:
        return
    message = f"`{namespace}` has several Sidecars without a workloadSelector: {', '.join(sorted(alternatives))}"
    for sidecar in alternatives.values():
        others = tuple(
            (other.manifest, ("metadata", "name"), "has no selector either")
            for other in alternatives.values()
            if other is not sidecar
        )
        remedy = "keep one, or give the others selectors"
        yield Problem(sidecar.manifest, ("metadata", "name"), message, remedy, others)
