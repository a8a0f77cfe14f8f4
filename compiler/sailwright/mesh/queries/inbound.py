"""What the proxy of a pod makes of a call: refused by a PeerAuthentication or an AuthorizationPolicy, or let in.

Sources: istio.io PeerAuthentication and AuthorizationPolicy; Envoy's RBAC filter: CUSTOM before DENY before ALLOW.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.client_tls import AUTO, DISABLE, HBONE, ISTIO_MUTUAL, ClientTls
from sailwright.mesh.queries.data_plane import HBONE_METADATA, takes_hbone
from sailwright.mesh.queries.peer_authentication import Mtls, passes_by
from sailwright.mesh.queries.peers import STRANGER, Peer
from sailwright.mesh.queries.pod_proxies import has_sidecar, in_ambient_mode
from sailwright.mesh.queries.policy_matches import Call, asks_who, matches, names_callers
from sailwright.mesh.queries.receptions import (
    DRY_RUN,
    STRICT,
    Doubt,
    Reception,
    Refusal,
    policies_for,
    refused_by_strict,
    together,
)
from sailwright.mesh.queries.token_checks import token_check, token_checked
from sailwright.mesh.queries.waypoints import Waypoint, at_waypoint
from sailwright.mesh.queries.ztunnel import at_ztunnel
from sailwright.mesh.values import kinds
from sailwright.runtime.records import replace
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


def reception(
    index: Index, workload: Workload, call: Call, peers: Sequence[Peer] = (STRANGER,), tls: ClientTls | None = None
) -> Reception:
    """What a pod makes of a call by one of `peers`. `tls` is what the caller's proxy speaks, None for a caller without one."""
    if in_ambient_mode(index, workload):
        return at_ztunnel(index, workload, call, peers, tls)
    sidecar = has_sidecar(index, workload)
    if sidecar is False:
        return _without_sidecar(tls)
    if workload.is_gateway:
        return None
    if tls is not None and tls.mode == HBONE:
        found = _from_ztunnel(index, workload, call, peers)
        return Doubt(found.manifest, _fact_of_sidecar(workload)) if sidecar is None and found is not None else found
    if call.port is not None and passes_by(workload, call.port):
        found = _past_sidecar(index, workload, call.port, tls)
    else:
        found = _at_proxy(index, workload, call, peers, tls)
    if sidecar is None and found is not None:
        return Doubt(found.manifest, _fact_of_sidecar(workload))
    return found


def _fact_of_sidecar(workload: Workload) -> str:
    return f"whether the pods of {workload.kind} {workload.name} have a sidecar"


def _from_ztunnel(index: Index, workload: Workload, call: Call, peers: Sequence[Peer]) -> Reception:
    """What a sidecar makes of a call that ztunnel sends: mTLS where it takes HBONE, else plain text."""
    hbone = takes_hbone(index, workload)
    mutual = _at_proxy(index, workload, call, peers, ClientTls(ISTIO_MUTUAL))
    plain = _at_proxy(index, workload, call, peers, None)
    if hbone is not None or mutual == plain:
        return mutual if hbone else plain
    if mutual is not None and plain is not None:
        return plain
    found = mutual or plain
    fact = f"whether the sidecar of {workload.kind} {workload.name} takes HBONE ({HBONE_METADATA})"
    return Doubt(found.manifest, fact) if found else None


def _at_proxy(index: Index, workload: Workload, call: Call, peers: Sequence[Peer], tls: ClientTls | None) -> Reception:
    """What the sidecar of a pod makes of a call."""
    mode = index.derived(Mtls).declared(workload, call.port)
    declared = mode.mode if mode is not None else ""
    speaks_mtls = _speaks_mtls(index, declared, tls)
    if mode is not None and declared == STRICT and not speaks_mtls:
        return refused_by_strict(mode.manifest, tls)
    if tls is not None and tls.rule is not None and tls.mode == ISTIO_MUTUAL and declared == DISABLE:
        return Refusal(tls.rule, "makes callers speak mTLS, which a PeerAuthentication turns off there", handshake=True)
    if tls is not None and tls.mode not in (AUTO, DISABLE, ISTIO_MUTUAL):
        call = replace(call, method=None)
    known = list(peers) if speaks_mtls else [STRANGER]
    token = at_token(index, workload.namespace, workload.labels, call)
    if isinstance(token, Refusal):
        return token
    return together([decision(policies_for(index, workload), call, peer) for peer in known]) or token


