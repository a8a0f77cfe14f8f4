"""The World: every object of one cluster, and the facts about it that no object holds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

NEWEST_ISTIO = "1.31.0"
"""The release to judge as where nothing names one: the newest this version knows."""


@dataclass(frozen=True, slots=True)
class Known:
    """What exists outside the repository. None: nobody said, so it cannot be decided. A tuple: this is all there is."""

    hosts: tuple[str, ...] | None = None
    gateways: tuple[str, ...] | None = None
    namespaces: tuple[str, ...] | None = None
    secrets: tuple[str, ...] | None = None
    service_accounts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What sailwright.yaml and flags say about one cluster.

    `istio_version` is the release of the baked data plane, x.y.z; `control_planes` maps a revision to the release running
    there; `namespaces` maps declared namespaces to their labels; `compat` asks for the answers of `istioctl analyze`.
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
    compat: bool = False

    @property
    def root_namespace(self) -> str:
        """MeshConfig `rootNamespace`; Istio's default is istio-system."""
        return str(self.mesh_config.get("rootNamespace") or "istio-system")

    @property
    def trust_domain(self) -> str:
        """MeshConfig `trustDomain`; Istio's default is cluster.local."""
        return str(self.mesh_config.get("trustDomain") or "cluster.local")


@dataclass(frozen=True)
class World:
    """What one cluster sees. `environment` and `cluster` are None where none is declared (and without a project file).

    `base` is the same cluster at the commit to compare with, where there is one; `siblings` are the clusters of the same
    environment that the project file names before this one.
    """

    manifests: tuple[Manifest, ...] = field(repr=False)
    facts: Facts = Facts()
    environment: str | None = None
    cluster: str | None = None
    base: World | None = field(default=None, repr=False)
    siblings: tuple[World, ...] = field(default=(), repr=False)

    @cached_property
    def index(self) -> Index:
        """The questions that rules ask of this world; made when the first is asked."""
        from sailwright.mesh.index import Index

        return Index(self)

    @cached_property
    def project(self) -> Manifest | None:
        """sailwright.yaml where it is among the manifests, for rules that judge what it declares. Service files have a name."""
        ours = (found for found in self.manifests if found.api_version.startswith("sailwright/"))
        return next((found for found in ours if "name" not in found.value), None)

    def declared(self, *keys: str) -> Path | None:
        """Where sailwright.yaml says `keys` for this world: under its cluster, else its environment, else at the top."""
        if self.project is None:
            return None
        places: list[Path] = [()]
        if self.environment is not None:
            places.insert(0, ("environments", self.environment))
            places.insert(0, ("environments", self.environment, "clusters", self.cluster or ""))
        return next((path + keys for path in places if _holds(self.project.value, path + keys)), None)


def _holds(value: Any, path: Path) -> bool:
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True
