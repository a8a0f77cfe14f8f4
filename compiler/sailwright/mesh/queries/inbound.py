"""What the proxy of a pod makes of a call: refused by a PeerAuthentication or an AuthorizationPolicy, or let in.

Sources: istio.io PeerAuthentication and AuthorizationPolicy; Envoy's RBAC filter: CUSTOM before DENY before ALLOW.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.authorization_policies import Authorization
from sailwright.mesh.queries.client_tls import AUTO, DISABLE, ISTIO_MUTUAL, SIMPLE, ClientTls
from sailwright.mesh.queries.peer_authentication import Mtls, passes_by
from sailwright.mesh.queries.peers import STRANGER, Peer
from sailwright.mesh.queries.pod_proxies import has_sidecar
from sailwright.mesh.queries.policy_matches import Call, asks_who, matches, names_callers
from sailwright.mesh.queries.token_checks import token_check
from sailwright.runtime.records import dataclass, replace
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

DRY_RUN = "istio.io/dry-run"
STRICT = "STRICT"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The object that refuses a caller, and what it demands. `handshake`: before any request is read; `unauthenticated`: for its token."""

    manifest: Manifest
    demand: str
    handshake: bool = False
    unauthenticated: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """An object that may refuse a caller: `fact` is what the input does not say."""

    manifest: Manifest
    fact: str


Reception = Refusal | Doubt | None
"""What becomes of a call at a pod; None where nothing of the input refuses it."""


def reception(
    index: Index, workload: Workload, call: Call, peers: Sequence[Peer] = (STRANGER,), tls: ClientTls | None = None
) -> Reception:
    """What a pod makes of a call by one of `peers`. `tls` is what the caller's proxy speaks, None for a caller without one."""
    sidecar = has_sidecar(index, workload)
    if sidecar is False:
        return _without_sidecar(tls)
    if workload.is_gateway:
        return None
    if call.port is not None and passes_by(workload, call.port):
        found = _past_sidecar(index, workload, call.port, tls)
    else:
        found = _at_proxy(index, workload, call, peers, tls)
    if sidecar is None and found is not None:
        return Doubt(found.manifest, f"whether the pods of {workload.kind} {workload.name} have a sidecar")
    return found


def _at_proxy(index: Index, workload: Workload, call: Call, peers: Sequence[Peer], tls: ClientTls | None) -> Reception:
    """What the sidecar of a pod makes of a call."""
    mode = index.derived(Mtls).declared(workload, call.port)
    declared = mode.mode if mode is not None else ""
    speaks_mtls = _speaks_mtls(index, declared, tls)
    if mode is not None and declared == STRICT and not speaks_mtls:
        return _refused_by_strict(mode.manifest, tls)
    if tls is not None and tls.rule is not None and tls.mode == ISTIO_MUTUAL and declared == DISABLE:
        return Refusal(tls.rule, "makes callers speak mTLS, which a PeerAuthentication turns off there", handshake=True)
    if tls is not None and tls.mode not in (AUTO, DISABLE, ISTIO_MUTUAL):
        call = replace(call, method=None)
    known = list(peers) if speaks_mtls else [STRANGER]
    token = at_token(index, workload.namespace, workload.labels, call)
    if isinstance(token, Refusal):
        return token
    return _together([decision(policies_for(index, workload), call, peer) for peer in known]) or token


def at_token(index: Index, namespace: str, labels: Mapping[str, str], call: Call) -> Reception:
    """What a proxy's RequestAuthentications make of the token of a request, if it has one."""
    found = token_check(index, namespace, labels, call)
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


def _refused_by_strict(manifest: Manifest, tls: ClientTls | None) -> Reception:
    if tls is None or tls.rule is None:
        return Refusal(manifest, "takes mTLS only (STRICT)", handshake=True)
    title = f"DestinationRule {tls.rule.namespace or 'default'}/{tls.rule.name}"
    if tls.mode in (DISABLE, SIMPLE):
        return Refusal(manifest, f"takes mTLS only (STRICT), and {title} has tls.mode {tls.mode}", handshake=True)
    return Doubt(manifest, f"whether the certificates of {title} are of the mesh")


def policies_for(index: Index, workload: Workload) -> tuple[Manifest, ...]:
    """The AuthorizationPolicies that the sidecars of a workload enforce: those with `targetRefs` are for gateways and waypoints."""
    authorization = index.derived(Authorization)
    found = (*authorization.selecting(workload), *authorization.of_namespace(workload.namespace))
    return tuple(policy for policy in found if enforced(policy))


def enforced(policy: Manifest, gateway: str = "") -> bool:
    """Whether a proxy enforces a policy; `gateway` is the name of the Kubernetes Gateway it serves, empty for any other proxy."""
    if policy.annotations.get(DRY_RUN) == "true":
        return False
    references = [policy.spec.get("targetRef"), *(policy.spec.get("targetRefs") or ())]
    named = [found for found in references if isinstance(found, dict)]
    return not named or any(found.get("kind") == "Gateway" and found.get("name") == gateway != "" for found in named)


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


def _together(found: Sequence[Reception]) -> Reception:
    """The reception of a caller that may have several identities."""
    first = found[0]
    if all(isinstance(each, Refusal) for each in found) or not any(found):
        return first
    doubtful = next((each for each in found if isinstance(each, Doubt)), None)
    refused = next((each for each in found if isinstance(each, Refusal)), None)
    if refused is not None:
        return Doubt(refused.manifest, "which workload of the namespace calls")
    return doubtful
