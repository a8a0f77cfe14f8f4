"""TCP and TLS of a service as TCPRoute and TLSRoute: weights, and for TLS the names that clients ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values.gateway_api import GROUP, TLS_ROUTE_STABLE
from sailwright.mesh.values.hosts import overlap
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Family, Route
from sailwright.render.gateway_api.backends import backends
from sailwright.render.gateway_api.ways import Way, blocks_on, ways
from sailwright.render.gateway_api.words import Words
from sailwright.render.render_context import RenderContext, hosts_of
from sailwright.render.routing import default_route
from sailwright.render.template_input import TemplateInput

_UNSAID: Final = {
    "destinationSubnets": "has no condition on addresses",
    "sourceLabels": "has no condition on the caller's pod",
    "sourceNamespace": "has no condition on the caller's namespace",
}
_KINDS: Final[Mapping[Family, str]] = {"tls": "TLSRoute", "tcp": "TCPRoute"}


def connections(service: Service, context: RenderContext, words: Words) -> Iterator[TemplateInput]:
    """One object for each way of TLS or TCP, and for TLS for each route: a TLSRoute's names are those of the whole object."""
    for family in ("tls", "tcp"):
        if family not in service.families:
            continue
        kind = _KINDS[family]
        for way in ways(service, family):
            for number, (route, names) in enumerate(_routes(service, context, way, family, words)):
                words.needs(kind, _cause(service, route), kind)
                yield _object(service, context, way, words, route, names, _name(service, way, number), kind)


def _cause(service: Service, route: Route) -> Path:
    if route.path:
        return route.path
    weighted = service.weighted and service.versions
    return (*service.versions[0].path, "weight") if weighted else ("expose",) if service.expose else ("ports",)


def _routes(
    service: Service, context: RenderContext, way: Way, family: Family, words: Words
) -> Iterator[tuple[Route, list[str]]]:
    """The routes on a way with their names (TLS); a TCPRoute has one rule, that of the first route that holds."""
    routes = [route for route in service.routes if route.family == family]
    own = hosts_of(service, context.facts)[0]
    hosts = tuple(service.expose.hosts) if service.expose and not way.in_mesh else (own,)
    if all(route.match for route in routes):
        routes.append(default_route(service, family, hosts))
    for route in routes:
        blocks = blocks_on(route, way, words)
        if blocks is None:
            continue
        for index, block in blocks:
            for key, what in _UNSAID.items():
                if block.get(key):
                    words.lacks((*route.path, "match", index, key), what, "remove it", key=True)
        if family == "tcp":
            yield route, []
            return
        names = list(dict.fromkeys(name for _, block in blocks for name in block.get("sniHosts") or ()))
        fitting = [name for name in names if not way.in_mesh or overlap(name.lower(), own)]
        if fitting or not names:
            if way.in_mesh:
                _tell_names(service, route, own, words)
            yield route, fitting
        elif way.in_mesh:
            what = f"matches TLS in the mesh by the server name `{own}` only"
            words.lacks((*route.path, "match"), what, "name the Service's own host")


def _tell_names(service: Service, route: Route, own: str, words: Words) -> None:
    """A VirtualService is for the Service's short names too, and clients of TLS send the name that they dial."""
    what = f"knows the Service by `{own}` alone: TLS clients that dial `{service.host_name}` are refused"
    words.differs(_cause(service, route), what, f"let clients dial `{own}`, or keep `routing: {{api: istio}}`")


def _name(service: Service, way: Way, number: int) -> str:
    name = service.name_of("route")
    if way.listener is not None:
        name += f"-{way.listener.gateway.partition('/')[2]}"
    elif way.only:
        name += f"-{way.port}"
    return name if number == 0 else f"{name}-{number + 1}"


def _object(
    service: Service,
    context: RenderContext,
    way: Way,
    words: Words,
    route: Route,
    names: list[str],
    name: str,
    kind: str,
) -> TemplateInput:
    stable = kind == "TLSRoute" and words.bundle >= TLS_ROUTE_STABLE
    paths: dict[Path, Path] = {("spec", "rules", 0): route.path or ("versions",)}
    for index, destination in enumerate(route.destinations):
        if destination.path:
            paths["spec", "rules", 0, "backendRefs", index] = destination.path
    variables: dict[str, Any] = {
        "apiVersion": f"{GROUP}/{'v1' if stable else 'v1alpha2'}",
        "parentRefs": [way.parent(service)],
        "hostnames": [name.lower() for name in names],
        "backendRefs": backends(service, context, route.destinations, way.port, words),
    }
    return TemplateInput(kind.lower(), name, variables, paths)
