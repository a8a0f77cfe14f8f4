"""What becomes of a call at a pod, and what of the mesh's policies decides about it, whichever proxy stands there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.authorization_policies import Authorization
from sailwright.mesh.queries.client_tls import DISABLE, SIMPLE, ClientTls
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest

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


def refused_by_strict(manifest: Manifest, tls: ClientTls | None) -> Reception:
    if tls is None or tls.rule is None:
        return Refusal(manifest, "takes mTLS only (STRICT)", handshake=True)
    title = f"DestinationRule {tls.rule.namespace or 'default'}/{tls.rule.name}"
    if tls.mode in (DISABLE, SIMPLE):
        return Refusal(manifest, f"takes mTLS only (STRICT), and {title} has tls.mode {tls.mode}", handshake=True)
    return Doubt(manifest, f"whether the certificates of {title} are of the mesh")


def policies_for(index: Index, workload: Workload) -> tuple[Manifest, ...]:
    """The AuthorizationPolicies that the sidecars of a workload enforce: those with `targetRefs` are for gateways and waypoints."""
    own = (policy for policy in index.derived(Authorization).selecting(workload) if enforced(policy))
    return (*own, *index.derived(_OfNamespaces).enforced_in(workload.namespace))


class _OfNamespaces:
    """The policies that are enforced on all workloads of a namespace, each namespace looked at once."""

    def __init__(self, index: Index) -> None:
        self._authorization = index.derived(Authorization)
        self._found: dict[str, tuple[Manifest, ...]] = {}

    def enforced_in(self, namespace: str) -> tuple[Manifest, ...]:
        """Those of a namespace and of the mesh."""
        if namespace not in self._found:
            self._found[namespace] = tuple(filter(enforced, self._authorization.of_namespace(namespace)))
        return self._found[namespace]


def enforced(policy: Manifest, gateway: str = "") -> bool:
    """Whether a proxy enforces a policy; `gateway` is the name of the Kubernetes Gateway it serves, empty for any other proxy."""
    if policy.annotations.get(DRY_RUN) == "true":
        return False
    references = [policy.spec.get("targetRef"), *(policy.spec.get("targetRefs") or ())]
    named = [found for found in references if isinstance(found, dict)]
    return not named or any(found.get("kind") == "Gateway" and found.get("name") == gateway != "" for found in named)


def together(found: Sequence[Reception]) -> Reception:
    """The reception of a caller that may have several identities."""
    first = found[0]
    if all(isinstance(each, Refusal) for each in found) or not any(found):
        return first
    doubtful = next((each for each in found if isinstance(each, Doubt)), None)
    refused = next((each for each in found if isinstance(each, Refusal)), None)
    if refused is not None:
        return Doubt(refused.manifest, "which workload of the namespace calls")
    return doubtful
