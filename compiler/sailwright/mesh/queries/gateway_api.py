"""The CRDs of the Gateway API among the manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, text

if TYPE_CHECKING:
    pass

_KINDS = ("Gateway", "GatewayClass", "HTTPRoute", "ReferenceGrant")
"""The kinds that Istio read as v1beta1 first (istioctl x precheck)."""


def served_versions(definition: Manifest) -> tuple[str, ...] | None:
    """The versions that the CRD of one of these kinds serves; None for any other CRD."""
    spec = definition.spec
    if spec.get("group") != "gateway.networking.k8s.io" or get(spec, "names", "kind") not in _KINDS:
        return None
    found = (version for _, version in entries(spec.get("versions"), ()))
    return tuple(text(version.get("name")) for version in found if version.get("served") is True)
