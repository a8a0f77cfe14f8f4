"""The tests of a service file: questions to the simulated mesh, and whether its answers are those expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sailwright.finding import Finding, Location, Path, Related
from sailwright.manifest import Manifest
from sailwright.route import policies
from sailwright.route.actions import ROUTE, UNDECIDED
from sailwright.route.answers import Answer
from sailwright.route.callers import service_caller
from sailwright.route.durations import nanoseconds
from sailwright.route.gateways import gateway_ports
from sailwright.route.request import Request
from sailwright.route.scope import Caller
from sailwright.route.simulator import Simulator
from sailwright.route.table import Route
from sailwright.route.words import outcome
from sailwright.service import Service
from sailwright.service.parts import TestCase

RULE = "traffic-test-failed"
UNNAMED = "all of it"


@dataclass(frozen=True, slots=True)
class Question:
    """A test case made ready: who asks what. `problem` says why nobody can."""

    caller: Caller
    request: Request
    problem: str = ""


def failures(service: Service, simulator: Simulator, services: Mapping[str, Service]) -> Iterator[Finding]:
    """The tests of a service that fail in one world. `services` are all that the world has, by NAMESPACE/NAME."""
    environment = () if service.environment is None else (service.environment,)
    for case in service.tests:
        question = _question(service, case, simulator, services)
        if question.problem:
            yield _finding(service, case, ("from",), question.problem, environment)
            continue
        answer = simulator.answer(question.caller, question.request)
        route = simulator.take(question.caller, question.request, simulator.view(question.request)).route
        for key, expected in case.expect.items():
            wrong = _difference(service, key, expected, answer, route)
            if wrong:
                yield _finding(service, case, ("expect", key), wrong, environment, route)


def _question(service: Service, case: TestCase, simulator: Simulator, services: Mapping[str, Service]) -> Question:
    asks, request = case.caller, case.request
    found = service_caller(simulator.catalog, asks, service.namespace, services)
    if isinstance(found, str):
        return Question(Caller(service.namespace), Request(0, ""), found)
    host, port, scheme = _target(service, request, found, simulator)
    if not host or not port:
        return Question(found, Request(0, ""), "the service has neither a port nor a host of its own: name both")
    authority = f"{host}:{port}" if port not in (80, 443) else host
    headers = {name: value or "" for name, value in (request.get("headers") or {}).items()}
    return Question(
        found,
        Request(port, authority, request.get("method") or "GET", request.get("path") or "/", headers, scheme),
    )


def _target(service: Service, request: Mapping[str, Any], caller: Caller, simulator: Simulator) -> tuple[str, int, str]:
    """Host, port and scheme of a request that leaves them out: the service's own, or the Gateway's."""
    if caller.gateway:
        ports = gateway_ports(simulator.catalog, caller.gateway)
        port, scheme = next(iter(ports), (0, "http"))
        port = request.get("port") or port
        exposed = service.expose.hosts[0] if service.expose else ""
        host = request.get("host") or exposed
        return host, port, request.get("scheme") or dict(ports).get(port, scheme)
    own = own_host(service, simulator)
    port = request.get("port") or (service.ports[0].port if service.ports else 0)
    declared = next((known for known in service.ports if known.port == port), None)
    family = declared.family if declared and not request.get("host") else None
    scheme = {"tcp": "tcp", "tls": "tls"}.get(family or "", "http")
    return request.get("host") or own, port, request.get("scheme") or scheme


def own_host(service: Service, simulator: Simulator) -> str:
    """The host of a service: the first of an external one, else the Kubernetes Service's full name."""
    if service.external:
        return service.external.hosts[0]
    return f"{service.name}.{service.namespace}.svc.{simulator.catalog.domain}"


def _difference(service: Service, key: str, expected: Any, answer: Answer, route: Route | None) -> str:
    """What is expected and what there is instead; empty where they agree."""
    if expected is None:
        return ""
    if answer["kind"] == UNDECIDED:
        return f"cannot decide: {answer['reason']}"
    if key in ("version", "weights", "host"):
        wanted = {expected: Fraction(1)} if key != "weights" else _normal(expected)
        if answer["kind"] == ROUTE and not _unknown(answer) and _shares(service, answer, key) == wanted:
            return ""
        return f"expected {_told(wanted)}, got {outcome(_named(service, answer))}"
    actual = _actual(key, expected, answer, route)
    wanted_value = _wanted(key, expected)
    if actual == wanted_value:
        return ""
    if key == "timeout":
        return f"expected timeout {expected}, got {answer.get('timeout', 'none')}"
    return f"expected {key} {_plain(wanted_value)}, got {_plain(actual)}"


