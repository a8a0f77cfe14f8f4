"""The API server has no such kind, so it refuses the object.

The API version was removed from Kubernetes or from Istio, or there never was such a kind in its group. Which versions of
Kubernetes count, the project file says (`kubernetes.version`), else the newest known one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ANY_OBJECT
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright_policies.validation import unknown_kind

ID = "kind-unknown"
KIND = ANY_OBJECT
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
BAD = """
apiVersion: policy/v1beta1
kind: PodDisruptionBudget  # finding
metadata: {name: reviews, namespace: shop}
spec: {minAvailable: 1}
"""
GOOD = """
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: reviews, namespace: shop}
spec: {minAvailable: 1}
"""


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """Look the kind up."""
    unknown = unknown_kind(manifest, mesh)
    if unknown is not None and unknown.refused:
        yield Problem(manifest, ("kind",), unknown.message, unknown.help)
