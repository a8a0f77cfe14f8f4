"""The part of a world that decides about some hosts, so that a small change in a large mesh is compared quickly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.objects.workloads import workloads
from sailwright.mesh.pilot.object_shapes import SHAPES
from sailwright.mesh.pilot.service_registry import EXPORT_ANNOTATION
from sailwright.mesh.queries.version_services import backend_references
from sailwright.mesh.values.hosts import fqdn, overlap, service_host
from sailwright.mesh.values.kinds import (
    DESTINATION_RULE,
    GATEWAY,
    GRPC_ROUTE,
    HTTP_ROUTE,
    KUBERNETES_GATEWAY,
    NAMESPACE,
    REFERENCE_GRANT,
    SERVICE,
    SERVICE_ENTRY,
    SIDECAR,
    TCP_ROUTE,
    TLS_ROUTE,
    VIRTUAL_SERVICE,
    kind_of,
)
from sailwright.mesh.world import World
from sailwright.runtime.records import replace
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, labels, mapping, text, texts

ROUTES = frozenset({HTTP_ROUTE, GRPC_ROUTE, TCP_ROUTE, TLS_ROUTE})
ROUTING = frozenset(SHAPES) | ROUTES | {KUBERNETES_GATEWAY, REFERENCE_GRANT}
"""The kinds that decide where requests go."""
ALWAYS = ROUTES | {SIDECAR, GATEWAY, KUBERNETES_GATEWAY, REFERENCE_GRANT, NAMESPACE}
Object = tuple[str, str, str]
"""Kind, namespace and name."""


def changed(before: World, after: World) -> list[Manifest]:
    """The routing objects that are not the same on both sides, those of both sides."""
    old, new = _objects(before), _objects(after)
    different = [key for key in {*old, *new} if not _same(old.get(key), new.get(key))]
    return [side[key] for key in sorted(different) for side in (old, new) if key in side]


def _objects(world: World) -> dict[Object, Manifest]:
    found: dict[Object, Manifest] = {}
    for manifest in world.manifests:
        kind = kind_of(manifest.api_version, manifest.kind)
        if kind in ROUTING:
            found[kind, manifest.namespace or "default", manifest.name] = manifest
    return found


def _same(one: Manifest | None, other: Manifest | None) -> bool:
    if one is None or other is None:
        return False
    exported = (manifest.annotations.get(EXPORT_ANNOTATION) for manifest in (one, other))
    return one.value.get("spec") == other.value.get("spec") and len(set(exported)) == 1


def hosts_of(manifests: Iterable[Manifest], worlds: Iterable[World]) -> list[str]:
    """The hosts that objects decide about; a delegate's are those of the roots that hand over to it."""
    found: set[str] = set()
    known = list(worlds)
    for manifest in manifests:
        domain = known[0].facts.cluster_domain
        found.update(_hosts(manifest, domain))
        if kind_of(manifest.api_version, manifest.kind) == VIRTUAL_SERVICE and not manifest.spec.get("hosts"):
            roots = (root for world in known for root in _roots(world, manifest))
            found.update(host for root in roots for host in _hosts(root, domain))
        if kind_of(manifest.api_version, manifest.kind) == REFERENCE_GRANT:
            routes = (route for world in known for route in _granted(world, manifest))
            found.update(host for route in routes for host in _hosts(route, domain))
    return sorted(found)


def _hosts(manifest: Manifest, domain: str) -> Iterator[str]:
    namespace = manifest.namespace or "default"
    kind = kind_of(manifest.api_version, manifest.kind)
    if kind == SERVICE:
        yield service_host(manifest.name, namespace, domain)
    elif kind == DESTINATION_RULE:
        yield fqdn(text(manifest.spec.get("host")), namespace, domain)
    elif kind in (VIRTUAL_SERVICE, SERVICE_ENTRY):
        yield from (fqdn(host, namespace, domain) for host in texts(manifest.spec.get("hosts")))
    elif kind in ROUTES:
        parents = [parent for _, parent in entries(manifest.spec.get("parentRefs"), ())]
        services = [parent for parent in parents if parent.get("kind") == "Service"]
        yield from (_service(parent, namespace, domain) for parent in services)
        if len(services) < len(parents):
            yield from texts(manifest.spec.get("hostnames")) or ("*",)


def _service(reference: Mapping[str, Any], namespace: str, domain: str) -> str:
    """The host of the Service that a route refers to."""
    return service_host(text(reference.get("name")), text(reference.get("namespace")) or namespace, domain)


