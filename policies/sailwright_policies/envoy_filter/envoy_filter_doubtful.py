"""Istio takes this EnvoyFilter and warns: a filter is named without its type, by a retired name, or with a field Envoy does not have.

Envoy no longer finds a filter by its name alone, and ignores fields it does not know. Every EnvoyFilter is told as well, as Istio
does: it reaches into Envoy's internals, which change at any upgrade.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "envoy-filter-doubtful"
SEVERITY: Severity = "warning"
ALIASES = ("IST0133",)
BAD = """
apiVersion: networking.istio.io/v1alpha3  # finding
kind: EnvoyFilter
metadata: {name: reviews, namespace: shop}
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      patch:
        operation: INSERT_FIRST
        value: {name: envoy.filters.http.lua}  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: reviews, namespace: shop}
spec:
  egress:
    - hosts: ["./*"]
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "EnvoyFilter", ID)
