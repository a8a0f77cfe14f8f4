"""A route without a parent is attached to nothing: no proxy reads it.

`parentRefs` names the Gateways it is for, or the Services whose calls it routes in the mesh.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import GATEWAY_API_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "route-without-parent"
KIND = GATEWAY_API_ROUTE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: front  # finding
  namespace: shop
spec:
  rules: [{backendRefs: [{name: front, port: 80}]}]
"""
GOOD = BAD.replace("  # finding", "").replace("spec:\n", "spec:\n  parentRefs: [{name: public}]\n")


def check(route: Manifest, _: World) -> Iterator[Problem]:
    """Routes whose `parentRefs` are absent or empty."""
    if not route.spec.get("parentRefs"):
        remedy = 'add `parentRefs: [{name: GATEWAY}]`, or for the mesh `[{group: "", kind: Service, name: SERVICE}]`'
        yield Problem(
            route, ("metadata", "name"), f"{route.kind} {route.name} has no parentRefs: it does nothing", remedy
        )
