"""Which service an object belongs to that service.yaml has no word for: the one whose pods, hosts or accounts it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import Inventory, labels_of, namespace_of, pod_spec
from sailwright.commands.edit.adopt.pods import account_name
from sailwright.commands.edit.adopt.routing import full
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping, text

_SELECTORS = (
    ("selector", "matchLabels"),
    ("workloadSelector", "labels"),
    ("workloadSelector", "matchLabels"),
    ("podSelector", "matchLabels"),
)
"""Where an object says which pods it is about: PodDisruptionBudget and Istio's policies, Sidecar and EnvoyFilter, NetworkPolicy."""


@dataclass(frozen=True, slots=True)
class Companions:
    """The groups by what other objects name them by, in each namespace."""

    groups: Mapping[str, tuple[Group, ...]]
    found: Inventory

    def group_of(self, manifest: Manifest) -> Group | None:
        """The one group that an object is about; None where it is about several, or about the namespace."""
        owners = {id(group): group for group in self._about(manifest)}
        return next(iter(owners.values())) if len(owners) == 1 else None

    def _about(self, manifest: Manifest) -> Iterator[Group]:
        for group in self.groups.get(namespace_of(manifest), ()):
            if _of_group(manifest, group) or (manifest.kind == "VirtualService" and self._delegated(manifest, group)):
                yield group

    def _delegated(self, manifest: Manifest, group: Group) -> bool:
        """Whether a VirtualService of the group hands over to this one."""
        if manifest.spec.get("hosts"):
            return False
        hosts = {full(service.name, group.namespace) for service in group.services}
        for root in self.found.of("VirtualService"):
            named = {full(str(host), namespace_of(root)) for host in items(root.spec.get("hosts"))}
            for rule in items(root.spec.get("http")) if named & hosts else ():
                reference = mapping(mapping(rule).get("delegate"))
                if (reference.get("name"), reference.get("namespace", namespace_of(root))) == (
                    manifest.name,
                    namespace_of(manifest),
                ):
                    return True
        return False


def companions(groups: Iterable[Group], found: Inventory) -> Companions:
    """The groups, sorted by namespace."""
    by_namespace: dict[str, list[Group]] = {}
    for group in groups:
        by_namespace.setdefault(group.namespace, []).append(group)
    return Companions({name: tuple(listed) for name, listed in by_namespace.items()}, found)


def _of_group(manifest: Manifest, group: Group) -> bool:
    kind, spec = manifest.kind, manifest.spec
    if manifest in group.objects:
        return True
    if kind == "Service":
        return False
    if kind == "ServiceAccount":
        return any(account_name(workload) == manifest.name for workload in group.workloads)
    if kind in ("ConfigMap", "Secret", "PersistentVolumeClaim"):
        return any((kind, manifest.name) in set(_mounted(pod_spec(workload))) for workload in group.workloads)
    target = mapping(spec.get("scaleTargetRef")) or mapping(spec.get("targetRef")) or mapping(spec.get("workloadRef"))
    if target:
        named = (text(target.get("kind")) or "Deployment", text(target.get("name")))
        return named in {(one.kind, one.name) for one in (*group.workloads, *group.services)}
    if kind in ("VirtualService", "DestinationRule"):
        return _routes_to(manifest, group)
    names = {service.name for service in group.services}
    if any(text(mapping(reference).get("name")) in names for reference in items(spec.get("targetRefs"))):
        return True
    if kind == "ServiceMonitor":
        labels = mapping(mapping(spec.get("selector")).get("matchLabels"))
        return bool(labels) and any(labels.items() <= service.labels.items() for service in group.services)
    if kind in ("RoleBinding", "Role"):
        subjects = {text(mapping(subject).get("name")) for subject in items(manifest.value.get("subjects"))}
        return any(account_name(workload) in subjects - {"default"} for workload in group.workloads)
    if kind in ("Ingress", "HTTPRoute", "GRPCRoute"):
        return bool(names & set(_backends(spec)))
    return any(_selects(spec, path, group) for path in _SELECTORS)


def _selects(spec: Mapping[str, Any], path: tuple[str, str], group: Group) -> bool:
    labels = mapping(mapping(spec.get(path[0])).get(path[1]))
    return bool(labels) and any(labels.items() <= labels_of(workload).items() for workload in group.workloads)


def _routes_to(manifest: Manifest, group: Group) -> bool:
    """Whether routing is about a host of the group, or about a host outside and leads to the group alone."""
    namespace = namespace_of(manifest)
    own = {full(host, group.namespace) for host in group.hosts}
    if manifest.kind == "DestinationRule":
        return full(text(manifest.spec.get("host")), namespace) in own
    hosts = {full(text(host), namespace) for host in items(manifest.spec.get("hosts"))}
    if hosts & own:
        return True
    targets = {
        full(text(mapping(mapping(part).get("destination")).get("host")), namespace)
        for family in ("http", "tls", "tcp")
        for rule in items(manifest.spec.get(family))
        for part in items(mapping(rule).get("route"))
    }
    return bool(targets) and targets <= own


def _mounted(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The ConfigMaps, Secrets and claims that pods name."""
    for volume in items(spec.get("volumes")):
        sources = [mapping(volume), *items(mapping(mapping(volume).get("projected")).get("sources"))]
        for source in sources:
            yield "ConfigMap", text(mapping(mapping(source).get("configMap")).get("name"))
            secret = mapping(mapping(source).get("secret"))
            yield "Secret", text(secret.get("secretName")) or text(secret.get("name"))
            yield "PersistentVolumeClaim", text(mapping(mapping(source).get("persistentVolumeClaim")).get("claimName"))
    for container in (*items(spec.get("containers")), *items(spec.get("initContainers"))):
        for reference in items(mapping(container).get("envFrom")):
            yield "ConfigMap", text(mapping(mapping(reference).get("configMapRef")).get("name"))
            yield "Secret", text(mapping(mapping(reference).get("secretRef")).get("name"))
        for variable in items(mapping(container).get("env")):
            value = mapping(mapping(variable).get("valueFrom"))
            yield "ConfigMap", text(mapping(value.get("configMapKeyRef")).get("name"))
            yield "Secret", text(mapping(value.get("secretKeyRef")).get("name"))


def _backends(spec: Any) -> Iterator[str]:
    """The Services that an Ingress or a Gateway API route names, wherever they stand."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("backend", "defaultBackend") and isinstance(value, dict):
                yield text(mapping(value.get("service")).get("name"))
            if key == "backendRefs":
                yield from (text(mapping(item).get("name")) for item in items(value))
            yield from _backends(value)
    elif isinstance(spec, list):
        for item in spec:
            yield from _backends(item)
