"""A Gateway API kind whose CRD is too old is ignored by istiod, whole.

istiod does not watch kinds below the bundle version that it was built for; their objects stay without effect and without a
status.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import CUSTOM_RESOURCE_DEFINITION
from sailwright.lint.rule import Problem
from sailwright.mesh.values.releases import release_numbers
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import text

ID = "gateway-api-crd-too-old"
KIND = CUSTOM_RESOURCE_DEFINITION
SEVERITY: Severity = "warning"
ALIASES = ("IST0176",)
BAD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: tlsroutes.gateway.networking.k8s.io
  annotations:
    gateway.networking.k8s.io/bundle-version: v1.4.1  # finding
"""
GOOD = BAD.replace("v1.4.1  # finding", "v1.5.0")
_BUNDLE = "gateway.networking.k8s.io/bundle-version"
_SINCE = (1, 30)
_MINIMUM = {"grpcroutes": (1, 1, 0), "backendtlspolicies": (1, 4, 0), "tlsroutes": (1, 5, 0)}
"""The bundle versions that 1.30 and 1.31 need (pkg/config/schema/gatewayapi)."""


def check(definition: Manifest, mesh: World) -> Iterator[Problem]:
    """Compare the bundle version of each Gateway API CRD with the oldest that the release takes."""
    minimum = _MINIMUM.get(definition.name.removesuffix(".gateway.networking.k8s.io"))
    installed = _version(text(definition.annotations.get(_BUNDLE)))
    if minimum and installed and installed < minimum and release_numbers(mesh.facts.istio_version) >= _SINCE:
        needed = ".".join(map(str, minimum))
        message = f"the CRD {definition.name} is of bundle {definition.annotations[_BUNDLE]}, and Istio needs v{needed}"
        yield Problem(definition, ("metadata", "annotations", _BUNDLE), message, "install a newer Gateway API")


def _version(written: str) -> tuple[int, ...]:
    """`v1.4.1` or `1.4` as numbers, pre-releases as the release; empty where it is no version."""
    found = re.fullmatch(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?", written)
    return tuple(int(part or 0) for part in found.groups()) if found else ()
