"""The order in which services can move to ambient mode: each after those it calls.

A caller with a sidecar applies the routes of what it calls itself, wherever that runs; a caller in ambient mode leaves them to the
waypoint of what it calls, which is there once that has moved. So requests keep their way if callees move first. What a waypoint
enforces holds for a caller only once the caller has moved too: that gap is told with each step.
Source: istio.io, ambient/migrate (install-ambient-components).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sailwright.project.service.model import Service


def callers_of(services: Mapping[str, Service]) -> dict[str, frozenset[str]]:
    """The services of the project that call each service, as the access policies of both sides say."""
    found: dict[str, set[str]] = {key: set() for key in services}
    for key, service in services.items():
        for caller in service.access_policy.inbound or ():
            if caller.kind == "service" and caller.value in services:
                found[key].add(caller.value)
        for callee in service.access_policy.outbound or ():
            if callee.kind == "service" and callee.value in services:
                found[callee.value].add(key)
    return {key: frozenset(callers - {key}) for key, callers in found.items()}


def callees_of(callers: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """The services that each service calls."""
    found: dict[str, set[str]] = {key: set() for key in callers}
    for callee, own in callers.items():
        for key in found.keys() & own:
            found[key].add(callee)
    return {key: frozenset(own) for key, own in found.items()}


def waves(moving: Iterable[str], callees: Mapping[str, Collection[str]]) -> list[list[str]]:
    """The services in groups: each after the groups that what it calls is in. Services that call each other are one group."""
    left = dict.fromkeys(sorted(moving))
    found: list[list[str]] = []
    while left:
        free = [key for key in left if not any(callee in left for callee in callees.get(key, ()))]
        wave = free or _smallest_circle(list(left), callees)
        found.append(wave)
        for key in wave:
            del left[key]
    return found


def _smallest_circle(left: list[str], callees: Mapping[str, Collection[str]]) -> list[str]:
    """Services that call each other, and nothing else of what is left."""
    circles = [_reached(key, set(left), callees) for key in left]
    return min(map(sorted, circles), key=lambda circle: (len(circle), circle))


def _reached(key: str, left: set[str], callees: Mapping[str, Collection[str]]) -> set[str]:
    """A service and all of what is left that it calls, by way of others too."""
    found, todo = {key}, [key]
    while todo:
        for callee in callees.get(todo.pop(), ()):
            if callee in left and callee not in found:
                found.add(callee)
                todo.append(callee)
    return found
