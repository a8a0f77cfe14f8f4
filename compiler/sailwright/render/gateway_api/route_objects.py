"""The routes of a service as objects: one for each kind and set of ways that have the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.project.service.parts import GatewayListener
from sailwright.render.gateway_api.backends import backend_versions
from sailwright.render.gateway_api.connections import connections
from sailwright.render.gateway_api.order import hold_order
from sailwright.render.gateway_api.rules import Drafting, RouteRule, kind_on, parts
from sailwright.render.gateway_api.ways import Way, ways
from sailwright.render.gateway_api.words import Words
from sailwright.render.render_context import RenderContext
from sailwright.render.template_input import TemplateInput
from sailwright.runtime.records import dataclass, replace

_FIELDS: Final = ("name", "matches", "filters", "timeouts", "retry", "backendRefs")
"""The fields of a rule, in the order in which they are written."""
_MOST_HOSTS: Final = 16
_LONGEST_NAME: Final = 63
"""Of a Service: its name is a label of DNS."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Ways with equal rules."""

    kind: str
    rules: tuple[RouteRule, ...]
    ways: tuple[Way, ...]


def route_objects(service: Service, context: RenderContext, words: Words) -> Iterator[TemplateInput]:
    """The HTTPRoutes, GRPCRoutes, TLSRoutes and TCPRoutes of a service."""
    if service.external:
        what = "routes requests to Services of the cluster, and this one is elsewhere"
        words.lacks(("external",), what, "give the routes to the service that sends to it", key=True)
        return
    _hold_export(service, words)
    taken: set[str] = set()
    for group in _groups(service, context, words):
        hold_order(group.rules, group.kind, words)
        name = _free_name(service, group, taken)
        for number, rules in enumerate(parts(group.rules), 1):
            yield _object(service, replace(group, rules=rules), name if number == 1 else f"{name}-{number:02}")
    yield from connections(service, context, words)


def _groups(service: Service, context: RenderContext, words: Words) -> list[_Group]:
    found: list[_Group] = []
    for way in ways(service, "http"):
        kind = kind_on(service, way, words)
        rules = tuple(Drafting(service, context, way, words, kind).rules())
        values = [rule.value for rule in rules]
        for index, known in enumerate(found):
            if known.kind == kind and [rule.value for rule in known.rules] == values:
                found[index] = _Group(kind, known.rules, (*known.ways, way))
                break
        else:
            found.append(_Group(kind, rules, (way,)))
    return found


def _free_name(service: Service, group: _Group, taken: set[str]) -> str:
    """The service's name for the mesh and what goes with it; a port or a Gateway is added for what has rules of its own."""
    way = group.ways[0]
    name = service.name_of("route")
    if way.listener is not None:
        name += f"-{way.listener.gateway.partition('/')[2]}"
    elif way.only:
        name += f"-{way.port}"
    while name in taken:
        name += "-more"
    taken.add(name)
    return name


def _object(service: Service, group: _Group, name: str) -> TemplateInput:
    hostnames = hosts_on(service, group.ways)
    paths: dict[Path, Path] = {}
    for index, way in enumerate(group.ways):
        if isinstance(way.listener, GatewayListener):
            paths["spec", "parentRefs", index] = way.listener.path
    for index, _ in enumerate(hostnames):
        paths["spec", "hostnames", index] = ("expose", "hosts", index)
    for index, rule in enumerate(group.rules):
        _trace(paths, ("spec", "rules", index), rule)
    variables: Mapping[str, Any] = {
        "parentRefs": [way.parent(service) for way in group.ways],
        "hostnames": hostnames,
        "rules": [
            [(key, rule.value[key]) for key in _FIELDS if rule.value.get(key) not in (None, [], {})]
            for rule in group.rules
        ],
    }
    return TemplateInput(group.kind.lower(), name, variables, paths)


def _trace(paths: dict[Path, Path], place: Path, rule: RouteRule) -> None:
    """Note where the parts of a rule come from."""
    at = rule.route.path
    paths[place] = at or ("versions",)
    for key, word in (("timeouts", "timeout"), ("retry", "retries")):
        paths[(*place, key)] = (*at, word if word in rule.route.settings else "retries")
    for position, match in enumerate(rule.matches):
        paths[(*place, "matches", position)] = match.path
    for position, destination in enumerate(rule.destinations):
        if destination.path:
            paths[(*place, "backendRefs", position)] = destination.path


def hosts_on(service: Service, on: tuple[Way, ...]) -> list[str]:
    """The hosts of the routes at Gateways, each once; in the mesh a route is for its Service's own host."""
    if service.expose is None or all(way.in_mesh for way in on):
        return []
    return [host.lower() for host in service.expose.hosts]


def _hold_export(service: Service, words: Words) -> None:
    """What the Gateway API has no word for about a service as a whole."""
    if service.export_to and "*" not in service.export_to:
        words.lacks(
            ("exportTo",), "has no `exportTo`: routes of a Service are for all of its callers", "remove it", key=True
        )
    for version in backend_versions(service):
        if len(service.backend_name(version)) > _LONGEST_NAME:
            what = f"sends to a Service for each version, and the name `{service.backend_name(version)}` is too long for one"
            words.lacks(
                (*version.path, "name"),
                what,
                f"use a shorter name: at most {_LONGEST_NAME} characters with the version",
            )
    expose = service.expose
    if expose and expose.export_to and "*" not in expose.export_to:
        words.lacks(("expose", "exportTo"), "has no `exportTo`", "remove it", key=True)
    if expose and len(expose.hosts) > _MOST_HOSTS:
        words.lacks(("expose", "hosts", _MOST_HOSTS), f"takes at most {_MOST_HOSTS} hosts per route", "use a wildcard")
