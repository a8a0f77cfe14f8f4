"""The kinds that rules ask for, each named `KIND.GROUP` as kubectl writes it (core kinds without a group).

The version is left out: Istio serves one schema under v1, v1beta1 and v1alpha3.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

VIRTUAL_SERVICE: Final = "VirtualService.networking.istio.io"
DESTINATION_RULE: Final = "DestinationRule.networking.istio.io"
SERVICE_ENTRY: Final = "ServiceEntry.networking.istio.io"
GATEWAY: Final = "Gateway.networking.istio.io"
SIDECAR: Final = "Sidecar.networking.istio.io"
ENVOY_FILTER: Final = "EnvoyFilter.networking.istio.io"
WORKLOAD_ENTRY: Final = "WorkloadEntry.networking.istio.io"
WORKLOAD_GROUP: Final = "WorkloadGroup.networking.istio.io"
PROXY_CONFIG: Final = "ProxyConfig.networking.istio.io"
AUTHORIZATION_POLICY: Final = "AuthorizationPolicy.security.istio.io"
PEER_AUTHENTICATION: Final = "PeerAuthentication.security.istio.io"
REQUEST_AUTHENTICATION: Final = "RequestAuthentication.security.istio.io"
TELEMETRY: Final = "Telemetry.telemetry.istio.io"
WASM_PLUGIN: Final = "WasmPlugin.extensions.istio.io"
KUBERNETES_GATEWAY: Final = "Gateway.gateway.networking.k8s.io"
HTTP_ROUTE: Final = "HTTPRoute.gateway.networking.k8s.io"
GRPC_ROUTE: Final = "GRPCRoute.gateway.networking.k8s.io"
TCP_ROUTE: Final = "TCPRoute.gateway.networking.k8s.io"
TLS_ROUTE: Final = "TLSRoute.gateway.networking.k8s.io"
SERVICE: Final = "Service"
NAMESPACE: Final = "Namespace"
POD: Final = "Pod"
NODE: Final = "Node"
SECRET: Final = "Secret"  # noqa: S105  # the kind, no secret
CONFIG_MAP: Final = "ConfigMap"
SERVICE_ACCOUNT: Final = "ServiceAccount"
HORIZONTAL_POD_AUTOSCALER: Final = "HorizontalPodAutoscaler.autoscaling"
REFERENCE_GRANT: Final = "ReferenceGrant.gateway.networking.k8s.io"
ARGO_APPLICATION: Final = "Application.argoproj.io"
FLUX_KUSTOMIZATION: Final = "Kustomization.kustomize.toolkit.fluxcd.io"
SCALED_OBJECT: Final = "ScaledObject.keda.sh"
DEPLOYMENT: Final = "Deployment.apps"
ROLLOUT: Final = "Rollout.argoproj.io"
CANARY: Final = "Canary.flagger.app"
MUTATING_WEBHOOK: Final = "MutatingWebhookConfiguration.admissionregistration.k8s.io"
VALIDATING_WEBHOOK: Final = "ValidatingWebhookConfiguration.admissionregistration.k8s.io"
CUSTOM_RESOURCE_DEFINITION: Final = "CustomResourceDefinition.apiextensions.k8s.io"

CLUSTER_SCOPED: Final = frozenset((NAMESPACE, NODE, MUTATING_WEBHOOK, VALIDATING_WEBHOOK, CUSTOM_RESOURCE_DEFINITION))
"""Of the kinds above, those that lie in no namespace."""


@lru_cache(maxsize=1024)
def kind_of(api_version: str, kind: str) -> str:
    """The name of a kind: `kind_of("apps/v1", "Deployment")` is `Deployment.apps`."""
    group = api_version.rpartition("/")[0]
    return f"{kind}.{group}" if group else kind


_TEMPLATE: Final = ("spec", "template")
TEMPLATES: Final[Mapping[str, tuple[str, ...]]] = {
    "Pod": (),
    "Deployment.apps": _TEMPLATE,
    "StatefulSet.apps": _TEMPLATE,
    "DaemonSet.apps": _TEMPLATE,
    "ReplicaSet.apps": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "Job.batch": _TEMPLATE,
    "CronJob.batch": ("spec", "jobTemplate", "spec", "template"),
    "Rollout.argoproj.io": _TEMPLATE,
    "DeploymentConfig.apps.openshift.io": _TEMPLATE,
    "DeploymentConfig": _TEMPLATE,
    "Service.serving.knative.dev": _TEMPLATE,
}
"""Where each kind holds its pod template."""


def template_of_kind(api_version: str, kind: str) -> tuple[str, ...] | None:
    """Where objects of a kind hold their pod template, None where they make no pods."""
    return TEMPLATES.get(kind_of(api_version, kind))
