"""VirtualService: the routes in their order, then the weighted default, for every protocol family the service has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Block, Destination, Family, Mirror, Route
from sailwright.render.destinations import has_subsets, is_subset, numbered
from sailwright.render.render_context import RenderContext, host_in, hosts_of
from sailwright.render.route_expansion import MESH, RouteExpansion, matches, route_expansions
from sailwright.render.template_input import TemplateInput
from sailwright.runtime.records import dataclass, field

_SETTINGS = (
    "redirect",
    "directResponse",
    "delegate",
    "rewrite",
    "fault",
    "timeout",
    "retries",
    "headers",
    "corsPolicy",
)
"""Blocks of an HTTP rule that pass through, in the order they are written."""
_FAMILIES: tuple[Family, ...] = ("http", "tls", "tcp")


@dataclass(frozen=True, slots=True)
class _Aim:
    """One host of a service, and all the hosts its VirtualService stands for."""

    service: Service
    context: RenderContext
    host: str
    hosts: tuple[str, ...]
    paths: dict[Path, Path] = field(default_factory=dict)


def has_routes(service: Service) -> bool:
    """Whether the service needs a VirtualService: two weighted versions, `expose`, or any route setting."""
    split = service.weighted and len(service.versions) > 1
    settings = service.routes or service.default_route or service.default_mirrors
    return bool(service.families and (split or service.expose or settings))


def virtual_services(service: Service, context: RenderContext) -> Iterator[TemplateInput]:
    """One for each of the service's own hosts; the hosts of `expose` join the first."""
    for number, host in enumerate(hosts_of(service, context.facts)):
        expose = service.expose if number == 0 else None
        exposed = expose.hosts if expose else ()
        aim = _Aim(service, context, host, (host, *exposed, *_shorter_names(service, host)))
        export_to = (expose.export_to if expose else None) or service.export_to
        variables: dict[str, Any] = {
            "hosts": list(aim.hosts),
            "gateways": [MESH, *expose.gateways] if expose else [],
            "exportTo": list(export_to or ()),
            **{family: _rules(aim, family) for family in _FAMILIES},
        }
        aim.paths[("spec", "gateways")] = ("expose", "gateways")
        for index in range(len(exposed)):
            aim.paths["spec", "hosts", index + 1] = ("expose", "hosts", index)
        yield TemplateInput("virtualservice", numbered(service.name_of("virtualService"), number), variables, aim.paths)


def _shorter_names(service: Service, host: str) -> tuple[str, ...]:
    """The other names of a Service that takes TLS: its clients send the one they dial, and TLS is told apart by it."""
    if "tls" not in service.families or service.external:
        return ()
    short = f"{service.host_name}.{service.namespace}"
    return tuple(name for name in (service.host_name, short, f"{short}.svc") if name != host)


def _rules(aim: _Aim, family: Family) -> list[Block]:
    """The rules of one family; notes in `aim.paths` where each part comes from."""
    if family not in aim.service.families:
        return []
    rules: list[Block] = []
    covered = route_expansions(aim.service, family)
    routes = [route for route in aim.service.routes if route.family == family]
    if all(route.match for route in routes):  # a route that takes everything leaves nothing to a default
        routes.append(default_route(aim.service, family, aim.hosts))
    for route in routes:
        for expansion in covered:
            blocks = list(matches(route.match, expansion))
            if route.match and not blocks:
                continue
            place: Path = ("spec", family, len(rules))
            aim.paths[place] = route.path or ("versions",)
            for position, (index, _) in enumerate(blocks):
                if index >= 0:
                    aim.paths[(*place, "match", position)] = (*route.path, "match", index)
            rules.append(_rule(aim, route, expansion, [block for _, block in blocks], place))
    return rules


def default_route(service: Service, family: Family, hosts: tuple[str, ...]) -> Route:
    """The weighted default, as a route like any other; TLS needs to be told apart by name (`hosts`), even here."""
    weighted = [version for version in service.versions if version.weight is not None and not version.retire]
    destinations = tuple(
        Destination(version.name, None, None, None, version.weight, None, (*version.path, "weight"))
        for version in weighted
    )
    if not service.weighted:
        only = service.versions[0].name if len(service.versions) == 1 else None
        destinations = (Destination(only, None, None, None, None, None, ()),)
    match: tuple[Block, ...] = ({"sniHosts": list(hosts)},) if family == "tls" else ()
    http = family == "http"
    return Route(
        name="default",
        family=family,
        match=match,
        destinations=destinations,
        mirrors=service.default_mirrors if http else (),
        settings=service.default_route if http else {},
        path=(),
    )


def _rule(aim: _Aim, route: Route, expansion: RouteExpansion, match: list[dict[str, Any]], place: Path) -> Block:
    destinations = []
    for position, destination in enumerate(route.destinations):
        aim.paths[(*place, "route", position)] = destination.path
        weight = destination.weight if len(route.destinations) > 1 else None
        entry = {
            "destination": _destination(aim, destination, expansion),
            "weight": weight,
            "headers": destination.headers,
        }
        destinations.append(entry)
    settings = [(key, route.settings[key]) for key in _SETTINGS if key in route.settings]
    aim.paths.update({(*place, key): (*route.path, key) for key, _ in settings})
    name = route.name or f"route-{int(route.path[-1]) + 1}"
    return {
        "name": name if expansion.match_port is None else f"{name}-{expansion.match_port}",
        "match": match,
        "settings": settings + _mirrors(aim, route, expansion, place),
        "destinations": destinations,
    }


def _destination(aim: _Aim, wanted: Destination | Mirror, expansion: RouteExpansion) -> dict[str, Any]:
    """`destination` of a rule: a subset of this service, or another host in full."""
    host = host_in(wanted.host, aim.service.namespace, aim.context) if wanted.host else aim.host
    subset = wanted.subset if wanted.host else wanted.version
    if not wanted.host and not (has_subsets(aim.service) and _is_subset(aim.service, subset)):
        subset = None
    port = wanted.port or (_port_there(aim, host, expansion) if wanted.host else expansion.port)
    return {
        "host": host,
        **({"subset": subset} if subset else {}),
        **({"port": {"number": port}} if port else {}),
    }


def _is_subset(service: Service, name: str | None) -> bool:
    version = service.version(name) if name else None
    return version is None or is_subset(version)


def _port_there(aim: _Aim, host: str, expansion: RouteExpansion) -> int | None:
    """The port of another host, where it has only one and the request's own number would not be it."""
    ports = aim.context.ports.get(host) or ()
    arriving = expansion.port or aim.service.ports[0].port
    if len(ports) == 1 and ports[0] != arriving:
        return ports[0]
    return expansion.port if arriving in ports else None


def _mirrors(aim: _Aim, route: Route, expansion: RouteExpansion, place: Path) -> list[tuple[str, Any]]:
    """One mirror in Istio's short form, several in its list."""
    copies = [(_destination(aim, mirror, expansion), mirror) for mirror in route.mirrors]
    if not copies:
        return []
    if len(copies) == 1:
        target, mirror = copies[0]
        aim.paths[(*place, "mirror")] = mirror.path
        share = [] if mirror.percentage is None else [("mirrorPercentage", {"value": mirror.percentage})]
        return [("mirror", target), *share]
    aim.paths.update({(*place, "mirrors", index): mirror.path for index, mirror in enumerate(route.mirrors)})
    shares = [{} if mirror.percentage is None else {"percentage": {"value": mirror.percentage}} for _, mirror in copies]
    return [("mirrors", [{"destination": target, **share} for (target, _), share in zip(copies, shares, strict=True)])]
