"""Waypoints: who uses which, the labels that say so, and the Gateways that sailwright renders for them.

A waypoint named without a namespace is rendered where it is used; one with a namespace exists, or is rendered by that namespace.
Source: istio.io, Ambient, "Configure waypoint proxies"; the labels are those of istio.io/api/label.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sailwright.mesh.values.ambient import (
    HBONE_PORT,
    NO_WAYPOINT,
    USE_WAYPOINT,
    USE_WAYPOINT_NAMESPACE,
    WAYPOINT_CLASS,
    WAYPOINT_FOR,
)
from sailwright.project.model import Namespace
from sailwright.project.service.model import Service
from sailwright.render.render_context import Neighbour, RenderContext
from sailwright.runtime.records import dataclass

_MODES: Final = ("ambient", "namespace")
"""The ways of `mesh.inject` with which pods may be in ambient mode."""


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A waypoint by its namespace and name. `own`: it was named without a namespace, so it is rendered where it is used."""

    namespace: str
    name: str
    own: bool


def waypoint(namespace: str, written: str) -> Waypoint | None:
    """The waypoint that something in a namespace names: NAME or NAMESPACE/NAME; None for `none` and where nothing is named."""
    if written in ("", NO_WAYPOINT):
        return None
    place, slash, name = written.rpartition("/")
    return Waypoint(place or namespace, name, not slash)


def waypoint_of(service: Service, context: RenderContext) -> Waypoint | None:
    """The waypoint of a service: its own, else that of its namespace."""
    if service.mesh.inject not in _MODES:
        return None
    return waypoint(service.namespace, service.mesh.waypoint or context.waypoints.get(service.namespace, ""))


def waypoint_labels(service: Service, context: RenderContext) -> dict[str, str]:
    """What the Service (or ServiceEntry) says about its waypoint: nothing where the rendered Namespace says it already."""
    if service.mesh.inject not in _MODES and not service.external:
        return {}
    written = service.mesh.waypoint
    if not written and not service.external and service.namespace not in context.rendered_namespaces:
        written = context.waypoints.get(service.namespace, "")
    return labels_for(service.namespace, written)


def labels_for(namespace: str, written: str) -> dict[str, str]:
    """The labels of an object in a namespace that uses the waypoint that is written; none where nothing is."""
    found = waypoint(namespace, written)
    if found is None:
        return {USE_WAYPOINT: NO_WAYPOINT} if written == NO_WAYPOINT else {}
    elsewhere = {USE_WAYPOINT_NAMESPACE: found.namespace} if found.namespace != namespace else {}
    return {USE_WAYPOINT: found.name, **elsewhere}


def rendered_waypoints(
    neighbours: Mapping[str, Neighbour], namespaces: Mapping[str, Namespace]
) -> Iterator[dict[str, Any]]:
    """The Gateways of the waypoints that the services of a cluster use and that nobody else has made, by namespace and name."""
    users: dict[tuple[str, str], set[str]] = {}
    own: set[tuple[str, str]] = set()
    for namespace, written in _used(neighbours, namespaces):
        found = waypoint(namespace, written)
        if found is not None:
            users.setdefault((found.namespace, found.name), set()).add(namespace)
            if found.own:
                own.add((found.namespace, found.name))
    for namespace, name in sorted(own):
        yield _gateway(namespace, name, users[namespace, name] - {namespace})


def _used(neighbours: Mapping[str, Neighbour], namespaces: Mapping[str, Namespace]) -> Iterator[tuple[str, str]]:
    """Each namespace with a waypoint that a service of it uses, as it is written."""
    for key, neighbour in neighbours.items():
        namespace = key.partition("/")[0]
        declared = namespaces.get(namespace)
        if neighbour.waypoint:
            yield namespace, neighbour.waypoint
        elif neighbour.inject in _MODES and declared is not None:
            yield namespace, declared.waypoint


def all_ambient(namespace: str, neighbours: Mapping[str, Neighbour]) -> bool:
    """Whether all pods that are rendered into a namespace are in ambient mode: then the Namespace says so too."""
    ways = {each.inject for key, each in neighbours.items() if key.partition("/")[0] == namespace and each.inject}
    return ways == {"ambient"}


def _gateway(namespace: str, name: str, others: Iterable[str]) -> dict[str, Any]:
    """The Gateway of a waypoint; `others` are the namespaces that use it beside its own."""
    listener: dict[str, Any] = {"name": "mesh", "port": HBONE_PORT, "protocol": "HBONE"}
    if others:
        asked = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": sorted((namespace, *others))}
        listener["allowedRoutes"] = {"namespaces": {"from": "Selector", "selector": {"matchExpressions": [asked]}}}
    return {
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {"app.kubernetes.io/managed-by": "sailwright", WAYPOINT_FOR: "service"},
        },
        "gatewayClassName": WAYPOINT_CLASS,
        "listeners": [listener],
    }