def _granted(world: World, grant: Manifest) -> Iterator[Manifest]:
    """The routes that a ReferenceGrant speaks of."""
    sources = {
        (text(source.get("kind")), text(source.get("namespace"))) for _, source in entries(grant.spec.get("from"), ())
    }
    for manifest in world.manifests:
        route = kind_of(manifest.api_version, manifest.kind) in ROUTES
        if route and (manifest.kind, manifest.namespace or "default") in sources:
            yield manifest


def _roots(world: World, delegate: Manifest) -> Iterator[Manifest]:
    for manifest in world.manifests:
        if kind_of(manifest.api_version, manifest.kind) == VIRTUAL_SERVICE:
            for _, rule in entries(manifest.spec.get("http"), ()):
                reference = mapping(rule.get("delegate"))
                owner = text(reference.get("namespace")) or manifest.namespace
                if (text(reference.get("name")), owner) == (delegate.name, delegate.namespace):
                    yield manifest


def narrowed(world: World, hosts: Iterable[str]) -> World:
    """The world with what decides about `hosts`: who claims them, where those send requests, and what narrows callers.

    Gateways, routes of the Gateway API, and the workloads that serve Gateways stay.
    VirtualServices for other hosts stay where they lead to the same places: a Sidecar's workloads know those by them. All
    services stay where some host is none's: whether HTTP is routed on its port is theirs to say.
    """
    domain = world.facts.cluster_domain
    wanted = set(hosts)
    front = _gateway_workloads(world)
    all_services = not wanted <= registered_hosts(world)
    rest: list[Manifest] = []
    kept: list[Manifest] = []
    for manifest in world.manifests:
        kind = kind_of(manifest.api_version, manifest.kind)
        always = kind in ALWAYS or manifest in front or (all_services and kind in (SERVICE, SERVICE_ENTRY))
        if always or _concerns(manifest, wanted, domain):
            kept.append(manifest)
        elif kind in SHAPES:
            rest.append(manifest)
    wanted |= {host for manifest in kept for host in _destinations(manifest, domain)}
    kept += (found for found in rest if _concerns(found, wanted, domain) or wanted & set(_destinations(found, domain)))
    facts = replace(world.facts, mesh_config=world.index.mesh.config)
    return replace(world, manifests=tuple(kept), facts=facts, base=None)


def registered_hosts(world: World) -> set[str]:
    """The hosts of all Services and ServiceEntries."""
    services = (
        found for found in world.manifests if kind_of(found.api_version, found.kind) in (SERVICE, SERVICE_ENTRY)
    )
    return {host for found in services for host in _hosts(found, world.facts.cluster_domain)}


def _gateway_workloads(world: World) -> frozenset[Manifest]:
    """The workloads that Gateways select, and the Services in front of those."""
    gateways = (found for found in world.manifests if kind_of(found.api_version, found.kind) == GATEWAY)
    selectors = [selector for found in gateways if (selector := labels(found.spec.get("selector")))]
    serving = [
        workload
        for workload in (workloads(world.manifests, "default") if selectors else ())
        if any(selector.items() <= workload.labels.items() for selector in selectors)
    ]
    front = (
        found
        for found in world.manifests
        if serving and found.kind == "Service" and (selector := labels(found.spec.get("selector")))
        if any(selector.items() <= workload.labels.items() for workload in serving)
    )
    return frozenset((*(workload.manifest for workload in serving), *front))


def _concerns(manifest: Manifest, wanted: set[str], domain: str) -> bool:
    """Whether an object speaks of one of the hosts; a VirtualService without hosts may be a delegate of one that does."""
    kind = kind_of(manifest.api_version, manifest.kind)
    if kind == VIRTUAL_SERVICE and not manifest.spec.get("hosts"):
        return True
    named = set(_hosts(manifest, domain)) if kind in SHAPES else set()
    if named & wanted:
        return True
    wild = any(host.startswith("*") for host in (*named, *wanted))
    return wild and any(overlap(one, other) for one in named for other in wanted)


def _destinations(manifest: Manifest, domain: str) -> Iterator[str]:
    namespace = manifest.namespace or "default"
    if kind_of(manifest.api_version, manifest.kind) in ROUTES:
        for _, rule in entries(manifest.spec.get("rules"), ()):
            yield from (_service(backend, namespace, domain) for backend in backend_references(rule))
    if kind_of(manifest.api_version, manifest.kind) != VIRTUAL_SERVICE:
        return
    for block in ("http", "tls", "tcp"):
        for _, rule in entries(manifest.spec.get(block), ()):
            targets: list[Mapping[str, Any]] = [found for _, found in entries(rule.get("route"), ())]
            targets += [found for _, found in entries(rule.get("mirrors"), ())]
            targets.append({"destination": rule.get("mirror")})
            for target in targets:
                host = text(mapping(target.get("destination")).get("host"))
                if host:
                    yield fqdn(host, namespace, domain)
