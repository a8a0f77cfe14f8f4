"""How far a change reaches: callers, callers of callers, and the hosts that gateways offer them under, each by the shortest way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sailwright.commands.diff.changes import Seen
from sailwright.commands.diff.diff import BlastRadius, Reached, ServiceChange, Side, Sight
from sailwright.mesh.queries.dependents import Dependent, dependents
from sailwright.mesh.world import World

LISTED = 200
"""How many are kept, the nearest first; of the others only the number is said."""


def blast_radius(
    changes: Iterable[ServiceChange],
    traffic: Iterable[tuple[str, str, tuple[str, ...]]],
    sides: Sequence[tuple[Sequence[World], Side]],
) -> BlastRadius:
    """What the changes reach. `sides` are the base and the head: who depended on a service before has to know as well."""
    changed = [(change.service, change.environments) for change in changes]
    changed += [(service, places) for service, _, places in traffic]
    graphs = _graphs(sides)
    found: dict[tuple[str, str, tuple[str, ...]], list[Sight]] = {}
    for sight, graph in graphs.items():
        starts = dict.fromkeys(name for name, places in changed if not places or {*places} & {*_names(sight)})
        for name, gateway, path in _nearest(starts, graph):
            found.setdefault((name, gateway, path), []).append(sight)
    owners = _owners(side for _, side in sides)
    reached = [
        Reached(name, path, gateway, owners.get(name, ""), _places(places, list(graphs)))
        for (name, gateway, path), places in found.items()
    ]
    reached.sort(key=lambda each: (len(each.path), each.path, each.gateway))
    return BlastRadius(tuple(reached[:LISTED]), max(0, len(reached) - LISTED))


_Graph = dict[str, dict[tuple[str, str], None]]
"""For each service what depends on it: the name, and the gateway where it is a host."""


def _graphs(sides: Sequence[tuple[Sequence[World], Side]]) -> Mapping[Sight, _Graph]:
    graphs: dict[Sight, _Graph] = {}
    for worlds, side in sides:
        for world in worlds:
            sight = (world.environment, world.cluster)
            services = side.get(sight, {})
            keys = {f"{seen.service.namespace}/{seen.service.host_name}": key for key, seen in services.items()}
            graph = graphs.setdefault(sight, {})
            for each in (*world.index.derived(dependents), *_by_policy(services)):
                on, name = keys.get(each.on, each.on), keys.get(each.name, each.name)
                if on != name:
                    graph.setdefault(on, {})[name, each.gateway] = None
    return graphs


def _by_policy(services: Mapping[str, Seen]) -> Iterator[Dependent]:
    """What `accessPolicy` declares, calls that are no HTTP included."""
    for key, seen in services.items():
        policy = seen.service.access_policy
        for callee in policy.outbound or ():
            if callee.kind == "service":
                yield Dependent(callee.value, key)
        for caller in policy.inbound or ():
            if caller.kind == "service":
                yield Dependent(key, caller.value)


def _nearest(starts: Iterable[str], graph: _Graph) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Breadth first from all that changes at once: each name once, with the gateway and the shortest path."""
    paths: list[tuple[str, ...]] = [(name,) for name in starts]
    seen = {(path[0], "") for path in paths}
    for path in paths:  # grows as it goes
        for name, gateway in sorted(graph.get(path[-1], ())):
            if (name, gateway) in seen:
                continue
            seen.add((name, gateway))
            yield name, gateway, (*path, name)
            if not gateway:
                paths.append((*path, name))


def _owners(sides: Iterable[Side]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for side in sides:
        for services in side.values():
            found.update({key: seen.service.owner for key, seen in services.items() if seen.service.owner})
    return found


def _names(sight: Sight) -> Iterator[str]:
    """What changes call a cluster: its environment, or ENVIRONMENT/CLUSTER."""
    environment, cluster = sight
    yield environment or "default"
    if cluster:
        yield f"{environment}/{cluster}"


def _places(found: Sequence[Sight], everywhere: Sequence[Sight]) -> tuple[str, ...]:
    if len(found) == len(everywhere):
        return ()
    return tuple(dict.fromkeys("/".join(name for name in sight if name) or "default" for sight in found))
