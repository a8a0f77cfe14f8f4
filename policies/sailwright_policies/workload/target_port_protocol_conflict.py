"""Two Services that reach one port of a pod must agree on its protocol: the older Service decides, and repositories have no age.

The inbound listener of a sidecar is made per target port. When one Service declares it HTTP and another TCP, one of the two
is served as the other, and which one changes when a Service is created anew.
"""

from collections.abc import Iterable, Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "target-port-protocol-conflict"
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


def check(world: World) -> Iterator[Problem]:
    """The Services of each injected workload, by target port."""
    told: set[tuple[Manifest, Path]] = set()
    for workload in world.index.workloads:
        services = world.index.services_of(workload)
        if len(services) < 2 or not world.index.injected(workload):
            continue
        for service, port, other, seen in _conflicts(workload, services):
            if (service.manifest, port.path) not in told:
                told.add((service.manifest, port.path))
                yield Problem(
                    service.manifest,
                    port.path,
                    f"a port of {workload.name} is {port.protocol} here, and {seen.protocol} in Service {other.name}",
                    "declare one protocol in both Services",
                    related=((other.manifest, seen.path, f"{seen.protocol} here: {seen.protocol.reason}"),),
                )


def _conflicts(workload: Workload, services: Iterable[Service]) -> Iterator[tuple[Service, Port, Service, Port]]:
    first: dict[int, tuple[Service, Port]] = {}
    for service in services:
        for port in service.ports:
            target = workload.port_number(port.target if port.target is not None else port.number)
            if target is None or port.protocol.is_udp:
                continue
            other, seen = first.setdefault(target, (service, port))
            if other is not service and seen.protocol.name != port.protocol.name:
                yield service, port, other, seen
