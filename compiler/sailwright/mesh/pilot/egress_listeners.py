"""Egress listeners: which services and VirtualServices each imports for the callers of a namespace.

Source: Istio `pilot/pkg/model/sidecar.go`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sailwright.mesh.objects.export_to import GRANTED, PRIVATE, PUBLIC, rank
from sailwright.mesh.pilot.gateway_names import MESH, is_wildcard, most_specific
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.service_registry import Port, Service
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.values.hosts import covers, overlap
from sailwright.mesh.values.protocol import Protocol, declared_protocol
from sailwright.runtime.records import dataclass, replace


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """One egress listener: `port` is None for the one that takes every other port, `proxy` tells an HTTP proxy."""

    port: int | None
    proxy: bool
    services: tuple[Service, ...]
    virtual_services: tuple[VirtualService, ...]
    owners: Mapping[str, VirtualService]
    """The VirtualService with the most specific host, by service host."""
    bind: str = ""
    protocol: Protocol | None = None
    """The address and the protocol that a Sidecar gives its own port."""

    def port_of(self, declared: Port) -> Port:
        """A service's port as this listener takes it: with the Sidecar's protocol where that names the port."""
        return declared if self.protocol is None else replace(declared, protocol=self.protocol)


def listener_of(push_context: PushContext, caller_namespace: str, entry: Mapping[str, Any]) -> Listener:
    """The listener of one entry of `egress`, for callers of a namespace."""
    port = entry.get("port") or {}
    number = port.get("number")
    protocol = declared_protocol(port.get("protocol") or "")
    proxy = protocol.name == "HTTP_PROXY"
    wanted, unwanted = _named(entry, caller_namespace, exclusions=push_context.sidecar_exclusions)
    visible = [
        service
        for service in push_context.visible_services(caller_namespace)
        if not _imports((service.host,), service.namespace, unwanted, covers)
    ]
    services = _select_services(visible, caller_namespace, wanted)
    if number and not proxy:
        services = [
            service.with_ports((found,)) if len(service.ports) > 1 else service
            for service in services
            if (found := service.port(number))
        ]
    virtual_services = tuple(
        found
        for found in _visible(push_context, caller_namespace)
        if _imports(found.hosts, found.namespace, wanted, overlap)
        and not all(_imports((host,), found.namespace, unwanted, covers) for host in found.hosts)
    )
    return Listener(
        port=number or None,
        proxy=proxy,
        services=tuple(services),
        virtual_services=virtual_services,
        owners=_owners(virtual_services, services),
        bind=entry.get("bind") or "",
        protocol=protocol if number else None,
    )


def with_virtual_services(listener: Listener, virtual_services: tuple[VirtualService, ...]) -> Listener:
    """The listener with these VirtualServices alone."""
    owners = _owners(virtual_services, list(listener.services))
    return replace(listener, virtual_services=virtual_services, owners=owners)


Hosts = dict[str, list[str]]
"""Names of hosts by the namespace they lie in; `*` for any."""


def _named(entry: Mapping[str, Any], caller_namespace: str, *, exclusions: bool) -> tuple[Hosts, Hosts]:
    """The hosts that an entry of `egress` brings in, and those that it leaves out (`~NAMESPACE/HOST`, from 1.31 on)."""
    wanted: Hosts = {}
    unwanted: Hosts = {}
    for host in entry.get("hosts") or ():
        namespace, slash, name = host.partition("/")
        if not slash or "/" in name:
            continue
        chosen = wanted
        if namespace.startswith("~") and host != "~/*" and exclusions:
            chosen, namespace = unwanted, namespace[1:] or "*"
        chosen.setdefault(caller_namespace if namespace == "." else namespace, []).append(name.lower())
    return wanted, unwanted


def _visible(push_context: PushContext, namespace: str) -> list[VirtualService]:
    """What is bound to the mesh and exported to a namespace, in order. Its own routes of the Gateway API are as private ones."""
    default = push_context.virtual_service_export
    ranked = [
        (PRIVATE if found.gateway_api and found.namespace == namespace else rank(found, namespace, default), found)
        for found in push_context.bound_to(MESH)
    ]
    return [found for wanted in (PRIVATE, GRANTED, PUBLIC) for own, found in ranked if own == wanted]


def _imports(
    hosts: Iterable[str], namespace: str, wanted: Mapping[str, list[str]], fits: Callable[[str, str], bool]
) -> bool:
    """Whether a Sidecar's hosts bring in an object of `namespace`; `fits` compares (imported, host)."""
    for owner in (namespace, "*"):
        for imported in wanted.get(owner, ()):
            if imported == "*":
                return True
            if any(host == imported or (_either_wild(host, imported) and fits(imported, host)) for host in hosts):
                return True
    return False


def _either_wild(one: str, other: str) -> bool:
    return is_wildcard(one) or is_wildcard(other)


def _select_services(services: Iterable[Service], namespace: str, wanted: Mapping[str, list[str]]) -> list[Service]:
    """The imported services; of one host in several namespaces the caller's own wins, then a Kubernetes Service."""
    imported = [service for service in services if _imports((service.host,), service.namespace, wanted, covers)]
    chosen: dict[str, Service] = {}
    for service in imported:
        known = chosen.get(service.host)
        own = service.namespace == namespace
        upgrade = known is not None and service.kubernetes and not known.kubernetes
        if known is None or own or (upgrade and known.namespace != namespace):
            chosen[service.host] = service
    return [service for service in imported if chosen[service.host].namespace == service.namespace]


def _owners(virtual_services: Iterable[VirtualService], services: Iterable[Service]) -> dict[str, VirtualService]:
    exact: dict[str, VirtualService] = {}
    wildcards: dict[str, VirtualService] = {}
    for virtual_service in virtual_services:
        for host in virtual_service.hosts:
            (wildcards if is_wildcard(host) else exact).setdefault(host, virtual_service)
    found = ((service.host, most_specific(service.host, exact, wildcards)) for service in services)
    return {host: owner for host, owner in found if owner is not None}
