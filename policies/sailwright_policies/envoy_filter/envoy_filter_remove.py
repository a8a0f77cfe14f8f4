"""REMOVE on a route or route configuration is ignored: the patch changes nothing.

Istio does not remove routes; a VirtualService decides which there are.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.envoy_filters import patches
from sailwright.mesh.queries.istioctl_compat import shown
from sailwright.mesh.world import World

ID = "envoy-filter-remove"
SEVERITY: Severity = "error"
ALIASES = ("IST0154",)
BAD = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: lua, namespace: shop}
spec:
  configPatches:
    - applyTo: HTTP_ROUTE
      patch:
        operation: REMOVE  # finding
        value: {name: envoy.filters.http.lua}
"""
GOOD = (
    BAD.replace("HTTP_ROUTE", "VIRTUAL_HOST").replace("spec:\n", "spec:\n  priority: 10\n").replace("  # finding", "")
)


def check(world: World) -> Iterator[Problem]:
    """Look for REMOVE where it does not work."""
    for patch in patches(world.index):
        if patch.operation == "REMOVE" and patch.on_routes:
            compat = world.facts.compat
            place = (*patch.path, "patch", "value" if compat else "operation")
            message = f"REMOVE does not work on {patch.apply_to}"
            yield Problem(
                patch.manifest, shown(patch.manifest, *place) if compat else place, message, "change the VirtualService"
            )
