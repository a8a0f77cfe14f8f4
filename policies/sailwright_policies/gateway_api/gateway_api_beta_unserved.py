"""A Gateway API kind whose CRD does not serve v1beta1 is not read by Istio.

Istio asks the API server for v1beta1 of these kinds; where it is not served, their objects are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import CUSTOM_RESOURCE_DEFINITION
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.gateway_api import BETA_KINDS, served_versions
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "gateway-api-beta-unserved"
KIND = CUSTOM_RESOURCE_DEFINITION
SEVERITY: Severity = "error"
ALIASES = ("IST0156",)
BAD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gateways.gateway.networking.k8s.io}
spec:
  group: gateway.networking.k8s.io
  names: {kind: Gateway}
  versions:  # finding
    - {name: v1alpha2, served: true}
"""
GOOD = BAD.replace("  # finding", "").replace("v1alpha2", "v1beta1")


def check(definition: Manifest, mesh: World) -> Iterator[Problem]:
    """Look at the versions each CRD serves. This is what `istioctl x precheck` asks of a cluster, not `analyze`."""
    served = None if mesh.facts.compat else served_versions(definition, BETA_KINDS)
    if served is not None and "v1beta1" not in served:
        message = f"the CRD {definition.name} does not serve v1beta1 (it serves {', '.join(served) or 'nothing'})"
        yield Problem(definition, ("spec", "versions"), message, "install Gateway API 0.5 or newer", key=True)
