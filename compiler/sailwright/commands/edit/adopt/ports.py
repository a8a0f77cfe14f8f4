"""The ports of a drafted service, each with the protocol that Istio would read from it, or a guess that is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import Notes, template_of
from sailwright.commands.edit.adopt.pods import container_ports
from sailwright.project.schema.judge import schema

_WELL_KNOWN = (25, 53, 3306, 27017)
"""Ports that Istio takes for TCP whatever their name (pkg/config/kube/conversion.go)."""


def ports(group: Group, notes: Notes) -> list[dict[str, Any]]:
    """The ports of the group's Service."""
    if group.service is None:
        return []
    result = []
    for index, port in enumerate(group.service.spec.get("ports") or ()):
        target = _target(port, group)
        protocol = _protocol(port)
        if protocol is None:
            protocol = _guess(group, target)
            message = (
                f"port {port.get('name') or port['port']} names no protocol that Istio knows: taken for {protocol}"
            )
            notes.add(group.service, ("spec", "ports", index), message)
        entry: dict[str, Any] = {"name": port.get("name") or protocol.rpartition("/")[2], "port": port["port"]}
        if target != port["port"]:
            entry["targetPort"] = target
        entry["appProtocol"] = protocol
        if port.get("protocol", "TCP") != "TCP" and protocol != "udp":
            entry["protocol"] = port["protocol"]
        if "nodePort" in port:
            entry["nodePort"] = port["nodePort"]
        result.append(entry)
    return result


def _target(port: Mapping[str, Any], group: Group) -> int | str:
    """The container's port; a name is looked up, since the container's ports take the names of the service's."""
    target = port.get("targetPort", port["port"])
    if isinstance(target, str):
        for workload in group.workloads:
            target = container_ports(workload).get(target, target)
    return target  # type: ignore[no-any-return]


def _protocol(port: Mapping[str, Any]) -> str | None:
    """The protocol as Istio selects it: appProtocol, else what the name begins with; None for auto-detection."""
    known = [choice for choice in schema("service")["$defs"]["Port"]["properties"]["appProtocol"]["enum"] if choice]
    if port.get("protocol") == "UDP":
        return "udp"
    named = str(port.get("appProtocol") or port.get("name") or "").lower()
    if named in known:
        return named
    if named.startswith("grpc-web"):
        return "grpc-web"
    first = named.partition("-")[0]
    if first in known and "/" not in first:
        return first
    return "tcp" if port["port"] in _WELL_KNOWN else None


def _guess(group: Group, target: int | str) -> str:
    """HTTP or gRPC where a probe asks the same port so, else TCP."""
    for workload in group.workloads:
        names: dict[Any, int] = dict(container_ports(workload))
        for container in (template_of(workload).get("spec") or {}).get("containers") or ():
            for key in ("readinessProbe", "livenessProbe", "startupProbe"):
                probe = container.get(key) or {}
                for action, protocol in (("httpGet", "http"), ("grpc", "grpc")):
                    asked = (probe.get(action) or {}).get("port")
                    if asked is not None and names.get(asked, asked) == target:
                        return protocol
    return "tcp"
