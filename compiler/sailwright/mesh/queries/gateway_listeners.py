"""The listeners of Kubernetes Gateways that a route of the Gateway API is attached to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.index import Index
from sailwright.mesh.pilot.gateway_api.listeners import CONTROLLER, ISTIO_CLASS
from sailwright.mesh.values.kinds import KUBERNETES_GATEWAY
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, number, text

GATEWAY_CLASS: Final = "GatewayClass.gateway.networking.k8s.io"
Listener = Mapping[str, Any]


def parent_gateways(
    route: Manifest, index: Index
) -> Iterator[tuple[Path, Mapping[str, Any], Manifest, tuple[Listener, ...]]]:
    """Path and value of each parent that is a Gateway of the input, with the Gateway and its listeners (where it has any).

    Of Gateways outside the input nothing is known; a Gateway that takes ListenerSets may have more listeners elsewhere.
    """
    own = index.namespace_of(route)
    for path, parent in entries(route.spec.get("parentRefs"), ("spec", "parentRefs")):
        if parent.get("kind", "Gateway") != "Gateway":
            continue
        gateway = index.find(KUBERNETES_GATEWAY, text(parent.get("namespace")) or own, text(parent.get("name")))
        listeners = tuple(found for _, found in entries(gateway.spec.get("listeners"), ())) if gateway else ()
        if gateway and listeners and not gateway.spec.get("allowedListeners"):
            yield path, parent, gateway, listeners


def selected(parent: Mapping[str, Any], listeners: tuple[Listener, ...]) -> tuple[Listener, ...]:
    """Those of the listeners that a reference means."""
    section, port = text(parent.get("sectionName")), number(parent.get("port"))
    return tuple(
        found
        for found in listeners
        if section in ("", text(found.get("name"))) and port in (0, number(found.get("port")))
    )


def is_istios(gateway: Manifest, index: Index) -> bool:
    """Whether istiod serves a Gateway: its class is `istio`, or one of the input that names Istio's controller."""
    name = text(gateway.spec.get("gatewayClassName"))
    controllers = [
        get(found.value, "spec", "controllerName") for found in index.of(GATEWAY_CLASS) if found.name == name
    ]
    return CONTROLLER in controllers if controllers else name == ISTIO_CLASS
