"""What ztunnel makes of a connection to a pod in ambient mode."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.client_tls import AUTO, HBONE, ISTIO_MUTUAL, ClientTls
from sailwright.mesh.queries.peer_authentication import Mtls
from sailwright.mesh.queries.peers import STRANGER, Peer
from sailwright.mesh.queries.policy_matches import Call, asks_who
from sailwright.mesh.queries.receptions import (
    STRICT,
    Doubt,
    Reception,
    Refusal,
    policies_for,
    refused_by_strict,
    together,
)
from sailwright.mesh.queries.verdicts import Verdict
from sailwright.mesh.queries.ztunnel_policies import asks_for_http, matches_at_ztunnel
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


def at_ztunnel(index: Index, workload: Workload, call: Call, peers: Sequence[Peer], tls: ClientTls | None) -> Reception:
    """What ztunnel makes of a connection to a pod in ambient mode. Its refusals come before any request is read.

    Sidecars, gateways, waypoints and ztunnel speak mTLS to it (HBONE), unless a DestinationRule says otherwise; DISABLE of a
    PeerAuthentication counts as PERMISSIVE. Source: istio.io, Ambient, "Use Layer 4 security policy".
    """
    mode = index.derived(Mtls).declared(workload, call.port)
    mutual = tls is not None and tls.mode in (AUTO, ISTIO_MUTUAL, HBONE)
    if mode is not None and mode.mode == STRICT and not mutual:
        return refused_by_strict(mode.manifest, tls)
    policies = policies_for(index, workload)
    known = list(peers) if mutual else [STRANGER]
    return together([_connection(policies, call, peer) for peer in known])


def _connection(policies: Iterable[Manifest], call: Call, peer: Peer) -> Reception:
    """DENY, then ALLOW, as ztunnel asks them of a connection."""
    allowing: list[tuple[Manifest, Verdict]] = []
    doubt: Doubt | None = None
    for policy in policies:
        action = text(policy.spec.get("action")) or "ALLOW"
        verdict = matches_at_ztunnel(policy, call, peer) if action in ("ALLOW", "DENY") else False
        if action == "ALLOW":
            allowing.append((policy, verdict))
        elif verdict is True:
            return Refusal(policy, "denies it", handshake=True)
        elif isinstance(verdict, str):
            doubt = doubt or Doubt(policy, verdict)
    if not allowing or any(verdict is True for _, verdict in allowing):
        return doubt
    for policy, verdict in allowing:
        if isinstance(verdict, str):
            return Doubt(policy, verdict)
    return _not_allowed([policy for policy, _ in allowing], peer)


def _not_allowed(policies: Sequence[Manifest], peer: Peer) -> Refusal:
    """The refusal of a connection that no ALLOW policy allows, with why ztunnel leaves rules out."""
    asks = next((policy for policy in policies if policy.spec.get("rules")), policies[0])
    rules = [rule for _, rule in entries(asks.spec.get("rules"), ())]
    if any(asks_for_http(rule) for rule in rules):
        return Refusal(asks, "does not allow it: ztunnel leaves out rules that ask for HTTP", handshake=True)
    if not rules:
        return Refusal(asks, "allows nobody", handshake=True)
    who = f"does not allow it to {peer.title}" if peer.namespace else "allows none but callers with an identity (mTLS)"
    return Refusal(asks, who if asks_who(asks) else "does not allow it", handshake=True)
