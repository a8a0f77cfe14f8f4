"""Which objects belong to one service: a Service, the workloads it selects, and the further Services in front of them."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.commands.edit.adopt.entries import GROUP as ENTRIES
from sailwright.commands.edit.adopt.entries import external_words
from sailwright.commands.edit.adopt.inventory import WORKLOADS, Inventory, is_label, labels_of, namespace_of
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping

Selecting = tuple[Manifest, tuple[Manifest, ...]]
"""A Service and the workloads whose pods it selects."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """One service to be: its Kubernetes Service, where there is one, its workloads, and the Services beside the first."""

    name: str
    namespace: str
    service: Manifest | None
    workloads: tuple[Manifest, ...]
    others: list[Manifest] = field(default_factory=list)
    entry: Manifest | None = None
    """The ServiceEntry of a service outside the cluster, which has neither Service nor workloads."""

    @property
    def services(self) -> tuple[Manifest, ...]:
        """Its Services, the first one first."""
        return (*((self.service,) if self.service else ()), *self.others)

    @property
    def objects(self) -> tuple[Manifest, ...]:
        """What it is made of: Services, workloads, or a ServiceEntry."""
        return (*self.services, *self.workloads, *((self.entry,) if self.entry else ()))

    @property
    def hosts(self) -> tuple[str, ...]:
        """Its hosts: short names of its Services, and those of its ServiceEntry."""
        outside = items(self.entry.spec.get("hosts")) if self.entry else ()
        return (*(service.name for service in self.services), *map(str, outside))


def groups(found: Inventory) -> tuple[Group, ...]:
    """The groups, each workload in one of them. A Service that selects pods of several is in none.

    An Argo Rollout that wraps a Deployment (`workloadRef`) makes no service of its own: it goes with its Deployment.
    """
    workloads = tuple(one for one in found.of(*WORKLOADS) if not mapping(one.spec.get("workloadRef")).get("name"))
    claimed: dict[int, Group] = {}
    result: list[Group] = []
    for service, selected in sorted(_selecting(found, workloads), key=lambda pair: _rank(*pair)):
        owners = list({id(claimed[id(one)]): claimed[id(one)] for one in selected if id(one) in claimed}.values())
        if not selected and service.spec.get("type") == "ExternalName":
            result.append(Group(service.name, namespace_of(service), service, ()))
        elif selected and not owners:
            group = Group(service.name, namespace_of(service), service, selected)
            result.append(group)
            claimed |= dict.fromkeys(map(id, selected), group)
        elif len(owners) == 1 and all(id(one) in claimed for one in selected):
            owners[0].others.append(service)
    names = {(group.namespace, group.name) for group in result}
    for workload in workloads:
        if id(workload) not in claimed:
            namespace = namespace_of(workload)
            name = (
                workload.name if (namespace, workload.name) not in names else f"{workload.name}-{workload.kind.lower()}"
            )
            names.add((namespace, name))
            result.append(Group(name, namespace, None, (workload,)))
    for entry in found.of("ServiceEntry"):
        key = (namespace_of(entry), entry.name)
        if entry.group == ENTRIES and key not in names and is_label(entry.name) and external_words(entry):
            names.add(key)
            result.append(Group(entry.name, key[0], None, (), entry=entry))
    return tuple(sorted(result, key=lambda group: (group.namespace, group.name)))


def selects(selector: object, labels: Mapping[str, str]) -> bool:
    """Whether labels are those that a Service's selector asks for."""
    return isinstance(selector, dict) and bool(selector) and selector.items() <= labels.items()


def _selecting(found: Inventory, workloads: tuple[Manifest, ...]) -> list[Selecting]:
    by_namespace: dict[str, list[Manifest]] = {}
    for workload in sorted(workloads, key=lambda workload: workload.name):
        by_namespace.setdefault(namespace_of(workload), []).append(workload)
    return [
        (
            service,
            tuple(
                workload
                for workload in by_namespace.get(namespace_of(service), ())
                if selects(service.spec.get("selector"), labels_of(workload))
            ),
        )
        for service in found.of("Service")
    ]


def _rank(service: Manifest, selected: tuple[Manifest, ...]) -> tuple[int, bool, bool, str]:
    """The Service that selects the most, is named as the pods are, and has an address of its own comes first."""
    named = any(labels_of(workload).get("app") == service.name for workload in selected)
    return -len(selected), not named, service.spec.get("clusterIP") == "None", service.name
