"""The ports of a drafted Service, each with the protocol that Istio reads from it, or finds out by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.project.schema.judge import schema
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping

AUTO = "auto"
_WELL_KNOWN = (25, 53, 3306, 27017)
"""Ports that Istio takes for TCP whatever their name (pkg/config/kube/conversion.go)."""


def ports(service: Manifest, *, routed: bool) -> list[dict[str, Any]]:
    """The ports of a Service. With `routed`, a VirtualService has HTTP routes for it: its only port is an HTTP one then."""
    listed = items(service.spec.get("ports"))
    unnamed = "http" if routed and len(listed) == 1 else AUTO
    result = []
    for port in listed:
        protocol = named_protocol(port) or unnamed
        name = port.get("name") or (f"port-{port['port']}" if protocol == AUTO else protocol.rpartition("/")[2])
        entry: dict[str, Any] = {"name": name, "port": port["port"]}
        if port.get("targetPort", port["port"]) != port["port"]:
            entry["targetPort"] = port["targetPort"]
        entry["appProtocol"] = protocol
        if port.get("protocol", "TCP") != "TCP" and protocol != "udp":
            entry["protocol"] = port["protocol"]
        if "nodePort" in port:
            entry["nodePort"] = port["nodePort"]
        result.append(entry)
    return result


def named_protocol(port: Mapping[str, Any]) -> str | None:
    """The protocol as Istio selects it: appProtocol, else what the name begins with; None for auto-detection."""
    known = [choice for choice in schema("service")["$defs"]["Port"]["properties"]["appProtocol"]["enum"] if choice]
    if port.get("protocol") == "UDP":
        return "udp"
    if "appProtocol" in port:
        written = str(port["appProtocol"])
        return written if written in known and written != AUTO else None
    named = str(port.get("name") or "").lower()
    if named.startswith("grpc-web"):
        return "grpc-web"
    first = named.partition("-")[0]
    if first in known and "/" not in first and first != AUTO:
        return first
    return "tcp" if port.get("port") in _WELL_KNOWN else None


def container_ports(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ports that the containers of a pod list."""
    found = (mapping(container).get("ports") for container in items(spec.get("containers")))
    return [port for listed in found for port in items(listed) if isinstance(port, dict)]
