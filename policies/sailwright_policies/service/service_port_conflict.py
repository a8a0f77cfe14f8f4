"""Two ports of a Service that lead to one pod port with different protocols leave it to chance which one counts.

The proxy of the pod has one listener for each targetPort, and reads it with the protocol of one of them. The same between
two Services is the matter of target-port-protocol-conflict.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.world import World
from sailwright_policies import istioctl_analyzers

ID = "service-port-conflict"
KIND = SERVICE
SEVERITY: Severity = "warning"
ALIASES = ("IST0137",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart, sidecar.istio.io/inject: "true"}}}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports:
    - {name: http, port: 80, targetPort: 8080}
    - {name: tcp, port: 8080, targetPort: 8080}  # finding
"""
GOOD = BAD.replace("name: tcp, port", "name: http-old, port").replace("  # finding", "")


COMPAT = istioctl_analyzers.SERVICE_PORTS


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Compare the ports that lead to one pod port."""
    first: dict[int | str, Port] = {}
    for port in service.ports:
        target = port.target or port.number
        other = first.setdefault(target, port)
        if _protocol(port) != _protocol(other) and port.l4 == other.l4 and _is_in_mesh(mesh.index, service):
            message = (
                f"pod port {target} is {port.protocol.name} here, and {other.protocol.name} by port {other.number}"
            )
            related = ((service.manifest, other.path, f"{other.protocol.name} here: {other.protocol.reason}"),)
            yield Problem(service.manifest, port.path, message, "declare one protocol for both", related)


def _protocol(port: Port) -> str:
    """One listener serves every kind of HTTP."""
    return "HTTP" if port.protocol.is_http else port.protocol.name


def _is_in_mesh(index: Index, service: Service) -> bool:
    return any(index.injected(workload) is True for workload in index.backends(service))
