"""REMOVE on a route or route configuration is ignored: the patch changes nothing.

Istio does not remove routes; a VirtualService decides which there are.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ENVOY_FILTER
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.envoy_filters import patches
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "envoy-filter-remove"
KIND = ENVOY_FILTER
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


def check(envoy_filter: Manifest, mesh: World) -> Iterator[Problem]:
    """Look for REMOVE where it does not work."""
    for patch in patches(envoy_filter, mesh.index):
        if patch.operation == "REMOVE" and patch.on_routes:
            message = f"REMOVE does not work on {patch.apply_to}"
            yield Problem(envoy_filter, patch.place, message, "change the VirtualService")
