"""REPLACE on anything but a filter or virtual host is ignored: the patch changes nothing.

Istio replaces HTTP_FILTER, NETWORK_FILTER and VIRTUAL_HOST. For the rest there is MERGE, or REMOVE and ADD.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ENVOY_FILTER
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.envoy_filters import patches
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "envoy-filter-replace"
KIND = ENVOY_FILTER
SEVERITY: Severity = "error"
ALIASES = ("IST0152",)
BAD = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: lua, namespace: shop}
spec:
  configPatches:
    - applyTo: CLUSTER
      patch:
        operation: REPLACE  # finding
        value: {name: envoy.filters.http.lua}
"""
GOOD = BAD.replace("CLUSTER", "HTTP_FILTER").replace("spec:\n", "spec:\n  priority: 10\n").replace("  # finding", "")


def check(envoy_filter: Manifest, mesh: World) -> Iterator[Problem]:
    """Look for REPLACE where it does not work."""
    for patch in patches(envoy_filter, mesh.index):
        if patch.replaces_wrongly:
            message = f"REPLACE does not work on {patch.apply_to or 'this'}"
            yield Problem(envoy_filter, patch.place, message, "use MERGE")
