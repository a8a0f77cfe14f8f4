"""Two Services that reach one port of a pod must agree on its protocol: the older Service decides, and repositories have no age.

The inbound listener of a sidecar is made per target port. When one Service declares it HTTP and another TCP, one of the two
is served as the other, and which one changes when a Service is created anew.
"""

from collections.abc import Iterable, Iterator

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
    for port in service.ports:
        for workload, firsts in mesh.index.derived(_shared).get(_selection(service), ()):
            target = None if port.protocol.is_udp else workload.port_number(port.on_pod)
            other, first = firsts.get(target, (service, port)) if target is not None else (service, port)
            if other is not service and first.protocol.name != port.protocol.name:
                yield Problem(
                    service.manifest,
                    port.path,
                    f"a port of {workload.name} is {port.protocol} here, and {first.protocol} in Service {other.name}",
                    "declare one protocol in both Services",
                    related=((other.manifest, first.path, f"{first.protocol} here: {first.protocol.reason}"),),
                )
                break


_Selection = tuple[str, frozenset[tuple[str, str]]]
_Firsts = dict[int, tuple[Service, Port]]
"""For the number of a pod's port the first Service port that leads to it."""


def _selection(service: Service) -> _Selection:
    return service.namespace, frozenset(service.selector.items())


def _shared(index: Index) -> dict[_Selection, list[tuple[Workload, _Firsts]]]:
    """For each selector of Services the injected workloads that several Services select; of those that are alike to them the first."""
    found: dict[_Selection, list[tuple[Workload, _Firsts]]] = {}
    known: dict[tuple[int, frozenset[tuple[str | int, int]]], _Firsts] = {}
    for service in index.services:
        if (selection := _selection(service)) in found:
            continue
        alike: dict[tuple[int, frozenset[tuple[str | int, int]]], tuple[Workload, _Firsts]] = {}
        for workload in index.backends(service):
            services = index.services_of(workload)
            mark = id(services), frozenset(workload.container_ports.items())  # workloads alike share one tuple
            if mark in alike or len(services) < 2 or not index.injected(workload):
                continue
            if mark not in known:
                known[mark] = _firsts(workload, services)
            alike[mark] = workload, known[mark]
        found[selection] = list(alike.values())
    return found


def _firsts(workload: Workload, services: Iterable[Service]) -> _Firsts:
    found: _Firsts = {}
    for service in services:
        for port in service.ports:
            target = None if port.protocol.is_udp else workload.port_number(port.on_pod)
            if target is not None:
                found.setdefault(target, (service, port))
    return found
