"""The registry: Kubernetes Services and ServiceEntries, with their ports and the protocol each port really gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.export_to import Exports
from sailwright.mesh.values.hosts import fqdn, service_host
from sailwright.mesh.values.protocol import (
    SERVER_FIRST_NAMES,
    SERVER_FIRST_PORTS,
    Protocol,
    declared_protocol,
    service_port_protocol,
)
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, labels, mapping, number, text, texts

EXPORT_TO = "networking.istio.io/exportTo"


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a Service or ServiceEntry. `target` is the pod's port: a number, a name, or None for the same number."""

    number: int
    name: str
    protocol: Protocol
    path: Path
    target: int | str | None = None
    l4: str = "TCP"

    @property
    def on_pod(self) -> int | str:
        """The pod's port that it leads to, by number or by name."""
        return self.target if self.target is not None else self.number


@dataclass(frozen=True)
class Service:
    """A Kubernetes Service (`hosts` has one name) or a ServiceEntry, as the registry sees it."""

    manifest: Manifest
    namespace: str
    hosts: tuple[str, ...]
    exports: Exports
    is_entry: bool

    @cached_property
    def name(self) -> str:
        """The object's name."""
        return self.manifest.name

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The object's spec."""
        return self.manifest.spec

    @cached_property
    def ports(self) -> tuple[Port, ...]:
        """Its ports, in the order of the file."""
        return tuple(self._entry_ports() if self.is_entry else self._service_ports())

    def port(self, wanted: int) -> Port | None:
        """The port with this number."""
        return next((port for port in self.ports if port.number == wanted), None)

    @cached_property
    def selector(self) -> dict[str, str]:
        """The labels of the pods behind it; empty where nothing is selected."""
        spec = mapping(self.spec.get("workloadSelector")).get("labels") if self.is_entry else self.spec.get("selector")
        return labels(spec)

    @property
    def is_headless(self) -> bool:
        """A Service without a virtual IP: clients dial the pods."""
        return not self.is_entry and self.spec.get("clusterIP") == "None"

    @property
    def is_external_name(self) -> bool:
        """A Service that is only another name for a host."""
        return not self.is_entry and self.spec.get("type") == "ExternalName"

    @property
    def resolution(self) -> str:
        """How a ServiceEntry finds its endpoints: NONE, STATIC, DNS, DNS_ROUND_ROBIN or DYNAMIC_DNS; empty for a Service."""
        return (text(self.spec.get("resolution")) or "NONE") if self.is_entry else ""

    @property
    def addresses(self) -> list[str]:
        """The addresses a ServiceEntry declares."""
        return texts(self.spec.get("addresses")) if self.is_entry else []

    def _service_ports(self) -> Iterator[Port]:
        for path, value in entries(self.spec.get("ports"), ("spec", "ports")):
            port, name, l4 = number(value.get("port")), text(value.get("name")), text(value.get("protocol")) or "TCP"
            app_protocol = value.get("appProtocol")
            protocol = service_port_protocol(port, name, l4, app_protocol if isinstance(app_protocol, str) else None)
            target = value.get("targetPort")
            yield Port(port, name, protocol, path, target if isinstance(target, int | str) else None, l4)

    def _entry_ports(self) -> Iterator[Port]:
        for path, value in entries(self.spec.get("ports"), ("spec", "ports")):
            protocol = declared_protocol(text(value.get("protocol")))
            target = number(value.get("targetPort")) or None
            l4 = "UDP" if protocol.is_udp else "TCP"
            yield Port(number(value.get("number")), text(value.get("name")), protocol, path, target, l4)


def kubernetes_service(manifest: Manifest, namespace: str, domain: str, default: Sequence[str] = ()) -> Service:
    """A Kubernetes Service as the registry sees it; its visibility is an annotation, or MeshConfig's `default`."""
    exports = Exports.of_annotation(manifest.annotations.get(EXPORT_TO), namespace, default)
    return Service(manifest, namespace, (service_host(manifest.name, namespace, domain),), exports, is_entry=False)


def service_entry(manifest: Manifest, namespace: str, domain: str, default: Sequence[str] = ()) -> Service:
    """A ServiceEntry as the registry sees it."""
    hosts = tuple(fqdn(host, namespace, domain) for host in texts(manifest.spec.get("hosts")))
    exports = Exports.of(manifest.spec.get("exportTo"), namespace, default)
    return Service(manifest, namespace, hosts, exports, is_entry=True)


def endpoint_labels(service: Service) -> Iterator[Mapping[str, str]]:
    """The labels of the endpoints that a ServiceEntry lists."""
    if service.is_entry:
        for _, endpoint in entries(service.spec.get("endpoints"), ("spec", "endpoints")):
            yield labels(endpoint.get("labels"))


def server_first(port: Port) -> str:
    """The protocol of a port whose server speaks before the client does, by its name or number; empty for any other."""
    word = port.name.lower().removeprefix("tcp-").partition("-")[0]
    return SERVER_FIRST_NAMES.get(word, "") or SERVER_FIRST_PORTS.get(port.number, "")


def is_control_plane(service: Service) -> bool:
    """Services of Istio itself, and those it keeps for Kubernetes Gateways."""
    labels = service.manifest.labels
    return "istio" in labels or labels.get("release") == "istio" or "gateway.istio.io/managed" in labels
