"""Ask the simulated mesh where requests go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sailwright.mesh.world import World
from sailwright.route.answers import Answer, answer, unrouted
from sailwright.route.catalog import Catalog
from sailwright.route.outbound import host_table
from sailwright.route.request import BASE, Request, View
from sailwright.route.scope import Caller, Scope, scope_of
from sailwright.route.table import HostTable, Route, VirtualHost

NORMALIZATIONS = {"DEFAULT": BASE}


@dataclass(frozen=True, slots=True)
class Taken:
    """The virtual host and the route that took a request; None where nothing did."""

    host: VirtualHost | None
    route: Route | None


class Simulator:
    """The mesh of one world. Scopes and tables are built when a caller and a port are first asked about."""

    def __init__(self, world: World) -> None:
        self.catalog = Catalog(world)
        mode = (self.catalog.mesh_config.get("pathNormalization") or {}).get("normalization") or BASE
        self.normalization: str = NORMALIZATIONS.get(mode, mode)
        self._scopes: dict[Caller, Scope] = {}
        self._tables: dict[tuple[Caller, int], HostTable | None] = {}

    def scope(self, caller: Caller) -> Scope:
        """What a caller sees."""
        if caller not in self._scopes:
            self._scopes[caller] = scope_of(self.catalog, caller)
        return self._scopes[caller]

    def table(self, caller: Caller, port: int) -> HostTable | None:
        """The virtual hosts of a port; None where the caller's proxy does not speak HTTP there."""
        key = (caller, port)
        if key not in self._tables:
            self._tables[key] = host_table(self.scope(caller), port)
        return self._tables[key]

    def take(self, caller: Caller, request: Request, view: View) -> Taken:
        """The virtual host and the route for a request."""
        table = self.table(caller, request.port)
        host = table.find(request.authority) if table else None
        if host is None:
            return Taken(None, None)
        for route in host.routes:
            for holds in route.tests:
                if not holds(view):
                    break
            else:
                return Taken(host, route)
        return Taken(host, None)

    def answer(self, caller: Caller, request: Request) -> Answer:
        """Where a request of a sidecar goes."""
        view = View(request, self.normalization)
        taken = self.take(caller, request, view)
        if taken.host is None:
            return unrouted(self.scope(caller))
        return answer(taken.route, view, request)

    def ask(self, caller: Caller, given: dict[str, Any]) -> Answer:
        """`answer` for a request in its JSON form."""
        return self.answer(caller, Request(**given))
