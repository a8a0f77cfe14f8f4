"""What the callees make of a request: 503 where no pod is ready or the TLS does not fit, 403 by a policy.

The answers of a proxy say where it sends a request; this says what becomes of it there. Destinations get `unready`, `refused`
or `doubt`; where every one refuses, so does the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.pilot.gateway_api.listeners import NAME_LABEL
from sailwright.mesh.pilot.sidecar_scope import Caller, Scope
from sailwright.mesh.queries.authorization_policies import Authorization
from sailwright.mesh.queries.client_tls import ClientTls, client_tls
from sailwright.mesh.queries.inbound import at_token, decision, reception, through_waypoint
from sailwright.mesh.queries.peers import STRANGER, Peer, peers_of
from sailwright.mesh.queries.policy_matches import Call
from sailwright.mesh.queries.receptions import Doubt, Reception, Refusal, enforced
from sailwright.mesh.queries.running_pods import resting
from sailwright.mesh.queries.tokens import has_token
from sailwright.mesh.queries.waypoints import identity, ingress_uses_waypoint, waypoint_of
from sailwright.route.envoy.actions import REFUSED, ROUTE
from sailwright.route.envoy.answers import Answer
from sailwright.route.request import HTTP, HTTPS, Request, normalize_path
from sailwright.route.wording import place
from sailwright.runtime.records import replace
from sailwright.source.untyped import labels

UNAUTHORIZED, FORBIDDEN, UNAVAILABLE = 401, 403, 503


class Callees:
    """The callees of one caller. `normalization` is how every proxy of the mesh reads paths.

    `peers` are the identities that the caller may have; empty: those of its workloads.
    """

    def __init__(self, index: Index, scope: Scope, normalization: str, peers: Sequence[Peer] = ()) -> None:
        self._index = index
        self._scope = scope
        self._normalization = normalization
        self._peers = tuple(peers) or peers_of(index, scope.caller)

    def received(self, answer: Answer, request: Request) -> Answer:
        """The answer with what its destinations make of the request."""
        destinations = answer.get("destinations") or ()
        if answer["kind"] != ROUTE or not destinations:
            return answer
        call = call_of(self._index, request, self._normalization, answer.get("upstream"))
        marked = [{**found, **self.marks(found, call)} for found in destinations]
        if all(found.get("refused") for found in marked):
            refused = marked[0]["refused"]
            first = {key: value for key, value in answer.items() if key not in ("kind", "destinations")}
            is_http = request.scheme in (HTTP, HTTPS) and "protocol" not in answer
            status = {"status": refused["status"]} if is_http else {}
            by = {"refusedBy": refused["by"]}
            return {"kind": REFUSED, **status, **by, "reason": refused["reason"], **first, "destinations": marked}
        return {**answer, "destinations": marked}

    def marks(self, destination: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What is to be said of a destination: `unready`, `refused` or `doubt` with the reason; empty where it answers.

        `waypoint` is the one that a gateway sends it through, `pastWaypoint` the one that a sidecar or a gateway goes past.
        """
        service = self._service(destination)
        if service is None:
            return {}
        pods = self._pods(destination, service)
        running = [workload for workload in pods if not resting(self._index, workload)]
        machines = bool(self._index.machines(service))
        if pods and not running and not machines:
            return {"unready": ", ".join(f"{each.kind} {each.name} has no replicas" for each in pods)}
        if not pods and not machines and (why := self._without_endpoints(service, destination)):
            return {"unready": why}
        found = [(each, self._reception(service, each, destination, call)) for each in running]
        return {**_told(found, machines=machines), **self._waypoint(service, found, destination, call)}

    def _waypoint(
        self, service: Service, found: Sequence[tuple[Workload, Reception]], destination: Mapping[str, Any], call: Call
    ) -> dict[str, Any]:
        """The waypoint of a destination: gateways go through it where a label says so; sidecars and other gateways go past it."""
        waypoint = waypoint_of(self._index, service) if not self._scope.caller.serves else None
        if waypoint is None:
            return {}
        if not self._scope.caller.gateway or not ingress_uses_waypoint(self._index, service):
            return {"pastWaypoint": waypoint.title}
        asked = replace(call, port=destination["port"])
        received = through_waypoint(self._index, waypoint, service, asked, self._peers)
        behind = [(workload, received or reception) for workload, reception in found]
        return {**_told(behind, machines=False), "waypoint": waypoint.title}

    def _service(self, destination: Mapping[str, Any]) -> Service | None:
        """The Service of a destination; None where the caller has no such cluster, or the input does not say what is behind."""
        if destination.get("unknown") or destination.get("invalid"):
            return None
        service = self._index.registry.service(destination["host"]) if self._known(destination) else None
        return None if service is None or service.is_external_name else service

    def _known(self, destination: Mapping[str, Any]) -> bool:
        return destination.get("host") in self._scope.services

    def _pods(self, destination: Mapping[str, Any], service: Service) -> list[Workload]:
        selector = self._subset(destination)
        return [each for each in self._index.backends(service) if self._index.carries(each, selector)]

    def _subset(self, destination: Mapping[str, Any]) -> dict[str, str]:
        """The labels of the subset of a destination; none where it names none."""
        known = self._scope.services[destination["host"]]
        rule = self._scope.destination_rule(known) if destination.get("subset") else None
        subset = rule.subsets.get(destination["subset"]) if rule else None
        return labels((subset or {}).get("labels"))

    def _without_endpoints(self, service: Service, destination: Mapping[str, Any]) -> str:
        """Why a destination surely has no endpoints; empty where it may have some.

        No pod of the Service has the labels of its subset, its EndpointSlices are empty, or it lists no endpoints.
        """
        known = self._scope.services[destination["host"]]
        if self._index.backends(service):
            wanted = ", ".join(f"{key}: {value}" for key, value in self._subset(destination).items())
            return f"no pod of Service {service.name} has the labels {wanted} of subset {destination.get('subset')}"
        if service.is_entry:
            lists = service.resolution == "STATIC" and not service.selector
            return f"ServiceEntry {service.name} has no endpoints" if lists else ""
        found = self._scope.push_context.endpoints.addresses(known)
        return f"the EndpointSlices of Service {service.name} are empty" if found == [] and not service.selector else ""

    def _reception(self, service: Service, workload: Workload, destination: Mapping[str, Any], call: Call) -> Reception:
        if service.is_entry and service.spec.get("location") != "MESH_INTERNAL":
            return None
        call = at_pod(call, service, workload, destination["port"])
        peers, tls = self._peers, self._tls(destination)
        if self._scope.caller.gateway and ingress_uses_waypoint(self._index, service):
            waypoint = waypoint_of(self._index, service)
            peers, tls = ((identity(self._index, waypoint),), ClientTls()) if waypoint else (peers, tls)
        return reception(self._index, workload, call, peers, tls)

    def _tls(self, destination: Mapping[str, Any]) -> ClientTls:
        rule = self._scope.destination_rule(self._scope.services[destination["host"]])
        return client_tls(rule, destination.get("subset", ""), destination["port"])


