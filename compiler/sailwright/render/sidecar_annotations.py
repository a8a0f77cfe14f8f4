"""`mesh.sidecar` as the annotations by which Istio itself takes these settings (istio.io/docs/reference/config/annotations)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.project.service.parts import Block
from sailwright.source.emit import emit

_PLAIN = {
    "image": "sidecar.istio.io/proxyImage",
    "imageType": "sidecar.istio.io/proxyImageType",
    "logLevel": "sidecar.istio.io/logLevel",
    "componentLogLevel": "sidecar.istio.io/componentLogLevel",
    "agentLogLevel": "sidecar.istio.io/agentLogLevel",
    "interceptionMode": "sidecar.istio.io/interceptionMode",
    "native": "sidecar.istio.io/nativeSidecar",
    "rewriteAppHTTPProbers": "sidecar.istio.io/rewriteAppHTTPProbers",
    "mergeMetrics": "prometheus.istio.io/merge-metrics",
    "statusPort": "status.sidecar.istio.io/port",
    "capNetBindService": "sidecar.istio.io/capNetBindService",
    "bootstrapOverride": "sidecar.istio.io/bootstrapOverride",
    "includeInboundPorts": "traffic.sidecar.istio.io/includeInboundPorts",
    "excludeInboundPorts": "traffic.sidecar.istio.io/excludeInboundPorts",
    "includeOutboundPorts": "traffic.sidecar.istio.io/includeOutboundPorts",
    "excludeOutboundPorts": "traffic.sidecar.istio.io/excludeOutboundPorts",
    "includeOutboundIPRanges": "traffic.sidecar.istio.io/includeOutboundIPRanges",
    "excludeOutboundIPRanges": "traffic.sidecar.istio.io/excludeOutboundIPRanges",
    "excludeInterfaces": "traffic.sidecar.istio.io/excludeInterfaces",
    "kubevirtInterfaces": "traffic.sidecar.istio.io/kubevirtInterfaces",
}
_JSON = {"userVolume": "sidecar.istio.io/userVolume", "userVolumeMount": "sidecar.istio.io/userVolumeMount"}
_RESOURCES = {
    ("requests", "cpu"): "sidecar.istio.io/proxyCPU",
    ("requests", "memory"): "sidecar.istio.io/proxyMemory",
    ("limits", "cpu"): "sidecar.istio.io/proxyCPULimit",
    ("limits", "memory"): "sidecar.istio.io/proxyMemoryLimit",
}
_PROXY_CONFIG = "proxy.istio.io/config"
_OF_PROXY = ("concurrency", "holdApplicationUntilProxyStarts")


def sidecar_annotations(sidecar: Block) -> dict[str, str]:
    """The pod annotations that say what `mesh.sidecar` says, in a fixed order."""
    if not sidecar:
        return {}
    annotations: dict[str, str] = {}
    resources: Mapping[str, Mapping[str, Any]] = sidecar.get("resources") or {}
    for (part, resource), annotation in _RESOURCES.items():
        quantity = (resources.get(part) or {}).get(resource)
        if quantity is not None:
            annotations[annotation] = str(quantity)
    annotations |= {annotation: _text(sidecar[key]) for key, annotation in _PLAIN.items() if key in sidecar}
    for key, value in (sidecar.get("readiness") or {}).items():
        annotations[f"readiness.status.sidecar.istio.io/{key}"] = _text(value)
    annotations |= {annotation: _json(sidecar[key]) for key, annotation in _JSON.items() if key in sidecar}
    if proxy_config := _proxy_config(sidecar):
        annotations[_PROXY_CONFIG] = emit(proxy_config)
    return annotations


def sidecar_places(sidecar: Block) -> dict[str, tuple[str, ...]]:
    """Which key of `mesh.sidecar` each annotation comes from that it may lead to."""
    places: dict[str, tuple[str, ...]] = {name: ("resources", *keys) for keys, name in _RESOURCES.items()}
    places |= {name: (key,) for key, name in (*_PLAIN.items(), *_JSON.items())}
    places |= {f"readiness.status.sidecar.istio.io/{key}": ("readiness", key) for key in sidecar.get("readiness") or {}}
    places[_PROXY_CONFIG] = next(((key,) for key in _OF_PROXY if key in sidecar), ("proxyConfig",))
    return places


def _proxy_config(sidecar: Block) -> dict[str, Any]:
    own = {key: sidecar[key] for key in _OF_PROXY if key in sidecar}
    return {**(sidecar.get("proxyConfig") or {}), **own}


def _text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json(value: Any) -> str:
    import json

    return json.dumps(value, separators=(",", ":"))
