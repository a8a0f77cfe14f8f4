"""Callers in ambient mode, and whether a sidecar takes what ztunnel sends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.pod_proxies import has_sidecar, in_ambient_mode
from sailwright.mesh.values.ambient import AMBIENT, DATAPLANE_MODE
from sailwright.source.untyped import get, mapping, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

HBONE_METADATA = "ISTIO_META_ENABLE_HBONE"
TUNNEL = "networking.istio.io/tunnel"


def why_ambient(index: Index, namespace: str, labels: Iterable[tuple[str, str]]) -> str:
    """Why the pods of a namespace with these labels call through ztunnel; empty where one has or may have a sidecar.

    Pods without any proxy beside them change nothing. Where no workload is known, the label of the namespace decides.
    """
    found = index.selected(dict(labels), namespace)
    reasons = [_why(workload) for workload in found if in_ambient_mode(index, workload)]
    others = (workload for workload in found if not in_ambient_mode(index, workload))
    if any(has_sidecar(index, workload) is not False for workload in others):
        return ""
    if not found and index.namespace(namespace).ambient:
        reasons = [f"namespace {namespace} has the label {DATAPLANE_MODE}={AMBIENT}"]
    said = list(dict.fromkeys(reasons))
    return f"{said[0]} (and {len(said) - 1} more)" if len(said) > 1 else "".join(said)


def takes_hbone(index: Index, workload: Workload) -> bool | None:
    """Whether the sidecar of a workload takes what ztunnel sends (HBONE); else ztunnel sends it plain text.

    The injector puts a label on such pods where the proxy's metadata has it. None where the webhook injects, and decides.
    Source: Istio `pilot/pkg/serviceregistry/kube/controller/ambient/workloads.go`, setTunnelProtocol.
    """
    if workload.labels.get(TUNNEL) == "http" or _has_metadata(index, workload):
        return True
    baked = workload.proxy is not None or workload.manifest.origin is not None
    return False if baked and workload.inject != "true" else None


def _has_metadata(index: Index, workload: Workload) -> bool:
    configured = get(index.mesh.config, "defaultConfig", "proxyMetadata", HBONE_METADATA)
    annotation = workload.annotations.get("proxy.istio.io/config", "")
    return text(configured) == "true" or HBONE_METADATA in annotation or _profile(index) == AMBIENT


def _profile(index: Index) -> str:
    values = mapping(index.facts.values)
    return text(values.get("profile")) or text(get(values, "global", "profile"))


def _why(workload: Workload) -> str:
    if workload.labels.get(DATAPLANE_MODE) == AMBIENT:
        return f"{workload.kind} {workload.name} has the label {DATAPLANE_MODE}={AMBIENT}"
    return f"namespace {workload.namespace} has the label {DATAPLANE_MODE}={AMBIENT}"
