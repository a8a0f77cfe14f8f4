"""The Gateways outside the repository of which sailwright.yaml says what they serve (`known.gateways`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.source.manifest import Manifest
from sailwright.source.source import Document
from sailwright.source.untyped import get, items, text

DECLARED_LABEL = "sailwright.dev/declared-gateway"
"""The label of the workload that stands for a declared gateway: the pods of each are its own."""
PLAIN = frozenset({"HTTP", "HTTP2", "GRPC", "TCP"})
TLS_MODES = {"HTTPS": "SIMPLE", "TLS": "PASSTHROUGH"}


def declared_gateways(document: Document) -> Iterator[Manifest]:
    """Each declared server as a Gateway object, Istio's or, with a `class`, Kubernetes'; those of one name are one Gateway. Its place is the project file's."""
    found: dict[tuple[str, str], tuple[int, list[dict[str, Any]]]] = {}
    for number, item in enumerate(items(get(document.value, "known", "gateways"))):
        if isinstance(item, dict) and len(item) > 1:
            of_class = text(item.get("class"))
            _, servers = found.setdefault((text(item.get("name")), of_class), (number, []))
            if of_class:
                servers += _listeners(item, len(servers))
            else:
                servers.append(_server(item, len(servers)))
    for (name, of_class), (number, servers) in found.items():
        value = _kubernetes_gateway(name, of_class, servers) if of_class else _gateway(name, servers)
        yield Manifest(value, document, ("known", "gateways", number))


def _kubernetes_gateway(full_name: str, class_name: str, listeners: list[dict[str, Any]]) -> dict[str, Any]:
    namespace, _, name = full_name.partition("/")
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"gatewayClassName": class_name, "listeners": listeners},
    }


def _listeners(item: Mapping[str, Any], before: int) -> Iterator[dict[str, Any]]:
    """One listener for each host; which routes it takes is not known, so it takes all."""
    protocol = item.get("protocol") or "HTTPS"
    shown = "HTTP" if protocol in ("GRPC", "HTTP2") else protocol
    for number, host in enumerate(item.get("hosts") or ["*"]):
        listener: dict[str, Any] = {
            "name": f"declared-{before + number}",
            "port": item.get("port") or (80 if protocol in PLAIN else 443),
            "protocol": shown,
            "allowedRoutes": {"namespaces": {"from": "All"}},
        }
        if host != "*":
            listener["hostname"] = host
        if protocol in TLS_MODES:
            listener["tls"] = {"mode": "Passthrough" if protocol == "TLS" else "Terminate"}
        yield listener


def _gateway(full_name: str, servers: list[dict[str, Any]]) -> dict[str, Any]:
    namespace, _, name = full_name.partition("/")
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "Gateway",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": {DECLARED_LABEL: name}, "servers": servers},
    }


def _server(item: Mapping[str, Any], number: int) -> dict[str, Any]:
    protocol = item.get("protocol") or "HTTPS"
    port = item.get("port") or (80 if protocol in PLAIN else 443)
    server: dict[str, Any] = {
        "port": {"number": port, "name": f"{protocol.lower()}-{number}", "protocol": protocol},
        "hosts": list(item.get("hosts") or ["*"]),
    }
    if protocol in TLS_MODES:
        server["tls"] = {"mode": TLS_MODES[protocol]}
    return server
