"""The ports that pods listen on, against those of the Services in front of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sailwright.mesh.objects.workloads import Workload

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


def unheard_ports(index: Index, workloads: Iterable[Workload]) -> dict[str, int]:
    """The ports of the workloads' Services that none of their pods listens on, each with the pod's port it leads to.

    One that leads to a name no container has, or to one that no file explains, is not among them.
    """
    listening: set[int] = set()
    targets: dict[int, int | None] = {}
    for workload in workloads:
        listening.update(workload.container_ports.values())
        for service in index.services_of(workload):
            for port in service.ports:
                target = workload.port_number(port.on_pod)
                targets.setdefault(port.number, target)
                listening.update({target} - {None} if target is not None else ())
    return {str(port): target for port, target in targets.items() if target is not None and port not in listening}
