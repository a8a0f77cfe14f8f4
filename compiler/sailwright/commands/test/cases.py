"""The tests of a service file: questions to the simulated mesh, and whether its answers are those expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sailwright.commands.test.expectations import Asker, difference
from sailwright.diagnostics.finding import Finding, Location, Path, Related
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.project.service.model import Service
from sailwright.project.service.parts import TestCase
from sailwright.route.callers import service_caller
from sailwright.route.envoy.gateways import gateway_ports
from sailwright.route.envoy.route_table import Route
from sailwright.route.request import Request
from sailwright.route.simulator import Simulator
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest

RULE = "traffic-test-failed"


@dataclass(frozen=True, slots=True)
class Question:
    """A test case made ready: who asks what. `problem` says why nobody can."""

    caller: Caller
    request: Request
    problem: str = ""


def failures(service: Service, simulator: Simulator, services: Mapping[str, Service]) -> Iterator[Finding]:
    """The tests of a service that fail in one world. `services` are all that the world has, by NAMESPACE/NAME."""
    environment = () if service.environment is None else (service.environment,)
    asker = Asker(service, simulator.push_context.domain)
    for case in service.tests:
        question = _question(service, case, simulator, services)
        if question.problem:
            yield _finding(service, case, ("from",), question.problem, environment)
            continue
        answer = simulator.answer(question.caller, question.request)
        route = simulator.match(question.caller, question.request, simulator.normalized(question.request)).route
        for key, expected in case.expect.items():
            wrong = difference(asker, key, expected, answer, route)
            if wrong:
                message = f"{wrong}{_without_proxy(question.caller, answer)}"
                yield _finding(service, case, ("expect", key), message, environment, route)


def _question(service: Service, case: TestCase, simulator: Simulator, services: Mapping[str, Service]) -> Question:
    asks, request = case.caller, case.request
    found = service_caller(simulator.push_context, asks, service.namespace, services, simulator.index)
    if isinstance(found, str):
        return Question(Caller(service.namespace), Request(0, ""), found)
    host, port, scheme = _target(service, request, found, simulator)
    if not host or not port:
        return Question(found, Request(0, ""), "the service has neither a port nor a host of its own: name both")
    path = request.get("path") or "/"
    if not path.startswith("/") or " " in path:
        return Question(found, Request(0, ""), f"the path `{path}` is none: it begins with `/` and holds no spaces")
    authority = f"{host}:{port}" if port not in (80, 443) else host
    headers = {name: value or "" for name, value in (request.get("headers") or {}).items()}
    return Question(found, Request(port, authority, request.get("method") or "GET", path, headers, scheme))


def _target(service: Service, request: Mapping[str, Any], caller: Caller, simulator: Simulator) -> tuple[str, int, str]:
    """Host, port and scheme of a request that leaves them out: the service's own, or the Gateway's."""
    if caller.gateway:
        ports = gateway_ports(simulator.push_context, caller.gateway)
        port, scheme = next(iter(ports), (0, "http"))
        port = request.get("port") or port
        exposed = service.expose.hosts[0] if service.expose else ""
        host = request.get("host") or exposed
        return host, port, request.get("scheme") or dict(ports).get(port, scheme)
    own = own_host(service, simulator)
    port = request.get("port") or (service.ports[0].port if service.ports else 0)
    declared = next((known for known in service.ports if known.port == port), None)
    asked = request.get("host")
    is_own = not asked or Asker(service, simulator.push_context.domain).host(asked.removesuffix(".svc")) == own
    family = declared.family if declared and is_own else None
    scheme = {"tcp": "tcp", "tls": "tls"}.get(family or "", "http")
    return request.get("host") or own, port, request.get("scheme") or scheme


def own_host(service: Service, simulator: Simulator) -> str:
    """The host of a service: the first of an external one, else the Kubernetes Service's full name."""
    if service.external:
        return service.external.hosts[0]
    return f"{service.host_name}.{service.namespace}.svc.{simulator.push_context.domain}"


def _finding(
    service: Service,
    case: TestCase,
    below: Sequence[str],
    message: str,
    environments: tuple[str, ...],
    route: Route | None = None,
) -> Finding:
    spot = service.written((*case.path, *below))
    return Finding(
        rule=RULE,
        severity="error",
        message=f"test `{case.name}`: {message}{_taken(route)}",
        location=spot.location(),
        help="correct the routes, or the test if the change is intended; `sailwright route` shows every step",
        environments=environments,
        path=spot.path,
        related=tuple(_rule(route)),
    )


def _without_proxy(caller: Caller, answer: Mapping[str, Any]) -> str:
    if caller.ambient and not answer.get("waypoint"):
        return f"; the caller is in ambient mode ({caller.ambient}), and without a waypoint no route applies"
    return f"; the caller has no proxy ({caller.plain}), so no route applies" if caller.plain else ""


def _taken(route: Route | None) -> str:
    if route is None:
        return ""
    if route.rule is None or route.owner is None:
        return "; no VirtualService applies"
    name = route.rule.value.get("name")
    return f"; rule {f'`{name}`' if name else route.rule.path[-1]} of {route.owner.kind} {route.owner.title} took it"


def _rule(route: Route | None) -> Iterator[Related]:
    place: tuple[Manifest, Path] | None = route.place if route else None
    if place is not None:
        location: Location = place[0].locate(place[1]).location
        yield Related("this rule took the request", location)
