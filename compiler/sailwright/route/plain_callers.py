"""Where requests of a caller without a proxy go: what cluster DNS and kube-proxy make of them, and what the callee's proxy says.

No VirtualService, DestinationRule, timeout, retry or mTLS has a say: kube-proxy picks any ready pod behind the Service, of
whatever version.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.inbound import Doubt, Reception, Refusal, reception
from sailwright.mesh.queries.pod_proxies import EXCLUDE_OUTBOUND
from sailwright.mesh.queries.policy_matches import Call
from sailwright.mesh.queries.running_pods import resting
from sailwright.route.callees import at_pod, call_of, sentence, status_of, title
from sailwright.route.envoy.actions import PASSTHROUGH, REFUSED, ROUTE
from sailwright.route.envoy.answers import Answer, undecidable
from sailwright.route.request import HTTP, Request
from sailwright.route.wording import place
from sailwright.runtime.records import replace


def plain_answer(
    index: Index, push_context: PushContext, caller: Caller, request: Request, normalization: str
) -> Answer:
    """What happens to a request of a caller without a proxy. `normalization` is how the callee's proxy reads paths."""
    found = push_context.resolver.kubernetes_service(request.target, caller.namespace)
    service = index.registry.service(found.host) if found else None
    if found is None or service is None:
        reason = f"{request.target} is no Service of the input: the connection goes where DNS says, past the mesh"
        return {"kind": PASSTHROUGH, "reason": reason}
    named = f"Service {found.namespace}/{found.name}"
    if service.port(request.port) is None and not service.is_headless:
        ports = ", ".join(str(port.number) for port in service.ports) or "none"
        return {
            "kind": REFUSED,
            "reason": f"{named} ({place(found.manifest)}) has the ports {ports}, not {request.port}",
        }
    pods = index.backends(service)
    running = [workload for workload in pods if not resting(index, workload)]
    if pods and not running and not index.machines(service):
        why = ", ".join(f"{workload.kind} {workload.name} has no replicas" for workload in pods)
        return {"kind": REFUSED, "reason": f"{named} has no ready pod: {why}"}
    call = call_of(index, request, normalization)
    receptions = [reception(index, workload, _at(call, service, workload, request)) for workload in running]
    doubt = next((each for each in receptions if isinstance(each, Doubt)), None)
    marks: dict[str, Any] = {"pods": [workload.name for workload in running]} if running else {}
    if doubt is not None:
        marks["doubt"] = {"by": title(doubt), "reason": sentence(doubt)}
    return _refused(index, service, running, receptions, request, caller) or {
        "kind": ROUTE,
        "destinations": [{"host": found.host, "port": request.port, "weight": 100, **marks}],
    }


def _refused(
    index: Index,
    service: Service,
    running: Sequence[Workload],
    receptions: Sequence[Reception],
    request: Request,
    caller: Caller,
) -> Answer | None:
    """The answer where the pods' proxies refuse the caller; None where they let it in."""
    found = [each if isinstance(each, Refusal) else None for each in receptions]
    refused = next((each for each in found if each is not None), None)
    if refused is None:
        return None
    past = caller.plain.startswith(EXCLUDE_OUTBOUND)
    reason = f"{sentence(refused)}, and {caller.plain if past else 'the caller has no proxy'}"
    if None in found or index.machines(service):
        let_in = " and ".join(workload.name for workload, each in zip(running, found, strict=True) if each is None)
        return undecidable(f"kube-proxy picks the pod: {reason}, and {let_in or 'a machine'} lets the caller in")
    status = {} if refused.handshake or request.scheme != HTTP else {"status": status_of(refused)}
    return {"kind": REFUSED, **status, "refusedBy": title(refused), "reason": reason}


def _at(call: Call, service: Service, workload: Workload, request: Request) -> Call:
    """The call at a pod: what a client of a headless Service dials is the pod itself."""
    if request.scheme != HTTP:
        call = Call(None)
    found = at_pod(call, service, workload, request.port)
    return replace(found, port=request.port) if service.is_headless else found
