"""Who a caller is to the proxy of a callee: the identity that mTLS proves, or none.

Source: istio.io, Security, "Istio identity"; the SPIFFE name is `TRUST_DOMAIN/ns/NAMESPACE/sa/SERVICE_ACCOUNT`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.pilot.gateway_api.listeners import ISTIO_CLASS, NAME_LABEL
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.pod_proxies import has_sidecar, in_ambient_mode
from sailwright.mesh.values.kinds import KUBERNETES_GATEWAY
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import get, text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


_ACCOUNT = "gateway.istio.io/service-account"
_NAME = "gateway.istio.io/name-override"
"""Annotations of a Gateway that name the account, or all that is deployed for it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """An identity. `account` is the service account, None where the input does not say; `trust_domains` begins with the mesh's own.

    An empty `namespace` is a caller without an identity: it speaks no mTLS.
    """

    namespace: str = ""
    account: str | None = None
    trust_domains: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """For messages: `service account shop/web`, or the namespace where that is all that is known."""
        return f"service account {self.namespace}/{self.account}" if self.account else f"namespace {self.namespace}"


STRANGER = Peer()
"""A caller without mTLS."""


def peers_of(index: Index, caller: Caller) -> tuple[Peer, ...]:
    """The identities that a caller with a proxy may have: those of the workloads that carry its labels.

    Where no workload is known, or where no labels say which one it is, one of an unknown service account is among them.
    """
    found = index.selected(caller.label_map, caller.namespace)
    accounts = {workload.service_account for workload in found if _has_identity(index, workload)}
    known = [Peer(caller.namespace, account, trust_domains(index)) for account in sorted(accounts)]
    if known and caller.labels:
        return tuple(known)
    if account := deployed_account(index, caller):
        return (Peer(caller.namespace, account, trust_domains(index)),)
    return (*known, Peer(caller.namespace, None, trust_domains(index)))


def deployed_account(index: Index, caller: Caller) -> str:
    """The service account of the proxy that istiod deploys for a Kubernetes Gateway of the input; empty for any other caller.

    A Gateway with addresses is served by a proxy that somebody else deploys, as one whose class is not Istio's own may be.
    Source: istio.io, Kubernetes Gateway API, "Automated Deployment"; `pilot/pkg/config/kube/gateway/deploymentcontroller.go`.
    """
    if NAME_LABEL not in caller.label_map or not caller.gateway:
        return ""
    gateway = index.find(KUBERNETES_GATEWAY, *caller.gateway.split("/", 1))
    if gateway is None or gateway.spec.get("addresses") or gateway.spec.get("gatewayClassName") != ISTIO_CLASS:
        return ""
    written = (text(gateway.annotations.get(key)) for key in (_ACCOUNT, _NAME))
    return next(filter(None, written), f"{gateway.name}-{ISTIO_CLASS}")


def trust_domains(index: Index) -> tuple[str, ...]:
    """The mesh's trust domain and its aliases; `cluster.local` in a policy always means the mesh's own."""
    aliases = texts(get(index.mesh.config, "trustDomainAliases"))
    return tuple(dict.fromkeys((index.mesh.trust_domain, *aliases, "cluster.local")))


def _has_identity(index: Index, workload: Workload) -> bool:
    """Whether a proxy may speak mTLS for the pods of a workload: their sidecar, or ztunnel."""
    return has_sidecar(index, workload) is not False or in_ambient_mode(index, workload) is True