def at_token(index: Index, namespace: str, labels: Mapping[str, str], call: Call) -> Reception:
    """What a proxy's RequestAuthentications make of the token of a request, if it has one."""
    return _of_token(token_check(index, namespace, labels, call))


def through_waypoint(
    index: Index, waypoint: Waypoint, service: Service, call: Call, peers: Sequence[Peer]
) -> Reception:
    """What a waypoint makes of a call to a service: the policies that are attached to it, or to the service."""
    token = None
    if call.method is not None:
        token = _of_token(token_checked(at_waypoint(index, kinds.REQUEST_AUTHENTICATION, waypoint, service), call))
    if isinstance(token, Refusal):
        return token
    attached = at_waypoint(index, kinds.AUTHORIZATION_POLICY, waypoint, service)
    policies = [policy for policy in attached if policy.annotations.get(DRY_RUN) != "true"]
    return together([decision(policies, call, peer) for peer in peers]) or token


def _of_token(found: tuple[Manifest, bool] | None) -> Reception:
    if found is None:
        return None
    manifest, malformed = found
    if malformed:
        return Refusal(manifest, "refuses a token that is no JWT", unauthenticated=True)
    return Doubt(manifest, "whether the token is valid: 401 where it is not")


def _speaks_mtls(index: Index, declared: str, tls: ClientTls | None) -> bool:
    """Whether a caller speaks mTLS to a port, by its DestinationRule or by auto mTLS and the mode that is declared there."""
    if tls is None:
        return False
    return index.mesh.auto_mtls and declared != DISABLE if tls.mode == AUTO else tls.mode == ISTIO_MUTUAL


def _past_sidecar(index: Index, workload: Workload, port: int, tls: ClientTls | None) -> Reception:
    """mTLS at a port that annotations take past the sidecar: callers' proxies know nothing of those, and go by the mode."""
    mode = index.derived(Mtls).declared(workload, port)
    if not _speaks_mtls(index, mode.mode if mode is not None else "", tls):
        return None
    demand = f"takes port {port} past its sidecar, so that nothing takes the mTLS that callers speak"
    return Refusal(workload.manifest, demand, handshake=True)


def _without_sidecar(tls: ClientTls | None) -> Reception:
    """mTLS that no proxy takes."""
    if tls is None or tls.rule is None or tls.mode != ISTIO_MUTUAL:
        return None
    return Refusal(tls.rule, "makes callers speak mTLS, and the pods have no sidecar that takes it", handshake=True)


def decision(policies: Iterable[Manifest], call: Call, peer: Peer) -> Reception:
    """CUSTOM, then DENY; where there are ALLOW policies, one of their rules must match. A refusal that is certain goes first."""
    doubt: Doubt | None = None
    allowing: list[Manifest] = []
    for policy in policies:
        action = text(policy.spec.get("action")) or "ALLOW"
        if action == "ALLOW":
            allowing.append(policy)
        elif action in ("DENY", "CUSTOM"):
            found = matches(policy, call, peer)
            if action == "DENY" and found is True:
                nobody = not peer.namespace and names_callers(policy)
                return Refusal(policy, "denies callers without an identity (mTLS)" if nobody else "denies it")
            if found is not False:
                provider = text(get(policy.spec, "provider", "name"))
                external = f"what the external authorizer {provider} answers"
                doubt = doubt or Doubt(policy, found if isinstance(found, str) and action == "DENY" else external)
    return _allowed(allowing, call, peer) or doubt


def _allowed(allowing: Sequence[Manifest], call: Call, peer: Peer) -> Reception:
    found = [(policy, matches(policy, call, peer)) for policy in allowing]
    if not allowing or any(verdict is True for _, verdict in found):
        return None
    for policy, verdict in found:
        if isinstance(verdict, str):
            return Doubt(policy, verdict)
    asks = next((policy for policy in allowing if policy.spec.get("rules")), None)
    if asks is None:
        return Refusal(allowing[0], "allows nobody")
    if not peer.namespace:
        return Refusal(
            asks, "allows none but callers with an identity (mTLS)" if asks_who(asks) else "does not allow it"
        )
    return Refusal(asks, f"does not allow it to {peer.title}" if asks_who(asks) else "does not allow it")
