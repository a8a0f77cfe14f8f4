"""The world as `istioctl analyze` sees it, for `--compat istioctl`: which objects count, and how hosts are looked up.

Sources: pilot/pkg/config/file/store.go (objects), pkg/config/analysis/analyzers/util (hosts, mesh membership).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.index import Index
from sailwright.mesh.objects.namespaces import INJECTION_LABEL
from sailwright.mesh.objects.routing import Destination, DestinationRule, Subset
from sailwright.mesh.objects.selectors import Labelled, selector_text
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import INJECT, PROXY, Container, Workload
from sailwright.mesh.values.kinds import DEPLOYMENT, NODE
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import labels, text, texts

_DOMAIN = "svc.cluster.local"
"""The analyzers know no other cluster domain."""


def full_name(host: str, namespace: str) -> str:
    """A host as the analyzers complete it: no dot and no leading `*` makes it short; the case is kept."""
    return host if "." in host or host.startswith("*") else f"{host}.{namespace}.{_DOMAIN}"


def shown(manifest: Manifest, *path: str | int) -> Path:
    """Where the analyzers show a fault: at `path` if there is something, else at the whole object.

    Messages of one check that are equal in words and line are printed once, so that the place decides how many there are.
    """
    value: Any = manifest.value
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return ()
    return path


def shown_destination(manifest: Manifest, destination: Destination, *, mirror_of_rule: bool) -> Path:
    """Where the analyzers show a fault of a destination.

    They have no line for the entries of `mirrors`; some show them at the rule's single `mirror` (`mirror_of_rule`).
    """
    if "mirrors" not in destination.path:
        return shown(manifest, *destination.host_path)
    return shown(manifest, *destination.path[:3], "mirror", "host") if mirror_of_rule else ()


def named_service(host: str, namespace: str) -> tuple[str, str]:
    """Namespace and name that a host stands for in the subset check: parsed from a full name, else taken as short."""
    if host.endswith(f".{_DOMAIN}"):
        name, dot, place = host.removesuffix(f".{_DOMAIN}").rpartition(".")
        if dot and name and place:
            return place, name
    return namespace, host


def scopes(export_to: object, namespace: str) -> tuple[str, ...]:
    """The scopes of an exportTo: `*` where it is empty or holds `*`, else its names with `.` as the own namespace."""
    names = texts(export_to)
    if not names or "*" in names:
        return ("*",)
    return tuple(dict.fromkeys(namespace if name == "." else name for name in names))


class ScopedHosts:
    """Hosts by the scope they are exported to, as the analyzers look them up."""

    def __init__(self, entries: Sequence[Service], services: Sequence[Service]) -> None:
        self._found: dict[tuple[str, str], Service] = {}
        for service in (*entries, *services):
            for host in texts(service.spec.get("hosts")) if service.is_entry else [service.name]:
                for scope in service.exports.namespaces:
                    self._found[scope, full_name(host, service.namespace)] = service
        self._wildcards = [(scope, host) for scope, host in self._found if host.startswith("*")]

    def find(self, host: str, namespace: str, export_to: object) -> Service | None:
        """What an object of `namespace` means by a host, None where nothing.

        Everybody's hosts go first; then those of its own namespace or, where it has an exportTo, of each namespace
        named there instead; then wildcards, by the suffix of the host as it is written.
        """
        full = full_name(host, namespace)
        own = [namespace if name == "." else name for name in texts(export_to)] or [namespace]
        for scope in ("*", *own):
            if (scope, full) in self._found:
                return self._found[scope, full]
        bare = host.removeprefix("*")
        for scope, pattern in self._wildcards:
            if scope in ("*", namespace) and bare.endswith(pattern[1:]):
                return self._found[scope, pattern]
        return None


def scoped_hosts(index: Index) -> ScopedHosts:
    """The hosts of a world as the analyzers look them up."""
    return ScopedHosts(index.service_entries, index.services)


_TOPOLOGY = ("topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone")


def subsets_without_pods(rule: DestinationRule, index: Index) -> Iterator[Subset]:
    """The subsets that the analyzers find no pod for; of two subsets with one name the last counts."""
    service = index.derived(scoped_hosts).find(rule.written_host, rule.namespace, rule.manifest.spec.get("exportTo"))
    for subset in {subset.name: subset for subset in rule.subsets}.values() if service else ():
        own = service.selector if service and service.is_entry else {}
        if not index.derived(_placed_pods).selected({**own, **subset.labels}):
            yield subset


def _placed_pods(index: Index) -> Labelled[Mapping[str, str]]:
    """The labels of every pod of the mesh, with the topology labels of its node."""
    return Labelled([_placed(index, pod) for pod in index.workloads], lambda found: found)


def _placed(index: Index, pod: Workload) -> Mapping[str, str]:
    name = text(pod.spec.get("nodeName"))
    node = index.find(NODE, "", name) if name else None
    if node is None:
        return pod.labels
    of_node = {key: value for key, value in labels(node.labels).items() if key in _TOPOLOGY}
    return {**pod.labels, **of_node, "kubernetes.io/hostname": name}


def in_mesh(
    containers: Iterable[Container],
    own_labels: Mapping[str, str],
    annotations: Mapping[str, str],
    namespace_labels: Mapping[str, str] | None,
) -> bool:
    """Whether the analyzers count a pod into the mesh. They do not look at revisions: `istio.io/rev` makes no member."""
    proxy = next((container for container in containers if container.name == PROXY), None)
    if proxy is not None and proxy.image:
        return True
    for words in (own_labels, annotations):
        if INJECT in words:
            return words[INJECT] == "true"
    return (namespace_labels or {}).get(INJECTION_LABEL) == "enabled"


def services_of_deployments(index: Index) -> Iterator[tuple[Workload, tuple[Service, ...]]]:
    """The Deployments that the analyzers count into the mesh, with the Services that select their pods."""
    members = [index.workload(manifest) for manifest in index.of(DEPLOYMENT) if _is_member(index, manifest)]
    in_namespace: dict[str, list[Workload]] = {}
    for workload in members:
        in_namespace.setdefault(workload.namespace, []).append(workload)
    pods = {name: Labelled(found, lambda workload: workload.labels) for name, found in in_namespace.items()}
    selecting: dict[int, list[Service]] = {}
    for service in index.services:
        for workload in pods[service.namespace].selected(service.selector) if service.namespace in pods else ():
            if service.selector:
                selecting.setdefault(id(workload), []).append(service)
    for workload in members:
        yield workload, tuple(selecting.get(id(workload), ()))


def _is_member(index: Index, manifest: Manifest) -> bool:
    if manifest.labels.get("gateway.istio.io/managed") == "istio.io-mesh-controller":
        return False
    workload = index.workload(manifest)
    own = [container for container in workload.containers if not container.init]
    return in_mesh(own, workload.labels, workload.annotations, index.namespace(workload.namespace).labels)


def near_selectors(index: Index) -> Mapping[str, tuple[str, ...]]:
    """For each Gateway, by its full name, the selectors of Gateways with servers that the conflict check holds for its own.

    Of two that differ one has to contain the other as text, and a pod has to match both.
    """
    of_servers = {selector_text(each.selector): each.selector for each in index.gateways.values() if each.servers}
    near: dict[str, tuple[str, ...]] = {}
    for own, selector in {selector_text(each.selector): each.selector for each in index.gateways.values()}.items():
        near[own] = tuple(
            text
            for text, other in of_servers.items()
            if text == own or ((text in own or own in text) and _share_a_pod(index, selector, other))
        )
    return {name: near[selector_text(gateway.selector)] for name, gateway in index.gateways.items()}


def _share_a_pod(index: Index, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return all(one.get(key, value) == value for key, value in other.items()) and bool(index.selected({**one, **other}))
