"""Two Services that reach one port of a pod must agree on its protocol: the older Service decides, and repositories have no age.

The inbound listener of a sidecar is made per target port. When one Service declares it HTTP and another TCP, one of the two
is served as the other, and which one changes when a Service is created anew.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "target-port-protocol-conflict"
KIND = SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: orders-raw, namespace: shop}
spec:
  selector: {app: orders}
  ports:
    - {name: tcp, port: 9000, targetPort: 8080}  # finding
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec:
  template:
    metadata: {labels: {app: orders, sidecar.istio.io/inject: "true"}}
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: orders-admin, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: http-admin, port: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec:
  template:
    metadata: {labels: {app: orders, sidecar.istio.io/inject: "true"}}
"""


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """The ports of a Service against those of Services before it that lead to the same port of an injected workload."""
    index = mesh.index
    shared = (workload for workload in index.backends(service) if len(index.services_of(workload)) > 1)
    workloads = [workload for workload in shared if index.injected(workload)]
    for port in service.ports:
        for workload in workloads:
            other, first = _first(workload, port, index) or (service, port)
            if other is not service and first.protocol.name != port.protocol.name:
                yield Problem(
                    service.manifest,
                    port.path,
                    f"a port of {workload.name} is {port.protocol} here, and {first.protocol} in Service {other.name}",
                    "declare one protocol in both Services",
                    related=((other.manifest, first.path, f"{first.protocol} here: {first.protocol.reason}"),),
                )
                break


def _first(workload: Workload, port: Port, index: Index) -> tuple[Service, Port] | None:
    """What leads first to the port of a workload that this one leads to; None where it leads to none."""
    target = workload.port_number(port.on_pod)
    if target is None or port.protocol.is_udp:
        return None
    for service in index.services_of(workload):
        for other in service.ports:
            if not other.protocol.is_udp and workload.port_number(other.on_pod) == target:
                return service, other
    return None
