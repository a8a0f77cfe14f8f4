"""The index of a World: the questions that rules ask, each answered once and only when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from sailwright.mesh.facts import Facts
from sailwright.mesh.values import kinds
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels

if TYPE_CHECKING:
    from sailwright.mesh.objects.by_kind import ByKind
    from sailwright.mesh.objects.host_lookup import Registry
    from sailwright.mesh.objects.mesh_config import MeshSettings
    from sailwright.mesh.objects.namespaces import Namespace
    from sailwright.mesh.objects.pods import Backends, Pods
    from sailwright.mesh.objects.routing import Destination, DestinationRule, Gateway, Subset, VirtualService
    from sailwright.mesh.objects.rules_by_host import RulesByHost
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
        self._injected: dict[Manifest, bool | None] = {}

    def derived(self, compute: Callable[[Index], T]) -> T:
        """What a query works out of the whole index, kept: `compute` runs once per index, however many rules ask."""
        if compute not in self._derived:
            self._derived[compute] = compute(self)
        result: T = self._derived[compute]
        return result

    def know(self, compute: Callable[[Index], T], value: T) -> None:
        """Take what a query would work out of the whole mesh as known, in an index that holds a part of it."""
        self._derived[compute] = value

    def knows(self, compute: Callable[[Index], T]) -> bool:
        """Whether what a query works out is there already."""
        return compute in self._derived

    def forget(self) -> None:
        """Let go of all objects and of what was worked out of them, which hold each other: nobody asks any more."""
        vars(self).clear()

    @property
    def manifests(self) -> Sequence[Manifest]:
        """Every object, in the order of the files."""
        return self._manifests

    def namespace_of(self, manifest: Manifest) -> str:
        """The namespace an object lies in."""
        return manifest.namespace or self.unnamed

    # -- objects ---------------------------------------------------------------------------------------------------

    @cached_property
    def _objects(self) -> ByKind:
        from sailwright.mesh.objects.by_kind import ByKind

        return ByKind(self._manifests, self.unnamed)

    def of(self, *wanted: str) -> tuple[Manifest, ...]:
        """The objects of these kinds (names of `kinds`), in the order of the files."""
        return self._objects.of(*wanted)

    def find(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """The object of this kind and name; `namespace` is empty for cluster-scoped kinds."""
        return self._objects.find(kind, namespace, name)

    # -- the registry ----------------------------------------------------------------------------------------------

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The Kubernetes Services."""
        from sailwright.mesh.objects.services import kubernetes_service

        return self._each(kinds.SERVICE, kubernetes_service, "defaultServiceExportTo")

    @cached_property
    def service_entries(self) -> tuple[Service, ...]:
        """The ServiceEntries."""
        from sailwright.mesh.objects.services import service_entry

        return self._each(kinds.SERVICE_ENTRY, service_entry, "defaultServiceExportTo")

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

    def each_workload(self) -> Iterable[Workload]:
        """The workloads, for whoever looks at each once: where none has read its pods yet, none is kept with what it reads of them."""
        from sailwright.mesh.objects.workloads import workloads

        known: tuple[Workload, ...] = self.__dict__.get("workloads", ())
        if self.facts.compat or (known and "containers" in known[0].__dict__):
            return self.workloads
        return workloads(self._manifests, self.unnamed)

    def workload(self, manifest: Manifest) -> Workload:
        """An object that makes pods, as a workload."""
        from sailwright.mesh.objects.workloads import Workload, template_path

        return Workload(manifest, template_path(manifest) or (), self.namespace_of(manifest))

    @cached_property
    def _pods(self) -> Pods:
        from sailwright.mesh.objects.pods import Pods

        return Pods(self.workloads, self.injected, written_only=self.facts.compat)

    def selected(self, selector: Mapping[str, str], namespace: str | None = None) -> tuple[Workload, ...]:
        """The workloads whose pods carry these labels, or may at run time, in one namespace or (None) in all."""
        return self._pods.selected(selector, namespace)

    def carries(self, workload: Workload, selector: Mapping[str, str]) -> bool:
        """Whether the pods of a workload carry these labels, or may once a controller or the injector has added its own."""
        return self._pods.carries(workload, selector)

    @cached_property
    def _backends(self) -> Backends:
        from sailwright.mesh.objects.pods import Backends

        machines = (
            (self.namespace_of(found), labels(get(found.spec, "labels") or get(found.spec, "metadata", "labels")))
            for found in self.of(kinds.WORKLOAD_ENTRY, kinds.WORKLOAD_GROUP)
        )
        return Backends(self._pods, self.services, machines)

    def services_behind(self, selector: Mapping[str, str], namespace: str) -> tuple[Service, ...]:
        """The Services that lead to what a selector of a policy selects, wholly or among others."""
        return self._backends.services_behind(selector, namespace)

    def backends(self, service: Service) -> tuple[Workload, ...]:
        """The workloads behind a Service or ServiceEntry; none where it selects nothing."""
        return self._backends.of(service)

    def has_endpoints(self, service: Service) -> bool:
        """Whether anything of that is told here."""
        return bool(self.backends(service) or self.machines(service))

    def machines(self, service: Service) -> list[Mapping[str, str]]:
        """The labels of what stands behind a service besides pods: WorkloadEntries, and the endpoints it lists."""
        return self._backends.machines(service)

    def services_of(self, workload: Workload) -> tuple[Service, ...]:
        """The Services that select the pods of a workload."""
        return self._backends.services_of(workload)

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

        return self._each(kinds.VIRTUAL_SERVICE, VirtualService, "defaultVirtualServiceExportTo")

    @cached_property
    def destination_rules(self) -> tuple[DestinationRule, ...]:
        """The DestinationRules."""
        from sailwright.mesh.objects.routing import DestinationRule

        return self._each(kinds.DESTINATION_RULE, DestinationRule, "defaultDestinationRuleExportTo")

    @cached_property
    def _rules(self) -> RulesByHost:
        from sailwright.mesh.objects.rules_by_host import RulesByHost

        return RulesByHost(self.destination_rules)

    def rules_for(self, host: str) -> tuple[DestinationRule, ...]:
        """The DestinationRules for a full host name, of any namespace; the most specific hosts first."""
        return self._rules.of(host)

    def effective_rules(self, host: str, client: str) -> tuple[DestinationRule, ...]:
        """The DestinationRules that govern calls of a client namespace to a host, merged by Istio where there are several."""
        return self._rules.effective(host, client, self.registry, self.mesh.root_namespace)

    def subsets(self, host: str) -> dict[str, list[tuple[DestinationRule, Subset]]]:
        """The subsets that any DestinationRule defines for a full host name, by name."""
        return self._rules.subsets(host)

    @cached_property
    def _routed(self) -> Mapping[str, list[tuple[VirtualService, Destination]]]:
        from sailwright.mesh.objects.rules_by_host import destinations_by_host

        return destinations_by_host(self.virtual_services)

    def routed(self, host: str) -> tuple[tuple[VirtualService, Destination], ...]:
        """Every destination (mirrors too) of any VirtualService that names a full host name."""
        return tuple(self._routed.get(host, ()))

    @cached_property
    def gateways(self) -> Mapping[str, Gateway]:
        """The Istio Gateways by `namespace/name`."""
        return {name: found[-1] for name, found in self._gateways_named.items()}

    @cached_property
    def _gateways_named(self) -> dict[str, list[Gateway]]:
        from sailwright.mesh.objects.routing import Gateway

        found: dict[str, list[Gateway]] = {}
        for manifest in self.of(kinds.GATEWAY):
            gateway = Gateway(manifest, self.namespace_of(manifest))
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
        from sailwright.mesh.objects.namespaces import declared_namespaces

        return declared_namespaces(self.facts.namespaces, self.of(kinds.NAMESPACE))

    def namespace(self, name: str) -> Namespace:
        """A namespace by name; undeclared where nothing is known of it."""
        from sailwright.mesh.objects.namespaces import Namespace

        return self.namespaces.get(name) or Namespace(name)

    @cached_property
    def mesh(self) -> MeshSettings:
        """MeshConfig: of the project, else of the one ConfigMap for it. The analyzers read no ConfigMap out of files."""
        from sailwright.mesh.objects.mesh_config import MeshSettings, of_config_maps

        if self.facts.mesh_config or self.facts.compat:
            return MeshSettings(self.facts.mesh_config)
        return MeshSettings(of_config_maps(self.of(kinds.CONFIG_MAP), self.facts.revision))

    def _each(self, kind: str, view: Callable[[Manifest, str, str, tuple[str, ...]], T], export: str) -> tuple[T, ...]:
        """The objects of a kind; `export` is MeshConfig's key for whom they are by default, of which the analyzers know nothing."""
        default = () if self.facts.compat else self.mesh.default_export(export)
        return tuple(view(found, self.namespace_of(found), self.domain, default) for found in self.of(kind))


def _analysed(manifests: Sequence[Manifest]) -> Sequence[Manifest]:
    from sailwright.mesh.objects.analyzed import analysed

    return analysed(manifests)
