"""Where requests of a caller in ambient mode go: ztunnel takes them to any pod, or to the waypoint of the service.

Without a waypoint no VirtualService, DestinationRule, HTTPRoute, timeout or retry has a say, and the policies are those that ztunnel
enforces. With one, the waypoint routes the request and asks the policies that are attached to it or to the service; ztunnel at the pod
then sees the waypoint's identity. Sources: istio.io, Ambient, "Use Layer 7 features"; Istio `architecture/ambient/ztunnel.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.client_tls import HBONE, ClientTls
from sailwright.mesh.queries.inbound import reception, through_waypoint
from sailwright.mesh.queries.peers import Peer
from sailwright.mesh.queries.policy_matches import Call
from sailwright.mesh.queries.receptions import Doubt, Refusal
from sailwright.mesh.queries.waypoints import Waypoint, waypoint_of
from sailwright.route.callees import call_of, sentence, status_of, title
from sailwright.route.envoy.actions import PASSTHROUGH, REFUSED
from sailwright.route.envoy.answers import Answer
from sailwright.route.plain_callers import Dialled, any_pod, at_dialled, dialled, without_pods
from sailwright.route.request import HTTP, HTTPS, Request
from sailwright.runtime.records import dataclass, replace

ZTUNNEL: Final = ClientTls(HBONE)


@dataclass(frozen=True, slots=True)
class AmbientCall:
    """A request of a caller in ambient mode, and who the caller may be. `routed` is what a waypoint does with a request."""

    index: Index
    push_context: PushContext
    caller: Caller
    request: Request
    normalization: str
    peers: Sequence[Peer]
    routed: Callable[[Waypoint, Service, Request], Answer]


def ambient_answer(asked: AmbientCall) -> Answer:
    """What happens to a request of a caller in ambient mode."""
    index, push_context, request = asked.index, asked.push_context, asked.request
    passed = on_the_way(index, push_context, asked.caller, request)
    if passed is not None:
        return at_waypoint(asked, *passed)
    if _outside(index, push_context, request) is not None:
        return {"kind": PASSTHROUGH, "reason": f"{request.target} is outside of the cluster: ztunnel lets it pass"}
    found = dialled(index, push_context, asked.caller, request)
    if not isinstance(found, Dialled):
        return found
    call = call_of(index, request, asked.normalization)
    receptions = [
        reception(index, workload, at_dialled(call, found.service, workload, request), asked.peers, ZTUNNEL)
        for workload in found.running
    ]
    return without_pods(index, found) or any_pod(index, found, receptions, request, "", picks="ztunnel")


def on_the_way(
    index: Index, push_context: PushContext, caller: Caller, request: Request
) -> tuple[Waypoint, Service] | None:
    """The waypoint that a request of an ambient caller passes, and the service that it is for; None where it passes none."""
    service = _outside(index, push_context, request)
    if service is None:
        found = dialled(index, push_context, caller, request)
        service = found.service if isinstance(found, Dialled) else None
    waypoint = waypoint_of(index, service) if service is not None else None
    return (waypoint, service) if waypoint is not None and service is not None else None


def at_waypoint(asked: AmbientCall, waypoint: Waypoint, service: Service) -> Answer:
    """What a waypoint makes of a request: its policies first, then its routes."""
    request = asked.request
    call = waypoint_call(asked.index, service, request, asked.normalization)
    found = through_waypoint(asked.index, waypoint, service, call, asked.peers)
    named = {"waypoint": waypoint.title}
    if isinstance(found, Refusal):
        status = {"status": status_of(found)} if request.scheme in (HTTP, HTTPS) else {}
        return {"kind": REFUSED, **status, "refusedBy": title(found), "reason": sentence(found), **named}
    answer = {**asked.routed(waypoint, service, request), **named}
    return with_doubt(answer, found) if isinstance(found, Doubt) else answer


def waypoint_call(index: Index, service: Service, request: Request, normalization: str) -> Call:
    """A request as a waypoint sees it: at the port of the service, and as bytes where that speaks no HTTP."""
    call = call_of(index, request, normalization)
    port = service.port(request.port)
    http = port is not None and (port.protocol.is_http or port.protocol.is_auto)
    return replace(call, port=request.port) if http else Call(request.port)


def with_doubt(answer: Answer, doubt: Doubt) -> Answer:
    """The answer where something may refuse it on the way, whatever the destinations make of it."""
    mark: dict[str, Any] = {"doubt": {"by": title(doubt), "reason": sentence(doubt)}}
    return {**answer, "destinations": [{**mark, **each} for each in answer.get("destinations") or ()]}


def _outside(index: Index, push_context: PushContext, request: Request) -> Service | None:
    """The ServiceEntry of the host of a request, where it is no Service."""
    hosts = push_context.by_host(request.target)
    found = index.registry.service(request.target) if hosts else None
    return found if found is not None and found.is_entry else None
