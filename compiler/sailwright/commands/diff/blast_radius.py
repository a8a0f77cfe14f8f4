"""How far a change reaches: callers, callers of callers, and the hosts that gateways offer them under, each by the shortest way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sailwright.commands.diff.call_graph import CallGraphs, Declared, Sight
from sailwright.commands.diff.diff import BlastRadius, Reached, ServiceChange

LISTED = 200
"""How many are kept, the nearest first; of the others only the number is said."""


def blast_radius(
    changes: Iterable[ServiceChange],
    traffic: Iterable[tuple[str, str, tuple[str, ...]]],
    sides: Sequence[CallGraphs],
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
    owners = _owners(sides)
    reached = [
        Reached(name, path, gateway, owners.get(name, ""), _places(places, list(graphs)))
        for (name, gateway, path), places in found.items()
    ]
    reached.sort(key=lambda each: (len(each.path), each.path, each.gateway))
    return BlastRadius(tuple(reached[:LISTED]), max(0, len(reached) - LISTED))


_Graph = dict[str, dict[tuple[str, str], None]]
"""For each service what depends on it: the name, and the gateway where it is a host."""


def _graphs(sides: Sequence[CallGraphs]) -> Mapping[Sight, _Graph]:
    graphs: dict[Sight, _Graph] = {}
    for side in sides:
        for sight, calls in side.items():
            keys = {service.host: key for key, service in calls.services.items()}
            graph = graphs.setdefault(sight, {})
            for named_on, named, gateway in (*calls.dependents, *_by_policy(calls.services)):
                on, name = keys.get(named_on, named_on), keys.get(named, named)
                if on != name:
                    graph.setdefault(on, {})[name, gateway] = None
    return graphs


def _by_policy(services: Mapping[str, Declared]) -> Iterator[tuple[str, str, str]]:
    """What `accessPolicy` declares, calls that are no HTTP included."""
    for key, service in services.items():
        yield from ((callee, key, "") for callee in service.callees)
        yield from ((key, caller, "") for caller in service.callers)


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


def _owners(sides: Iterable[CallGraphs]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for side in sides:
        for calls in side.values():
            found.update({key: service.owner for key, service in calls.services.items() if service.owner})
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
