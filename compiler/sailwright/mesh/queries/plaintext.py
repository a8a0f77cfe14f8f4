"""What a pod's proxy makes of a caller without mTLS: refused by a PeerAuthentication or an AuthorizationPolicy, or let in.

Sources: istio.io PeerAuthentication and AuthorizationPolicy; pilot/pkg/security/authz/{builder,model} and Envoy's RBAC filter. A
caller without mTLS has no principal, namespace or service account: what asks for one does not match, `not...` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.authorization_policies import HTTP_ONLY, Authorization
from sailwright.mesh.queries.peer_authentication import Mtls, passes_by
from sailwright.mesh.queries.pod_proxies import has_sidecar
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

IDENTITY = ("principals", "namespaces", "serviceAccounts")
IDENTITY_KEYS = frozenset({"source.principal", "source.namespace", "source.serviceAccount"})
DRY_RUN = "istio.io/dry-run"
Verdict = bool | None
"""Whether something matches; None where the input does not say."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a pod's proxy sees it: the port of the pod, and method and path, None where the bytes are no plain HTTP."""

    port: int | None
    method: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The object that refuses a caller without mTLS, and what it demands. `handshake`: before any request is read."""

    manifest: Manifest
    demand: str
    handshake: bool = False


def refusal(index: Index, workload: Workload, call: Call) -> Refusal | None:
    """What surely refuses a call without mTLS to the pods of a workload; None where it is let in or nobody can know."""
    if not has_sidecar(index, workload) or (call.port is not None and passes_by(workload, call.port)):
        return None
    mode = index.derived(Mtls).declared(workload, call.port)
    if mode is not None and mode.mode == "STRICT":
        return Refusal(mode.manifest, "takes mTLS only (STRICT)", handshake=True)
    authorization = index.derived(Authorization)
    policies = (*authorization.selecting(workload), *authorization.of_namespace(workload.namespace))
    return _denied([policy for policy in policies if _enforced(policy)], call)


def _enforced(policy: Manifest) -> bool:
    """Whether a sidecar enforces a policy: those with `targetRefs` are for gateways and waypoints."""
    return not (
        policy.spec.get("targetRef") or policy.spec.get("targetRefs") or policy.annotations.get(DRY_RUN) == "true"
    )


def _denied(policies: Iterable[Manifest], call: Call) -> Refusal | None:
    """DENY goes before ALLOW; where there are ALLOW policies, one of their rules must match."""
    allowing: list[Manifest] = []
    for policy in policies:
        action = text(policy.spec.get("action")) or "ALLOW"
        if action == "DENY" and _matches(policy, call) is True:
            return Refusal(policy, "denies callers without an identity (mTLS)")
        if action == "ALLOW":
            allowing.append(policy)
    if not allowing or any(_matches(policy, call) is not False for policy in allowing):
        return None
    asks = next((policy for policy in allowing if policy.spec.get("rules")), None)
    if asks is None:
        return Refusal(allowing[0], "allows nobody")
    return Refusal(asks, "allows none but callers with an identity (mTLS)" if _asks_who(asks) else "does not allow it")


def _asks_who(policy: Manifest) -> bool:
    rules = (rule for _, rule in entries(policy.spec.get("rules"), ()))
    return any(_all(_froms(rule), _whens(rule)) is False for rule in rules)


def _matches(policy: Manifest, call: Call) -> Verdict:
    rules = (rule for _, rule in entries(policy.spec.get("rules"), ()))
    return _any(_all(_froms(rule), _tos(rule, call), _whens(rule)) for rule in rules)


def _froms(rule: Mapping[str, Any]) -> Verdict:
    found = [mapping(entry.get("source")) for _, entry in entries(rule.get("from"), ())]
    return _any(map(_source, found)) if found else True


def _source(source: Mapping[str, Any]) -> Verdict:
    if any(source.get(key) for key in IDENTITY):
        return False
    certain = {f"not{key[0].upper()}{key[1:]}" for key in IDENTITY}
    return True if {key for key, value in source.items() if value} <= certain else None


def _tos(rule: Mapping[str, Any], call: Call) -> Verdict:
    found = [mapping(entry.get("operation")) for _, entry in entries(rule.get("to"), ())]
    return _any(_operation(each, call) for each in found) if found else True


def _operation(operation: Mapping[str, Any], call: Call) -> Verdict:
    if call.method is None and any(operation.get(key) for key in HTTP_ONLY):
        return None
    asked = {"ports": None if call.port is None else str(call.port), "methods": call.method, "paths": call.path}
    verdicts: list[Verdict] = [None for key in ("hosts", "notHosts") if operation.get(key)]
    for key, value in asked.items():
        verdicts += _listed(operation, key, value)
    return _all(*verdicts)


def _listed(operation: Mapping[str, Any], key: str, value: str | None) -> Iterable[Verdict]:
    wanted, unwanted = texts(operation.get(key)), texts(operation.get(f"not{key.capitalize()}"))
    if wanted:
        yield _any(_fits(pattern, value) for pattern in wanted)
    if unwanted:
        yield _not(_any(_fits(pattern, value) for pattern in unwanted))


def _fits(pattern: str, value: str | None) -> Verdict:
    """Istio's string match: exact, `prefix*`, `*suffix`, `*` for anything; path templates are left undecided."""
    if value is None or "{" in pattern:
        return None
    if pattern == "*":
        return value != ""
    if pattern.endswith("*"):
        return value.startswith(pattern[:-1])
    return value.endswith(pattern[1:]) if pattern.startswith("*") else value == pattern


def _whens(rule: Mapping[str, Any]) -> Verdict:
    return _all(*(_condition(entry) for _, entry in entries(rule.get("when"), ())))


def _condition(condition: Mapping[str, Any]) -> Verdict:
    return not condition.get("values") if text(condition.get("key")) in IDENTITY_KEYS else None


def _all(*verdicts: Verdict) -> Verdict:
    return False if False in verdicts else None if None in verdicts else True


def _any(verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    return True if True in found else None if None in found else False


def _not(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict
