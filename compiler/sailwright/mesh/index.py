"""The index of a World: the questions that rules ask, each answered once and only when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from sailwright.mesh.facts import Facts
from sailwright.mesh.values import kinds
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels, mapping, text

if TYPE_CHECKING:
    from sailwright.mesh.objects.host_lookup import Registry
    from sailwright.mesh.objects.mesh_config import MeshSettings
    from sailwright.mesh.objects.namespaces import Namespace
    from sailwright.mesh.objects.routing import Destination, DestinationRule, Gateway, Subset, VirtualService
    from sailwright.mesh.objects.selectors import Labelled
    from sailwright.mesh.objects.services import Service
    from sailwright.mesh.objects.sidecars import SidecarScope
    from sailwright.mesh.objects.workloads import Workload

T = TypeVar("T")


class Index:
    """Look-ups over one World. Objects whose file names no namespace count as lying in `unnamed`.

    Under `facts.compat` it holds what `istioctl analyze` would: see `analysis`.
    """

    def __init__(self, manifests: Sequence[Manifest], facts: Facts) -> None:
        self.facts = facts
        self.domain = facts.cluster_domain
        self.unnamed = "" if facts.compat else "default"
        self._manifests = _analysed(manifests) if facts.compat else manifests
        self._derived: dict[Callable[[Index], Any], Any] = {}
        self._backends: dict[Manifest, tuple[Workload, ...]] = {}
        self._injected: dict[Manifest, bool | None] = {}

    def derived(self, compute: Callable[[Index], T]) -> T:
        """What a query works out of the whole index, kept: `compute` runs once per index, however many rules ask."""
        if compute not in self._derived:
            self._derived[compute] = compute(self)
        result: T = self._derived[compute]
        return result

    @property
    def manifests(self) -> Sequence[Manifest]:
        """Every object, in the order of the files."""
        return self._manifests

    def namespace_of(self, manifest: Manifest) -> str:
        """The namespace an object lies in."""
        return manifest.namespace or self.unnamed

    # -- objects ---------------------------------------------------------------------------------------------------

    @cached_property
    def _by_kind(self) -> dict[str, list[Manifest]]:
        found: dict[str, list[Manifest]] = {}
        for manifest in self._manifests:
            found.setdefault(kinds.kind_of(manifest.api_version, manifest.kind), []).append(manifest)
        return found

    def of(self, *wanted: str) -> tuple[Manifest, ...]:
        """The objects of these kinds (names of `kinds`), in the order of the files."""
        return tuple(manifest for kind in wanted for manifest in self._by_kind.get(kind, ()))

    @cached_property
    def _by_name(self) -> dict[tuple[str, str, str], Manifest]:
        return {
            (kind, "" if kind in kinds.CLUSTER_SCOPED else self.namespace_of(manifest), manifest.name): manifest
            for kind, found in self._by_kind.items()
            for manifest in found
        }

    def find(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """The object of this kind and name; `namespace` is empty for cluster-scoped kinds."""
        return self._by_name.get((kind, namespace, name))

    # -- the registry ----------------------------------------------------------------------------------------------

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The Kubernetes Services."""
        default = self._default_export("defaultServiceExportTo")
        return self._each(kinds.SERVICE, lambda found, place: self._kubernetes_service(found, place, default))

    @cached_property
    def service_entries(self) -> tuple[Service, ...]:
        """The ServiceEntries."""
        default = self._default_export("defaultServiceExportTo")
        return self._each(kinds.SERVICE_ENTRY, lambda found, place: self._service_entry(found, place, default))

    def _kubernetes_service(self, found: Manifest, namespace: str, default: tuple[str, ...]) -> Service:
        from sailwright.mesh.objects.services import kubernetes_service

        return kubernetes_service(found, namespace, self.domain, default)

    def _service_entry(self, found: Manifest, namespace: str, default: tuple[str, ...]) -> Service:
        from sailwright.mesh.objects.services import service_entry

        return service_entry(found, namespace, self.domain, default)

    @cached_property
    def registry(self) -> Registry:
        """Hosts to Services and ServiceEntries."""
        from sailwright.mesh.objects.host_lookup import Registry

        return Registry(
            (*self.services, *self.service_entries), self.facts.known.hosts, self.domain, self.facts.absent_hosts
        )

    # -- workloads -------------------------------------------------------------------------------------------------

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """Everything that makes pods, and Pods themselves; to the analyzers only Pods are."""
        from sailwright.mesh.objects.workloads import workloads

        found = workloads(self._manifests, self.unnamed)
        return tuple(workload for workload in found if workload.is_pod or not self.facts.compat)

    def workload(self, manifest: Manifest) -> Workload:
        """An object that makes pods, as a workload."""
        from sailwright.mesh.objects.workloads import Workload, template_path

        return Workload(manifest, template_path(manifest) or (), self.namespace_of(manifest))

    @cached_property
    def _pods(self) -> Labelled[Workload]:
        from sailwright.mesh.objects.selectors import Labelled

        return Labelled(self.workloads, lambda workload: workload.labels)

    @cached_property
    def _pods_of_namespace(self) -> dict[str, Labelled[Workload]]:
        from sailwright.mesh.objects.selectors import Labelled

        groups: dict[str, list[Workload]] = {}
        for workload in self.workloads:
            groups.setdefault(workload.namespace, []).append(workload)
        return {namespace: Labelled(found, lambda workload: workload.labels) for namespace, found in groups.items()}

    def selected(self, selector: Mapping[str, str], namespace: str | None = None) -> tuple[Workload, ...]:
        """The workloads whose pods carry these labels, or may at run time, in one namespace or (None) in all."""
        from sailwright.mesh.objects.run_time_labels import is_added_later

        group = self._pods if namespace is None else self._pods_of_namespace.get(namespace)
        if group is None:
            return ()
        added = {} if self.facts.compat else {key: selector[key] for key in selector if is_added_later(key)}
        if not added:
            return group.selected(selector)
        written = {key: value for key, value in selector.items() if key not in added}
        return tuple(workload for workload in group.selected(written) if self.carries(workload, added))

    def carries(self, workload: Workload, selector: Mapping[str, str]) -> bool:
        """Whether the pods of a workload carry these labels, or may once a controller or the injector has added its own."""
        from sailwright.mesh.objects.run_time_labels import added_value_possible, is_added_later

        return all(
            workload.labels.get(key) == value
            or (is_added_later(key) and added_value_possible(workload, key, value, self.injected(workload)))
            for key, value in selector.items()
        )

    @cached_property
    def _selecting(self) -> dict[str, Labelled[Service]]:
        from sailwright.mesh.objects.selectors import Labelled

        groups: dict[str, list[Service]] = {}
        for service in self.services:
            groups.setdefault(service.namespace, []).append(service)
        return {namespace: Labelled(found, lambda service: service.selector) for namespace, found in groups.items()}

    def services_behind(self, selector: Mapping[str, str], namespace: str) -> tuple[Service, ...]:
        """The Services that lead to what a selector of a policy selects: all of their pods carry its labels.

        Those that lead to a selected workload among others count too.
        """
        group = self._selecting.get(namespace)
        found = dict.fromkeys(group.selected(selector) if group else ())
        for workload in self.selected(selector, namespace):
            found.update(dict.fromkeys(self.services_of(workload)))
        return tuple(found)

    def backends(self, service: Service) -> tuple[Workload, ...]:
        """The workloads behind a Service or ServiceEntry; none where it selects nothing."""
        if service.manifest not in self._backends:
            found = self.selected(service.selector, service.namespace) if service.selector else ()
            self._backends[service.manifest] = found
        return self._backends[service.manifest]

    @cached_property
    def _machines(self) -> dict[str, Labelled[Mapping[str, str]]]:
        """The labels of WorkloadEntries and of what WorkloadGroups register, by namespace."""
        from sailwright.mesh.objects.selectors import Labelled

        groups: dict[str, list[Mapping[str, str]]] = {}
        for manifest in self.of(kinds.WORKLOAD_ENTRY, kinds.WORKLOAD_GROUP):
            own = get(manifest.spec, "labels") or get(manifest.spec, "metadata", "labels")
            groups.setdefault(self.namespace_of(manifest), []).append(labels(own))
        return {namespace: Labelled(found, lambda each: each) for namespace, found in groups.items()}

    def endpoints(self, service: Service) -> list[Mapping[str, str]]:
        """The labels of all that stands behind a service: pods, machines, listed endpoints. None: it is not told here."""
        return [*(workload.labels for workload in self.backends(service)), *self.machines(service)]

    def has_endpoints(self, service: Service) -> bool:
        """Whether anything of that is told here."""
        return bool(self.backends(service) or self.machines(service))

    def machines(self, service: Service) -> list[Mapping[str, str]]:
        """The labels of what stands behind a service besides pods: WorkloadEntries, and the endpoints it lists."""
        from sailwright.mesh.objects.services import endpoint_labels

        group = self._machines.get(service.namespace) if service.selector else None
        return [*(group.selected(service.selector) if group else ()), *endpoint_labels(service)]

    @cached_property
    def _services_of(self) -> dict[Manifest, tuple[Service, ...]]:
        """Worked out once per selector; workloads that the same selectors select share what they get."""
        alike: dict[tuple[str, frozenset[tuple[str, str]]], list[int]] = {}
        for position, service in enumerate(self.services):
            alike.setdefault((service.namespace, frozenset(service.selector.items())), []).append(position)
        selectors: dict[Manifest, tuple[int, ...]] = {}
        for number, positions in enumerate(groups := list(alike.values())):
            for workload in self.backends(self.services[positions[0]]):
                selectors[workload.manifest] = (*selectors.get(workload.manifest, ()), number)
        shared = {
            numbers: tuple(self.services[position] for position in sorted(chain(*(groups[each] for each in numbers))))
            for numbers in set(selectors.values())
        }
        return {manifest: shared[numbers] for manifest, numbers in selectors.items()}

    def services_of(self, workload: Workload) -> tuple[Service, ...]:
        """The Services that select the pods of a workload."""
        return self._services_of.get(workload.manifest, ())

    @cached_property
    def _autoscaled(self) -> frozenset[tuple[str, str]]:
        scalers = self.of(kinds.HORIZONTAL_POD_AUTOSCALER, kinds.SCALED_OBJECT)
        return frozenset(
            (self.namespace_of(found), text(get(found.spec, "scaleTargetRef", "name"))) for found in scalers
        )

    def autoscaled(self, workload: Workload) -> bool:
        """Whether an autoscaler sets the replicas of a workload, whatever its manifest says."""
        return (workload.namespace, workload.name) in self._autoscaled

    def injected(self, workload: Workload) -> bool | None:
        """Whether its pods have a sidecar; None where it cannot be decided."""
        from sailwright.mesh.objects.namespaces import workload_injected

        if workload.manifest not in self._injected:
            self._injected[workload.manifest] = workload_injected(workload, self.namespace(workload.namespace))
        return self._injected[workload.manifest]

    def may_be_in_mesh(self, service: Service) -> bool:
        """Whether the pods of a Service may be in the mesh: not, where all workloads behind it surely have no sidecar and no ztunnel."""
        from sailwright.mesh.objects.namespaces import asks_for_ambient

        backends = self.backends(service)
        return not backends or any(
            self.injected(each) is not False or asks_for_ambient(each, self.namespace(each.namespace))
            for each in backends
        )

    # -- routing ---------------------------------------------------------------------------------------------------

    @cached_property
    def virtual_services(self) -> tuple[VirtualService, ...]:
        """The VirtualServices."""
        from sailwright.mesh.objects.routing import VirtualService

        export = self._default_export("defaultVirtualServiceExportTo")
        return self._each(kinds.VIRTUAL_SERVICE, lambda found, place: VirtualService(found, place, self.domain, export))

    @cached_property
    def destination_rules(self) -> tuple[DestinationRule, ...]:
        """The DestinationRules."""
        from sailwright.mesh.objects.routing import DestinationRule

        export = self._default_export("defaultDestinationRuleExportTo")
        return self._each(
            kinds.DESTINATION_RULE, lambda found, place: DestinationRule(found, place, self.domain, export)
        )

    @cached_property
    def _rules_by_host(self) -> dict[str, list[DestinationRule]]:
        found: dict[str, list[DestinationRule]] = {}
        for rule in self.destination_rules:
            found.setdefault(rule.host, []).append(rule)
        return found

    def rules_for(self, host: str) -> tuple[DestinationRule, ...]:
        """The DestinationRules for a full host name, of any namespace; the most specific hosts first."""
        exact = self._rules_by_host.get(host, ())
        if not self._wildcard_rules:
            return tuple(exact)
        from sailwright.mesh.values.hosts import covers

        wild = (known for known in self._wildcard_rules if known != host and covers(known, host))
        return (*exact, *(rule for known in wild for rule in self._rules_by_host[known]))

    @cached_property
    def _wildcard_rules(self) -> list[str]:
        """The wildcard hosts of DestinationRules, the most specific first."""
        return sorted((known for known in self._rules_by_host if known.startswith("*")), key=len, reverse=True)

    def effective_rules(self, host: str, client: str) -> tuple[DestinationRule, ...]:
        """The DestinationRules that govern calls of a client namespace to a host, merged by Istio where there are several.

        The client's own namespace goes first, then the service's, then the root namespace; in the first of them that
        has any, the most specific host wins (pilot/pkg/model/push_context.go, destinationRule).
        """
        candidates = self.rules_for(host)
        service = self.registry.service(host)
        root = self.mesh.root_namespace
        for namespace in dict.fromkeys((client, service.namespace if service else client, root)):
            own = namespace == client
            found = [
                rule for rule in candidates if rule.namespace == namespace and (own or rule.exports.visible_in(client))
            ]
            if found:
                return tuple(rule for rule in found if rule.host == found[0].host)
        return ()

    @cached_property
    def _routed(self) -> dict[str, list[tuple[VirtualService, Destination]]]:
        found: dict[str, list[tuple[VirtualService, Destination]]] = {}
        for virtual_service in self.virtual_services:
            for destination in virtual_service.destinations:
                found.setdefault(destination.full_host, []).append((virtual_service, destination))
        return found

    def routed(self, host: str) -> tuple[tuple[VirtualService, Destination], ...]:
        """Every destination (mirrors too) of any VirtualService that names a full host name."""
        return tuple(self._routed.get(host, ()))

    def subsets(self, host: str) -> dict[str, list[tuple[DestinationRule, Subset]]]:
        """The subsets that any DestinationRule defines for a full host name, by name."""
        found: dict[str, list[tuple[DestinationRule, Subset]]] = {}
        for rule in self.rules_for(host):
            for subset in rule.subsets:
                found.setdefault(subset.name, []).append((rule, subset))
        return found

    @cached_property
    def gateways(self) -> Mapping[str, Gateway]:
        """The Istio Gateways by `namespace/name`."""
        return {name: found[-1] for name, found in self._gateways_named.items()}

    @cached_property
    def _gateways_named(self) -> dict[str, list[Gateway]]:
        from sailwright.mesh.objects.routing import Gateway

        found: dict[str, list[Gateway]] = {}
        for gateway in self._each(kinds.GATEWAY, Gateway):
            found.setdefault(gateway.full_name, []).append(gateway)
        return found

    def gateways_named(self, full_name: str) -> tuple[Gateway, ...]:
        """All Gateways of one `namespace/name`: a repository may hold alternatives of which one is applied."""
        return tuple(self._gateways_named.get(full_name, ()))

    @cached_property
    def sidecars(self) -> SidecarScope:
        """The Sidecars, and what each client can see through them."""
        from sailwright.mesh.objects.sidecars import SidecarScope

        return SidecarScope(self.of(kinds.SIDECAR), self.unnamed, self.mesh.root_namespace, self.domain)

    # -- namespaces and the mesh -----------------------------------------------------------------------------------

    @cached_property
    def namespaces(self) -> Mapping[str, Namespace]:
        """The declared namespaces: from manifests, and from sailwright.yaml, whose labels go over them."""
        from sailwright.mesh.objects.namespaces import Namespace

        found = {name: Namespace(name, dict(declared)) for name, declared in self.facts.namespaces.items()}
        for manifest in self.of(kinds.NAMESPACE):
            declared = found[manifest.name].labels if manifest.name in found else {}
            found[manifest.name] = Namespace(manifest.name, {**labels(manifest.labels), **(declared or {})}, manifest)
        return found

    def namespace(self, name: str) -> Namespace:
        """A namespace by name; undeclared where nothing is known of it."""
        from sailwright.mesh.objects.namespaces import Namespace

        return self.namespaces.get(name) or Namespace(name)

    @cached_property
    def mesh(self) -> MeshSettings:
        """MeshConfig: of the project, else of the one ConfigMap for it. The analyzers read no ConfigMap out of files."""
        from sailwright.mesh.objects.mesh_config import MeshSettings, from_config_map

        if self.facts.mesh_config or self.facts.compat:
            return MeshSettings(self.facts.mesh_config)
        name = "istio" if self.facts.revision == "default" else f"istio-{self.facts.revision}"
        found = [manifest for manifest in self.of(kinds.CONFIG_MAP) if manifest.name == name]
        return MeshSettings(from_config_map(mapping(found[0].value.get("data"))) if len(found) == 1 else {})

    def _default_export(self, key: str) -> tuple[str, ...]:
        """MeshConfig's default exportTo of a kind; the analyzers know of none."""
        return () if self.facts.compat else self.mesh.default_export(key)

    def _each(self, kind: str, view: Callable[[Manifest, str], T]) -> tuple[T, ...]:
        return tuple(view(manifest, self.namespace_of(manifest)) for manifest in self.of(kind))


def _analysed(manifests: Sequence[Manifest]) -> Sequence[Manifest]:
    from sailwright.mesh.objects.analyzed import analysed

    return analysed(manifests)
