"""The routes of the Gateway API that concern a request, and what their controller says of them: why did my route not apply?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sailwright.mesh.pilot.gateway_api.listener_conditions import ListenerStatus, listener_statuses
from sailwright.mesh.pilot.gateway_api.listeners import owner_of
from sailwright.mesh.queries.push_context import gateway_api_statuses
from sailwright.mesh.values.hosts import overlap
from sailwright.route.request import Request, without_port
from sailwright.route.wording import line, place
from sailwright.source.untyped import texts

if TYPE_CHECKING:
    from sailwright.mesh.pilot.gateway_api.conditions import Condition, ParentStatus, RouteStatus
    from sailwright.mesh.pilot.sidecar_scope import Caller
    from sailwright.route.simulator import Simulator
    from sailwright.source.manifest import Manifest


def concerning(simulator: Simulator, caller: Caller, request: Request) -> tuple[tuple[RouteStatus, ParentStatus], ...]:
    """The routes that are about a request, each with the parent that makes it so.

    At a gateway those that name it, for a host that the request may mean; in the mesh those of the Service that is asked for. A route
    whose parent is not there concerns everybody who asks for one of its hosts.
    """
    return tuple(
        (status, parent)
        for status in _statuses(simulator)
        for parent in status.parents
        if _concerns(simulator, caller, request, status, parent)
    )


def _concerns(
    simulator: Simulator, caller: Caller, request: Request, status: RouteStatus, parent: ParentStatus
) -> bool:
    name = without_port(request.authority).lower()
    hosts = [host.lower() for host in texts(status.route.spec.get("hostnames"))]
    if parent.kind == "Service":
        return not caller.gateway and _is_asked_for(simulator, caller, parent, name)
    if any(overlap(host, name) for host in hosts):
        return not caller.gateway or bool(parent.unmet or parent.unanswered) or _names(caller, parent)
    return bool(caller.gateway) and not hosts and _names(caller, parent)


def _names(caller: Caller, parent: ParentStatus) -> bool:
    return owner_of(caller.gateway or "") == f"{parent.namespace}/{parent.name}"


def _is_asked_for(simulator: Simulator, caller: Caller, parent: ParentStatus, name: str) -> bool:
    """Whether a host that a caller asks for is that of a parent Service."""
    domain = simulator.push_context.domain
    full = f"{parent.name}.{parent.namespace}.svc.{domain}"
    short = [parent.name] if caller.namespace == parent.namespace else []
    addresses = (address for service in simulator.push_context.by_host(full) for address in service.addresses)
    return name in {
        full,
        f"{parent.name}.{parent.namespace}",
        f"{parent.name}.{parent.namespace}.svc",
        *short,
        *addresses,
    }


def _statuses(simulator: Simulator) -> tuple[RouteStatus, ...]:
    return tuple(simulator.index.derived(gateway_api_statuses).values())


def _listeners(simulator: Simulator) -> list[ListenerStatus]:
    gateways = simulator.push_context.kubernetes_gateways
    return listener_statuses(simulator.index.manifests, gateways, _statuses(simulator))


def condition_lines(simulator: Simulator, caller: Caller, request: Request) -> Iterator[str]:
    """The routes that concern a request and are not in force as they are written, and the listeners of its gateway that are not."""
    for status, parent in concerning(simulator, caller, request):
        title = f"{status.route.kind} {status.route.namespace or 'default'}/{status.route.name}"
        for condition in parent.unmet:
            yield line("route", f"{title} ({place(status.route, condition.path or parent.path)})")
            yield line("", f"{condition.type} is False at {parent.title}, {condition.reason}: {condition.message}")
        if parent.unanswered:
            yield line("route", f"{title} ({place(status.route, parent.path)})")
            yield line("", f"no status for {parent.title}: {parent.unanswered}")
    for listener in _listeners(simulator) if caller.gateway else ():
        if _key(listener.gateway) == owner_of(caller.gateway or ""):
            for condition in listener.unmet:
                yield line("listener", f"{listener.section} ({place(listener.gateway, condition.path)})")
                yield line("", f"{condition.type} is False, {condition.reason}: {condition.message}")


def _key(manifest: Manifest) -> str:
    return f"{manifest.namespace or 'default'}/{manifest.name}"


def condition_data(simulator: Simulator, sent: Iterable[tuple[Caller, Request]]) -> dict[str, list[dict[str, Any]]]:
    """The statuses of the routes that concern any of these requests, and of the listeners of the gateways that are asked."""
    found: dict[int, RouteStatus] = {}
    gateways = set()
    for caller, request in sent:
        found |= {id(status.route): status for status, _ in concerning(simulator, caller, request)}
        gateways |= {owner_of(caller.gateway)} if caller.gateway else set()
    listeners = [each for each in _listeners(simulator) if _key(each.gateway) in gateways] if gateways else []
    return {
        "routes": [_route(status) for status in _statuses(simulator) if id(status.route) in found],
        "listeners": [
            {
                "gateway": _key(each.gateway),
                "name": each.section,
                "attachedRoutes": each.routes,
                "conditions": [_condition(each.gateway, condition) for condition in each.conditions],
            }
            for each in listeners
        ],
    }


def _route(status: RouteStatus) -> dict[str, Any]:
    route = status.route
    return {
        "kind": route.kind,
        "namespace": route.namespace or "default",
        "name": route.name,
        "location": place(route),
        "parents": [_parent(route, parent) for parent in status.parents],
    }


def _parent(route: Manifest, parent: ParentStatus) -> dict[str, Any]:
    named = {"sectionName": parent.section, "port": parent.port, "unanswered": parent.unanswered}
    return {
        "kind": parent.kind,
        "namespace": parent.namespace,
        "name": parent.name,
        **{key: value for key, value in named.items() if value},
        "conditions": [_condition(route, condition) for condition in parent.conditions],
    }


def _condition(manifest: Manifest, condition: Condition) -> dict[str, Any]:
    found = {
        "type": condition.type,
        "status": "True" if condition.status else "False",
        "reason": condition.reason,
    }
    if not condition.status:
        found |= {"message": condition.message, "location": place(manifest, condition.path)}
    return found