def call_of(index: Index, request: Request, normalization: str, upstream: Mapping[str, Any] | None = None) -> Call:
    """A request as the callee gets it, after what the rule of the caller changed (`upstream`); the port is still to be said."""
    if request.scheme not in (HTTP, HTTPS):
        return Call(None)
    sent = upstream or {}
    headers = {name.lower(): value for name, value in request.headers.items()}
    changed = {name.lower(): value for name, value in (sent.get("headers") or {}).items()}
    kept = {name: value for name, value in headers.items() if upstream is None or not name.startswith("x-")}
    path, _, query = str(sent.get("path") or request.path).partition("?")
    return Call(
        None,
        request.method,
        normalize_path(path, normalization) if path.startswith("/") else path,
        str(sent.get("authority") or request.authority),
        {**kept, **changed},
        has_token(index, headers, request.path),
        query,
    )


def at_pod(call: Call, service: Service, workload: Workload, number: int) -> Call:
    """A call at the port of a pod to which a port of the Service leads; the proxy sees no HTTP where it is declared otherwise."""
    port = service.port(number)
    if port is None:
        return Call(number) if call.method is None else _with_port(call, number)
    target = workload.port_number(port.on_pod)
    return _with_port(call, target) if port.protocol.is_http or port.protocol.is_auto else Call(target)


def _with_port(call: Call, number: int | None) -> Call:
    return replace(call, port=number)


def _told(found: Sequence[tuple[Workload, Reception]], *, machines: bool) -> dict[str, Any]:
    """What several pods make of a call: they refuse it together, or it depends on which of them gets it."""
    refused = [each for _, each in found if isinstance(each, Refusal)]
    doubts = [each for _, each in found if isinstance(each, Doubt)]
    if refused and len(refused) == len(found) and not machines:
        first = refused[0]
        return {"refused": {"status": status_of(first), "by": title(first), "reason": sentence(first)}}
    if refused:
        others = ", ".join(each.name for each, what in found if what is None) or "others"
        reason = f"{sentence(refused[0])}; it depends on the pod: {others} may let it in"
        return {"doubt": {"by": title(refused[0]), "reason": reason}}
    return {"doubt": {"by": title(doubts[0]), "reason": sentence(doubts[0])}} if doubts else {}


def status_of(refusal: Refusal) -> int:
    """The status that the caller gets."""
    if refusal.handshake:
        return UNAVAILABLE
    return UNAUTHORIZED if refusal.unauthenticated else FORBIDDEN


def sentence(found: Refusal | Doubt) -> str:
    """A refusal or a doubt in words: the object, its place, and what it demands or what the input does not say."""
    named = f"{title(found)} ({place(found.manifest)})"
    return (
        f"{named} {found.demand}" if isinstance(found, Refusal) else f"{named} may refuse it: not known is {found.fact}"
    )


def title(found: Refusal | Doubt) -> str:
    """The object that refuses or may refuse, as `AuthorizationPolicy shop/pay`."""
    manifest = found.manifest
    return f"{manifest.kind} {manifest.namespace or 'default'}/{manifest.name}"


def at_gateway(index: Index, caller: Caller, call: Call) -> Reception:
    """What the policies of a gateway's own proxy make of a request from outside, whose sender has no identity."""
    authorization = index.derived(Authorization)
    kubernetes = (caller.gateway or "").partition("/")[2] if NAME_LABEL in caller.label_map else ""
    found = authorization.for_pods(caller.namespace, caller.label_map)
    token = at_token(index, caller.namespace, caller.label_map, call)
    if isinstance(token, Refusal):
        return token
    return decision([policy for policy in found if enforced(policy, kubernetes)], call, STRANGER)
