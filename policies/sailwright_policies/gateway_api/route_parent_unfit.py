"""A route is not accepted if its parent is of a kind that takes no routes, or is a Service without the port it names.

A reference to a Service needs `group: ""`: the default is the group of the Gateway API, which has no Services. A waypoint takes the routes
of the Services that use it, and none for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import GATEWAY_API_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.queries.absence import host_absence_known, no_host
from sailwright.mesh.values import kinds
from sailwright.mesh.values.ambient import WAYPOINT_CLASS
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "route-parent-unfit"
KIND = GATEWAY_API_ROUTE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

GROUP: Final = "gateway.networking.k8s.io"
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Gateway": (GROUP,),
    "Service": ("", "core"),
    "ServiceEntry": ("networking.istio.io",),
    "XListenerSet": ("gateway.networking.x-k8s.io",),
    "ListenerSet": (GROUP,),
}
"""The kinds that take routes, and their API groups."""

_ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs:
    - PARENT
  rules: [{backendRefs: [{name: front, port: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: shop}
spec: {selector: {app: front}, ports: [{name: http, port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: web, port: 80, protocol: HTTP}]}
"""
BAD = (
    _ROUTE.replace("PARENT", "kind: Service  # finding\n      name: front"),
    _ROUTE.replace("PARENT", 'group: ""\n      kind: Service\n      name: front\n      port: 8080  # finding'),
    _ROUTE.replace("PARENT", 'group: ""\n      kind: Service\n      name: fornt  # finding'),
    _ROUTE.replace("PARENT", "name: public  # finding").replace(
        "gatewayClassName: istio,", "gatewayClassName: istio-waypoint,"
    ),
)
GOOD = (
    _ROUTE.replace("PARENT", '{group: "", kind: Service, name: front, port: 80}'),
    _ROUTE.replace("PARENT", "{name: public}"),
)


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """The kind and group of each parent, and the ports of Services."""
    own = mesh.index.namespace_of(route)
    for path, parent in entries(route.spec.get("parentRefs"), ("spec", "parentRefs")):
        kind, group = text(parent.get("kind")) or "Gateway", parent.get("group", GROUP)
        if _is_of_others(str(group)):
            continue
        if kind not in GROUPS or group not in GROUPS[kind]:
            key = "kind" if "kind" in parent else "group" if "group" in parent else "name"
            yield _of_no_kind(route, (*path, key), kind, str(group))
            continue
        namespace = text(parent.get("namespace")) or own
        if kind == "Service":
            yield from _at_service(route, path, parent, namespace, mesh.index)
        elif kind == "Gateway":
            yield from _at_waypoint(route, path, text(parent.get("name")), namespace, mesh.index)


def _is_of_others(group: str) -> bool:
    """Whether a parent is of a group that another implementation may know: none of Kubernetes' own (`apps`), and no slip for one of ours."""
    from difflib import get_close_matches

    if "." not in group:
        return False
    known = {each for groups in GROUPS.values() for each in groups}
    return group not in known and not get_close_matches(group, known, 1, _ALIKE)


_ALIKE = 0.9


def _of_no_kind(route: Manifest, path: Path, kind: str, group: str) -> Problem:
    if kind not in GROUPS:
        remedy = did_you_mean(kind, GROUPS, "name a Gateway or a Service")
        return Problem(route, path, f"a {kind} takes no routes: this parent is not accepted", remedy)
    wanted = GROUPS[kind][0] or '""'
    return Problem(route, path, f"there is no {kind} in the group {group or chr(34) * 2}", f"write `group: {wanted}`")


def _at_service(
    route: Manifest, path: Path, parent: Mapping[str, Any], namespace: str, index: Index
) -> Iterator[Problem]:
    name, port = text(parent.get("name")), parent.get("port")
    host = service_host(name, namespace, index.domain)
    service = index.registry.service(host)
    if service is None:
        if host_absence_known(index, host, namespace):
            names = [each.name for each in index.services if each.namespace == namespace]
            remedy = did_you_mean(name, names, "correct the name")
            message = f"there is no Service {name} in namespace {namespace}"
            yield Problem(route, (*path, "name"), message, remedy, absent=no_host(host, meant=True))
    elif isinstance(port, int) and service.ports and service.port(port) is None:
        known = ", ".join(str(each.number) for each in service.ports)
        message = f"Service {namespace}/{name} has no port {port}: this parent is not accepted"
        yield Problem(route, (*path, "port"), message, f"name one of its ports ({known}), or leave `port` out")


def _at_waypoint(route: Manifest, path: Path, name: str, namespace: str, index: Index) -> Iterator[Problem]:
    """A Gateway of the class of waypoints: istiod makes no routes of its listener (`disableRouteGeneration`)."""
    gateway = index.find(kinds.KUBERNETES_GATEWAY, namespace, name)
    if gateway is not None and text(gateway.spec.get("gatewayClassName")) == WAYPOINT_CLASS:
        message = f"the waypoint {namespace}/{name} takes the routes of Services, none for itself: this parent is not accepted"
        remedy = 'name the Services that use it: `{group: "", kind: Service, name: SERVICE}`'
        yield Problem(route, (*path, "name"), message, remedy)
