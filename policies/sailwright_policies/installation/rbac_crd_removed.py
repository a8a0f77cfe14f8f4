"""The CRDs of rbac.istio.io are read by no Istio since 1.6: policies written with them protect nothing.

ServiceRole, ServiceRoleBinding, RbacConfig and ClusterRbacConfig were replaced by AuthorizationPolicy.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "rbac-crd-removed"
SEVERITY: Severity = "warning"
ALIASES = ("IST0002",)
BAD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: serviceroles.rbac.istio.io}
spec:
  group: rbac.istio.io
  names:
    kind: ServiceRole  # finding
"""
GOOD = BAD.replace("rbac.istio.io", "security.istio.io").replace("ServiceRole  # finding", "AuthorizationPolicy")
_REMOVED = ("ClusterRbacConfig", "RbacConfig", "ServiceRole", "ServiceRoleBinding")


def check(world: World) -> Iterator[Problem]:
    """Look for their definitions."""
    for manifest in world.index.of(kinds.CUSTOM_RESOURCE_DEFINITION):
        kind = get(manifest.spec, "names", "kind")
        if manifest.spec.get("group") == "rbac.istio.io" and kind in _REMOVED:
            place = () if world.facts.compat else ("spec", "names", "kind")
            yield Problem(manifest, place, f"{kind} is no kind of Istio's any more", "write AuthorizationPolicies")
