"""Names that are given twice where each may be given once."""

from collections.abc import Iterable, Iterator
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.project.service.model import Service

RULE = "duplicate-name"


def names(service: Service) -> Iterator[Problem]:
    """Ports, versions, routes, tests and containers with one name."""
    yield from _twice(service, "port", ((port.name, (*port.path, "name")) for port in service.ports))
    numbers = (((port.port, port.protocol), (*port.path, "port")) for port in service.ports)
    yield from _twice(service, "port number", numbers)
    yield from _twice(service, "version", ((version.name, (*version.path, "name")) for version in service.versions))
    services: list[tuple[Any, Path]] = [(service.host_name, ("service", "name"))]
    services += ((other.name, (*other.path, "name")) for other in service.additional_services)
    yield from _twice(service, "Service", services)
    named = [(f"{route.family} {route.name}", (*route.path, "name")) for route in service.routes if route.name]
    yield from _twice(service, "route", named)
    yield from _twice(service, "test", ((test.name, test.path) for test in service.tests))
    workloads = [(version.workload_name, (*version.path, "workload", "name")) for version in service.versions]
    distinct = len({version.name for version in service.versions}) == len(service.versions)
    if distinct and service.workload.kind == "Deployment" and not service.workload.external:
        yield from _twice(service, "workload", workloads)
    for version in service.versions:
        own = str(version.settings.get("containerName", service.name))
        containers: list[tuple[Any, Path]] = [(own, version.path)]
        for key in ("containers", "initContainers"):
            for index, item in enumerate(version.settings.get(key) or ()):
                containers.append((item["name"], (*version.path, key, index, "name")))
        yield from _twice(service, "container", containers)


def _twice(service: Service, what: str, found: Iterable[tuple[Any, Path]]) -> Iterator[Problem]:
    seen: dict[Any, Path] = {}
    for name, path in found:
        if name in seen:
            shown = str(name[0] if isinstance(name, tuple) else name).removeprefix("http ").removeprefix("tcp ")
            first = service.written(seen[name]).related("first here")
            message = f"the {what} `{shown.removeprefix('tls ')}` is given twice"
            yield Problem(path, message, "give each its own name, or remove one", rule=RULE, related=(first,))
        else:
            seen[name] = path
