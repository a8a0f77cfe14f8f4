"""Sidecars: which one governs a client, and which hosts it lets the client see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from sailwright.mesh.objects.selectors import selects
from sailwright.mesh.values.hosts import overlap, service_host
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, labels, mapping, texts


@dataclass(frozen=True)
class Sidecar:
    """A Sidecar. An empty `selector` makes it the one of its namespace (in the root namespace: of the mesh)."""

    manifest: Manifest
    namespace: str
    domain: str

    @cached_property
    def selector(self) -> dict[str, str]:
        """The labels of the clients it is for."""
        return labels(mapping(self.manifest.spec.get("workloadSelector")).get("labels"))

    @cached_property
    def egress(self) -> tuple[tuple[str, str], ...]:
        """The `namespace` and `host` pattern of each egress host; none at all means that everything is seen."""
        hosts = (
            host
            for _, listener in entries(self.manifest.spec.get("egress"), ())
            for host in texts(listener.get("hosts"))
        )
        return tuple((namespace, host) for namespace, _, host in (host.partition("/") for host in hosts))

    def sees(self, host: str, namespace: str) -> bool:
        """Whether its clients see a full host name that lies in `namespace`; `~NAMESPACE/HOST` (1.31 and later) leaves some out."""
        if any(self._leaves_out(*pattern, host, namespace) for pattern in self.egress):
            return False
        return not self.egress or any(self._allows(*pattern, host, namespace) for pattern in self.egress)

    def _leaves_out(self, where: str, pattern: str, host: str, namespace: str) -> bool:
        if not where.startswith("~") or (where, pattern) == ("~", "*"):
            return False
        return self._allows(where[1:] or "*", pattern, host, namespace)

    def _allows(self, where: str, pattern: str, host: str, namespace: str) -> bool:
        if where.startswith("~"):
            return False
        if where != "*" and namespace != (self.namespace if where == "." else where):
            return False
        full = pattern if "." in pattern or "*" in pattern else service_host(pattern, namespace, self.domain)
        return overlap(full, host)


class SidecarScope:
    """The Sidecars of a World by the clients they govern."""

    def __init__(self, manifests: Iterable[Manifest], unnamed: str, root: str, domain: str) -> None:
        self.all = tuple(Sidecar(manifest, manifest.namespace or unnamed, domain) for manifest in manifests)
        self._root = root
        self._of_namespace: dict[str, list[Sidecar]] = {}
        for sidecar in self.all:
            self._of_namespace.setdefault(sidecar.namespace, []).append(sidecar)

    def of_namespace(self, namespace: str) -> tuple[Sidecar, ...]:
        """The Sidecars that lie in a namespace."""
        return tuple(self._of_namespace.get(namespace, ()))

    def governing(self, namespace: str, client_labels: Mapping[str, str]) -> Sidecar | None:
        """The Sidecar of a client: one that selects it, else the namespace's, else that of the root namespace."""
        here = self.of_namespace(namespace)
        selecting = [sidecar for sidecar in here if sidecar.selector and selects(sidecar.selector, client_labels)]
        default = [
            sidecar for where in (here, self.of_namespace(self._root)) for sidecar in where if not sidecar.selector
        ]
        return next(iter((*selecting, *default)), None)

    def sees(self, namespace: str, client_labels: Mapping[str, str], host: str, host_namespace: str) -> bool:
        """Whether a client sees a full host name that lies in `host_namespace`; without a Sidecar it sees everything."""
        sidecar = self.governing(namespace, client_labels)
        return sidecar is None or sidecar.sees(host, host_namespace)
