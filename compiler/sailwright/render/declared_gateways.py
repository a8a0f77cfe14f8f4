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
    """Each declared server as a Gateway object; those of one name are one Gateway. Its place is the project file's."""
    found: dict[str, tuple[int, list[dict[str, Any]]]] = {}
    for number, item in enumerate(items(get(document.value, "known", "gateways"))):
        if isinstance(item, dict) and len(item) > 1:
            _, servers = found.setdefault(text(item.get("name")), (number, []))
            servers.append(_server(item, len(servers)))
    for name, (number, servers) in found.items():
        yield Manifest(_gateway(name, servers), document, ("known", "gateways", number))


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
