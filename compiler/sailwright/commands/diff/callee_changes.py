"""Which Services answer differently after a change that is no change of routes: policies, workloads, replicas, injection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sailwright.mesh.index import Index
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload, template_path
from sailwright.mesh.queries.pod_proxies import EXCLUDE_OUTBOUND, in_ambient_mode
from sailwright.mesh.queries.waypoints import is_waypoint, used_waypoint
from sailwright.mesh.values import kinds
from sailwright.mesh.values.ambient import INGRESS_USE_WAYPOINT, USE_WAYPOINT
from sailwright.mesh.values.kinds import kind_of
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels, mapping, text

POLICIES = frozenset({kinds.AUTHORIZATION_POLICY, kinds.PEER_AUTHENTICATION})
MACHINES = frozenset({kinds.WORKLOAD_ENTRY, kinds.WORKLOAD_GROUP})
SLICES = frozenset({"EndpointSlice.discovery.k8s.io", "Endpoints"})
UNKNOWN_EFFECTS = {
    kinds.ENVOY_FILTER: "what it patches is not compared",
    kinds.WASM_PLUGIN: "what its module does is not compared",
    kinds.REQUEST_AUTHENTICATION: "requests that carry a token are not compared",
    "NetworkPolicy.networking.k8s.io": "the connections that it allows are not compared",
}
Key = tuple[str, str, str]
"""Kind, namespace and name."""


def changed_callees(before: World, after: World) -> list[str]:
    """The hosts of the Services that may answer differently; all of them where MeshConfig changes."""
    old, new = before.index, after.index
    if old.mesh.config != new.mesh.config or before.facts.namespaces != after.facts.namespaces:
        return sorted({host for index in (old, new) for service in index.services for host in service.hosts})
    found: dict[str, None] = {}
    for manifest, index in changed_objects(before, after):
        for service in concerned(manifest, index):
            found.update(dict.fromkeys(service.hosts))
    return sorted(found)


def not_compared(before: World, after: World) -> Iterator[tuple[str, str]]:
    """The objects that change what requests meet in ways that are not worked out: `NAMESPACE/NAME`, and a sentence for each."""
    for manifest, index in changed_objects(before, after):
        what = UNKNOWN_EFFECTS.get(kind_of(manifest.api_version, manifest.kind))
        if what:
            name = f"{index.namespace_of(manifest)}/{manifest.name}"
            yield name, f"{manifest.kind} {name} changes: {what}"


def changed_workloads(before: World, after: World) -> list[tuple[Workload, Workload]]:
    """The workloads of both sides that may be others to a callee: by labels, service account or injection."""
    old = {_key(each.manifest): each for each in before.index.workloads}
    pairs = ((old.get(_key(each.manifest)), each) for each in after.index.workloads)
    return [
        (one, other)
        for one, other in pairs
        if one is not None and _as_caller(before.index, one) != _as_caller(after.index, other)
    ]


def _as_caller(index: Index, workload: Workload) -> tuple[object, ...]:
    excluded = workload.annotations.get(EXCLUDE_OUTBOUND)
    return (
        workload.labels,
        workload.service_account,
        index.injected(workload),
        in_ambient_mode(index, workload),
        excluded,
    )


def changed_objects(before: World, after: World) -> Iterator[tuple[Manifest, Index]]:
    """The objects that are not the same on both sides, each with the index of its side."""
    old, new = ({_key(found): found for found in side.manifests} for side in (before, after))
    for key in sorted({*old, *new}):
        one, other = old.get(key), new.get(key)
        if one is not None and other is not None and _same(one, other):
            continue
        yield from ((found, side.index) for found, side in ((one, before), (other, after)) if found is not None)


def _key(manifest: Manifest) -> Key:
    return kind_of(manifest.api_version, manifest.kind), manifest.namespace or "default", manifest.name


def _same(one: Manifest, other: Manifest) -> bool:
    if one.value.get("spec") != other.value.get("spec"):
        return False
    keys = ("endpoints", "subsets", "ports")
    return (
        one.annotations == other.annotations
        and one.labels == other.labels
        and all(one.value.get(key) == other.value.get(key) for key in keys)
    )


def concerned(manifest: Manifest, index: Index) -> Iterable[Service]:
    """The Services whose pods an object decides about."""
    kind, namespace = kind_of(manifest.api_version, manifest.kind), index.namespace_of(manifest)
    if kind in POLICIES:
        return _selected(index, match_labels(manifest), namespace)
    if template_path(manifest) is not None:
        return index.services_of(index.workload(manifest))
    if kind in (kinds.HORIZONTAL_POD_AUTOSCALER, kinds.SCALED_OBJECT):
        name = text(get(manifest.spec, "scaleTargetRef", "name"))
        scaled = (each for each in index.workloads if (each.namespace, each.name) == (namespace, name))
        return [service for each in scaled for service in index.services_of(each)]
    if kind in MACHINES:
        own = labels(get(manifest.spec, "labels") or get(manifest.spec, "metadata", "labels"))
        return [each for each in index.services if each.namespace == namespace and each.selector.items() <= own.items()]
    if kind in SLICES:
        name = text(mapping(manifest.labels).get("kubernetes.io/service-name")) or manifest.name
        return [each for each in index.services if (each.namespace, each.name) == (namespace, name)]
    if kind == kinds.SERVICE:
        named = labels(manifest.labels).keys() & {USE_WAYPOINT, INGRESS_USE_WAYPOINT}
        return [each for each in index.services if named and (each.namespace, each.name) == (namespace, manifest.name)]
    if kind == kinds.KUBERNETES_GATEWAY and is_waypoint(manifest):
        used = ((each, used_waypoint(index, each)) for each in index.services)
        here = (namespace, manifest.name)
        return [each for each, found in used if found and (found.waypoint.namespace, found.waypoint.name) == here]
    if kind == kinds.NAMESPACE:
        return [each for each in index.services if each.namespace == manifest.name]
    return ()


def _selected(index: Index, selector: dict[str, str], namespace: str) -> Iterable[Service]:
    """The Services in front of what a policy selects: in its namespace, in all where it lies in the root namespace."""
    root = namespace == index.mesh.root_namespace
    if not selector:
        return [each for each in index.services if root or each.namespace == namespace]
    pods = index.selected(selector, None if root else namespace)
    return [service for pod in pods for service in index.services_of(pod)]
