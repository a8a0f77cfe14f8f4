"""Two sides of a pull request compared: every service of every cluster, equal changes told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from sailwright.commands.diff.base import FileChange
from sailwright.commands.diff.call_graph import CallGraphs, Declared, Sight
from sailwright.commands.diff.changes import Area, Change, Seen, compare
from sailwright.diagnostics.finding import Finding
from sailwright.runtime.records import dataclass

Side = Mapping[Sight, Mapping[str, Seen]]
"""What one side renders: for each cluster the services by NAMESPACE/NAME."""


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """A change of a service, and the environments (or ENVIRONMENT/CLUSTER) in which it happens; none where all do."""

    service: str
    file: str
    change: Change
    environments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """Who has to know: the owners of what changes, and the services that call it with their owners."""

    owners: tuple[str, ...]
    callers: tuple[str, ...]
    callers_owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """A service, or a host that a gateway offers, that a change reaches.

    `path` leads from what changes to it, both included. `environments` are those where it is so; none where it is so in all.
    """

    name: str
    path: tuple[str, ...]
    gateway: str = ""
    owner: str = ""
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """What a change reaches, nearest first; `left_out` is how many more there are than are listed."""

    reached: tuple[Reached, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Diff:
    """What a pull request changes. `traffic` holds lines of the simulated mesh, (service, line, environments), `gate` what it does
    to the settings that it is checked by."""

    base: str
    changes: tuple[ServiceChange, ...]
    traffic: tuple[tuple[str, str, tuple[str, ...]], ...]
    touched: Touched
    files: tuple[FileChange, ...]
    gate: tuple[Finding, ...] = ()
    blast_radius: BlastRadius = BlastRadius()


def service_changes(before: Side, after: Side) -> tuple[ServiceChange, ...]:
    """The changes of all services, by service and heading; a change equal in several clusters is one."""
    places: dict[tuple[str, Change], list[Sight]] = {}
    files: dict[str, str] = {}
    sights = sorted({*before, *after}, key=str)
    for sight in sights:
        old, new = before.get(sight, {}), after.get(sight, {})
        for key in sorted({*old, *new}):
            files[key] = (new.get(key) or old[key]).service.file
            for change in compare(old.get(key), new.get(key)):
                places.setdefault((key, change), []).append(sight)
    order = {area: number for number, area in enumerate(get_args(Area))}
    return tuple(
        ServiceChange(key, files[key], change, _names(found, sights))
        for (key, change), found in sorted(places.items(), key=lambda item: (item[0][0], order[item[0][1].area]))
    )


def _names(found: list[Sight], sights: Iterable[Sight]) -> tuple[str, ...]:
    """What to call the places of a change: nothing where it happens everywhere, an environment where in all its clusters."""
    everywhere = list(sights)
    if len(found) == len(everywhere):
        return ()
    names: list[str] = []
    for environment in dict.fromkeys(sight[0] for sight in found):
        clusters = [cluster for name, cluster in found if name == environment]
        whole = sum(1 for name, _ in everywhere if name == environment) == len(clusters)
        if whole or environment is None:
            names.append(environment or "default")
        else:
            names += [f"{environment}/{cluster}" for cluster in clusters]
    return tuple(names)


def touched(changes: Iterable[ServiceChange], before: CallGraphs, after: CallGraphs) -> Touched:
    """The blast radius by accessPolicy: a caller says so in its outbound list, or is named in an inbound one."""
    changed = {change.service for change in changes}
    owners: set[str] = set()
    callers: set[str] = set()
    owner_of: dict[str, str] = {}
    for side in (before, after):
        for graph in side.values():
            for key, service in graph.services.items():
                if service.owner:
                    owner_of[key] = service.owner
                callers |= _calls(key, service, changed)
    owners = {owner_of[key] for key in changed if key in owner_of}
    callers -= changed
    told = {owner_of[key] for key in callers if key in owner_of} - owners
    return Touched(tuple(sorted(owners)), tuple(sorted(callers)), tuple(sorted(told)))


def _calls(key: str, service: Declared, changed: set[str]) -> set[str]:
    callers = set() if changed.isdisjoint(service.callees) else {key}
    return callers | {*service.callers} if key in changed else callers
