"""Two Telemetries without a selector in one namespace leave it to chance which one is its default.

Istio takes one of them for the namespace and does not merge them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import TELEMETRY
from sailwright.lint.rule import Problem
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


def _namespace(telemetry: Manifest, mesh: World) -> Iterator[Hashable]:
    """The namespace whose default it is. One for a gateway or service (targetRefs) is none, but to the analyzers."""
    spec = telemetry.spec
    attached = not mesh.facts.compat and (spec.get("targetRefs") or spec.get("targetRef"))
    if spec.get("selector") is None and not attached:
        yield mesh.index.namespace_of(telemetry)


KIND = TELEMETRY.grouped_by(_namespace)


def check(defaults: tuple[Manifest, ...], mesh: World) -> Iterator[Problem]:
    """The Telemetries without a selector in one namespace; the same name twice is one object."""
    found = {telemetry.name: telemetry for telemetry in defaults}
    for telemetry in found.values() if len(found) > 1 else ():
        namespace, names = mesh.index.namespace_of(telemetry), ", ".join(sorted(found))
        yield Problem(
            telemetry,
            ("metadata", "name"),
            f"`{namespace}` has several Telemetries without a selector: {names}",
            "merge them into one",
            tuple(
                (other, ("metadata", "name"), "has no selector either")
                for other in found.values()
                if other is not telemetry
            ),
        )
