"""A Service port that leads to no port of its pods is refused by every connection.

A named targetPort has to be the name of a container port. A number may be right even where no container declares it: that is
reported as a note only.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "service-target-port-unknown"
KIND = SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA0701",)

BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports:
    - name: http
      port: 80
      targetPort: web  # finding
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec:
      containers: [{name: reviews, ports: [{name: http, containerPort: 9080}]}]
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports:
    - name: http
      port: 80
      targetPort: http
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec:
      containers: [{name: reviews, ports: [{name: http, containerPort: 9080}]}]
"""


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """The targetPort of each Service port against the container ports of the workloads behind it, where they declare any."""
    backends = mesh.index.derived(_backends).get(_selection(service), ())
    for port in service.ports if backends else ():
        target = port.target if port.target is not None else port.number
        without = [workload for workload in backends if not _has(workload, target)]  # of workloads alike the first
        named = isinstance(target, str)
        if not without or (not named and (service.is_headless or all(each.is_gateway for each in without))):
            continue  # a gateway listens on the ports of its Gateways, which its container does not declare
        workload = without[0]
        yield Problem(
            service.manifest,
            (*port.path, "targetPort"),
            f"no container of {workload.kind} {workload.name} has {'a port named ' if named else 'port '}{target}",
            f"its ports are {', '.join(_written(workload.container_ports))}",
            related=((workload.manifest, workload.path("spec", "containers"), "the containers"),),
            severity="info" if not named else "warning" if len(without) < len(backends) else "error",
        )


_Selection = tuple[str, frozenset[tuple[str, str]]]


def _selection(service: Service) -> _Selection:
    return service.namespace, frozenset(service.selector.items())


def _backends(index: Index) -> dict[_Selection, tuple[Workload, ...]]:
    """For each selector of Services the workloads with declared ports, the first of those that declare the same ones."""
    found: dict[_Selection, tuple[Workload, ...]] = {}
    for service in index.services:
        if (selection := _selection(service)) not in found:
            alike: dict[frozenset[tuple[str | int, int]], Workload] = {}
            for workload in index.backends(service):
                if workload.container_ports:
                    alike.setdefault(frozenset(workload.container_ports.items()), workload)
            found[selection] = tuple(alike.values())
    return found


def _has(workload: Workload, target: int | str) -> bool:
    return target in workload.container_ports or target in workload.container_ports.values()


def _written(declared: Mapping[str | int, int]) -> list[str]:
    return [f"{name} ({port})" if isinstance(name, str) else str(name) for name, port in declared.items()]
