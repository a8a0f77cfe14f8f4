"""The template variables that one installation gives to every pod, worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.mesh.values.quantity import canonical
from sailwright.render.injection.mesh_config import MeshSettings
from sailwright.render.injection.values import ChartValues


def installation_context(
    values: ChartValues, mesh: MeshSettings, differences: frozenset[str], revision: str
) -> dict[str, Any]:
    """Variables by name. Raises ValueError, naming the field, where a value has the wrong type."""
    proxy = "global.proxy"
    trust_domain = mesh.trust_domain or values.text("global.trustDomain") or "cluster.local"
    return {
        **_certificates(values),
        "revision": revision or "default",
        "imagePullPolicy": values.text("global.imagePullPolicy"),
        "logAsJson": values.flag("global.logAsJson"),
        "cni": values.flag("pilot.cni.enabled"),
        "forceApplyIptables": values.flag("global.proxy_init.forceApplyIptables"),
        "nativeNftables": values.flag("global.nativeNftables"),
        "privileged": values.flag(f"{proxy}.privileged"),
        "seccompProfile": values.mapping(f"{proxy}.seccompProfile"),
        "outboundPort": str(mesh.proxy_listen_port),
        "inboundPort": str(mesh.proxy_inbound_listen_port),
        "domain": f"$(POD_NAMESPACE).svc.{values.text(f'{proxy}.clusterDomain')}",
        "stsArgument": _argument("--stsPort", values.number("global.sts.servicePort")),
        "outlierLogArgument": _argument("--outlierLogPath", values.text(f"{proxy}.outlierLogPath")),
        "lifecycle": values.mapping(f"{proxy}.lifecycle"),
        "startupFailureThreshold": _startup(values),
        "inboundLocalhost": mesh.inbound_localhost,
        "compliancePolicy": values.text("pilot.env.COMPLIANCE_POLICY"),
        "clusterId": values.text("global.multiCluster.clusterName") or "Kubernetes",
        "network": values.text("global.network"),
        "meshId": values.text("global.meshID") or trust_domain,
        "trustDomain": trust_domain,
        "defaultResources": _resources(values, differences),
        "pullSecrets": [{"name": name} for name in values.texts("global.imagePullSecrets")],
        "multus": values.text("pilot.cni.provider") == "multus",
        "holdsApplications": values.flag(f"{proxy}.holdApplicationUntilProxyStarts"),
        "rewritesProbes": values.flag("sidecarInjectorWebhook.rewriteAppHTTPProbe"),
        "ownTemplates": values.mapping("sidecarInjectorWebhook.templates"),
    }


def _certificates(values: ChartValues) -> dict[str, Any]:
    """Who signs the workloads' certificates, and where what they need of it is mounted from."""
    return {
        "pilotCertProvider": values.text("global.pilotCertProvider"),
        "istiodCertificates": values.text("global.pilotCertProvider") == "istiod",
        "caAddress": _ca_address(values),
        "workloadCertificates": _CERTIFICATES.get(values.text("global.caName"), "workload-certs"),
        "mountMtlsCerts": values.flag("global.mountMtlsCerts"),
        "tokenAudience": values.text("global.sds.token.aud"),
        "clusterTrustBundle": values.text("pilot.env.ENABLE_CLUSTER_TRUST_BUNDLE_API") == "true",
        "clusterTrustBundleName": f"istio.io:istiod-ca:{values.text('global.trustBundleName') or 'root-cert'}",
        "trustBundleName": values.text("global.trustBundleName"),
        "crlConfigMapName": values.text("pilot.crlConfigMapName") or "istio-ca-crl",
    }


def installation_defaults(values: ChartValues) -> dict[str, str]:
    """What a pod's annotations fall back on: scalars of the values, by the last part of their path."""
    proxy = "global.proxy"
    paths = (
        "global.hub",
        "global.tag",
        "global.variant",
        "global.logging.level",
        "global.multiCluster.clusterName",
        *(f"{proxy}.{name}" for name in _PROXY_SCALARS),
    )
    found = {path.rpartition(".")[2]: values.text(path) for path in paths}
    found["initImage"] = values.text("global.proxy_init.image")
    numbers = ("readinessInitialDelaySeconds", "readinessPeriodSeconds", "readinessFailureThreshold")
    return {**found, **{name: str(values.number(f"{proxy}.{name}")) for name in numbers}}


_CERTIFICATES = {"GkeWorkloadCertificate": "gke-workload-certificate"}
"""The volume of the workload's certificate, by the name of the CA that issues it."""

_PROXY_SCALARS = (
    "capNetBindService",
    "componentLogLevel",
    "excludeIPRanges",
    "excludeInboundPorts",
    "excludeOutboundPorts",
    "image",
    "includeIPRanges",
    "includeInboundPorts",
    "includeOutboundPorts",
    "logLevel",
    "statusPort",
    "tracer",
)


def _argument(flag: str, value: str | int) -> str:
    return f"{flag}={value}" if value else ""


def _startup(values: ChartValues) -> int | None:
    path = "global.proxy.startupProbe"
    return values.number(f"{path}.failureThreshold") if values.flag(f"{path}.enabled") else None


def _ca_address(values: ChartValues) -> str:
    revision = values.text("revision")
    service = f"istiod-{revision}" if revision else "istiod"
    return values.text("global.caAddress") or f"{service}.{values.text('global.istioNamespace')}.svc:15012"


def _resources(values: ChartValues, differences: frozenset[str]) -> dict[str, Any]:
    """The sidecar's resources as Kubernetes would print them. Null removes a key, or in older releases made it 0."""
    path = "global.proxy.resources"
    resources = {kind: value for kind, value in values.mapping(path).items() if value}
    for kind in ("limits", "requests"):
        if kind in resources:
            resources[kind] = _amounts(values.mapping(f"{path}.{kind}"), differences)
    return {kind: value for kind, value in resources.items() if value}


def _amounts(amounts: Mapping[str, Any], differences: frozenset[str]) -> dict[str, Any]:
    if "nulls-omitted" in differences:
        amounts = {name: value for name, value in amounts.items() if value is not None}
    return {name: "0" if value is None else canonical(value) or value for name, value in amounts.items()}
