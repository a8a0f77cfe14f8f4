"""The facts about one cluster that no object of it holds: what sailwright.yaml and flags say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.mesh.values.releases import NEWEST
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

NEWEST_ISTIO = str(NEWEST)
"""The release to check against where nothing names one: the newest this version knows."""


@dataclass(frozen=True, slots=True)
class Known:
    """What exists outside the repository. None: nobody said, so it cannot be decided. A tuple: this is all there is.

    `declared_gateways` are the Gateways of which sailwright.yaml says what they serve, as Istio or Kubernetes would have them.
    """

    hosts: tuple[str, ...] | None = None
    gateways: tuple[str, ...] | None = None
    namespaces: tuple[str, ...] | None = None
    secrets: tuple[str, ...] | None = None
    service_accounts: tuple[str, ...] | None = None
    declared_gateways: tuple[Manifest, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What sailwright.yaml and flags say about one cluster.

    `istio_version` is the release of the baked data plane, x.y.z; `control_planes` maps a revision to the release running
    there; `absent_hosts` are those of services that the project renders in other environments or clusters, not here; `namespaces` maps declared namespaces to their labels; `compat` asks for the answers of `istioctl analyze`.
    `baked` says of rendered files without sidecars whether the build bakes them in, where that is known beforehand.
    """

    istio_version: str = NEWEST_ISTIO
    control_planes: Mapping[str, str] = field(default_factory=dict)
    revision: str = "default"
    sidecar_mode: str | None = None
    cni: bool = False
    cluster_domain: str = "cluster.local"
    mesh_config: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    kubernetes_versions: tuple[str, ...] = ()
    namespaces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    known: Known = Known()
    absent_hosts: frozenset[str] = frozenset()
    compat: bool = False
    baked: Mapping[str, bool] = field(default_factory=dict)

    @property
    def root_namespace(self) -> str:
        """MeshConfig `rootNamespace`; Istio's default is istio-system."""
        return str(self.mesh_config.get("rootNamespace") or "istio-system")

    @property
    def trust_domain(self) -> str:
        """MeshConfig `trustDomain`; Istio's default is cluster.local."""
        return str(self.mesh_config.get("trustDomain") or "cluster.local")
