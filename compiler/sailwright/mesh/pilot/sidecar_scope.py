"""What one caller sees of the mesh: egress listeners, services, VirtualServices and clusters.

Source: Istio `pilot/pkg/model/sidecar.go` (no Sidecar is the same as one that imports `*/*`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.mesh.pilot.destination_rules import DestinationRule
from sailwright.mesh.pilot.egress_listeners import Listener, listener_of, with_virtual_services
from sailwright.mesh.pilot.imported_services import add, imported
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.service_registry import Service
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

ALLOW_ANY = "ALLOW_ANY"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends the request: a workload of `namespace` with `labels`, or the Gateway `gateway` (`namespace/name`).

    `plain` says why its pods have no proxy; it is empty where they have one, or where nobody knows. `ambient` says why ztunnel takes
    its calls. The proxy of a waypoint is a caller too: `serves` is then the namespace of the service it takes calls to.
    """

    namespace: str
    labels: tuple[tuple[str, str], ...] = ()
    gateway: str | None = None
    plain: str = ""
    ambient: str = ""
    serves: str = ""

    @property
    def proxied(self) -> bool:
        """Whether a proxy of its own routes its requests: a sidecar, a gateway's or a waypoint's."""
        return not self.plain and not self.ambient

    @property
    def label_map(self) -> dict[str, str]:
        """The labels as a mapping."""
        return dict(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The mesh as one caller sees it. `services` are those it has clusters for, by host."""

    caller: Caller
    sidecar: Manifest | None
    listeners: tuple[Listener, ...]
    services: Mapping[str, Service]
    allow_any: bool
    egress_proxy: Mapping[str, Any] | None
    push_context: PushContext
    directories: dict[Listener, dict[str, list[Service]]] = field(default_factory=dict)
    """The services of a listener by every name and address a client may dial, filled in when first asked for."""
    derived: dict[tuple[str, int], Any] = field(default_factory=dict)
    """What else was worked out for a port, by what it is; filled in when first asked for."""
    _rules: dict[str, DestinationRule | None] = field(default_factory=dict)

    def listener(self, port: int) -> Listener | None:
        """The egress listener that takes connections to `port`."""
        for listener in self.listeners:
            if listener.port is None or listener.port == port:
                return listener
        return None

    def destination_rule(self, service: Service) -> DestinationRule | None:
        """The DestinationRule this caller applies to a service."""
        if service.host not in self._rules:
            self._rules[service.host] = self.push_context.destination_rules.of(
                service.host, service.namespace, self.caller.namespace, self.caller.label_map
            )
        return self._rules[service.host]

    def knows(self, host: str, port: int, subset: str) -> bool:
        """Whether this caller has a cluster for the destination; without one Envoy answers 503."""
        service = self.services.get(host)
        found = service.port(port) if service else None
        if service is None or found is None or found.protocol.is_udp or service.alias_of:
            return False
        if not subset:
            return True
        rule = self.destination_rule(service)
        definition = rule.subsets.get(subset) if rule else None
        if definition is None:
            return False
        wanted = (definition.get("labels") or {}).items()
        endpoints = service.endpoint_labels
        return endpoints is None or any(wanted <= labels.items() for labels in endpoints)


def scope_of(push_context: PushContext, caller: Caller) -> Scope:
    """The scope of a sidecar in the caller's namespace with the caller's labels."""
    return scope_under(push_context, caller, sidecar_of(push_context, caller))


def scope_under(push_context: PushContext, caller: Caller, sidecar: Manifest | None) -> Scope:
    """The scope of a caller that this Sidecar narrows, or none."""
    listeners = listeners_of(push_context, caller.namespace, sidecar)
    policy = sidecar.spec.get("outboundTrafficPolicy") if sidecar else None
    if policy is None:
        policy = push_context.outbound_policy
    return Scope(
        caller=caller,
        sidecar=sidecar,
        listeners=listeners,
        services=imported(push_context, caller.namespace, listeners),
        allow_any=policy.get("mode") == ALLOW_ANY,
        egress_proxy=policy.get("egressProxy"),
        push_context=push_context,
    )


def listeners_of(push_context: PushContext, namespace: str, sidecar: Manifest | None) -> tuple[Listener, ...]:
    """The egress listeners of the callers of a namespace that this Sidecar narrows, or none."""
    entries = (sidecar.spec.get("egress") if sidecar else None) or ({"hosts": ["*/*"]},)
    return tuple(listener_of(push_context, namespace, entry) for entry in entries)


def gateway_scope(push_context: PushContext, caller: Caller) -> Scope:
    """The scope of a gateway: it sees all that is exported to its namespace, and no Sidecar narrows it."""
    services: dict[str, Service] = {}
    for service in push_context.visible_services(caller.namespace):
        add(services, service)
    return Scope(caller, None, (), services, allow_any=False, egress_proxy=None, push_context=push_context)


def waypoint_scope(push_context: PushContext, caller: Caller) -> Scope:
    """The scope of a waypoint: no Sidecar narrows it, and VirtualServices are those of its own namespace and of the service's.

    Source: Istio `pilot/pkg/networking/core/listener_waypoint.go`.
    """
    listener = listener_of(push_context, caller.namespace, {"hosts": ["*/*"]})
    routes = tuple(each for each in listener.virtual_services if each.namespace in (caller.namespace, caller.serves))
    listener = with_virtual_services(listener, routes)
    services = imported(push_context, caller.namespace, (listener,))
    return Scope(caller, None, (listener,), services, allow_any=False, egress_proxy=None, push_context=push_context)


def sidecar_of(push_context: PushContext, caller: Caller) -> Manifest | None:
    """The Sidecar of the namespace that selects the workload, else the one for all of it, else the root namespace's."""
    labels = caller.label_map
    general: list[Manifest] = []
    for sidecar in push_context.sidecars_in(caller.namespace):
        selector = sidecar.spec.get("workloadSelector")
        if selector is None:
            general.append(sidecar)
        elif (selector.get("labels") or {}).items() <= labels.items():
            return sidecar
    root = push_context.sidecars_in(push_context.root_namespace)
    general += (sidecar for sidecar in root if sidecar.spec.get("workloadSelector") is None)
    return next(iter(general), None)
