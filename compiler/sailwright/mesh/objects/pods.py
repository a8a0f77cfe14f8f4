"""The pods of a world by their labels, and what stands behind its Services."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import chain

from sailwright.mesh.objects.run_time_labels import added_value_possible, is_added_later
from sailwright.mesh.objects.selectors import Labelled
from sailwright.mesh.objects.services import Service, endpoint_labels
from sailwright.mesh.objects.workloads import Workload
from sailwright.source.manifest import Manifest


class Pods:
    """Workloads by the labels of their pods. `written_only`: labels that controllers and the injector add do not count."""

    def __init__(
        self, workloads: tuple[Workload, ...], injected: Callable[[Workload], bool | None], *, written_only: bool
    ) -> None:
        self._workloads = workloads
        self._injected = injected
        self._written_only = written_only

    @cached_property
    def _everywhere(self) -> Labelled[Workload]:
        return Labelled(self._workloads, _labels)

    @cached_property
    def _by_namespace(self) -> dict[str, Labelled[Workload]]:
        groups: dict[str, list[Workload]] = {}
        for workload in self._workloads:
            groups.setdefault(workload.namespace, []).append(workload)
        return {namespace: Labelled(found, _labels) for namespace, found in groups.items()}

    def selected(self, selector: Mapping[str, str], namespace: str | None = None) -> tuple[Workload, ...]:
        """The workloads whose pods carry these labels, or may at run time, in one namespace or (None) in all."""
        group = self._everywhere if namespace is None else self._by_namespace.get(namespace)
        if group is None:
            return ()
        added = {} if self._written_only else {key: selector[key] for key in selector if is_added_later(key)}
        if not added:
            return group.selected(selector)
        written = {key: value for key, value in selector.items() if key not in added}
        return tuple(workload for workload in group.selected(written) if self.carries(workload, added))

    def carries(self, workload: Workload, selector: Mapping[str, str]) -> bool:
        """Whether the pods of a workload carry these labels, or may once a controller or the injector has added its own."""
        return all(
            workload.labels.get(key) == value
            or (is_added_later(key) and added_value_possible(workload, key, value, self._injected(workload)))
            for key, value in selector.items()
        )


class Backends:
    """What stands behind each Service: the pods that it selects, machines, and the endpoints it lists.

    `machines` are namespace and labels of what WorkloadEntries say and WorkloadGroups register.
    """

    def __init__(
        self, pods: Pods, services: tuple[Service, ...], machines: Iterable[tuple[str, Mapping[str, str]]]
    ) -> None:
        self._pods = pods
        self._services = services
        self._found: dict[Manifest, tuple[Workload, ...]] = {}
        groups: dict[str, list[Mapping[str, str]]] = {}
        for namespace, own in machines:
            groups.setdefault(namespace, []).append(own)
        self._machines = {namespace: Labelled(found, lambda each: each) for namespace, found in groups.items()}

    def of(self, service: Service) -> tuple[Workload, ...]:
        """The workloads behind a Service or ServiceEntry; none where it selects nothing."""
        if service.manifest not in self._found:
            found = self._pods.selected(service.selector, service.namespace) if service.selector else ()
            self._found[service.manifest] = found
        return self._found[service.manifest]

    def machines(self, service: Service) -> list[Mapping[str, str]]:
        """The labels of what stands behind a service besides pods: WorkloadEntries, and the endpoints it lists."""
        group = self._machines.get(service.namespace) if service.selector else None
        return [*(group.selected(service.selector) if group else ()), *endpoint_labels(service)]

    def services_behind(self, selector: Mapping[str, str], namespace: str) -> tuple[Service, ...]:
        """The Services that lead to what a selector of a policy selects: all of their pods carry its labels.

        Those that lead to a selected workload among others count too.
        """
        group = self._selecting.get(namespace)
        found = dict.fromkeys(group.selected(selector) if group else ())
        for workload in self._pods.selected(selector, namespace):
            found.update(dict.fromkeys(self.services_of(workload)))
        return tuple(found)

    def services_of(self, workload: Workload) -> tuple[Service, ...]:
        """The Services that select the pods of a workload."""
        return self._services_of.get(workload.manifest, ())

    @cached_property
    def _selecting(self) -> dict[str, Labelled[Service]]:
        groups: dict[str, list[Service]] = {}
        for service in self._services:
            groups.setdefault(service.namespace, []).append(service)
        return {namespace: Labelled(found, lambda service: service.selector) for namespace, found in groups.items()}

    @cached_property
    def _services_of(self) -> dict[Manifest, tuple[Service, ...]]:
        """Worked out once per selector; workloads that the same selectors select share what they get."""
        alike: dict[tuple[str, frozenset[tuple[str, str]]], list[int]] = {}
        for position, service in enumerate(self._services):
            alike.setdefault((service.namespace, frozenset(service.selector.items())), []).append(position)
        selectors: dict[Manifest, tuple[int, ...]] = {}
        for number, positions in enumerate(groups := list(alike.values())):
            for workload in self.of(self._services[positions[0]]):
                selectors[workload.manifest] = (*selectors.get(workload.manifest, ()), number)
        shared = {
            numbers: tuple(self._services[position] for position in sorted(chain(*(groups[each] for each in numbers))))
            for numbers in set(selectors.values())
        }
        return {manifest: shared[numbers] for manifest, numbers in selectors.items()}


def _labels(workload: Workload) -> Mapping[str, str]:
    return workload.labels
