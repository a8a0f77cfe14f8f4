"""Ask the simulated mesh where requests go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sailwright.errors import Failure
from sailwright.finding import pointer
from sailwright.mesh.world import World
from sailwright.route.answers import Answer, answer, unrouted
from sailwright.route.catalog import Catalog
from sailwright.route.outbound import host_table
from sailwright.route.request import BASE, DECODE, MERGE_SLASHES, NONE, Request, View
from sailwright.route.scope import Caller, Scope, scope_of
from sailwright.route.table import HostTable, Route, VirtualHost
from sailwright.source import Source


@dataclass(frozen=True, slots=True)
class Taken:
    """The virtual host and the route that took a request; None where nothing did."""

    host: VirtualHost | None
    route: Route | None


class Simulator:
    """The mesh of one world. Scopes and tables are built when a caller and a port are first asked about."""

    def __init__(self, world: World) -> None:
        self.catalog = Catalog(world)
        mode = self.catalog.normalization
        self.normalization = mode if mode in (MERGE_SLASHES, DECODE, NONE) else BASE
        self._scopes: dict[Caller, Scope] = {}
        self._tables: dict[tuple[Caller, int], HostTable | None] = {}

    def ports(self, caller: Caller) -> list[int]:
        """The ports on which a caller's proxy routes HTTP."""
        found = {
            port.number
            for listener in self.scope(caller).listeners
            for service in listener.services
            for port in service.ports
        }
        return [port for port in sorted(found) if self.table(caller, port) is not None]

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


def sound_simulator(world: World, sources: Iterable[Source]) -> Simulator:
    """The simulator of a world that istiod would accept. Raises Failure (status 2) with the first thing that is wrong.

    `sources` are the files that the world was read from.
    """
    faults = [
        f"{problem.location.file}:{problem.location.line}: {problem.message}"
        for source in sources
        for problem in source.problems
        if problem.severity == "error"
    ]
    simulator = Simulator(world)
    for manifest, path, expected in simulator.catalog.broken:
        location = manifest.locate(path).location
        title = f"{manifest.kind} {manifest.namespace or 'default'}/{manifest.name}"
        faults.append(f"{location.file}:{location.line}: {title}: {pointer(path)} must be {expected}")
    if faults:
        more = f" (and {len(faults) - 1} more: see `sailwright validate`)" if len(faults) > 1 else ""
        raise Failure(f"{faults[0]}: correct it, then ask where requests go{more}")
    return simulator
