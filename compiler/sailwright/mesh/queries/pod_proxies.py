"""Which pods have a proxy, and which surely have none: their connections are kube-proxy's alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sailwright.mesh.objects.namespaces import INJECTION_LABEL, NEVER_INJECTED, asks_for_ambient
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values.ambient import AMBIENT, DATAPLANE_MODE
from sailwright.source.untyped import get

if TYPE_CHECKING:
    from sailwright.diagnostics.finding import Path
    from sailwright.mesh.index import Index
    from sailwright.source.manifest import Written

EXCLUDE_OUTBOUND = "traffic.sidecar.istio.io/excludeOutboundPorts"


def has_sidecar(index: Index, workload: Workload) -> bool | None:
    """Whether the pods of a workload have a sidecar; None where it cannot be decided.

    Commands that ask about traffic render without injection. There the service file says that the build bakes the proxy in,
    and what the webhook makes of the namespace does not matter.
    """
    if workload.proxy is None and not workload.host_network and _baked(index, workload):
        return True
    return index.injected(workload)


def in_ambient_mode(index: Index, workload: Workload) -> bool | None:
    """Whether ztunnel takes the connections of a workload's pods, in and out (ambient mode); None where it cannot be decided.

    A pod asks for it by its own label, else its namespace does; a sidecar goes before it, and the host network stays outside.
    Source: Istio `cni/pkg/util/podutil.go`; istio.io, Ambient, "Add workloads to an ambient mesh".
    """
    asked = asks_for_ambient(workload, index.namespace(workload.namespace))
    sidecar = has_sidecar(index, workload) if asked is not False else None
    if not asked or sidecar:
        return False if sidecar else asked
    if sidecar is None:
        return True if workload.labels.get(DATAPLANE_MODE) == AMBIENT else None
    return not sidecar


def why_plain(index: Index, namespace: str, labels: Iterable[tuple[str, str]]) -> str:
    """Why no pod of a namespace with these labels has a proxy; empty where one has or may have, or where none is known."""
    found = index.selected(dict(labels), namespace)
    reasons = list(dict.fromkeys(_why_without(index, workload) for workload in found))
    return "" if "" in reasons else "; ".join(reasons)


def why_past_proxy(index: Index, namespace: str, labels: Iterable[tuple[str, str]], port: int) -> str:
    """Why no call of these pods to a port goes through their proxy; empty where one does or may, or where none is known."""
    found = index.selected(dict(labels), namespace)
    excluding = all(str(port) in _excluded(workload) for workload in found)
    return f"{EXCLUDE_OUTBOUND} takes port {port} past the proxy" if found and excluding else ""


def _excluded(workload: Workload) -> list[str]:
    return [part.strip() for part in workload.annotations.get(EXCLUDE_OUTBOUND, "").split(",")]


def _baked(index: Index, workload: Workload) -> bool:
    """Whether the service file that a workload is rendered from has `mesh.inject: build`, which is the default."""
    if workload.manifest.origin is None or workload.inject is not None:
        return False
    known = index.facts.baked.get(workload.manifest.document.source.path)
    return says_build(workload.manifest.origin.written) if known is None else known


def says_build(written: Callable[[Path], Written]) -> bool:
    """Whether a service file has `mesh.inject: build`, or says nothing of it; `written` leads to its lines."""
    found = written(("mesh", "inject"))
    return get(found.document.value, *map(str, found.path)) in (None, {}, "build")


def _why_without(index: Index, workload: Workload) -> str:
    """Why the pods of a workload have no proxy; empty where they have or may have one, ztunnel's included."""
    namespace = index.namespace(workload.namespace)
    if in_ambient_mode(index, workload) or has_sidecar(index, workload) is not False:
        return ""
    if workload.host_network:
        return f"{workload.kind} {workload.name} is on the host network, where nothing is injected"
    if namespace.name in NEVER_INJECTED:
        return f"nothing is injected in namespace {namespace.name}"
    if workload.inject == "false":
        return f'{workload.kind} {workload.name} has sidecar.istio.io/inject: "false"'
    label = (namespace.labels or {}).get(INJECTION_LABEL)
    said = f"has the label {INJECTION_LABEL}={label}" if label else "has no label that asks for injection"
    return f"namespace {namespace.name} {said}"
