"""The CRDs of the Gateway API among the manifests."""

from __future__ import annotations

from typing import Final

from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, text

BETA_KINDS: Final = ("Gateway", "GatewayClass", "HTTPRoute", "ReferenceGrant")
"""The kinds that Istio reads as v1beta1, or did (istioctl x precheck)."""

STABLE_KINDS: Final = ("Gateway", "GatewayClass", "HTTPRoute", "GRPCRoute")
"""The kinds that Istio reads as v1; a ReferenceGrant it reads as v1beta1."""


def served_versions(definition: Manifest, kinds: tuple[str, ...]) -> tuple[str, ...] | None:
    """The versions that the CRD of one of these kinds serves; None for any other CRD."""
    spec = definition.spec
    if spec.get("group") != "gateway.networking.k8s.io" or get(spec, "names", "kind") not in kinds:
        return None
    found = (version for _, version in entries(spec.get("versions"), ()))
    return tuple(text(version.get("name")) for version in found if version.get("served") is True)
