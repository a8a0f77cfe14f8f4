"""The virtual hosts that a sidecar has on one port. Source: Istio `pilot/pkg/networking/core/httproute.go`, `route/route.go`."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.mesh.pilot.egress_listeners import Listener
from sailwright.mesh.pilot.gateway_names import MESH, is_address, is_wildcard
from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.values.hosts import overlap
from sailwright.route.envoy.actions import ClusterLookup
from sailwright.route.envoy.route_table import MatchContext, RouteConfiguration, VirtualHost, default_host, routes
from sailwright.runtime.records import replace

HTTP_PORT = 80
"""The one port on which a VirtualService's host that no service has gets a virtual host."""


def route_configuration(scope: Scope, port: int) -> RouteConfiguration | None:
    """The virtual hosts for `port`; None where the sidecar does not speak HTTP there."""
    listener = scope.listener(port)
    if listener is None or listener.proxy:
        return None
    registry: dict[str, Service] = {}
    for service in listener.services:
        found = service.port(port)
        if found is not None:
            registry[service.host] = service.with_ports((found,)) if len(service.ports) > 1 else service
    if not any(service.ports[0].carries_http for service in registry.values()):
        return None
    return RouteConfiguration(_Builder(scope, listener, registry, port).hosts())


class _Builder:
    """Collects the virtual hosts of one port; a name or domain that is taken stays with who came first."""

    def __init__(self, scope: Scope, listener: Listener, registry: dict[str, Service], port: int) -> None:
        self._scope = scope
        self._listener = listener
        self._registry = registry
        self._names: set[str] = set()
        self._domains: set[str] = set()
        self._clusters = sidecar_clusters(scope, registry, port)
        self._context = MatchContext(
            port, frozenset({MESH}), scope.caller.namespace, scope.caller.label_map, self._clusters
        )

    def hosts(self) -> list[VirtualHost]:
        """The virtual hosts of VirtualServices in order, then those of the services that none of them claims."""
        port = self._context.port
        found: list[VirtualHost] = []
        claimed: set[str] = set()
        for virtual_service in self._listener.virtual_services:
            plain, services = self._split(virtual_service)
            if not services and (port != HTTP_PORT or not plain):
                continue
            kept, skipped = routes(virtual_service, self._context)
            if not kept:
                continue
            claimed.update(service.host for service in services)
            wanted = [*((host, None) for host in plain), *((service.host, service) for service in services)]
            found += (VirtualHost(host, (), kept, skipped, service, virtual_service) for host, service in wanted)
        for host, service in self._registry.items():
            if host not in claimed and not service.alias_of and service.ports[0].carries_http:
                found.append(default_host(service, port, self._clusters))
        known = {host.service.host for host in found if host.service}
        named = (replace(host, domains=self._take(host, known)) for host in found)
        return [host for host in named if host.domains]

    def _split(self, virtual_service: VirtualService) -> tuple[list[str], list[Service]]:
        """Its hosts that are no service of this port, and the services of this port that it claims."""
        plain: list[str] = []
        services: list[Service] = []
        for host in virtual_service.hosts:
            if not is_wildcard(host):
                if host in self._registry:
                    services.append(self._registry[host])
                else:
                    plain.append(host)
        for host in virtual_service.hosts:
            if is_wildcard(host):
                covered = [service for name, service in self._registry.items() if overlap(name, host)]
                owners = self._listener.owners
                services += (service for service in covered if owners.get(service.host) is virtual_service)
                if not covered:
                    plain.append(host)
        return plain, [service for service in services if service.ports[0].carries_http]

    def _take(self, host: VirtualHost, known: set[str]) -> tuple[str, ...]:
        """The domains of a virtual host that are still free; another service's full name is never one's short form."""
        if host.host in self._names:
            return ()
        self._names.add(host.host)
        service = host.service
        short: set[str] = set()
        domains = [bracketed(host.host)]
        if service is not None:
            domains, short = service_domains(service, self._scope.caller.namespace, self._scope.push_context.domain)
        free = [
            domain
            for domain in dict.fromkeys(domains)
            if domain not in self._domains and not (domain in short and domain in known)
        ]
        self._domains.update(free)
        return tuple(free)


def sidecar_clusters(scope: Scope, registry: dict[str, Service], port: int) -> ClusterLookup:
    """What actions of a sidecar need: each service is cut down to the listener's port, so that is a destination's default."""

    def concrete(host: str) -> str:
        service = registry.get(host)
        return (service.alias_of if service else "") or host

    return ClusterLookup(
        port,
        lambda _host: port,
        concrete,
        scope.knows,
        scope.push_context.retry_policy,
        prefix_redirects=scope.push_context.prefix_redirects,
    )


def dialled_service(scope: Scope, host: str, port: int) -> Service | None:
    """The service whose address a client gets for `host`, or whose address `host` is."""
    listener = scope.listener(port)
    if listener is None:
        return None
    if listener not in scope.directories:
        directory: dict[str, list[Service]] = {}
        for service in listener.services:
            domains, _ = service_domains(service, scope.caller.namespace, scope.push_context.domain)
            for domain in domains:
                directory.setdefault(domain, []).append(service)
        scope.directories[listener] = directory
    return next((service for service in scope.directories[listener].get(host, ()) if service.port(port)), None)


def service_domains(service: Service, namespace: str, cluster_domain: str) -> tuple[list[str], set[str]]:
    """The domains of a service for callers of `namespace`, and which of them are only forms of its name."""
    domains: list[str] = []
    forms: set[str] = set()
    for host in (service.host, *service.aliases):
        other = list(_forms(host, namespace, cluster_domain))
        domains += [bracketed(host), *other]
        forms.update(other)
    if service.headless:
        domains += [f"*.{domain}" for domain in domains]
    domains += [bracketed(address) for address in service.addresses]
    return domains, forms


def _forms(host: str, namespace: str, cluster_domain: str) -> Iterator[str]:
    """The absolute form with a dot at the end, and what the cluster's DNS search list allows."""
    if not is_address(host):
        yield f"{host}."
    if not host.endswith(f".svc.{cluster_domain}"):
        return
    short = host[: host.index(".svc.")]
    name, dot, owner = short.partition(".")
    if not dot:
        return
    if owner == namespace:
        yield name
    yield f"{short}.svc"
    yield short


def bracketed(host: str) -> str:
    """A host as it stands in a Host header: IPv6 addresses are in brackets."""
    return f"[{host}]" if ":" in host else host
