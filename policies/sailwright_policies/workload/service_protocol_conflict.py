"""Two Services of one workload that use a port number with different L4 protocols cannot both be served.

The proxies open one listener for the number. One Service's traffic is then read with the other's protocol.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import POD_MAKER
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.istioctl_compat import services_of_deployments
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "service-protocol-conflict"
KIND = POD_MAKER
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


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Compare the ports of the Services of a workload in the mesh."""
    services = _services(workload, mesh.index)
    protocols: dict[int, dict[str, list[str]]] = {}
    for service in services:
        for port in service.ports:
            protocols.setdefault(port.number, {}).setdefault(port.l4, []).append(service.name)
    for number, found in protocols.items():
        involved = sorted(name for names in found.values() for name in names)
        one_service = not mesh.facts.compat and len(set(involved)) == 1  # as every DNS Service: it means both
        if len(found) > 1 and not one_service:
            names = ", ".join(involved)
            message = f"port {number} of its Services ({names}) is both {' and '.join(sorted(found))}"
            related = tuple((service.manifest, ("spec", "ports"), "a Service of it") for service in services)
            yield Problem(workload.manifest, ("metadata", "name"), message, "use two numbers", related)


def _services(workload: Workload, index: Index) -> tuple[Service, ...]:
    """The Services of a workload in the mesh; to the analyzers only Deployments have some."""
    if index.facts.compat:
        return index.derived(_of_deployments).get(workload.manifest, ())
    return index.services_of(workload) if index.injected(workload) is True else ()


def _of_deployments(index: Index) -> Mapping[Manifest, tuple[Service, ...]]:
    return {workload.manifest: services for workload, services in services_of_deployments(index)}
