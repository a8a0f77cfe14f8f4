"""The CRDs of rbac.istio.io are read by no Istio since 1.6: policies written with them protect nothing.

ServiceRole, ServiceRoleBinding, RbacConfig and ClusterRbacConfig were replaced by AuthorizationPolicy.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get

ID = "rbac-crd-removed"
KIND = objects(kinds.CUSTOM_RESOURCE_DEFINITION)
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


def check(definition: Manifest, _: World) -> Iterator[Problem]:
    """Look for their definitions."""
    kind = get(definition.spec, "names", "kind")
    if definition.spec.get("group") == "rbac.istio.io" and kind in _REMOVED:
        message = f"{kind} is no kind of Istio's any more"
        yield Problem(definition, ("spec", "names", "kind"), message, "write AuthorizationPolicies")
