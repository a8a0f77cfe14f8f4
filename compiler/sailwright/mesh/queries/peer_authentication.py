"""PeerAuthentication: which mTLS mode a workload's port has, and which object says so.

Source: istio.io PeerAuthentication; pilot/pkg/security/authn (workload before namespace before mesh, UNSET inherits).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.objects.run_time_labels import of_some_pods
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.pod_proxies import in_ambient_mode
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
    """The PeerAuthentications of a world by the workloads they are for. One for some pods of a workload does not count."""

    def __init__(self, index: Index) -> None:
        self._root = index.mesh.root_namespace
        self._defaults: dict[str, list[PeerAuthentication]] = {}
        self._of_workload: dict[Manifest, list[PeerAuthentication]] = {}
        for found in peer_authentications(index):
            if not found.selector:
                self._defaults.setdefault(found.namespace, []).append(found)
            whole = found.selector and not of_some_pods(found.selector)
            for workload in index.selected(found.selector, found.namespace) if whole else ():
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


@dataclass(frozen=True, slots=True)
class ClientTls:
    """A `tls.mode` of a DestinationRule and the mTLS that the server declares for some of what it governs.

    `ports` are those of the Service; empty where a wildcard host stands for a namespace or the mesh.
    """

    path: Path
    ports: tuple[int, ...]
    server: MtlsMode
    settings: Mapping[str, Any]
    """The whole `tls` block."""

    def where(self, host: str) -> str:
        """For messages: the host, and which ports of it are meant."""
        if not self.ports:
            return host
        return f"port{'s' * (len(self.ports) > 1)} {', '.join(map(str, self.ports))} of {host}"


def client_modes(rule: DestinationRule, index: Index, *clients: str) -> Iterator[ClientTls]:
    """Where a DestinationRule sets `tls.mode` to one of `clients`, with the modes declared for what it governs.

    A port of the mesh's Services counts only where all the workloads behind it (behind the subset, for a subset's own block)
    surely have a sidecar that takes it, and one mode: without a sidecar, mTLS is not spoken whatever a PeerAuthentication
    says. Wildcards stand for a namespace or the mesh.
    """
    for found in settings_of(rule, index, "tls"):
        if found.value.get("mode") not in clients:
            continue
        mtls = index.derived(Mtls)
        if rule.host.startswith("*"):
            mode = None if found.policy.subset else _wide(index, mtls, rule.host)
            yield from (ClientTls(found.at("mode"), (), each, found.value) for each in (mode,) if each is not None)
            continue
        for server, ports in _by_mode(index, mtls, found).values():
            yield ClientTls(found.at("mode"), ports, server, found.value)


def behind(index: Index, found: Setting, service: Service) -> tuple[Workload, ...]:
    """The workloads behind a Service that a block of traffic policy is for: those of its subset, else all."""
    workloads = index.backends(service)
    if not found.policy.subset:
        return workloads
    subset = next(each for each in found.rule.subsets if each.name == found.policy.subset)
    return tuple(workload for workload in workloads if index.carries(workload, subset.labels))


def takes_mtls(index: Index, workload: Workload, port: int | None) -> bool:
    """Whether a sidecar surely stands before this port of a workload's pods. A gateway is a server of its own kind."""
    if not index.injected(workload) or workload.is_gateway:
        return False
    return port is None or not passes_by(workload, port)


def passes_by(workload: Workload, port: int) -> bool:
    """Whether annotations let calls to a port past the sidecar."""
    included = workload.annotations.get("traffic.sidecar.istio.io/includeInboundPorts")
    excluded = workload.annotations.get("traffic.sidecar.istio.io/excludeInboundPorts", "")
    numbers = {part.strip() for part in (included or "").split(",")}
    return str(port) in {part.strip() for part in excluded.split(",")} or (
        included is not None and not numbers & {"*", str(port)}
    )


def enables_mtls(rule: DestinationRule) -> bool:
    """Whether the top level of a DestinationRule makes clients use mTLS."""
    return get(rule.manifest.spec, "trafficPolicy", "tls", "mode") in ("ISTIO_MUTUAL", "MUTUAL")


def _taken(index: Index, mtls: Mtls, workload: Workload, port: int | None) -> MtlsMode | None:
    """The mode declared for a port before which a proxy surely stands that takes mTLS; ztunnel knows no DISABLE."""
    declared = mtls.declared(workload, port)
    if in_ambient_mode(index, workload):
        return None if declared is None or declared.mode == "DISABLE" else declared
    return declared if takes_mtls(index, workload, port) else None


def _wide(index: Index, mtls: Mtls, host: str) -> MtlsMode | None:
    if host in ("*", "*.local", f"*.{index.domain}", f"*.svc.{index.domain}"):
        return mtls.of_namespace(index.mesh.root_namespace)
    namespace = host.removeprefix("*.").removesuffix(f".svc.{index.domain}")
    return mtls.of_namespace(namespace) if "." not in namespace else None


def _by_mode(index: Index, mtls: Mtls, found: Setting) -> dict[str, tuple[MtlsMode, tuple[int, ...]]]:
    """The governed ports by the mode that all the pods behind each have."""
    ports: dict[str, tuple[MtlsMode, tuple[int, ...]]] = {}
    for each in found.ports:
        modes = [
            _taken(index, mtls, workload, number)
            for workload in behind(index, found, each.service)
            for number in (workload.port_number(each.port.on_pod),)
        ]
        mode = modes[0] if modes else None
        if mode is not None and all(other is not None and other.mode == mode.mode for other in modes):
            first, before = ports.get(mode.mode, (mode, ()))
            ports[mode.mode] = first, (*before, each.port.number)
    return ports
