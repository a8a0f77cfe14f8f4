"""A port without a protocol is guessed at, connection by connection.

The proxies inspect the first bytes of each connection. That costs time, hangs if the server sends first, and disables every
setting that needs a known protocol. Name the port `http`, `grpc`, `tcp` ..., or set appProtocol.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Port, Service, is_control_plane
from sailwright.mesh.world import World
from sailwright_policies.service.port_name_misleads import meant

ID = "port-protocol-undeclared"
KIND = SERVICE
SEVERITY: Severity = "info"
ALIASES = ("IST0118",)
BAD = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports:
    - {port: 8080}  # finding
    - {name: web, port: 8081}  # finding
"""
GOOD = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports:
    - {name: http, port: 8080}
    - {name: web, port: 8081, appProtocol: http}
"""


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Look for ports that are auto-detected. Names that look like a protocol, and unknown appProtocols, have their own rules."""
    compat = mesh.facts.compat
    if service.is_external_name or is_control_plane(service) or not (compat or mesh.index.may_be_in_mesh(service)):
        return
    for port in service.ports:
        if port.protocol.is_auto and (compat or not _reported_elsewhere(service, port)):
            message = f"port {port.number} is auto-detected: {port.protocol.reason}"
            yield Problem(service.manifest, port.path, message, "name it after its protocol, or set appProtocol")


def _reported_elsewhere(service: Service, port: Port) -> bool:
    return bool(service.spec["ports"][port.path[-1]].get("appProtocol") or meant(port.name.lower()))
