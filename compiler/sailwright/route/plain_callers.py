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
from sailwright.mesh.queries.inbound import reception
from sailwright.mesh.queries.pod_proxies import EXCLUDE_OUTBOUND
from sailwright.mesh.queries.policy_matches import Call
from sailwright.mesh.queries.receptions import Doubt, Reception, Refusal
from sailwright.mesh.queries.running_pods import resting
from sailwright.route.callees import at_pod, call_of, sentence, status_of, title
from sailwright.route.envoy.actions import PASSTHROUGH, REFUSED, ROUTE
from sailwright.route.envoy.answers import Answer, undecidable
from sailwright.route.request import HTTP, Request
from sailwright.route.wording import place
from sailwright.runtime.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Dialled:
    """A Service that a name leads to, and what stands behind it. `host` is its full name."""

    host: str
    service: Service
    pods: tuple[Workload, ...]
    running: tuple[Workload, ...]

    @property
    def named(self) -> str:
        """For messages."""
        return f"Service {self.service.namespace}/{self.service.manifest.name}"


def dialled(index: Index, push_context: PushContext, caller: Caller, request: Request) -> Dialled | Answer:
    """The Service that cluster DNS finds for a request; the answer where there is none, or where it has no such port."""
    found = push_context.resolver.kubernetes_service(request.target, caller.namespace)
    service = index.registry.service(found.host) if found else None
    if found is None or service is None:
        reason = f"{request.target} is no Service of the input: the connection goes where DNS says, past the mesh"
        return {"kind": PASSTHROUGH, "reason": reason}
    pods = index.backends(service)
    running = tuple(workload for workload in pods if not resting(index, workload))
    result = Dialled(found.host, service, pods, running)
    if service.port(request.port) is None and not service.is_headless:
        ports = ", ".join(str(port.number) for port in service.ports) or "none"
        reason = f"{result.named} ({place(found.manifest)}) has the ports {ports}, not {request.port}"
        return {"kind": REFUSED, "reason": reason}
    return result


def without_pods(index: Index, found: Dialled) -> Answer | None:
    """The answer where no pod of a Service is ready; None where one is or may be."""
    if not found.pods or found.running or index.machines(found.service):
        return None
    why = ", ".join(f"{workload.kind} {workload.name} has no replicas" for workload in found.pods)
    return {"kind": REFUSED, "reason": f"{found.named} has no ready pod: {why}"}


def plain_answer(
    index: Index, push_context: PushContext, caller: Caller, request: Request, normalization: str
) -> Answer:
    """What happens to a request of a caller without a proxy. `normalization` is how the callee's proxy reads paths."""
    found = dialled(index, push_context, caller, request)
    if not isinstance(found, Dialled):
        return found
    call = call_of(index, request, normalization)
    running, service = found.running, found.service
    receptions = [reception(index, workload, at_dialled(call, service, workload, request)) for workload in running]
    why = caller.plain if caller.plain.startswith(EXCLUDE_OUTBOUND) else "the caller has no proxy"
    return without_pods(index, found) or any_pod(index, found, receptions, request, why)


def any_pod(
    index: Index,
    found: Dialled,
    receptions: Sequence[Reception],
    request: Request,
    why: str,
    picks: str = "kube-proxy",
) -> Answer:
    """The answer where any running pod of a Service may get a connection. `why` is what to say of a caller who is refused."""
    doubt = next((each for each in receptions if isinstance(each, Doubt)), None)
    marks: dict[str, Any] = {"pods": [workload.name for workload in found.running]} if found.running else {}
    if doubt is not None:
        marks["doubt"] = {"by": title(doubt), "reason": sentence(doubt)}
    return _refused(index, found, receptions, request, why, picks) or {
        "kind": ROUTE,
        "destinations": [{"host": found.host, "port": request.port, "weight": 100, **marks}],
    }


def _refused(
    index: Index,
    dialled: Dialled,
    receptions: Sequence[Reception],
    request: Request,
    why: str,
    picks: str,
) -> Answer | None:
    """The answer where the pods' proxies refuse the caller; None where they let it in."""
    found = [each if isinstance(each, Refusal) else None for each in receptions]
    refused = next((each for each in found if each is not None), None)
    if refused is None:
        return None
    reason = f"{sentence(refused)}, and {why}" if why else sentence(refused)
    if None in found or index.machines(dialled.service):
        pairs = zip(dialled.running, found, strict=True)
        let_in = " and ".join(workload.name for workload, each in pairs if each is None)
        return undecidable(f"{picks} picks the pod: {reason}, and {let_in or 'a machine'} lets the caller in")
    status = {} if refused.handshake or request.scheme != HTTP else {"status": status_of(refused)}
    return {"kind": REFUSED, **status, "refusedBy": title(refused), "reason": reason}


def at_dialled(call: Call, service: Service, workload: Workload, request: Request) -> Call:
    """The call at a pod: what a client of a headless Service dials is the pod itself."""
    if request.scheme != HTTP:
        call = Call(None)
    found = at_pod(call, service, workload, request.port)
    return replace(found, port=request.port) if service.is_headless else found
