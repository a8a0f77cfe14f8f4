"""PeerAuthentication: which mTLS mode a workload's port has, and which object says so.

Source: istio.io PeerAuthentication; pilot/pkg/security/authn (workload before namespace before mesh, UNSET inherits).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.traffic_policies import Setting, settings_of
from sailwright.mesh.values import kinds
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, mapping, text

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


def peer_authentication(manifest: Manifest, index: Index) -> PeerAuthentication:
    """A PeerAuthentication of a world."""
    return PeerAuthentication(manifest, index.namespace_of(manifest), match_labels(manifest))


def peer_authentications(index: Index) -> Iterator[PeerAuthentication]:
    """The PeerAuthentications of a world."""
    return (peer_authentication(manifest, index) for manifest in index.of(kinds.PEER_AUTHENTICATION))


class Mtls:
    """The PeerAuthentications of a world by the workloads they are for."""

    def __init__(self, index: Index) -> None:
        self._root = index.mesh.root_namespace
        self._defaults: dict[str, list[PeerAuthentication]] = {}
        self._of_workload: dict[Manifest, list[PeerAuthentication]] = {}
        for found in peer_authentications(index):
            if not found.selector:
                self._defaults.setdefault(found.namespace, []).append(found)
            for workload in index.selected(found.selector, found.namespace) if found.selector else ():
                self._of_workload.setdefault(workload.manifest, []).append(found)

    def declared(self, workload: Workload, port: int | None = None) -> MtlsMode | None:
        """The mode declared for a workload's port; None where no object of the repository says anything."""
        modes = (found.for_port(port) for found in self.selecting(workload))
        return next((mode for mode in modes if mode is not None), None) or self.of_namespace(workload.namespace)

    def selecting(self, workload: Workload) -> tuple[PeerAuthentication, ...]:
        """The PeerAuthentications whose selector selects a workload."""
        return tuple(self._of_workload.get(workload.manifest, ()))

    def defaults(self, namespace: str) -> tuple[PeerAuthentication, ...]:
        """The PeerAuthentications of a namespace without a selector: there should be one."""
        return tuple(self._defaults.get(namespace, ()))

    def of_namespace(self, namespace: str) -> MtlsMode | None:
        """The mode declared for a namespace's workloads: by its own default, else by that of the mesh."""
        places = (self._defaults.get(namespace, ()), self._defaults.get(self._root, ()))
        modes = (found.for_port(None) for place in places for found in place)
        return next((mode for mode in modes if mode is not None), None)


def client_modes(rule: DestinationRule, index: Index, client: str) -> Iterator[tuple[Path, MtlsMode]]:
    """Where a DestinationRule sets `tls.mode` to `client`, each with the mode declared for what its host stands for.

    A host of the mesh's Services counts only where all their workloads surely have a sidecar: without one, mTLS is not
    spoken whatever a PeerAuthentication says. Wildcards stand for a namespace or the mesh.
    """
    for found in settings_of(rule, index, "tls"):
        if found.value.get("mode") == client and not found.policy.subset:
            mtls = index.derived(Mtls)
            mode = _wide(index, mtls, rule.host) if rule.host.startswith("*") else _narrow(index, mtls, found)
            if mode is not None:
                yield found.at("mode"), mode


def enables_mtls(rule: DestinationRule) -> bool:
    """Whether the top level of a DestinationRule makes clients use mTLS."""
    return get(rule.manifest.spec, "trafficPolicy", "tls", "mode") in ("ISTIO_MUTUAL", "MUTUAL")


def _wide(index: Index, mtls: Mtls, host: str) -> MtlsMode | None:
    if host in ("*", "*.local", f"*.{index.domain}", f"*.svc.{index.domain}"):
        return mtls.of_namespace(index.mesh.root_namespace)
    namespace = host.removeprefix("*.").removesuffix(f".svc.{index.domain}")
    return mtls.of_namespace(namespace) if "." not in namespace else None


def _narrow(index: Index, mtls: Mtls, found: Setting) -> MtlsMode | None:
    modes = [
        mtls.declared(workload, workload.port_number(each.port.target or each.port.number))
        if index.injected(workload)
        else None
        for each in found.ports
        for workload in index.backends(each.service)
    ]
    return modes[0] if modes and len({mode and mode.mode for mode in modes}) == 1 else None
