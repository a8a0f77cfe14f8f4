"""What one caller sees of the mesh: egress listeners, services, VirtualServices and clusters.

Source: Istio `pilot/pkg/model/sidecar.go` (no Sidecar is the same as one that imports `*/*`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sailwright.manifest import Manifest
from sailwright.mesh.hosts import covers, overlap
from sailwright.mesh.protocol import declared_protocol
from sailwright.route.catalog import Catalog
from sailwright.route.destination_rules import DestinationRule
from sailwright.route.names import MESH, is_wildcard, most_specific
from sailwright.route.registry import Service, creation
from sailwright.route.virtual_services import Rule, VirtualService
from sailwright.route.visibility import seen_from

ALLOW_ANY = "ALLOW_ANY"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends the request: a workload of `namespace` with `labels`, or the Gateway `gateway` (`namespace/name`)."""

    namespace: str
    labels: tuple[tuple[str, str], ...] = ()
    gateway: str | None = None

    @property
    def label_map(self) -> dict[str, str]:
        """The labels as a mapping."""
        return dict(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """One egress listener: `port` is None for the one that takes every other port. `wanted` are its hosts by namespace."""

    port: int | None
    proxy: bool
    services: tuple[Service, ...]
    virtual_services: tuple[VirtualService, ...]
    owners: Mapping[str, VirtualService]
    """The VirtualService with the most specific host, by service host."""


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The mesh as one caller sees it. `services` are those it has clusters for, by host."""

    caller: Caller
    sidecar: Manifest | None
    listeners: tuple[Listener, ...]
    services: Mapping[str, Service]
    allow_any: bool
    egress_proxy: Mapping[str, Any] | None
    catalog: Catalog
    directories: dict[Listener, dict[str, list[Service]]] = field(default_factory=dict)
    """The services of a listener by every name and address a client may dial, filled in when first asked for."""
    _rules: dict[str, DestinationRule | None] = field(default_factory=dict)

    def listener(self, port: int) -> Listener | None:
        """The egress listener that takes connections to `port`."""
        for listener in self.listeners:
            if listener.port is None or listener.port == port:
                return listener
        return None

    def destination_rule(self, service: Service) -> DestinationRule | None:
        """The DestinationRule this caller applies to a service."""
        if service.host not in self._rules:
            self._rules[service.host] = self.catalog.destination_rules.of(
                service.host, service.namespace, self.caller.namespace, self.caller.label_map
            )
        return self._rules[service.host]

    def knows(self, host: str, port: int, subset: str) -> bool:
        """Whether this caller has a cluster for the destination; without one Envoy answers 503."""
        service = self.services.get(host)
        found = service.port(port) if service else None
        if service is None or found is None or found.protocol.is_udp or service.alias_of:
            return False
        if not subset:
            return True
        rule = self.destination_rule(service)
        definition = rule.subsets.get(subset) if rule else None
        if definition is None:
            return False
        wanted = (definition.get("labels") or {}).items()
        endpoints = service.endpoint_labels
        return endpoints is None or any(wanted <= labels.items() for labels in endpoints)


def scope_of(catalog: Catalog, caller: Caller) -> Scope:
    """The scope of a sidecar in the caller's namespace with the caller's labels."""
    sidecar = _sidecar_for(catalog, caller)
    spec = sidecar.spec if sidecar else {}
    listeners = tuple(_listener(catalog, caller, entry) for entry in spec.get("egress") or ({"hosts": ["*/*"]},))
    policy = spec.get("outboundTrafficPolicy")
    if policy is None:
        policy = catalog.outbound_policy
    return Scope(
        caller=caller,
        sidecar=sidecar,
        listeners=listeners,
        services=_imported(catalog, caller, listeners),
        allow_any=policy.get("mode") == ALLOW_ANY,
        egress_proxy=policy.get("egressProxy"),
        catalog=catalog,
    )


def gateway_scope(catalog: Catalog, caller: Caller) -> Scope:
    """The scope of a gateway: it sees all that is exported to its namespace, and no Sidecar narrows it."""
    services: dict[str, Service] = {}
    for service in catalog.visible_services(caller.namespace):
        _add(services, service)
    return Scope(caller, None, (), services, allow_any=False, egress_proxy=None, catalog=catalog)


def _sidecar_for(catalog: Catalog, caller: Caller) -> Manifest | None:
    """The Sidecar of the namespace that selects the workload, else the one for all of it, else the root namespace's."""
    labels = caller.label_map
    general: list[Manifest] = []
    for sidecar in sorted(catalog.sidecars, key=lambda found: (creation(found), found.name)):
        selector = sidecar.spec.get("workloadSelector")
        namespace = sidecar.namespace or "default"
        if selector is None:
            if namespace in (caller.namespace, catalog.root_namespace):
                general.append(sidecar)
        elif namespace == caller.namespace and (selector.get("labels") or {}).items() <= labels.items():
            return sidecar
    own = [sidecar for sidecar in general if (sidecar.namespace or "default") == caller.namespace]
    return next(iter(own or general), None)


def _listener(catalog: Catalog, caller: Caller, entry: Mapping[str, Any]) -> Listener:
    port = entry.get("port") or {}
    number = port.get("number")
    proxy = declared_protocol(port.get("protocol") or "").name == "HTTP_PROXY"
    wanted: dict[str, list[str]] = {}
    for host in entry.get("hosts") or ():
        namespace, slash, name = host.partition("/")
        if slash and "/" not in name:
            wanted.setdefault(caller.namespace if namespace == "." else namespace, []).append(name.lower())
    services = _select_services(catalog.visible_services(caller.namespace), caller.namespace, wanted)
    if number and not proxy:
        services = [
            service.with_ports((found,)) if len(service.ports) > 1 else service
            for service in services
            if (found := service.port(number))
        ]
    virtual_services = tuple(
        found
        for found in seen_from(catalog.bound_to(MESH), caller.namespace, catalog.virtual_service_export)
        if _imports(found.hosts, found.namespace, wanted, overlap)
    )
    return Listener(number or None, proxy, tuple(services), virtual_services, _owners(virtual_services, services))


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


def _imported(catalog: Catalog, caller: Caller, listeners: Iterable[Listener]) -> dict[str, Service]:
    """The services a caller has clusters for: those its listeners import, and those their VirtualServices route to."""
    known: dict[str, Service] = {}
    for listener in listeners:
        for service in listener.services:
            _add(known, service)
        for virtual_service in listener.virtual_services:
            for host, ports in destinations(virtual_service, caller.namespace).items():
                found = _destination_service(catalog, caller.namespace, host)
                trimmed = _trim(found, listener, ports) if found else None
                if trimmed is not None:
                    _add(known, trimmed)
    return known


def _add(known: dict[str, Service], service: Service) -> None:
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


def _destination_service(catalog: Catalog, namespace: str, host: str) -> Service | None:
    """The service a destination means: the caller's own of that name, else the first namespace that exports one to it."""
    candidates = catalog.by_host(host)
    own = [service for service in candidates if service.namespace == namespace]
    visible = own or seen_from(candidates, namespace, catalog.service_export)
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


def _note(found: dict[str, set[int]], destination: Mapping[str, Any]) -> None:
    found.setdefault(destination["host"], set()).add((destination.get("port") or {}).get("number") or 0)


def _concerns(rule: Rule, namespace: str) -> bool:
    """As istiod: the last match entry that names another namespace speaks for the rule, unless one names this one."""
    named = [match["sourceNamespace"] for match in rule.value.get("match") or () if match.get("sourceNamespace")]
    return not named or namespace in named
