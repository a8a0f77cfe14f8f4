"""A patch that is placed beside another filter depends on the order in which EnvoyFilters are applied.

INSERT_BEFORE, INSERT_AFTER, REMOVE and REPLACE need the other filter to be there already. Without a `priority` the order
is that of creation, which differs between clusters.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ENVOY_FILTER
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.envoy_filters import patches
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "envoy-filter-relative"
KIND = ENVOY_FILTER
SEVERITY: Severity = "info"
ALIASES = ("IST0151",)
BAD = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: lua, namespace: shop}
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      patch:
        operation: INSERT_BEFORE  # finding
        value: {name: envoy.filters.http.lua}
"""
GOOD = BAD.replace("spec:\n", "spec:\n  priority: 10\n").replace("  # finding", "")


def check(envoy_filter: Manifest, mesh: World) -> Iterator[Problem]:
    """Look for relative operations without a priority. It is said once of an EnvoyFilter, which has one priority."""
    found = [patch for patch in patches(envoy_filter, mesh.index) if patch.is_relative and not patch.follows_version]
    for patch in found if mesh.facts.compat else found[:1]:
        message = f"{patch.operation} depends on the order of EnvoyFilters, and none is given"
        severity: Severity | None = "warning" if mesh.facts.compat else None
        yield Problem(envoy_filter, patch.place, message, "set spec.priority", severity=severity)
