"""Which objects belong to one service: a Service, the workloads it selects, and the further Services in front of them."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.commands.edit.adopt.inventory import WORKLOADS, Inventory, labels_of, namespace_of
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

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

    @property
    def services(self) -> tuple[Manifest, ...]:
        """Its Services, the first one first."""
        return (*((self.service,) if self.service else ()), *self.others)


def groups(found: Inventory) -> tuple[Group, ...]:
    """The groups, each workload in one of them. A Service that selects pods of several is in none."""
    workloads = found.of(*WORKLOADS)
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
