"""Two Telemetries without a selector in one namespace leave it to chance which one is its default.

Istio takes one of them for the namespace and does not merge them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "telemetry-default-conflict"
SEVERITY: Severity = "error"
ALIASES = ("IST0160",)
BAD = """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: logs  # finding
  namespace: shop
spec: {accessLogging: [{providers: [{name: envoy}]}]}
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: traces  # finding
  namespace: shop
spec: {tracing: [{randomSamplingPercentage: 10}]}
"""
GOOD = """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: default, namespace: shop}
spec:
  accessLogging: [{providers: [{name: envoy}]}]
  tracing: [{randomSamplingPercentage: 10}]
"""


def check(world: World) -> Iterator[Problem]:
    """Count the Telemetries without a selector in each namespace. One for a gateway or service (targetRefs) is no default."""
    index = world.index
    by_namespace: dict[str, dict[str, Manifest]] = {}
    for manifest in index.of(kinds.TELEMETRY):
        spec = manifest.spec
        attached = not index.facts.compat and (spec.get("targetRefs") or spec.get("targetRef"))
        if spec.get("selector") is None and not attached:
            by_namespace.setdefault(index.namespace_of(manifest), {})[manifest.name] = manifest
    for namespace, found in by_namespace.items():
        for manifest in found.values() if len(found) > 1 else ():
            names = ", ".join(sorted(found))
            message = f"`{namespace}` has several Telemetries without a selector: {names}"
            others = tuple(
                (other, ("metadata", "name"), "has no selector either")
                for other in found.values()
                if other is not manifest
            )
            yield Problem(manifest, ("metadata", "name"), message, "merge them into one", others)
