"""The service registry: every host that a Service or a ServiceEntry makes known, as istiod sees it.

Source: Istio `pkg/config/kube/conversion.go`, `pilot/pkg/serviceregistry/serviceentry/conversion.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.values.protocol import Protocol, declared_protocol, service_port_protocol
from sailwright.runtime.records import dataclass, replace
from sailwright.source.manifest import Manifest

EXPORT_ANNOTATION = "networking.istio.io/exportTo"
DNS_RESOLUTIONS = frozenset({"DNS", "DNS_ROUND_ROBIN"})


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a service, and the protocol that istiod takes it for."""

    number: int
    protocol: Protocol
    name: str = ""

    @property
    def carries_http(self) -> bool:
        """Whether a sidecar routes HTTP there: the port is declared so, or the first bytes are looked at."""
        return self.protocol.is_http or self.protocol.is_auto


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """One host of the registry.

    `addresses` are its virtual IPs; `headless` is a Service with `clusterIP: None`; `alias_of` is the host an ExternalName
    points to; `aliases` are the hosts of the ExternalName Services that point here. `endpoint_labels` are the labels of the
    endpoints of a DNS ServiceEntry, None where the endpoints are not in the repository.
    """

    host: str
    namespace: str
    name: str
    ports: tuple[Port, ...]
    manifest: Manifest
    kubernetes: bool
    addresses: tuple[str, ...] = ()
    headless: bool = False
    alias_of: str = ""
    aliases: tuple[str, ...] = ()
    export_to: frozenset[str] = frozenset()
    created: str = ""
    endpoint_labels: tuple[Mapping[str, str], ...] | None = None

    def port(self, number: int) -> Port | None:
        """The port of that number."""
        return next((port for port in self.ports if port.number == number), None)

    def with_ports(self, ports: tuple[Port, ...]) -> Service:
        """The same service with other ports."""
        return replace(self, ports=ports)


def creation(manifest: Manifest) -> str:
    """`metadata.creationTimestamp` as text (RFC 3339, so it sorts); empty, the oldest, where the file has none."""
    return str(manifest.metadata.get("creationTimestamp") or "")


def services(manifests: Iterable[Manifest], domain: str) -> list[Service]:
    """Every service, oldest first, then by name and namespace, with the aliases resolved."""
    found: list[Service] = []
    for manifest in manifests:
        if manifest.kind == "Service":
            found.append(_kubernetes_service(manifest, domain))
        elif manifest.kind == "ServiceEntry":
            found.extend(_service_entry(manifest))
    found.sort(key=lambda service: (service.created, service.name, service.namespace))
    return _with_aliases(found)


def _kubernetes_service(manifest: Manifest, domain: str) -> Service:
    spec = manifest.spec
    namespace = manifest.namespace or "default"
    exported = str(manifest.annotations.get(EXPORT_ANNOTATION) or "")
    cluster_ip = spec.get("clusterIP") or ""
    external = spec.get("externalName") if spec.get("type") == "ExternalName" else None
    return Service(
        host=f"{manifest.name}.{namespace}.svc.{domain}",
        namespace=namespace,
        name=manifest.name,
        ports=tuple(
            Port(
                number,
                service_port_protocol(number, name, port.get("protocol") or "TCP", port.get("appProtocol")),
                name,
            )
            for port in spec.get("ports") or ()
            for number, name in ((port.get("port") or 0, port.get("name") or ""),)
        ),
        manifest=manifest,
        kubernetes=True,
        addresses=() if cluster_ip in ("", "None") else tuple(spec.get("clusterIPs") or (cluster_ip,)),
        headless=cluster_ip == "None",
        alias_of=(external or "").lower(),
        export_to=frozenset(word.strip() for word in exported.split(",") if word.strip()),
        created=creation(manifest),
    )


def _service_entry(manifest: Manifest) -> Iterator[Service]:
    spec = manifest.spec
    ports = tuple(
        Port(port.get("number") or 0, declared_protocol(port.get("protocol") or ""), port.get("name") or "")
        for port in spec.get("ports") or ()
    )
    for host in spec.get("hosts") or ():
        yield Service(
            host=host.lower(),
            namespace=manifest.namespace or "default",
            name=host.lower(),
            ports=ports,
            manifest=manifest,
            kubernetes=False,
            addresses=tuple(spec.get("addresses") or ()),
            export_to=frozenset(spec.get("exportTo") or ()),
            created=creation(manifest),
            endpoint_labels=_dns_endpoint_labels(spec),
        )


def _dns_endpoint_labels(spec: Mapping[str, Any]) -> tuple[Mapping[str, str], ...] | None:
    if spec.get("resolution") not in DNS_RESOLUTIONS or spec.get("workloadSelector"):
        return None
    endpoints: Iterable[Mapping[str, Any]] = spec.get("endpoints") or ({},)
    return tuple(endpoint.get("labels") or {} for endpoint in endpoints)


def _with_aliases(found: list[Service]) -> list[Service]:
    """Each concrete service learns the ExternalName hosts that lead to it, through several hops; a loop leads nowhere."""
    target = {service.host: service.alias_of for service in found if service.alias_of}
    if not target:
        return found
    aliases: dict[str, list[tuple[str, str]]] = {}
    for service in found:
        if service.alias_of:
            seen = {service.host}
            concrete = service.alias_of
            while concrete in target and concrete not in seen:
                seen.add(concrete)
                concrete = target[concrete]
            if concrete not in target:
                aliases.setdefault(concrete, []).append((service.namespace, service.host))
    return [
        replace(service, aliases=tuple(host for _, host in sorted(aliases[service.host])))
        if service.host in aliases
        else service
        for service in found
    ]
