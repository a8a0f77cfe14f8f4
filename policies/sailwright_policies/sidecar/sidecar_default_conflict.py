"""Two Sidecars without a selector in one namespace leave it to chance which one is its default.

Only one of them governs the namespace's workloads; Istio does not merge them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.world import World

ID = "sidecar-default-conflict"
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


def check(world: World) -> Iterator[Problem]:
    """Count the Sidecars without a selector in each namespace."""
    index = world.index
    by_namespace: dict[str, dict[str, Sidecar]] = {}
    for sidecar in index.sidecars.all:
        if not sidecar.selector:
            by_namespace.setdefault(sidecar.namespace, {})[sidecar.manifest.name] = sidecar
    for namespace, sidecars in by_namespace.items():
        if len(sidecars) > 1 and not index.namespace(namespace).ambient:
            names = ", ".join(sorted(sidecars))
            message = f"`{namespace}` has several Sidecars without a workloadSelector: {names}"
            for sidecar in sidecars.values():
                others = tuple(
                    (other.manifest, ("metadata", "name"), "has no selector either")
                    for other in sidecars.values()
                    if other is not sidecar
                )
                yield Problem(
                    sidecar.manifest, ("metadata", "name"), message, "keep one, or give the others selectors", others
                )
