"""What istiod writes into the status of a route: for each parent whether it is accepted and whether its references resolve, and why not.

Source: Istio `pilot/pkg/config/kube/gateway` (conditions.go: createRouteStatus; conversion.go: extractParentReferenceInfo).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.pilot.gateway_api.attachment import NO_MATCHING_PARENT, RANK, Denial, denial
from sailwright.mesh.pilot.gateway_api.backends import Backends
from sailwright.mesh.pilot.gateway_api.listeners import GatewayListener
from sailwright.mesh.values.hosts import service_host
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, number, text, texts

ACCEPTED: Final = "Accepted"
RESOLVED_REFS: Final = "ResolvedRefs"
INVALID_FILTER: Final = "InvalidFilter"
GATEWAY, SERVICE = "Gateway", "Service"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a status. Where it is not met, `path` leads to what is at fault in the route, and `about` names that field."""

    type: str
    status: bool
    reason: str
    message: str = ""
    path: Path = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class ParentStatus:
    """The status of a route for one of its parents. Without conditions nobody answers, and `unanswered` says why.

    `path` leads to the parentRef; `section` and `port` are what it names, `listeners` those that take the route.
    """

    kind: str
    namespace: str
    name: str
    path: Path
    conditions: tuple[Condition, ...] = ()
    unanswered: str = ""
    section: str = ""
    port: int = 0
    listeners: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """As `Gateway edge/public`."""
        return f"{self.kind} {self.namespace}/{self.name}"

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The conditions that are not met."""
        return tuple(condition for condition in self.conditions if not condition.status)


@dataclass(frozen=True, slots=True)
class RouteStatus:
    """The status of one route, parent by parent in the order of the file."""

    route: Manifest
    parents: tuple[ParentStatus, ...]


@dataclass(frozen=True, slots=True)
class Attachments:
    """What routes can hang on: the listeners of each Kubernetes Gateway (none where its class is another controller's), and Services."""

    listeners: Mapping[str, list[GatewayListener]]
    service_hosts: Collection[str]
    domain: str


def route_status(route: Manifest, attachments: Attachments, backends: Backends, domain: str) -> RouteStatus:
    """The status of a route. `backends` ask for ReferenceGrants, as routes of Gateways do."""
    own = route.namespace or "default"
    plain = Backends(route, domain, attachments.service_hosts)
    parents = []
    for path, reference in entries(route.spec.get("parentRefs"), ("spec", "parentRefs")):
        kind = text(reference.get("kind")) or GATEWAY
        namespace, name = text(reference.get("namespace")) or own, text(reference.get("name"))
        given = (kind, namespace, name, path)
        section, port = text(reference.get("sectionName")), number(reference.get("port"))
        if kind == GATEWAY:
            unanswered, accepted, taking = _at_gateway(route, attachments, f"{namespace}/{name}", (path, reference))
            resolved = _resolved(route, backends)
        elif kind == SERVICE:
            unanswered, taking = "", ()
            accepted = _at_service(attachments, namespace, name, path)
            resolved = _resolved(route, plain)
        else:
            parents.append(ParentStatus(*given, unanswered=f"{kind} is no kind of parent that Istio knows"))
            continue
        conditions = () if unanswered else (accepted, resolved)
        parents.append(ParentStatus(*given, conditions, unanswered, section, port, taking))
    return RouteStatus(route, tuple(parents))


_TAKEN = Condition(ACCEPTED, True, ACCEPTED)


def _at_gateway(
    route: Manifest, attachments: Attachments, gateway: str, reference: tuple[Path, Mapping[str, Any]]
) -> tuple[str, Condition, tuple[str, ...]]:
    """Why nobody answers, else whether a Gateway accepts a route, and the listeners that take it."""
    if gateway not in attachments.listeners:
        return "the input has no such Gateway", _TAKEN, ()
    listeners = attachments.listeners[gateway]
    if not listeners:
        return "its gatewayClassName is not one of Istio's", _TAKEN, ()
    hosts = [host.lower() for host in texts(route.spec.get("hostnames"))] or ["*"]
    path, given = reference
    denials = [(listener, denial(route, listener, given, hosts)) for listener in listeners]
    taking = tuple(listener.section for listener, why in denials if why is None)
    if taking:
        return "", _TAKEN, taking
    found = [why for _, why in denials if why is not None]
    reason = next(reason for reason in RANK if any(why.reason == reason for why in found))
    chosen = [why for why in found if why.reason == reason]
    message = "; ".join(dict.fromkeys(why.message for why in chosen))
    about = chosen[0].about
    return "", Condition(ACCEPTED, False, reason, message, _place(route, path, given, chosen[0]), about), ()


def _place(route: Manifest, path: Path, reference: Mapping[str, Any], why: Denial) -> Path:
    """The field of a route that a denial is about."""
    if why.about == "hostnames":
        return ("spec", "hostnames") if route.spec.get("hostnames") else path
    return (*path, why.about) if why.about in reference else (*path, "name")


def _at_service(attachments: Attachments, namespace: str, name: str, path: Path) -> Condition:
    if service_host(name, namespace, attachments.domain) in attachments.service_hosts:
        return _TAKEN
    message = f"there is no Service {name} in namespace {namespace}"
    return Condition(ACCEPTED, False, NO_MATCHING_PARENT, message, (*path, "name"), "name")


def _resolved(route: Manifest, backends: Backends) -> Condition:
    """Whether the references of a route resolve. istiod stops at the first that it cannot read; of the others the last is its reason."""
    found: list[Condition] = []
    for path, problem in _problems(route, backends):
        found.append(Condition(RESOLVED_REFS, False, problem[0], problem[1], path, problem[2]))
        if problem[3]:
            return found[-1]
    if not found:
        return Condition(RESOLVED_REFS, True, RESOLVED_REFS)
    last = found[-1]
    message = "; ".join(dict.fromkeys(each.message for each in found))
    return Condition(RESOLVED_REFS, False, last.reason, message, last.path, last.about)


Problem = tuple[str, str, str, bool]
"""Reason, message, the field of the reference, and whether the whole route goes."""


def _problems(route: Manifest, backends: Backends) -> Iterator[tuple[Path, Problem]]:
    """What is wrong with the filters and backends of the rules, in istiod's order."""
    for rule_path, rule in entries(route.spec.get("rules"), ("spec", "rules")):
        for path, given in entries(rule.get("filters"), (*rule_path, "filters")):
            if given.get("type") == "ExtensionRef":
                yield (*path, "type"), (INVALID_FILTER, "Istio has no ExtensionRef filters", "type", True)
            mirror = mapping(mapping(given.get("requestMirror")).get("backendRef"))
            if mirror:
                yield from _of_backend(backends, mirror, (*path, "requestMirror", "backendRef"))
        for path, backend in entries(rule.get("backendRefs"), (*rule_path, "backendRefs")):
            if backend.get("weight") != 0:
                yield from _of_backend(backends, backend, path)


def _of_backend(backends: Backends, backend: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Problem]]:
    problem = backends.problem(backend)
    if problem is not None:
        place = (*path, problem.about) if problem.about in backend else path
        yield place, (problem.reason, problem.message, problem.about, problem.fatal)
