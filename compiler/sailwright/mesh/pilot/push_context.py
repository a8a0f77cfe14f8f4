"""Everything of one world that decides routing, read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.objects.export_to import seen_from
from sailwright.mesh.objects.workloads import workloads
from sailwright.mesh.pilot.addresses import Endpoints, Resolver
from sailwright.mesh.pilot.destination_rules import DestinationRules
from sailwright.mesh.pilot.gateway_api.listeners import gateway_listeners
from sailwright.mesh.pilot.gateway_api.routes import RouteConversion
from sailwright.mesh.pilot.gateway_names import is_wildcard
from sailwright.mesh.pilot.object_shapes import SHAPES, problems
from sailwright.mesh.pilot.service_registry import Service, creation, services
from sailwright.mesh.pilot.virtual_services import VirtualService, virtual_services
from sailwright.mesh.values.hosts import fqdn, overlap
from sailwright.mesh.values.kinds import ENVOY_FILTER, GATEWAY, NAMESPACE, kind_of
from sailwright.mesh.values.releases import release_numbers
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import mapping, text, texts

EXPORT_DEFAULTS = ("*",)
SIDECAR_EXCLUSIONS = (1, 31)
"""The release line that reads `~NAMESPACE/HOST` in a Sidecar as what its callers do not see."""
PREFIX_REDIRECTS = (1, 31)
"""The release line that brought `redirect.prefixRewrite`."""


class PushContext:
    """The routing objects of a world. Objects of a wrong shape are left out and named in `broken`."""

    def __init__(self, world: World) -> None:
        mesh = world.facts.mesh_config
        self.domain = world.facts.cluster_domain
        self.root_namespace = world.facts.root_namespace
        self.retry_policy = mesh.get("defaultHttpRetryPolicy")
        self.normalization = text(mapping(mesh.get("pathNormalization")).get("normalization"))
        self.istio_version = world.facts.istio_version
        self.sidecar_exclusions = _line(world.facts.istio_version) >= SIDECAR_EXCLUSIONS
        self.prefix_redirects = _line(world.facts.istio_version) >= PREFIX_REDIRECTS
        self.broken: list[tuple[Manifest, tuple[str | int, ...], str]] = []
        applied = applied_objects(world.manifests)
        manifests = [found for found in applied if self._sound(found)]
        self.service_export = _default_export(mesh, "defaultServiceExportTo")
        self.virtual_service_export = _default_export(mesh, "defaultVirtualServiceExportTo")
        self.outbound_policy: Mapping[str, Any] = {"mode": "ALLOW_ANY", **mapping(mesh.get("outboundTrafficPolicy"))}
        self.services = services(manifests, self.domain)
        self.workloads = list(workloads(applied, "default"))
        self.endpoints = Endpoints(applied)
        self.resolver = Resolver(self.services, self.endpoints, self.domain)
        declared = world.facts.known.declared_gateways
        self.kubernetes_gateways = gateway_listeners((*declared, *applied))
        self.virtual_services = self._virtual_services(manifests, applied)
        self.destination_rules = DestinationRules(
            manifests, self.domain, self.root_namespace, _default_export(mesh, "defaultDestinationRuleExportTo")
        )
        self._sidecars: dict[str, list[Manifest]] = {}
        for found in sorted(manifests, key=lambda found: (creation(found), found.name)):
            if found.kind == "Sidecar":
                self._sidecars.setdefault(found.namespace or "default", []).append(found)
        self.absent_hosts = world.facts.absent_hosts
        self.known_gateways = frozenset(world.facts.known.gateways or ())
        self.gateways = {
            f"{found.namespace or 'default'}/{found.name}": found
            for found in (*declared, *manifests)
            if _kind(found) == GATEWAY
        }
        self.envoy_filters = [found for found in applied if _kind(found) == ENVOY_FILTER]
        self.namespaces = frozenset(_namespaces(world))
        self._by_host = _by_host(self.services)
        self._wild = [service for service in self.services if is_wildcard(service.host)]

    def _sound(self, manifest: Manifest) -> bool:
        """Whether an object decides routing and is of the shape it must have."""
        kind = _kind(manifest)
        found = [(manifest, path, expected) for path, expected in problems(kind, manifest.value)]
        self.broken.extend(found)
        return kind in SHAPES and not found

    def _virtual_services(self, manifests: list[Manifest], applied: tuple[Manifest, ...]) -> list[VirtualService]:
        """The VirtualServices, and those that routes of the Gateway API become, in istiod's order."""
        found = virtual_services(manifests, self.domain, self.virtual_service_export)
        hosts = (service.host for service in self.services if service.kubernetes)
        self.gateway_routes = RouteConversion(applied, self.kubernetes_gateways, hosts, self.domain)
        routes = self.gateway_routes.virtual_services()
        if not routes:
            return found
        keyed = [((creation(each.manifest), each.name, each.namespace), each) for each in found] + routes
        return [each for _, each in sorted(keyed, key=lambda pair: pair[0])]

    def has_gateway(self, name: str) -> bool:
        """Whether the input has a Gateway `namespace/name`, Istio's or Kubernetes'."""
        return name in self.gateways or name in self.kubernetes_gateways

    def absent(self, name: str, namespace: str) -> str:
        """The host that a pod of `namespace` means by a name, where the project has it elsewhere and not here; else empty."""
        if not self.absent_hosts:
            return ""
        searched = (name, fqdn(name, namespace, self.domain), f"{name}.svc.{self.domain}", f"{name}.{self.domain}")
        return next((host for host in searched if host in self.absent_hosts), "")

    def by_host(self, host: str) -> list[Service]:
        """The services of exactly that host, one for each namespace that declares it."""
        return self._by_host.get(host, [])

    def covered_by(self, hosts: Iterable[str]) -> list[Service]:
        """The services of which some host is one of these, or covered by one, or covers one."""
        exact = {host for host in hosts if not is_wildcard(host)}
        wild = [host for host in hosts if is_wildcard(host)]
        found = [service for host in exact for service in self.by_host(host)]
        found += (service for service in self._wild if any(overlap(host, service.host) for host in exact))
        return found + [service for service in self.services if any(overlap(host, service.host) for host in wild)]

    def narrowed(self, services: Iterable[Service], virtual_services: Iterable[VirtualService]) -> PushContext:
        """The same with these services and VirtualServices alone, for a question that others have no part in."""
        found = PushContext.__new__(PushContext)
        vars(found).update(vars(self))
        found.services, found.virtual_services = [*services], [*virtual_services]
        found._by_host = _by_host(found.services)  # noqa: SLF001 - its own
        return found

    def sidecar(self, title: str) -> Manifest | None:
        """The Sidecar NAMESPACE/NAME."""
        namespace, _, name = title.partition("/")
        return next((found for found in self.sidecars_in(namespace) if found.name == name), None)

    def sidecars_in(self, namespace: str) -> list[Manifest]:
        """The Sidecars of a namespace, in istiod's order."""
        return self._sidecars.get(namespace, [])

    def visible_services(self, namespace: str) -> list[Service]:
        """The services exported to a namespace, in istiod's order."""
        return seen_from(self.services, namespace, self.service_export)

    def bound_to(self, gateway: str) -> Iterable[VirtualService]:
        """The VirtualServices that name a gateway (`mesh` for the sidecars), in order."""
        return (found for found in self.virtual_services if gateway in found.gateways)


def _by_host(services: Iterable[Service]) -> dict[str, list[Service]]:
    found: dict[str, list[Service]] = {}
    for service in services:
        found.setdefault(service.host, []).append(service)
    return found


def applied_objects(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """The objects that the cluster holds in the end: of one that the input has twice the last, as `kubectl apply` leaves it."""
    found: dict[tuple[str, str, str], Manifest] = {}
    for manifest in manifests:
        key = (_kind(manifest), manifest.namespace or "default", manifest.name)
        found.pop(key, None)
        found[key] = manifest
    return tuple(found.values())


def _kind(manifest: Manifest) -> str:
    return kind_of(manifest.api_version, manifest.kind)


def _line(version: str) -> tuple[int, ...]:
    """Major and minor of a release."""
    return release_numbers(version)[:2]


def _namespaces(world: World) -> Iterator[str]:
    """Every namespace that the input or the facts name."""
    yield from world.facts.namespaces
    yield from world.facts.known.namespaces or ()
    for manifest in world.manifests:
        if _kind(manifest) == NAMESPACE:
            yield manifest.name
        else:
            yield manifest.namespace or "default"


def _default_export(mesh: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(texts(mesh.get(key)) or EXPORT_DEFAULTS)