def _unknown(answer: Answer) -> bool:
    return any(destination.get("unknown") for destination in answer["destinations"])


def _shares(service: Service, answer: Answer, key: str) -> dict[str, Fraction]:
    total = sum(destination["weight"] for destination in answer["destinations"])
    shares: dict[str, Fraction] = {}
    for destination in answer["destinations"]:
        name = destination["host"] if key == "host" else _version(service, destination)
        shares[name] = shares.get(name, Fraction(0)) + Fraction(destination["weight"], total)
    return shares


def _version(service: Service, destination: Mapping[str, Any]) -> str:
    """What a test calls a destination: the version of this service, else the host."""
    own = destination["host"].startswith(f"{service.name}.{service.namespace}.svc.")
    if own and destination.get("subset"):
        return str(destination["subset"])
    if own and len(service.versions) == 1:
        return service.versions[0].name
    return str(destination["host"])


def _named(service: Service, answer: Answer) -> Answer:
    """The answer with versions in place of this service's own destinations, for messages."""
    if "destinations" not in answer:
        return answer
    renamed = [
        {
            "weight": found["weight"],
            "host": _version(service, found),
            **({"unknown": True} if found.get("unknown") else {}),
        }
        for found in answer["destinations"]
    ]
    return {**answer, "destinations": renamed}


def _normal(weights: Mapping[str, int]) -> dict[str, Fraction]:
    total = sum(weights.values())
    return {name: Fraction(weight, total) for name, weight in weights.items() if weight} if total else {}


def _told(shares: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{float(part) * 100:.4g} % to {name}" for name, part in shares.items()) or "no destination"


def _actual(key: str, expected: Any, answer: Answer, route: Route | None) -> Any:
    """The part of an answer that an expectation speaks of, in comparable form."""
    if key == "timeout":
        return nanoseconds(answer.get("timeout", "0s"))
    if key == "fault":
        return answer.get("fault")
    if key == "retries":
        retries = answer.get("retries") or {"attempts": 0}
        return (
            _retries(retries)
            if not isinstance(expected, dict)
            else {field: _retries(retries, field) for field in expected}
        )
    if key == "redirect" and isinstance(expected, dict):
        redirect = route.action.redirect if route and route.action.redirect else {}
        given = {**redirect, "redirectCode": answer.get("status")}
        return {field: given.get(field) for field in expected}
    return answer.get("location" if key == "redirect" else key)


def _retries(retries: Mapping[str, Any], field: str = "attempts") -> Any:
    if field == "perTryTimeout":
        return nanoseconds(retries.get(field, "0s"))
    if field == "retryOn":
        return {*retries.get("on", "").split(","), *map(str, retries.get("statusCodes", ()))} - {
            policies.STATUS_CODES,
            "",
        }
    return retries.get(field)


def _wanted(key: str, expected: Any) -> Any:
    """What a test expects, in the form of `_actual`."""
    if key == "timeout":
        return nanoseconds(expected)
    if key == "fault":
        return policies.fault({"fault": expected})
    if key == "retries" and isinstance(expected, dict):
        written = {
            "attempts": expected.get("attempts"),
            "on": expected.get("retryOn") or "",
            "perTryTimeout": expected.get("perTryTimeout") or "0s",
        }
        return {field: _retries(written, field) for field in expected}
    return expected


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items()) or "none"
    if isinstance(value, set):
        return ",".join(sorted(value)) or "none"
    return "none" if value is None else str(value)


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
        help="correct the routes, or the test where the change is meant; `sailwright route` shows the whole walk",
        environments=environments,
        path=spot.path,
        related=tuple(_rule(route)),
    )


def _taken(route: Route | None) -> str:
    if route is None:
        return ""
    if route.rule is None or route.owner is None:
        return "; no VirtualService has a say"
    name = route.rule.value.get("name")
    return f"; rule {f'`{name}`' if name else route.rule.path[-1]} of VirtualService {route.owner.title} took it"


def _rule(route: Route | None) -> Iterator[Related]:
    place: tuple[Manifest, Path] | None = route.place if route else None
    if place is not None:
        location: Location = place[0].locate(place[1]).location
        yield Related("this rule took the request", location)
