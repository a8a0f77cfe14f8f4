"""Names that are given twice where each may be given once."""

from collections.abc import Iterable, Iterator
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Version

RULE = "duplicate-name"


def names(service: Service) -> Iterator[Problem]:
    """Ports, versions, routes, tests and containers with one name."""
    if len(service.ports) > 1:
        yield from _twice(service, "port", ((port.name, (*port.path, "name")) for port in service.ports))
        numbers = (((port.port, port.protocol), (*port.path, "port")) for port in service.ports)
        yield from _twice(service, "port number", numbers)
    distinct = len({version.name for version in service.versions}) == len(service.versions)
    if not distinct:
        yield from _twice(service, "version", ((version.name, (*version.path, "name")) for version in service.versions))
    if service.additional_services:
        services: list[tuple[Any, Path]] = [(service.host_name, ("service", "name"))]
        services += ((other.name, (*other.path, "name")) for other in service.additional_services)
        yield from _twice(service, "Service", services)
    if len(service.routes) > 1:
        named = ((f"{route.family} {route.name}", (*route.path, "name")) for route in service.routes if route.name)
        yield from _twice(service, "route", named)
    if service.tests:
        yield from _twice(service, "test", ((test.name, test.path) for test in service.tests))
    if distinct and service.workload.kind == "Deployment" and not service.workload.external:
        workloads = ((version.workload_name, (*version.path, "workload", "name")) for version in service.versions)
        yield from _twice(service, "workload", workloads)
    for version in service.versions:
        if "containers" in version.settings or "initContainers" in version.settings:
            yield from _twice(service, "container", _containers(service, version))


def _containers(service: Service, version: Version) -> Iterator[tuple[Any, Path]]:
    yield str(version.settings.get("containerName", service.name)), version.path
    for key in ("containers", "initContainers"):
        for index, item in enumerate(version.settings.get(key) or ()):
            yield item["name"], (*version.path, key, index, "name")


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
