"""ADD on a route or route configuration is ignored: the patch changes nothing.

Istio adds listeners, filter chains, filters, clusters and virtual hosts. Routes are inserted (INSERT_FIRST) or merged.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ENVOY_FILTER
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.envoy_filters import patches
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "envoy-filter-add"
KIND = ENVOY_FILTER
SEVERITY: Severity = "error"
ALIASES = ("IST0153",)
BAD = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: lua, namespace: shop}
spec:
  configPatches:
    - applyTo: HTTP_ROUTE
      patch:
        operation: ADD  # finding
        value: {name: envoy.filters.http.lua}
"""
GOOD = BAD.replace("HTTP_ROUTE", "VIRTUAL_HOST").replace("  # finding", "")


def check(envoy_filter: Manifest, mesh: World) -> Iterator[Problem]:
    """Look for ADD where it does not work."""
    for patch in patches(envoy_filter, mesh.index):
        if patch.operation == "ADD" and patch.on_routes:
            message = f"ADD does not work on {patch.apply_to}"
            yield Problem(envoy_filter, patch.place, message, "use INSERT_FIRST or MERGE")
