"""What of one mesh a change of a release concerns: the objects, and the places in them that the table of changes describes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.pilot.gateway_api.listeners import NAME_LABEL
from sailwright.mesh.pilot.gateway_api.routes import BUNDLE_VERSION
from sailwright.mesh.queries.pod_proxies import has_sidecar
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.values import kinds
from sailwright.mesh.values.ambient import DATAPLANE_MODE
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.values.release_changes import ReleaseChange, Use
from sailwright.mesh.values.releases import release_numbers
from sailwright.runtime.records import dataclass
from sailwright.source.placeholders import has_placeholder
from sailwright.source.untyped import entries, get, labels, mapping, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.world import World
    from sailwright.source.manifest import Manifest

NATIVE_NODES: Final = (1, 33)
"""The Kubernetes from which on istiod injects native sidecars by itself."""
DNS_CAPTURE: Final = "ISTIO_META_DNS_CAPTURE"
BACKEND_POLICIES: Final = (
    "BackendTLSPolicy.gateway.networking.k8s.io",
    "XBackendTrafficPolicy.gateway.networking.x-k8s.io",
)


@dataclass(frozen=True, slots=True)
class Affected:
    """A place that a change concerns. `manifest` is None for MeshConfig and the injector's values, whose `path` is below `istio:`."""

    manifest: Manifest | None
    path: Path
    key: bool = False


def affected(change: ReleaseChange, world: World) -> tuple[Affected, ...]:
    """The places of a mesh that use what a change is about, each once."""
    found: dict[tuple[int, Path], Affected] = {}
    for use in change.uses:
        if not use.where or _WHERE[use.where](world):
            for place in _FINDERS[use.matcher](use, world):
                found.setdefault((id(place.manifest), place.path), place)
    return tuple(found.values())


def _annotation(use: Use, world: World) -> Iterator[Affected]:
    yield from _metadata("annotations", use, world)


def _label(use: Use, world: World) -> Iterator[Affected]:
    yield from _metadata("labels", use, world)


def _metadata(field: str, use: Use, world: World) -> Iterator[Affected]:
    """An annotation or a label of an object, or of the pods that it makes."""
    for manifest in _objects(world):
        template = kinds.template_of_kind(manifest.api_version, manifest.kind)
        for prefix in dict.fromkeys(((), template or ())):
            written = labels(get(manifest.value, *prefix, "metadata", field))
            if use.name in written and _meets(use, written[use.name]):
                yield Affected(manifest, (*prefix, "metadata", field, use.name), key=not use.value)


def _field(use: Use, world: World) -> Iterator[Affected]:
    for manifest in world.index.of(use.name):
        if use.beside and not any(True for _ in _walk(manifest.value, use.beside, ())):
            continue
        for path, value in _walk(manifest.value, use.path, ()):
            if _meets(use, value) and mapping(value).keys().isdisjoint(use.lacks):
                yield Affected(manifest, path, key=not use.value and isinstance(path[-1], str))


def _walk(value: Any, keys: tuple[str, ...], path: Path) -> Iterator[tuple[Path, Any]]:
    """The values below a path, in which `*` is each item and a number one of them."""
    if not keys:
        yield path, value
    elif isinstance(value, list):
        chosen = range(len(value)) if keys[0] == "*" else [int(keys[0])] if keys[0].isdecimal() else []
        for index in chosen:
            if index < len(value):
                yield from _walk(value[index], keys[1:], (*path, index))
    elif isinstance(value, dict):
        for key in value if keys[0] == "*" else [keys[0]]:
            if key in value:
                yield from _walk(value[key], keys[1:], (*path, key))


def _api(use: Use, world: World) -> Iterator[Affected]:
    version, _, kind = use.name.partition(" ")
    for manifest in _objects(world):
        if (manifest.api_version, manifest.kind) == (version, kind):
            yield Affected(manifest, ("apiVersion",))


def _mesh_config(use: Use, world: World) -> Iterator[Affected]:
    for path, value in _walk(dict(world.index.mesh.config), tuple(use.name.split(".")), ()):
        if _meets(use, value):
            yield Affected(None, ("meshConfig", *path), key=True)


def _values(use: Use, world: World) -> Iterator[Affected]:
    for path, value in _walk(dict(world.facts.values), tuple(use.name.split(".")), ()):
        if _meets(use, value):
            yield Affected(None, ("values", *path))


def _flag(use: Use, world: World) -> Iterator[Affected]:
    """A variable of istiod: in its Deployment, or in the chart's values for it."""
    for _path, _value in _walk(dict(world.facts.values), ("pilot", "env", use.name), ()):
        yield Affected(None, ("values", "pilot", "env", use.name), key=True)
    for workload in world.index.workloads:
        for container in workload.containers if workload.labels.get("app") == "istiod" else ():
            for path, variable in entries(container.value.get("env"), (*container.path, "env")):
                if variable.get("name") == use.name:
                    yield Affected(workload.manifest, (*path, "name"))


