"""Waypoints: which one takes the calls to a service, and the policies that it enforces.

The label of a Service (or ServiceEntry) goes before that of its namespace; `none` is no waypoint. Sources: istio.io, Ambient,
"Configure waypoint proxies"; Istio `pilot/pkg/serviceregistry/kube/controller/ambient/{waypoints,services}.go`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sailwright.mesh.objects.selectors import label_selector_selects, match_labels
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.peers import Peer, trust_domains
from sailwright.mesh.queries.pod_proxies import in_ambient_mode
from sailwright.mesh.values import kinds
from sailwright.mesh.values.ambient import (
    INGRESS_USE_WAYPOINT,
    NO_WAYPOINT,
    USE_WAYPOINT,
    USE_WAYPOINT_NAMESPACE,
    WAYPOINT_CLASS,
    WAYPOINT_FOR,
)
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, labels, mapping, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

TAKES_SERVICES = ("service", "all")
HBONE = "HBONE"
EAST_WEST = "istio-east-west"


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A waypoint by name. `manifest` is its Gateway; None where no file has it."""

    namespace: str
    name: str
    manifest: Manifest | None = None

    @property
    def title(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class UsedWaypoint:
    """A waypoint that an object names: the object (None for a namespace of sailwright.yaml) and its label."""

    waypoint: Waypoint
    manifest: Manifest | None


def is_waypoint(gateway: Manifest) -> bool:
    """Whether a Kubernetes Gateway is a waypoint: by its class, or by a listener for HBONE of another class of Istio's."""
    of_class = text(gateway.spec.get("gatewayClassName"))
    if of_class in (WAYPOINT_CLASS, EAST_WEST):
        return of_class == WAYPOINT_CLASS
    return any(listener.get("protocol") == HBONE for _, listener in entries(gateway.spec.get("listeners"), ()))


def named_waypoint(index: Index, own: Mapping[str, str], namespace: str) -> Waypoint | None:
    """The waypoint that the labels of an object in a namespace name; None where they name none."""
    name = own.get(USE_WAYPOINT, "")
    if name in ("", NO_WAYPOINT):
        return None
    place = own.get(USE_WAYPOINT_NAMESPACE) or namespace
    return Waypoint(place, name, index.find(kinds.KUBERNETES_GATEWAY, place, name))


def used_waypoint(index: Index, service: Service) -> UsedWaypoint | None:
    """The waypoint that a service names itself or by its namespace, whether or not it takes its calls."""
    own = labels(service.manifest.labels)
    if own.get(USE_WAYPOINT):
        found = named_waypoint(index, own, service.namespace)
        return UsedWaypoint(found, service.manifest) if found else None
    namespace = index.namespace(service.namespace)
    found = named_waypoint(index, namespace.labels or {}, service.namespace)
    return UsedWaypoint(found, namespace.manifest) if found else None


def waypoint_of(index: Index, service: Service) -> Waypoint | None:
    """The waypoint that takes the calls of ambient callers to a service. One that no file has counts: it may be in the cluster.

    Callers of a headless Service dial its pods, and no waypoint for services is on that way.
    """
    used = used_waypoint(index, service)
    if used is None or service.is_external_name or service.is_headless:
        return None
    gateway = used.waypoint.manifest
    return used.waypoint if gateway is None or takes_service(index, gateway, service.namespace) else None


def takes_service(index: Index, gateway: Manifest, namespace: str) -> bool:
    """Whether a Gateway is a waypoint that takes calls to the services of a namespace."""
    kind = labels(gateway.labels).get(WAYPOINT_FOR, TAKES_SERVICES[0])
    return is_waypoint(gateway) and kind in TAKES_SERVICES and admits(index, gateway, namespace)


def admits(index: Index, gateway: Manifest, namespace: str) -> bool:
    """Whether a waypoint may be used from a namespace: by the `allowedRoutes` of its listener, else from its own alone."""
    listeners = [listener for _, listener in entries(gateway.spec.get("listeners"), ())]
    return any(_open_to(index, gateway, listener, namespace) for listener in listeners or [{}])


def _open_to(index: Index, gateway: Manifest, listener: Mapping[str, Any], namespace: str) -> bool:
    allowed = mapping(get(listener, "allowedRoutes", "namespaces"))
    match allowed.get("from", "Same"):
        case "Same":
            return index.namespace_of(gateway) == namespace
        case "Selector":
            known = index.namespace(namespace)
            own = {"kubernetes.io/metadata.name": namespace, **(known.labels or {})}
            return not known.declared or label_selector_selects(allowed.get("selector"), own)
    return allowed.get("from") != "None"


def no_waypoint(index: Index, service: Service) -> bool:
    """Whether a service surely has no waypoint: it and its namespace, whose labels are known, name none.

    One that is named and does not take its calls is a fault of the label or of the waypoint.
    """
    if service.is_headless or used_waypoint(index, service) is not None:
        return False
    return bool(labels(service.manifest.labels).get(USE_WAYPOINT)) or index.namespace(service.namespace).declared


def ingress_uses_waypoint(index: Index, service: Service) -> bool:
    """Whether gateways send the calls to a service through its waypoint: by its own label, else by that of its namespace."""
    own = labels(service.manifest.labels).get(INGRESS_USE_WAYPOINT)
    said = own if own is not None else (index.namespace(service.namespace).labels or {}).get(INGRESS_USE_WAYPOINT)
    return said is not None and said.lower() == "true"


def identity(index: Index, waypoint: Waypoint) -> Peer:
    """Who a waypoint is to ztunnel: its service account has the name of its Gateway."""
    return Peer(waypoint.namespace, waypoint.name, trust_domains(index))


def at_waypoint(index: Index, kind: str, waypoint: Waypoint, service: Service) -> list[Manifest]:
    """The policies of a kind that a waypoint enforces on calls to a service: those whose `targetRefs` name it or the service.

    In the root namespace they may name the class of waypoints.
    """
    attached = index.derived(_attached)
    places = (
        ("GatewayClass", index.mesh.root_namespace, WAYPOINT_CLASS),
        ("Gateway", waypoint.namespace, waypoint.name),
        (service.manifest.kind, service.namespace, service.manifest.name),
    )
    found = {id(policy): policy for place in places for policy in attached.get((kind, *place), ())}
    return list(found.values())


def _attached(index: Index) -> Mapping[tuple[str, str, str, str], list[Manifest]]:
    """The policies with `targetRefs` by their kind, and by the kind, namespace and name of what they are attached to."""
    found: dict[tuple[str, str, str, str], list[Manifest]] = {}
    for kind in (kinds.AUTHORIZATION_POLICY, kinds.REQUEST_AUTHENTICATION):
        for policy in index.of(kind):
            for reference in target_references(policy):
                place = (text(reference.get("kind")), index.namespace_of(policy), text(reference.get("name")))
                found.setdefault((kind, *place), []).append(policy)
    return found


def served_by(index: Index, waypoint: tuple[str, str]) -> Sequence[Service]:
    """The services whose calls a waypoint takes, by its namespace and name."""
    return index.derived(_served).get(waypoint, ())


def _served(index: Index) -> Mapping[tuple[str, str], list[Service]]:
    found: dict[tuple[str, str], list[Service]] = {}
    for service in (*index.services, *index.service_entries):
        waypoint = waypoint_of(index, service)
        if waypoint is not None:
            found.setdefault((waypoint.namespace, waypoint.name), []).append(service)
    return found


def target_references(policy: Manifest) -> Sequence[Mapping[str, Any]]:
    """What a policy is attached to, by `targetRefs` or the older `targetRef`."""
    several = [found for _, found in entries(policy.spec.get("targetRefs"), ())]
    one = policy.spec.get("targetRef")
    return several or ([one] if isinstance(one, dict) else [])


def at_ztunnel_alone(index: Index, service: Service) -> bool:
    """Whether callers in ambient mode surely reach a service through ztunnel alone: its pods are in ambient mode, without a waypoint."""
    pods = index.backends(service)
    return bool(pods) and all(in_ambient_mode(index, each) for each in pods) and no_waypoint(index, service)


def may_have_ambient_callers(index: Index, service: Service) -> bool:
    """Whether callers in ambient mode are possible: some other workload is or may be one, or none other is known."""
    own = {id(each) for each in index.backends(service)}
    return len(own) == len(index.workloads) or not index.derived(_possible_callers) <= own


def guarded_pods(index: Index, policy: Manifest) -> tuple[Workload, ...]:
    """The pods in ambient mode that a policy without `targetRefs` is for."""
    namespace, selector = index.namespace_of(policy), match_labels(policy)
    everywhere = namespace == index.mesh.root_namespace
    found = index.selected(selector, None if everywhere else namespace)
    return tuple(each for each in found if in_ambient_mode(index, each) and not each.is_gateway)


def _possible_callers(index: Index) -> frozenset[int]:
    """The workloads that are or may be in ambient mode."""
    return frozenset(id(each) for each in index.workloads if in_ambient_mode(index, each) is not False)
