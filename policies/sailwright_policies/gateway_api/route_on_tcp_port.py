"""An HTTPRoute or GRPCRoute for a port that does not speak HTTP has no effect: proxies see bytes there, not requests.

The protocol of a Service's port comes from its `appProtocol` or its name. Use a TCPRoute or a TLSRoute for such ports.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import HTTP_OR_GRPC_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "route-on-tcp-port"
KIND = HTTP_OR_GRPC_ROUTE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: stock, namespace: shop}
spec:
  parentRefs:
    - group: ""
      kind: Service
      name: stock
      port: 6379  # finding
  rules: [{backendRefs: [{name: stock, port: 6379}]}]
---
apiVersion: v1
kind: Service
metadata: {name: stock, namespace: shop}
spec: {selector: {app: stock}, ports: [{name: http, port: 80}, {name: redis, port: 6379}]}
"""
GOOD = BAD.replace("port: 6379  # finding", "port: 80")


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """A parent Service of which the port that is named, or every port, is declared as something else than HTTP."""
    index = mesh.index
    own = index.namespace_of(route)
    for path, parent in entries(route.spec.get("parentRefs"), ("spec", "parentRefs")):
        if parent.get("kind") != "Service":
            continue
        name, namespace = text(parent.get("name")), text(parent.get("namespace")) or own
        service = index.registry.service(service_host(name, namespace, index.domain))
        ports = [port for port in service.ports if parent.get("port") in (None, port.number)] if service else []
        if service and ports and not any(port.protocol.is_http or port.protocol.is_auto for port in ports):
            spoken = ", ".join(f"{port.number} is {port.protocol.name}" for port in ports)
            yield Problem(
                route,
                (*path, "port" if "port" in parent else "name"),
                f"the {route.kind} has no effect on Service {namespace}/{name}: port {spoken}",
                "name a port that speaks HTTP, or write a TCPRoute or TLSRoute",
                related=((service.manifest, ("spec", "ports"), "its ports"),),
            )