def _proxy_metadata(use: Use, world: World) -> Iterator[Affected]:
    if use.name in world.index.mesh.proxy_metadata:
        yield Affected(None, ("meshConfig", "defaultConfig", "proxyMetadata", use.name), key=True)
    for workload in world.index.workloads:
        if use.name in workload.annotations.get("proxy.istio.io/config", ""):
            yield Affected(workload.manifest, workload.path("metadata", "annotations", "proxy.istio.io/config"))


def _image(use: Use, world: World) -> Iterator[Affected]:
    for workload in world.index.workloads:
        for container in workload.containers:
            if container.image.startswith(use.name):
                yield Affected(workload.manifest, (*container.path, "image"))


def _pods(use: Use, world: World) -> Iterator[Affected]:
    """The pods that istiod injects, or those in ambient mode."""
    index = world.index
    for workload in index.workloads:
        if use.name == "ambient":
            wanted = _ambient(index, workload)
        else:
            wanted = (
                workload.proxy is None and index.injected(workload) is True and has_sidecar(index, workload) is True
            )
            wanted = wanted and "sidecar.istio.io/nativeSidecar" not in workload.annotations
        if wanted:
            yield Affected(workload.manifest, ("kind",))


def _ambient(index: Index, workload: Workload) -> bool:
    own = workload.labels.get(DATAPLANE_MODE)
    return own == "ambient" or (own is None and index.namespace(workload.namespace).ambient)


def _crd(use: Use, world: World) -> Iterator[Affected]:
    """CRDs of a group whose bundle is older than the release is made for."""
    for definition in world.index.of(kinds.CUSTOM_RESOURCE_DEFINITION):
        bundle = release_numbers(text(definition.annotations.get(BUNDLE_VERSION)))
        if definition.spec.get("group") == use.name and bundle and bundle[:2] < use.below:
            yield Affected(definition, ("metadata", "annotations", BUNDLE_VERSION))


def _question(use: Use, world: World) -> Iterator[Affected]:
    yield from _QUESTIONS[use.name](world)


def _host_in_several_namespaces(world: World) -> Iterator[Affected]:
    """The declarations of hosts that several namespaces declare, a Kubernetes Service and a ServiceEntry or several of these."""
    declared: dict[str, list[tuple[str, Manifest]]] = {}
    for service in world.index.derived(push_context_of).services:
        declared.setdefault(service.host, []).append((service.namespace, service.manifest))
    for found in declared.values():
        if len({namespace for namespace, _ in found}) > 1:
            for _, manifest in found:
                yield Affected(manifest, ("metadata", "name"))


def _selects_gateway_pods_elsewhere(world: World) -> Iterator[Affected]:
    """Gateways of Istio whose selector names a Kubernetes Gateway that is not in their namespace."""
    index = world.index
    for manifest in index.of(kinds.GATEWAY):
        name = text(mapping(manifest.spec.get("selector")).get(NAME_LABEL))
        if name and index.find(kinds.KUBERNETES_GATEWAY, index.namespace_of(manifest), name) is None:
            yield Affected(manifest, ("spec", "selector", NAME_LABEL))


def _backend_policy_beside_destination_rule(world: World) -> Iterator[Affected]:
    """Backend policies of the Gateway API whose Service a DestinationRule names too."""
    index = world.index
    for manifest in index.of(*BACKEND_POLICIES):
        for path, target in entries(manifest.spec.get("targetRefs"), ("spec", "targetRefs")):
            host = service_host(text(target.get("name")), index.namespace_of(manifest), index.domain)
            if target.get("kind") == "Service" and index.rules_for(host):
                yield Affected(manifest, (*path, "name"))


def _objects(world: World) -> Iterator[Manifest]:
    return (manifest for manifest in world.index.manifests if manifest.kind)


def _meets(use: Use, value: Any) -> bool:
    """Whether a value is as the table asks; one that is filled in later is not known."""
    return not use.value or (not has_placeholder(str(value)) and re.fullmatch(use.value, str(value)) is not None)


def _has_ambient(world: World) -> bool:
    return any(_ambient(world.index, workload) for workload in world.index.workloads)


def _captures_dns(world: World) -> bool:
    return DNS_CAPTURE in world.index.mesh.proxy_metadata


def _native_nodes(world: World) -> bool:
    """Whether no cluster is known to be too old for native sidecars."""
    return all(release_numbers(version)[:2] >= NATIVE_NODES for version in world.facts.kubernetes_versions)


_WHERE: Final[dict[str, Callable[[World], bool]]] = {
    "ambient": _has_ambient,
    "dns-capture": _captures_dns,
    "native-nodes": _native_nodes,
}
_QUESTIONS: Final[dict[str, Callable[[World], Iterator[Affected]]]] = {
    "host-in-several-namespaces": _host_in_several_namespaces,
    "backend-policy-beside-destination-rule": _backend_policy_beside_destination_rule,
    "selects-gateway-pods-elsewhere": _selects_gateway_pods_elsewhere,
}
_FINDERS: Final[dict[str, Callable[[Use, World], Iterator[Affected]]]] = {
    "annotation": _annotation,
    "label": _label,
    "field": _field,
    "api": _api,
    "meshConfig": _mesh_config,
    "values": _values,
    "flag": _flag,
    "metadata": _proxy_metadata,
    "image": _image,
    "pods": _pods,
    "crd": _crd,
    "question": _question,
}
