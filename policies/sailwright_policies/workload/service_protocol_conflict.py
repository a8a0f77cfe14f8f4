"""Two Services of one workload that use a port number with different L4 protocols cannot both be served.

The proxies open one listener for the number. One Service's traffic is then read with the other's protocol.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.istioctl_compat import services_of_deployments
from sailwright.mesh.world import World

ID = "service-protocol-conflict"
SEVERITY: Severity = "warning"
ALIASES = ("IST0116",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: dns  # finding
  namespace: shop
spec: {template: {metadata: {labels: {app: dns, sidecar.istio.io/inject: "true"}}}}
---
apiVersion: v1
kind: Service
metadata: {name: dns, namespace: shop}
spec: {selector: {app: dns}, ports: [{name: udp-dns, port: 53, protocol: UDP}]}
---
apiVersion: v1
kind: Service
metadata: {name: dns-tcp, namespace: shop}
spec: {selector: {app: dns}, ports: [{name: tcp-dns, port: 53, protocol: TCP}]}
"""
GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: dns, namespace: shop}
spec: {template: {metadata: {labels: {app: dns, sidecar.istio.io/inject: "true"}}}}
---
apiVersion: v1
kind: Service
metadata: {name: dns, namespace: shop}
spec:
  selector: {app: dns}
  ports: [{name: udp-dns, port: 53, protocol: UDP}, {name: tcp-dns, port: 53, protocol: TCP}]
"""


def check(world: World) -> Iterator[Problem]:
    """Compare the ports of the Services of each workload in the mesh."""
    index = world.index
    for workload, services in services_of_members(index):
        protocols: dict[int, dict[str, list[str]]] = {}
        for service in services:
            for port in service.ports:
                protocols.setdefault(port.number, {}).setdefault(port.l4, []).append(service.name)
        for number, found in protocols.items():
            involved = sorted(name for names in found.values() for name in names)
            one_service = not index.facts.compat and len(set(involved)) == 1  # as every DNS Service: it means both
            if len(found) > 1 and not one_service:
                names = ", ".join(involved)
                message = f"port {number} of its Services ({names}) is both {' and '.join(sorted(found))}"
                related = tuple((service.manifest, ("spec", "ports"), "a Service of it") for service in services)
                yield Problem(workload.manifest, ("metadata", "name"), message, "use two numbers", related)


def services_of_members(index: Index) -> Iterator[tuple[Workload, tuple[Service, ...]]]:
    """The workloads in the mesh that have Services, with these."""
    if index.facts.compat:
        yield from services_of_deployments(index)
        return
    for workload in index.workloads:
        services = index.services_of(workload)
        if services and index.injected(workload) is True:
            yield workload, services
