"""Where requests of a caller without a proxy go: what cluster DNS and kube-proxy make of them, and what the callee's proxy says.

No VirtualService, DestinationRule, timeout, retry or mTLS has a say: kube-proxy picks any ready pod behind the Service, of
whatever version.
"""

from __future__ import annotations

from collections.abc import Sequence

from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.plaintext import Call, Refusal, refusal
from sailwright.mesh.queries.running_pods import resting
from sailwright.route.envoy.actions import PASSTHROUGH, REFUSED, ROUTE
from sailwright.route.envoy.answers import Answer, undecidable
from sailwright.route.request import HTTP, NormalizedRequest, Request
from sailwright.route.wording import place

FORBIDDEN = 403


def plain_answer(
    index: Index, push_context: PushContext, caller: Caller, request: Request, seen: NormalizedRequest
) -> Answer:
    """What happens to a request of a caller without a proxy. `seen` is the request as the callee's proxy looks at it."""
    found = push_context.resolver.kubernetes_service(request.target, caller.namespace)
    service = index.registry.service(found.host) if found else None
    if found is None or service is None:
        reason = f"{request.target} is no Service of the input: the connection goes where DNS says, past the mesh"
        return {"kind": PASSTHROUGH, "reason": reason}
    title = f"Service {found.namespace}/{found.name}"
    if service.port(request.port) is None and not service.is_headless:
        ports = ", ".join(str(port.number) for port in service.ports) or "none"
        return {
            "kind": REFUSED,
            "reason": f"{title} ({place(found.manifest)}) has the ports {ports}, not {request.port}",
        }
    pods = index.backends(service)
    running = [workload for workload in pods if not resting(index, workload)]
    if pods and not running and not index.machines(service):
        why = ", ".join(f"{workload.kind} {workload.name} has no replicas" for workload in pods)
        return {"kind": REFUSED, "reason": f"{title} has no ready pod: {why}"}
    return _let_in(index, service, running, request, seen) or {
        "kind": ROUTE,
        "destinations": [
            {
                "host": found.host,
                "port": request.port,
                "weight": 100,
                **({"pods": [workload.name for workload in running]} if running else {}),
            }
        ],
    }


def _let_in(
    index: Index, service: Service, running: Sequence[Workload], request: Request, seen: NormalizedRequest
) -> Answer | None:
    """The answer where the pods' proxies refuse the caller; None where they let it in."""
    found = [refusal(index, workload, _call(service, workload, request, seen)) for workload in running]
    refused = next((each for each in found if each is not None), None)
    if refused is None:
        return None
    if None in found or index.machines(service):
        let_in = " and ".join(workload.name for workload, each in zip(running, found, strict=True) if each is None)
        return undecidable(
            f"kube-proxy picks the pod: {_told(refused)}, and {let_in or 'a machine'} lets the caller in"
        )
    status = {} if refused.handshake or request.scheme != HTTP else {"status": FORBIDDEN}
    return {"kind": REFUSED, **status, "reason": _told(refused)}


def _call(service: Service, workload: Workload, request: Request, seen: NormalizedRequest) -> Call:
    port = service.port(request.port)
    number = request.port if port is None or service.is_headless else workload.port_number(port.on_pod)
    if request.scheme != HTTP or (port is not None and not (port.protocol.is_http or port.protocol.is_auto)):
        return Call(number)
    return Call(number, request.method, seen.path)


def _told(refused: Refusal) -> str:
    manifest = refused.manifest
    title = f"{manifest.kind} {manifest.namespace or 'default'}/{manifest.name} ({place(manifest)})"
    return f"{title} {refused.demand}, and the caller has no proxy"
