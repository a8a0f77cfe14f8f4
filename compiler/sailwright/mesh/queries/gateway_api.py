"""The CRDs of the Gateway API among the manifests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sailwright.mesh.values import kinds
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

_KINDS = ("Gateway", "GatewayClass", "HTTPRoute", "ReferenceGrant")
"""The kinds that Istio read as v1beta1 first (istioctl x precheck)."""


def served_versions(index: Index) -> Iterator[tuple[Manifest, tuple[str, ...]]]:
    """The CRDs of these kinds, each with the versions it serves."""
    for manifest in index.of(kinds.CUSTOM_RESOURCE_DEFINITION):
        if manifest.spec.get("group") == "gateway.networking.k8s.io" and get(manifest.spec, "names", "kind") in _KINDS:
            found = (version for _, version in entries(manifest.spec.get("versions"), ()))
            yield manifest, tuple(text(version.get("name")) for version in found if version.get("served") is True)
