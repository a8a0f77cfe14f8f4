"""What injection takes from the MeshConfig: ports, trust domain, the proxies' default config."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.mesh.values.proxy_config import DEFAULTS, ProxyConfig
from sailwright.render.injection.proxy_config import known, merged
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class MeshSettings:
    """The fields of MeshConfig (istio.mesh.v1alpha1) that reach a pod, over Istio's defaults."""

    default_config: ProxyConfig
    trust_domain: str = "cluster.local"
    enable_prometheus_merge: bool = True
    proxy_listen_port: int = 15001
    proxy_inbound_listen_port: int = 15006
    inbound_localhost: bool = False
    otel_resource_attributes: bool = False


def mesh_settings(mesh_config: Mapping[str, Any], differences: frozenset[str]) -> MeshSettings:
    """Read a MeshConfig. Raises ValueError, with the field's place, where a value has the wrong type."""
    return MeshSettings(
        default_config=known(_default_config(mesh_config), differences),
        trust_domain=_typed(mesh_config, "trustDomain", str, "cluster.local"),
        enable_prometheus_merge=_typed(mesh_config, "enablePrometheusMerge", bool, True),
        proxy_listen_port=_typed(mesh_config, "proxyListenPort", int, 15001) or 15001,
        proxy_inbound_listen_port=_typed(mesh_config, "proxyInboundListenPort", int, 15006) or 15006,
        inbound_localhost=_mode(mesh_config.get("inboundTrafficPolicy")) == "LOCALHOST",
        otel_resource_attributes=_enriches(mesh_config),
    )


def _default_config(mesh_config: Mapping[str, Any]) -> ProxyConfig:
    given = mesh_config.get("defaultConfig")
    config = merged(DEFAULTS, {} if given is None else given, "defaultConfig")
    if config is DEFAULTS:
        return config
    from sailwright.mesh.values.proxy_config import proxy_config_fault

    if fault := proxy_config_fault(config):
        raise ValueError(f"defaultConfig.{fault}")
    return config


def _typed(data: Mapping[str, Any], name: str, kind: type, default: Any) -> Any:
    value = data.get(name)
    if value is None:
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        wanted = {"str": "text", "int": "a number", "bool": "true or false"}[kind.__name__]
        raise ValueError(f"{name}: {wanted} is needed, not `{value}`")
    return value


def _mode(policy: Any) -> Any:
    return policy.get("mode") if isinstance(policy, dict) else None


def _enriches(mesh_config: Mapping[str, Any]) -> bool:
    """Whether a default tracing provider asks for OpenTelemetry's service attributes."""
    defaults = mesh_config.get("defaultProviders")
    tracing = defaults.get("tracing") if isinstance(defaults, dict) else None
    named = set(tracing) if isinstance(tracing, list) else set()
    providers = mesh_config.get("extensionProviders")
    for provider in providers if isinstance(providers, list) else []:
        opentelemetry = provider.get("opentelemetry") if isinstance(provider, dict) else None
        wanted = isinstance(opentelemetry, dict) and (
            opentelemetry.get("serviceAttributeEnrichment") == "OTEL_SEMANTIC_CONVENTIONS"
        )
        if wanted and (not named or provider.get("name") in named):
            return True
    return False
