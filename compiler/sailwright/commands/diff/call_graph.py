"""Who calls whom on one side of a diff: what services declare, and what depends on what by the objects of the mesh."""

from __future__ import annotations

import marshal
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.runtime.records import dataclass

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.project.service.model import Service
    from sailwright.workspace.compile import Compilation
    from sailwright.workspace.selection import WorldSet

Sight = tuple[str | None, str | None]
"""An environment and a cluster of it."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a service says of its calls: its owner, its host as NAMESPACE/NAME, and the services its `accessPolicy` names, by NAMESPACE/NAME."""

    owner: str
    host: str
    callees: tuple[str, ...]
    callers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallGraph:
    """One cluster: its services by NAMESPACE/NAME, and who depends on whom there, as (on, name, gateway); see `Dependent`."""

    services: Mapping[str, Declared]
    dependents: Sequence[tuple[str, str, str]]


CallGraphs = Mapping[Sight, CallGraph]
"""One side of a diff, cluster by cluster."""


def declared(service: Service) -> Declared:
    """What a service says of its calls."""
    policy = service.access_policy
    callees, callers = (
        tuple(party.value for party in parties or () if party.kind == "service")
        for parties in (policy.outbound, policy.inbound)
    )
    return Declared(service.owner or "", f"{service.namespace}/{service.host_name}", callees, callers)


def call_graphs(side: WorldSet | None) -> CallGraphs:
    """Those of a side that is compiled; none where there is no such side."""
    if side is None:
        return {}
    return {
        (each.world.environment, each.world.cluster): CallGraph(
            {service.key: declared(service) for service in each.services}, depending(each.world.index)
        )
        for each in side.compiled_worlds
    }


def depending(index: Index) -> list[tuple[str, str, str]]:
    """Who depends on whom by the objects of a mesh."""
    from sailwright.mesh.queries.dependents import dependents

    return [(found.on, found.name, found.gateway) for found in index.derived(dependents)]


def in_order(services: Mapping[str, Declared]) -> dict[str, Declared]:
    """Services in the order of a world."""
    return dict(sorted(services.items(), key=lambda each: each[0].split("/")))


def packed_calls(compilation: Compilation, packed: Mapping[str, bytes]) -> dict[Sight, dict[str, Declared]]:
    """What services say of their calls, by cluster, where it is known what is rendered of them, as `packed_services` packs it."""
    from sailwright.project.services import build_services
    from sailwright.source.source import source_of_values

    project, targets = compilation.project, compilation.targets
    sources = [source_of_values(*marshal.loads(data)[1][0]) for data in packed.values()]  # noqa: S302  # sealed, or our own
    found = build_services(project, targets, sources, project.clusters(), dict.fromkeys(packed))
    return {
        (target.environment, target.cluster): {service.key: declared(service) for service in each}
        for target, each in found.by_target.items()
    }
