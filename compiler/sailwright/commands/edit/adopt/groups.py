"""Which objects belong to one service: a Service and the workloads it selects, or a workload that nothing selects."""

from __future__ import annotations

from sailwright.commands.edit.adopt.inventory import WORKLOADS, Inventory, Notes, labels_of, namespace_of
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Group:
    """One service to be: its Kubernetes Service, where there is one, and its workloads."""

    name: str
    namespace: str
    service: Manifest | None
    workloads: tuple[Manifest, ...]


def groups(found: Inventory, notes: Notes) -> tuple[Group, ...]:
    """The groups, each workload in one of them. A Service that selects the pods of another's group stays as it is."""
    workloads = found.of(*WORKLOADS)
    claimed: dict[int, Group] = {}
    result: list[Group] = []
    for service, selected in sorted(_selecting(found, workloads), key=lambda pair: _rank(*pair)):
        owners = {claimed[id(workload)].name for workload in selected if id(workload) in claimed}
        if not selected:
            notes.add(service, ("spec", "selector"), "it selects no workload of these files; left as it is")
        elif owners:
            notes.add(
                service,
                ("spec", "selector"),
                f"it selects pods of {', '.join(sorted(owners))} too; left as it is (`include` takes it along)",
            )
        else:
            group = Group(service.name, namespace_of(service), service, selected)
            result.append(group)
            claimed |= dict.fromkeys(map(id, selected), group)
    for workload in workloads:
        if id(workload) not in claimed:
            name = labels_of(workload).get("app", workload.name)
            result.append(Group(name, namespace_of(workload), None, (workload,)))
    return tuple(sorted(result, key=lambda group: (group.namespace, group.name)))


def _selecting(found: Inventory, workloads: tuple[Manifest, ...]) -> list[tuple[Manifest, tuple[Manifest, ...]]]:
    pairs = []
    for service in found.of("Service"):
        selector = service.spec.get("selector")
        selected = tuple(
            workload
            for workload in sorted(workloads, key=lambda workload: workload.name)
            if isinstance(selector, dict)
            and selector
            and namespace_of(workload) == namespace_of(service)
            and selector.items() <= labels_of(workload).items()
        )
        pairs.append((service, selected))
    return pairs


def _rank(service: Manifest, selected: tuple[Manifest, ...]) -> tuple[int, bool, str]:
    """The Service that selects the most, or is named as the pods are, comes first."""
    named = any(labels_of(workload).get("app") == service.name for workload in selected)
    return -len(selected), not named, service.name
