"""Which rules and match entries of a VirtualService no request can ever reach, whoever sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from sailwright.mesh.index import Index
from sailwright.mesh.pilot.gateway_names import MESH, is_wildcard
from sailwright.mesh.pilot.object_shapes import problems
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.values.hosts import covers
from sailwright.mesh.values.kinds import VIRTUAL_SERVICE
from sailwright.route.classes.candidates import FRESH, Key, key
from sailwright.route.classes.regex_samples import samples
from sailwright.route.classes.representative_callers import authority
from sailwright.route.classes.request_classes import reachable, shadow
from sailwright.route.classes.satisfiability import Conditions, Space
from sailwright.route.classes.takers import MOST_LOOKS, Takers, meets
from sailwright.route.classes.unreached import STRANGE, Unreached
from sailwright.route.envoy.actions import ClusterLookup
from sailwright.route.envoy.matchers import EXACT, HEADER, PATH, REGEX, Condition, conditions
from sailwright.route.envoy.outbound import service_domains
from sailwright.route.envoy.route_table import MatchContext, Route, routes
from sailwright.route.request import BASE, without_port
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries

ELSEWHERE = "another-namespace"
MOST_CONTEXTS = 64
"""Places at which a VirtualService is looked at; beyond, nothing is said about it."""
Entry = tuple[int, int | None]
"""A rule, by identity, and the number of its match entry."""
NOWHERE = ClusterLookup(0, lambda _host: 0, str, lambda _host, _port, _subset: True, None)
"""Routes are built here for their conditions alone."""


def dead(index: Index, entangled: Sequence[Manifest]) -> tuple[Unreached, ...]:
    """What no request can reach in those VirtualServices of a world whose match entries are entangled."""
    doubtful = [manifest for manifest in entangled if _doubtful(manifest)]
    if not doubtful:
        return ()
    push_context = index.derived(push_context_of)
    chosen = {id(manifest) for manifest in doubtful}
    return tuple(
        found
        for virtual_service in push_context.virtual_services
        if id(virtual_service.manifest) in chosen
        for found in unreached(push_context, virtual_service)
    )


def _doubtful(manifest: Manifest) -> bool:
    """Whether rules might get in each other's way."""
    http = manifest.spec.get("http")
    if next(problems(VIRTUAL_SERVICE, manifest.value), None):
        return False
    matches: list[Mapping[str, Any]] = []
    for _, rule in entries(http, ()):
        matches += rule.get("match") or ({},)
    asked = [conditions(match) for match in matches]
    return not all(_plainly_reached(asked))


def unreached(push_context: PushContext, virtual_service: VirtualService) -> list[Unreached]:
    """What no request can reach, in order. Entries behind a rule that takes everything are not looked at."""
    contexts = list(_contexts(push_context, virtual_service))
    if len(contexts) > MOST_CONTEXTS:
        return []
    alive: set[Entry] = set()
    found: dict[Entry, Unreached] = {}
    for context in contexts:
        kept, _ = routes(virtual_service, context)
        plainly = zip(kept, _plainly_reached([route.conditions for route in kept]), strict=True)
        alive |= {_entry(route) for route, reached in plainly if reached}
        rest = [route for route in kept if _entry(route) not in alive]
        if not rest:
            continue
        space = _space(push_context, virtual_service, context, kept)
        for route in rest:
            lost = _lost(kept, route, space)
            if lost is None:
                alive.add(_entry(route))
            else:
                found.setdefault(_entry(route), lost)
    return [lost for entry, lost in found.items() if entry not in alive]


def _lost(kept: Sequence[Route], route: Route, space: Space) -> Unreached | None:
    if route.rule is None or reachable(kept, route, space).verdict != "no":
        return None
    never = space.region([route.conditions], []).verdict == "no"
    return Unreached(route.rule, route.entry, never, None if never else shadow(kept, route, space))


def _entry(route: Route) -> Entry:
    return id(route.rule), route.entry


def _plainly_reached(asked: Sequence[Conditions]) -> Iterator[bool]:
    """For each entry, whether the plainest request that meets it meets none before: then nothing more is to be said.

    Nothing is said either of what is behind more entries than can be looked at.
    """
    takers = Takers()
    for own in asked:
        values = _plainest(own)
        taken = None if values is None else takers.take(values)
        yield takers.looked_at > MOST_LOOKS or (values is not None and taken is False and meets(own, values))
        takers.add(own)


def _plainest(own: Conditions) -> dict[Key, str | None] | None:
    """The values of the plainest request that meets conditions; None where it would be no plain one."""
    values: dict[Key, str | None] = {(PATH, ""): f"/{FRESH}", (HEADER, ":method"): "OTHER"}
    values |= {key(condition): _meeting(condition) for condition in own}
    strange = any(name in (":scheme", ":authority") for _, name in values) or STRANGE.search(values[PATH, ""] or "")
    return None if strange else values


def _meeting(condition: Condition) -> str | None:
    """A value for which a condition is likely to hold."""
    if condition.inverted:
        return None
    if condition.kind == REGEX:
        return next(iter(samples(condition.value)), None)
    return condition.value if condition.kind == EXACT else condition.value + FRESH


def _contexts(push_context: PushContext, virtual_service: VirtualService) -> Iterator[MatchContext]:
    """Every kind of caller and port between which the match entries can tell."""
    matches: list[Mapping[str, Any]] = [
        match for rule in virtual_service.rules for match in rule.value.get("match") or ()
    ]
    ports = _ports(push_context, virtual_service, matches)
    labels = {tuple(sorted((match.get("sourceLabels") or {}).items())) for match in matches} | {()}
    namespaces = {match.get("sourceNamespace") or ELSEWHERE for match in matches} | {ELSEWHERE}
    places = product(sorted(ports), virtual_service.gateways, sorted(namespaces), sorted(labels))
    for port, gateway, namespace, carried in places:
        yield MatchContext(port, frozenset({gateway}), namespace, dict(carried), NOWHERE)


def _ports(push_context: PushContext, virtual_service: VirtualService, matches: list[Mapping[str, Any]]) -> set[int]:
    """The ports of its services; where some host is no service, or a gateway has a say, also one that no entry names."""
    services = [service for host in virtual_service.hosts for service in push_context.by_host(host)]
    ports = {port.number for service in services for port in service.ports if port.carries_http}
    named = {match["port"] for match in matches if match.get("port")}
    closed = virtual_service.gateways == (MESH,) and all(push_context.by_host(host) for host in virtual_service.hosts)
    if not closed or not ports:
        ports |= named | {next(port for port in range(1, 65536) if port not in named)}
    return ports


def _space(
    push_context: PushContext, virtual_service: VirtualService, context: MatchContext, kept: tuple[Route, ...]
) -> Space:
    names: dict[str, None] = {}
    for host in virtual_service.hosts:
        names[authority(host)] = None
        for service in push_context.by_host(host):
            domains, _ = service_domains(service, service.namespace, push_context.domain)
            names.update(dict.fromkeys(domain for domain in domains if not is_wildcard(domain)))
    known = set(names)

    def belongs(name: str) -> bool:
        bare = without_port(name).lower()
        return bare in known or any(covers(host, bare) for host in virtual_service.hosts)

    return Space(
        (route.conditions for route in kept),
        normalization=push_context.normalization or BASE,
        authorities=[*names, *(f"{name}:{context.port}" for name in names)],
        schemes=("http",) if MESH in context.gateways else ("http", "https"),
        belongs=belongs,
    )
