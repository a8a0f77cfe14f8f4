"""The services a caller has clusters for: what its listeners import, and where their VirtualServices send it.

Source: Istio `pilot/pkg/model/sidecar.go` (collectImportedServices, appendSidecarServices).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.mesh.objects.export_to import seen_from
from sailwright.mesh.pilot.egress_listeners import Listener
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.pilot.virtual_services import Rule, VirtualService


def imported(push_context: PushContext, namespace: str, listeners: Iterable[Listener]) -> dict[str, Service]:
    """The services a caller has clusters for: those its listeners import, and those their VirtualServices route to."""
    known: dict[str, Service] = {}
    for listener in listeners:
        for service in listener.services:
            add(known, service)
        for virtual_service in listener.virtual_services:
            for host, ports in destinations(virtual_service, namespace).items():
                found = _destination_service(push_context, namespace, host)
                trimmed = _trim(found, listener, ports) if found else None
                if trimmed is not None:
                    add(known, trimmed)
    return known


def add(known: dict[str, Service], service: Service) -> None:
    """Take a service in: a Kubernetes Service replaces an entry of its host, ports of the same service are joined."""
    existing = known.get(service.host)
    if existing is None or (service.kubernetes and not existing.kubernetes):
        known[service.host] = service
    elif (
        service is not existing
        and existing.kubernetes == service.kubernetes
        and existing.namespace == service.namespace
        and existing.manifest.spec.get("resolution") == service.manifest.spec.get("resolution")
    ):
        numbers = {port.number for port in existing.ports}
        more = tuple(port for port in service.ports if port.number not in numbers)
        known[service.host] = existing.with_ports(existing.ports + more) if more else existing


def _destination_service(push_context: PushContext, namespace: str, host: str) -> Service | None:
    """The service a destination means: the caller's own of that name, else the first namespace that exports one to it."""
    candidates = push_context.by_host(host)
    own = [service for service in candidates if service.namespace == namespace]
    visible = own or seen_from(candidates, namespace, push_context.service_export)
    return min(visible, key=lambda service: (service.namespace, not service.kubernetes), default=None)


def _trim(service: Service, listener: Listener, ports: frozenset[int]) -> Service | None:
    wanted = frozenset({listener.port}) if listener.port and not listener.proxy else ports
    if 0 in wanted or not wanted:
        return service
    found = tuple(port for port in service.ports if port.number in wanted)
    if len(found) == len(service.ports):
        return service
    return service.with_ports(found) if found else None


def destinations(virtual_service: VirtualService, namespace: str) -> dict[str, frozenset[int]]:
    """Every host that a VirtualService sends callers of `namespace` to, with the ports it names; 0 stands for no port."""
    found: dict[str, set[int]] = {}
    for rule in virtual_service.rules:
        if _concerns(rule, namespace):
            value = rule.value
            mirrored = [value["mirror"]] if value.get("mirror") else []
            mirrored += [mirror["destination"] for mirror in value.get("mirrors") or ()]
            for destination in [target["destination"] for target in value.get("route") or ()] + mirrored:
                _note(found, destination)
    for entry in (*virtual_service.tcp, *virtual_service.tls):
        for target in entry.get("route") or ():
            _note(found, target["destination"])
    return {host: frozenset(ports) for host, ports in found.items()}


def every_destination(virtual_service: VirtualService) -> set[str]:
    """Every host that a VirtualService sends anybody to."""
    values = [*(rule.value for rule in virtual_service.rules), *virtual_service.tcp, *virtual_service.tls]
    found = [target["destination"] for value in values for target in value.get("route") or ()]
    found += (value["mirror"] for value in values if value.get("mirror"))
    found += (mirror["destination"] for value in values for mirror in value.get("mirrors") or ())
    return {destination["host"] for destination in found}


def _note(found: dict[str, set[int]], destination: Mapping[str, Any]) -> None:
    found.setdefault(destination["host"], set()).add((destination.get("port") or {}).get("number") or 0)


def _concerns(rule: Rule, namespace: str) -> bool:
    """As istiod: the last match entry that names another namespace speaks for the rule, unless one names this one."""
    named = [match["sourceNamespace"] for match in rule.value.get("match") or () if match.get("sourceNamespace")]
    return not named or namespace in named
