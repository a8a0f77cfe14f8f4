"""The route_expansions of a route: one VirtualService rule for each way in and port that a route of a service covers.

A service with one port needs one. With several ports each has its own, because a rule without `match.port` would hold for all of
them. Traffic of a Gateway comes in on the Gateway's ports, so an exposed service with several ports has one more expansion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.project.service.model import Service
from sailwright.project.service.parts import AUTO, Family
from sailwright.runtime.records import dataclass

MESH = "mesh"
"""The reserved name of all sidecars in `gateways`."""


@dataclass(frozen=True, slots=True)
class RouteExpansion:
    """What a rule of this expansion matches (None: anything) and the service port it goes to (None: the only one)."""

    match_port: int | None = None
    gateways: tuple[str, ...] = ()
    port: int | None = None


def route_expansions(service: Service, family: Family) -> tuple[RouteExpansion, ...]:
    """The route_expansions of the routes of one family, those of the mesh first.

    HTTP that Istio detects may come on any port: that is one.
    """
    detected = family == "http" and any(port.app_protocol == AUTO for port in service.ports)
    if len(service.ports) == 1 or detected:
        return (RouteExpansion(),)
    ports = [port.port for port in service.ports if port.family == family]
    inside = (MESH,) if service.expose else ()
    found = [RouteExpansion(port, inside, port) for port in ports]
    if service.expose and family == service.families[0]:
        found.append(RouteExpansion(None, service.expose.gateways, ports[0]))
    return tuple(found)


def matches(blocks: tuple[Mapping[str, Any], ...], expansion: RouteExpansion) -> Iterator[tuple[int, dict[str, Any]]]:
    """The match blocks of a route that hold on this expansion, with their index in the route; narrowed to the expansion.

    A route without blocks has one on a narrow expansion, with index -1, and none on a expansion that is the whole service.
    """
    if not blocks and expansion != RouteExpansion():
        yield -1, _narrowed({}, expansion)
    for index, block in enumerate(blocks):
        if _holds(block, expansion):
            yield index, _narrowed(block, expansion)


def _holds(block: Mapping[str, Any], expansion: RouteExpansion) -> bool:
    gateways, port = block.get("gateways"), block.get("port")
    if expansion.match_port is not None and port is not None and port != expansion.match_port:
        return False
    return not gateways or not expansion.gateways or any(gateway in expansion.gateways for gateway in gateways)


def _narrowed(block: Mapping[str, Any], expansion: RouteExpansion) -> dict[str, Any]:
    narrowed = dict(block)
    if expansion.match_port is not None:
        narrowed["port"] = expansion.match_port
    if expansion.gateways and not _by_source(block):
        named = block.get("gateways") or expansion.gateways
        narrowed["gateways"] = [gateway for gateway in named if gateway in expansion.gateways]
    return narrowed


def _by_source(block: Mapping[str, Any]) -> bool:
    """Whether the caller's own pods are asked for. Istio would not look at them beside `gateways` (core/route/route.go)."""
    return "sourceLabels" in block or "sourceNamespace" in block
