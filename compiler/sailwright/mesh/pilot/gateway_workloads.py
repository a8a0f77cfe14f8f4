"""The workload that serves a Gateway, and the Service in front of it."""

from __future__ import annotations

from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.pilot.gateway_api.listeners import NAME_LABEL
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.source.untyped import labels, mapping


def gateway_workload(push_context: PushContext, name: str) -> Caller:
    """The proxy that serves the Gateway `name`: the workload that its selector finds, in whatever namespace.

    Of several the one of the Gateway's own namespace counts. Where the input holds none it is a workload of that namespace
    with just the labels that the Gateway selects. For a Kubernetes Gateway istiod deploys one that carries its name.
    """
    namespace, _, short = name.partition("/")
    if name not in push_context.gateways:
        return Caller(namespace, ((NAME_LABEL, short),), name)
    selector = labels(push_context.gateways[name].spec.get("selector"))
    found = [
        workload for workload in push_context.workloads if selector and selector.items() <= workload.labels.items()
    ]
    chosen = min(found, key=lambda workload: workload.namespace != namespace, default=None)
    if chosen is None:
        return Caller(namespace, tuple(sorted(selector.items())), name)
    return Caller(chosen.namespace, tuple(sorted(chosen.labels.items())), name)


def target_port(push_context: PushContext, caller: Caller, number: int) -> int:
    """The port at the pod for a port of a Gateway's server, or of a client: what the Service in front maps it to, else itself."""
    for service in push_context.services:
        if service.kubernetes and service.namespace == caller.namespace and _selects(service, caller):
            for port in service.manifest.spec.get("ports") or ():
                if port.get("port") == number and port.get("protocol") in (None, "TCP"):
                    return _number(push_context, caller, port.get("targetPort") or number, number)
    return number


def _selects(service: Service, caller: Caller) -> bool:
    selector = labels(mapping(service.manifest.spec.get("selector")))
    return bool(selector) and selector.items() <= caller.label_map.items()


def _number(push_context: PushContext, caller: Caller, target: object, number: int) -> int:
    """A target port as a number; a name is looked up at the workload's containers."""
    if isinstance(target, int):
        return target
    if isinstance(target, str):
        owner = next((found for found in push_context.workloads if _is(found, caller)), None)
        return (owner.port_number(target) if owner else None) or number
    return number


def _is(workload: Workload, caller: Caller) -> bool:
    return workload.namespace == caller.namespace and workload.labels == caller.label_map
