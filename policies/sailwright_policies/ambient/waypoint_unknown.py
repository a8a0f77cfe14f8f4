"""A waypoint that does not exist, or does not take such calls, is bypassed: its policies and routes do not apply.

Until the Gateway exists, calls go to the service without a waypoint; only a status condition shows it. A waypoint takes calls to
services (`istio.io/waypoint-for: service`, the default, or `all`), and serves other namespaces only where `allowedRoutes` of its
listener admits them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.suggestions import did_you_mean, is_near
from sailwright.lint.kinds import EACH_WORKLOAD, NAMESPACE, SERVICE, SERVICE_ENTRY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.namespaces import Namespace
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.queries.waypoints import Waypoint, admits, is_waypoint, named_waypoint
from sailwright.mesh.values import kinds
from sailwright.mesh.values.ambient import USE_WAYPOINT, USE_WAYPOINT_NAMESPACE, WAYPOINT_FOR
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import labels, text

ID = "waypoint-unknown"
KIND = NAMESPACE | SERVICE | SERVICE_ENTRY | EACH_WORKLOAD
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA1313",)

_CLASSES = frozenset(("", "istio", "istio-remote", "istio-east-west"))
"""The classes of Istio's own whose Gateways are no waypoints."""
_WAYPOINT = """---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
"""
_NAMESPACE = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: waypiont  # finding
"""
BAD = (
    _NAMESPACE + _WAYPOINT,
    _NAMESPACE.replace("waypiont", "waypoint") + _WAYPOINT.replace("istio-waypoint", "istio").replace("HBONE", "HTTP"),
    _NAMESPACE.replace("waypiont", "waypoint") + _WAYPOINT.replace("shop}", "shop, labels: {istio.io/waypoint-for: workload}}"),
)  # fmt: skip
GOOD = _NAMESPACE.replace("waypiont  # finding", "waypoint") + _WAYPOINT


def check(subject: Namespace | Service | Workload, mesh: World) -> Iterator[Problem]:
    """The labels of Namespaces, Services, ServiceEntries and pods that name a waypoint."""
    index = mesh.index
    manifest, namespace = subject.manifest, subject.name if isinstance(subject, Namespace) else subject.namespace
    own = subject.labels if isinstance(subject, Workload) else labels(manifest.labels if manifest is not None else {})
    found = named_waypoint(index, own or {}, namespace)
    if manifest is None or found is None or (isinstance(subject, Namespace) and USE_WAYPOINT not in manifest.labels):
        return
    place: Path = ("metadata", "labels", USE_WAYPOINT)
    path = subject.path(*place) if isinstance(subject, Workload) else place
    if found.manifest is None:
        yield _nowhere(index, manifest, path, found)
        return
    why = _unfit(mesh, found.manifest, namespace, "pods" if isinstance(subject, Workload) else "services")
    if why:
        related = ((found.manifest, ("metadata", "name"), "the Gateway"),)
        yield Problem(manifest, path, f"Gateway {found.title} {why[0]}", why[1], related=related)


def _nowhere(index: Index, manifest: Manifest, path: Path, named: Waypoint) -> Problem:
    """A waypoint that no file has: whether one in the same namespace was meant, or the one of this name in another."""
    places = [(index.namespace_of(each), each.name) for each in index.of(kinds.KUBERNETES_GATEWAY) if is_waypoint(each)]
    message = f"there is no waypoint {named.title}"
    spaces = [space for space, name in places if name == named.name and is_near(space, named.namespace)]
    if spaces and USE_WAYPOINT_NAMESPACE in labels(manifest.labels):
        path = (*path[:-1], USE_WAYPOINT_NAMESPACE)
        absent = no_object(kinds.KUBERNETES_GATEWAY, named.namespace, named.name, [named.name])
        return Problem(manifest, path, message, f"did you mean `{spaces[0]}`?", absent=absent)
    names = [name for space, name in places if space == named.namespace]
    remedy = did_you_mean(named.name, names, "correct the name, or add the Gateway of the waypoint")
    absent = no_object(kinds.KUBERNETES_GATEWAY, named.namespace, named.name, names)
    return Problem(manifest, path, message, remedy, absent=absent)


def _unfit(mesh: World, gateway: Manifest, namespace: str, callees: str) -> tuple[str, str] | None:
    """Why a Gateway takes no calls to the services or pods of a namespace, and what to do."""
    if not is_waypoint(gateway) and text(gateway.spec.get("gatewayClassName")) not in _CLASSES:
        return None  # the controller of another class may run waypoints too
    if not is_waypoint(gateway):
        return "is not a waypoint", "set its gatewayClassName to istio-waypoint, or name a waypoint"
    kind = labels(gateway.labels).get(WAYPOINT_FOR, "service")
    wanted = "workload" if callees == "pods" else "service"
    if kind not in (wanted, "all"):
        remedy = f"set istio.io/waypoint-for to {wanted} or all"
        return f"takes no calls to {callees} (istio.io/waypoint-for: {kind})", remedy
    if not admits(mesh.index, gateway, namespace):
        return (
            f"does not admit namespace {namespace}",
            "set allowedRoutes.namespaces of its listener (from: All, or a selector)",
        )
    return None
