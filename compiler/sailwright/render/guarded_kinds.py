"""Kinds that no service brings along unless the owners of the project list them: they reach beyond a namespace, or give rights in it.

Sources: `kubectl api-resources --namespaced=false`, and the CRDs of the projects that are named by their groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

RIGHTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Role": ("rbac.authorization.k8s.io", "authorization.openshift.io"),
    "RoleBinding": ("rbac.authorization.k8s.io", "authorization.openshift.io"),
}
"""They live in a namespace, and say what its accounts may do there."""

POWERFUL: Final = frozenset(
    (
        *("APIService", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "Namespace"),
        *("MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration"),
        *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"),
        *("PodSecurityPolicy", "SecurityContextConstraints"),
    )
)
"""What changes the whole cluster, whatever group it claims to be of."""

CLUSTER_SCOPED: Final[Mapping[str, tuple[str, ...]]] = {
    "Node": ("",),
    "PersistentVolume": ("",),
    "CertificateSigningRequest": ("certificates.k8s.io",),
    "ClusterTrustBundle": ("certificates.k8s.io",),
    "CSIDriver": ("storage.k8s.io",),
    "CSINode": ("storage.k8s.io",),
    "StorageClass": ("storage.k8s.io",),
    "VolumeAttachment": ("storage.k8s.io",),
    "VolumeAttributesClass": ("storage.k8s.io",),
    "VolumeSnapshotClass": ("snapshot.storage.k8s.io",),
    "VolumeSnapshotContent": ("snapshot.storage.k8s.io",),
    "DeviceClass": ("resource.k8s.io",),
    "ResourceSlice": ("resource.k8s.io",),
    "FlowSchema": ("flowcontrol.apiserver.k8s.io",),
    "PriorityLevelConfiguration": ("flowcontrol.apiserver.k8s.io",),
    "IngressClass": ("networking.k8s.io",),
    "IPAddress": ("networking.k8s.io",),
    "ServiceCIDR": ("networking.k8s.io",),
    "PriorityClass": ("scheduling.k8s.io",),
    "RuntimeClass": ("node.k8s.io",),
    "TokenReview": ("authentication.k8s.io",),
    "SubjectAccessReview": ("authorization.k8s.io",),
    "GatewayClass": ("gateway.networking.k8s.io",),
    "AdminNetworkPolicy": ("policy.networking.k8s.io",),
    "BaselineAdminNetworkPolicy": ("policy.networking.k8s.io",),
    "ClusterNetworkPolicy": ("policy.networking.k8s.io",),
    "ClusterIssuer": ("cert-manager.io",),
    "ClusterExternalSecret": ("external-secrets.io",),
    "ClusterSecretStore": ("external-secrets.io",),
    "ClusterPolicy": ("kyverno.io",),
    "ClusterCleanupPolicy": ("kyverno.io",),
    "ConstraintTemplate": ("templates.gatekeeper.sh",),
    "CiliumClusterwideNetworkPolicy": ("cilium.io",),
    "GlobalNetworkPolicy": ("projectcalico.org", "crd.projectcalico.org"),
    "ClusterTriggerAuthentication": ("keda.sh",),
    "ClusterWorkflowTemplate": ("argoproj.io",),
    "ClusterAnalysisTemplate": ("argoproj.io",),
    "NodePool": ("karpenter.sh",),
}
"""Other kinds that belong to no namespace, and the groups that have them."""


def guarded(kind: str, group: str) -> str:
    """Why no service brings an object of this kind along by itself; empty where it may."""
    if kind in POWERFUL or group in CLUSTER_SCOPED.get(kind, ()):
        return "reaches beyond its namespace"
    return "gives rights in its namespace" if group in RIGHTS.get(kind, ()) else ""


def cluster_scoped(kind: str, group: str) -> bool:
    """Whether objects of this kind belong to no namespace."""
    return kind in POWERFUL or group in CLUSTER_SCOPED.get(kind, ())


KINDS: Final = tuple(sorted((*POWERFUL, *CLUSTER_SCOPED, *RIGHTS)))
"""The kinds that `namespaces.N.allow` takes."""
