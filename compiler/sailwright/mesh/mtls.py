"""PeerAuthentication: which mTLS mode a workload's port has, and which object says so.

Source: istio.io PeerAuthentication; pilot/pkg/security/authn (workload before namespace before mesh, UNSET inherits).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sailwright.finding import Path
from sailwright.manifest import Manifest
from sailwright.mesh import kinds
from sailwright.mesh.selectors import selects
from sailwright.mesh.shape import get, labels, mapping, text
from sailwright.mesh.workloads import Workload

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


@dataclass(frozen=True, slots=True)
class MtlsMode:
    """STRICT, PERMISSIVE or DISABLE, and the PeerAuthentication and path that set it."""

    mode: str
    manifest: Manifest
    path: Path


@dataclass(frozen=True)
class PeerAuthentication:
    """A PeerAuthentication. An empty `selector` makes it the one of its namespace (in the root namespace: of the mesh)."""

    manifest: Manifest
    namespace: str
    selector: dict[str, str]

    @property
    def mode(self) -> str:
        """The mode it sets; empty where it inherits."""
        mode = text(get(self.manifest.spec, "mtls", "mode"))
        return "" if mode == "UNSET" else mode

    def for_port(self, port: int | None) -> MtlsMode | None:
        """The mode it sets for a port of the workload; None where it inherits."""
        levels = mapping(self.manifest.spec.get("portLevelMtls"))
        for key in (port, str(port)):
            mode = text(mapping(levels.get(key)).get("mode")) if key in levels else ""
            if mode and mode != "UNSET":
                return MtlsMode(mode, self.manifest, ("spec", "portLevelMtls", key or "", "mode"))
        return MtlsMode(self.mode, self.manifest, ("spec", "mtls", "mode")) if self.mode else None


def peer_authentications(index: Index) -> Iterator[PeerAuthentication]:
    """The PeerAuthentications of a world."""
    for manifest in index.of(kinds.PEER_AUTHENTICATION):
        selector = labels(get(manifest.spec, "selector", "matchLabels"))
        yield PeerAuthentication(manifest, index.namespace_of(manifest), selector)


class Mtls:
    """The PeerAuthentications of a world by the workloads they are for."""

    def __init__(self, index: Index) -> None:
        self._root = index.mesh.root_namespace
        self._by_namespace: dict[str, list[PeerAuthentication]] = {}
        for found in peer_authentications(index):
            self._by_namespace.setdefault(found.namespace, []).append(found)

    def declared(self, workload: Workload, port: int | None = None) -> MtlsMode | None:
        """The mode declared for a workload's port; None where no object of the repository says anything."""
        here = self._by_namespace.get(workload.namespace, [])
        selecting = [found for found in here if found.selector and selects(found.selector, workload.labels)]
        default = [found for found in here if not found.selector]
        mesh = [found for found in self._by_namespace.get(self._root, []) if not found.selector]
        modes = (found.for_port(port) for found in (*selecting, *default, *mesh))
        return next((mode for mode in modes if mode is not None), None)
