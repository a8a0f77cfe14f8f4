"""Two Service ports that lead to one pod port with different protocols leave it to chance which one counts.

The proxy of the pod has one listener for each targetPort, and reads it with the protocol of the oldest Service.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.finding import Severity
from sailwright.mesh.services import Port
from sailwright.mesh.world import World
from sailwright.rule import Problem
from sailwright_policies.istio.service_protocol_conflict import services_of_members

ID = "service-port-conflict"
SEVERITY: Severity = "warning"
ALIASES = ("IST0137",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart  # finding
  namespace: shop
spec: {template: {metadata: {labels: {app: cart, sidecar.istio.io/inject: "true"}}}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart-raw, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: tcp, port: 8080, targetPort: 8080}]}
"""
GOOD = BAD.replace("  # finding", "").replace("name: tcp, port", "name: http, port")


def check(world: World) -> Iterator[Problem]:
    """Compare the Service ports that lead to one pod port. The analyzers complain of any two, whatever their protocols."""
    compat = world.facts.compat
    for workload, services in services_of_members(world.index):
        targets: dict[str, dict[int, tuple[str, Port]]] = {}
        for service in services:
            for port in service.ports:
                targets.setdefault(str(port.target or port.number), {})[port.number] = (service.name, port)
        for target, found in targets.items():
            protocols = {port.protocol.name for _, port in found.values()}
            if len(found) > 1 and (compat or len(protocols) > 1):
                ports = ", ".join(
                    f"{name}:{number} ({port.protocol.name})" for number, (name, port) in sorted(found.items())
                )
                message = f"the pod port {target} is reached through several Service ports: {ports}"
                related = tuple((service.manifest, ("spec", "ports"), "a Service of it") for service in services)
                yield Problem(workload.manifest, ("metadata", "name"), message, "declare one protocol for all", related)
