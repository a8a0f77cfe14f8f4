"""The ways on which requests come to a service: from the mesh to one of its ports, or through a listener of a Gateway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sailwright.mesh.values.gateway_api import GROUP
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Block, Family, GatewayListener, Route
from sailwright.render.gateway_api.words import Words
from sailwright.render.route_expansion import MESH
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """`listener` is None for the mesh; `port` is that of the service, `only` whether the way is this port's alone."""

    listener: GatewayListener | None
    port: int
    only: bool
    grpc: bool

    @property
    def in_mesh(self) -> bool:
        """Whether callers are in the mesh."""
        return self.listener is None

    def parent(self, service: Service) -> dict[str, Any]:
        """The reference to the parent of the routes on this way."""
        if self.listener is None:
            number = {"port": self.port} if self.only else {}
            return {"group": "", "kind": "Service", "name": service.host_name, **number}
        namespace, _, name = self.listener.gateway.partition("/")
        reference: dict[str, Any] = {"group": GROUP, "kind": "Gateway", "name": name}
        if namespace != service.namespace:
            reference["namespace"] = namespace
        if self.listener.section:
            reference["sectionName"] = self.listener.section
        if self.listener.port:
            reference["port"] = self.listener.port
        return reference


def ways(service: Service, family: Family) -> Iterator[Way]:
    """The ways of one family: those of the mesh by port, then those of the Gateways."""
    ports = [port for port in service.ports if port.family == family]
    for port in ports:
        yield Way(None, port.port, len(service.ports) > 1, port.app_protocol == "grpc")
    if service.expose and ports and family == service.families[0]:
        for listener in service.expose.listeners:
            yield Way(listener, ports[0].port, False, ports[0].app_protocol == "grpc")


def blocks_on(route: Route, way: Way, words: Words) -> list[tuple[int, Block]] | None:
    """The match blocks of a route that hold on a way, with their index; None where none of several does."""
    held = [(index, block) for index, block in enumerate(route.match) if _holds(route, index, block, way, words)]
    return None if route.match and not held else held


def _holds(route: Route, index: int, block: Block, way: Way, words: Words) -> bool:
    """Whether a block holds on a way: it may name gateways, and a port."""
    if (named := block.get("gateways")) and (MESH if way.listener is None else way.listener.gateway) not in named:
        return False
    port = block.get("port")
    if port is None:
        return True
    if way.listener is None:
        return bool(port == way.port)
    if way.listener.port is None:
        at = (*route.path, "match", index, "port")
        what = f"has the port of {way.listener.gateway} in the reference to it, not in a condition"
        words.lacks(at, what, "name the port under `expose.gateways`, or `gateways: [mesh]` beside the condition")
    return bool(port == way.listener.port)
