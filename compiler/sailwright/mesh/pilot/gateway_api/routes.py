"""Gateway API routes as the VirtualServices that istiod makes of them: one for each parent and host, merged by both.

Source: Istio `pilot/pkg/config/kube/gateway` (route_collections.go, conversion.go: referenceAllowed, mergeHTTPRoutes).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.gateway_api.attachment import denial
from sailwright.mesh.pilot.gateway_api.backends import Backends, Grants
from sailwright.mesh.pilot.gateway_api.conditions import Attachments, RouteStatus, route_status
from sailwright.mesh.pilot.gateway_api.listeners import GatewayListener
from sailwright.mesh.pilot.gateway_api.rules import by_specificity, http_rules
from sailwright.mesh.pilot.gateway_names import MESH
from sailwright.mesh.pilot.service_registry import creation
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.values.hosts import covers, overlap, service_host
from sailwright.mesh.values.kinds import GRPC_ROUTE, HTTP_ROUTE, TCP_ROUTE, TLS_ROUTE, kind_of
from sailwright.runtime.records import dataclass, replace
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, number, text, texts

HTTP_KINDS = (HTTP_ROUTE, GRPC_ROUTE)
ROUTE_KINDS = frozenset({*HTTP_KINDS, TCP_ROUTE, TLS_ROUTE})
GRPC_DEFINITION = "grpcroutes.gateway.networking.k8s.io"
BUNDLE_VERSION = "gateway.networking.k8s.io/bundle-version"
OLDEST_GRPC = [1, 1]
EVERYWHERE, HERE = frozenset({"*"}), frozenset({"."})


@dataclass(frozen=True, slots=True)
class Parent:
    """What a route is attached to: a generated Gateway or the mesh, for one host. `port` is that of a parent Service."""

    gateway: str
    host: str
    port: int = 0
    producer: bool = True


class RouteConversion:
    """Turns the routes of a world into VirtualServices."""

    def __init__(
        self,
        manifests: Iterable[Manifest],
        listeners: Mapping[str, list[GatewayListener]],
        service_hosts: Iterable[str],
        domain: str,
    ) -> None:
        self._manifests = tuple(manifests)
        routes = [found for found in self._manifests if kind_of(found.api_version, found.kind) in ROUTE_KINDS]
        served = _served(self._manifests) if routes else frozenset()
        self._routes = sorted(
            (found for found in routes if kind_of(found.api_version, found.kind) in served),
            key=lambda found: (creation(found), found.namespace or "default", found.name),
        )
        self._listeners = listeners
        self._hosts = frozenset(service_hosts)
        self._domain = domain
        self._grants = Grants(self._manifests if self._routes else ())

    def virtual_services(self) -> list[tuple[tuple[str, str, str], VirtualService]]:
        """The VirtualServices, each with the key by which istiod sorts it: age, name, namespace."""
        merged: dict[str, VirtualService] = {}
        for kinds in (frozenset({HTTP_ROUTE}), frozenset({GRPC_ROUTE})):
            for route in self._routes:
                if kind_of(route.api_version, route.kind) in kinds:
                    for parent in self._parents(route):
                        self._merge(merged, route, parent)
        found = list(merged.items())
        for route in self._routes:
            if kind_of(route.api_version, route.kind) not in HTTP_KINDS:
                found += [
                    (f"{route.namespace}~{route.name}~{index}", self._connection(route, parent))
                    for index, parent in enumerate(self._parents(route))
                ]
        return [((creation(item.manifest), key, item.namespace), item) for key, item in found]

    def statuses(self) -> list[RouteStatus]:
        """What istiod writes into the status of each route, in its order."""
        attachments = Attachments(self._listeners, self._hosts, self._domain)
        return [
            route_status(route, attachments, Backends(route, self._domain, self._hosts, self._grants), self._domain)
            for route in self._routes
        ]

    def _merge(self, merged: dict[str, VirtualService], route: Manifest, parent: Parent) -> None:
        """Routes of one parent and host share a VirtualService; for the mesh only those of one namespace and port do."""
        namespace = route.namespace or "default"
        scope = f"{namespace}~{parent.port}" if parent.gateway == MESH else parent.gateway.replace("/", "~")
        key = f"{route.kind}~{scope}~{parent.host}"
        rules = http_rules(route, self._backends(route, parent), parent.port)
        if not rules:
            return
        known = merged.get(key)
        if known is None:
            merged[key] = self._made(route, parent, rules=tuple(by_specificity(rules)))
        else:
            merged[key] = replace(known, rules=tuple(by_specificity([*known.rules, *rules])))

    def _connection(self, route: Manifest, parent: Parent) -> VirtualService:
        """A TCPRoute or a TLSRoute for one parent and host."""
        backends = self._backends(route, parent)
        tls = kind_of(route.api_version, route.kind) == TLS_ROUTE
        match: dict[str, Any] = {"port": parent.port} if parent.port else {}
        if tls:
            names = [host.lower() for host in texts(route.spec.get("hostnames"))] or ["*"]
            match["sniHosts"] = [parent.host]
            if parent.gateway == MESH:
                match["sniHosts"] = [name for name in names if overlap(name, parent.host)]
                if not match["sniHosts"]:
                    return self._made(route, parent)
        rules = [
            {"match": [match], "route": targets} if match else {"route": targets}
            for _, rule in entries(route.spec.get("rules"), ())
            if (targets := backends.targets(rule))
        ]
        return self._made(route, parent, tls=tuple(rules)) if tls else self._made(route, parent, tcp=tuple(rules))

    def _backends(self, route: Manifest, parent: Parent) -> Backends:
        return Backends(route, self._domain, self._hosts, None if parent.gateway == MESH else self._grants)

    def _made(self, route: Manifest, parent: Parent, **given: Any) -> VirtualService:
        return VirtualService(
            namespace=route.namespace or "default",
            name=route.name,
            hosts=(parent.host,),
            gateways=(parent.gateway,),
            export_to=EVERYWHERE if parent.producer else HERE,
            rules=given.get("rules", ()),
            tcp=given.get("tcp", ()),
            tls=given.get("tls", ()),
            manifest=route,
            gateway_api=True,
        )

    def _parents(self, route: Manifest) -> Iterator[Parent]:
        own = route.namespace or "default"
        hosts = [host.lower() for host in texts(route.spec.get("hostnames"))]
        for _, reference in entries(route.spec.get("parentRefs"), ()):
            namespace = text(reference.get("namespace")) or own
            if reference.get("kind") in (None, "Gateway"):
                yield from self._gateways(route, f"{namespace}/{text(reference.get('name'))}", reference, hosts)
            elif reference.get("kind") == "Service":
                host = service_host(text(reference.get("name")), namespace, self._domain)
                if host in self._hosts:
                    yield Parent(MESH, host, number(reference.get("port")), producer=namespace == own)

    def _gateways(self, route: Manifest, name: str, reference: Mapping[str, Any], hosts: list[str]) -> Iterator[Parent]:
        """The listeners of a Gateway that take a route, with each host that is this listener's and no narrower one's."""
        siblings = self._listeners.get(name, ())
        for listener in siblings:
            if denial(route, listener, reference, hosts or ["*"]) is not None:
                continue
            others = [
                other.hostname
                for other in siblings
                if other is not listener and (other.port, other.protocol) == (listener.port, listener.protocol)
            ]
            for host in ["*"] if kind_of(route.api_version, route.kind) == TCP_ROUTE else hosts or ["*"]:
                if not any(len(other) >= len(listener.hostname) and covers(other, host) for other in others if other):
                    yield Parent(listener.gateway, host)


def _served(manifests: Iterable[Manifest]) -> frozenset[str]:
    """The kinds of routes that istiod reads. It passes over GRPCRoute where the cluster's definition of it is older than 1.1
    or does not say how old it is; a definition that the input does not hold is taken for a newer one.

    Source: Istio `pkg/kube/kclient/crdwatcher.go` (minimumCRDVersions).
    """
    for manifest in manifests:
        if manifest.kind == "CustomResourceDefinition" and manifest.name == GRPC_DEFINITION:
            version = str(manifest.annotations.get(BUNDLE_VERSION) or "").removeprefix("v").split(".")
            if [int(part) for part in version[:2] if part.isdigit()] < OLDEST_GRPC:
                return ROUTE_KINDS - {GRPC_ROUTE}
    return ROUTE_KINDS
