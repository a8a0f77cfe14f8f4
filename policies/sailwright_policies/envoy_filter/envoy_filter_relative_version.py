"""A relative patch of a filter that other patches tie to a proxy version breaks during an upgrade.

While proxies of two versions run, the filter that it is placed beside is there for one of them only. Give the EnvoyFilters
a `priority`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ENVOY_FILTER
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.envoy_filters import patches
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "envoy-filter-relative-version"
KIND = ENVOY_FILTER
SEVERITY: Severity = "warning"
ALIASES = ("IST0155",)
BAD = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: lua, namespace: shop}
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      match: {proxy: {proxyVersion: "1[.]30.*"}}
      patch: {operation: ADD, value: {name: envoy.filters.http.lua}}
    - applyTo: HTTP_FILTER
      patch:
        operation: INSERT_BEFORE  # finding
        value: {name: envoy.filters.http.lua}
"""
GOOD = BAD.replace("spec:\n", "spec:\n  priority: 10\n").replace("  # finding", "")


def check(envoy_filter: Manifest, mesh: World) -> Iterator[Problem]:
    """Look for relative operations that follow a patch of the same name with a proxyVersion."""
    for patch in patches(envoy_filter, mesh.index):
        if patch.is_relative and patch.follows_version:
            message = f"{patch.operation} depends on the order of EnvoyFilters, and an earlier one of this name is for some versions only"
            yield Problem(envoy_filter, patch.place, message, "set spec.priority")
