"""`route`: load one mesh, find the callers, send each request through it, say what happens.

load      workspace/load.py             PATHS, flags and the project to the one world that is asked about
          route/simulator.py            the world as istiod would configure its proxies
find      route/callers.py              who asks: a workload of a namespace, or a Gateway
refuse    commands/refused_objects.py   no answer where the API server would not have let an object in
answer    route/explain.py              step by step, for people
          route/simulator.py            as data
report    cli/route.py                  to standard output or into files
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sailwright.commands.refused_objects import refuse_refused
from sailwright.route.callers import caller_of
from sailwright.route.explain import explain, explain_hosts
from sailwright.route.request_input import Asker, RequestItem
from sailwright.route.simulator import sound_simulator
from sailwright.runtime.records import dataclass
from sailwright.workspace.load import load

if TYPE_CHECKING:
    from sailwright.mesh.pilot.sidecar_scope import Caller
    from sailwright.route.request import Request
    from sailwright.route.simulator import Simulator
    from sailwright.workspace.selection import Selection


@dataclass(frozen=True, slots=True)
class RouteOptions:
    """The flags of `route`: the mesh, the requests, and who sends those that name no caller of their own.

    With `list_hosts` there are no requests: the answer is what that caller sees.
    """

    selection: Selection
    items: tuple[RequestItem, ...]
    asker: Asker
    list_hosts: bool = False


def route(options: RouteOptions, formats: Iterable[str]) -> list[str]:
    """The answer in each of the formats, `text` or `json`. Raises Failure where the mesh cannot be known."""
    simulator = sound_simulator(load(options.selection).only())
    sent = _with_callers(simulator, options)
    refuse_refused(simulator, sent)
    if options.list_hosts:
        caller = _caller(simulator, options.asker)
        return [_hosts(simulator, caller, form) for form in formats]
    return [_answers(simulator, sent, form) for form in formats]


def _with_callers(simulator: Simulator, options: RouteOptions) -> list[tuple[Caller, Request]]:
    """Each request with its caller: the one that the item names, else the one of the flags."""
    callers: dict[Asker, Caller] = {}
    sent: list[tuple[Caller, Request]] = []
    for item in options.items:
        asker = item.asker or options.asker
        if asker not in callers:
            callers[asker] = _caller(simulator, asker)
        sent.append((callers[asker], item.request))
    return sent


def _caller(simulator: Simulator, asker: Asker) -> Caller:
    return caller_of(simulator.push_context, asker.namespace, asker.labels, asker.gateway)


def _answers(simulator: Simulator, sent: list[tuple[Caller, Request]], form: str) -> str:
    if form == "json":
        return _json("answers", (simulator.answer(caller, request) for caller, request in sent))
    return "\n\n".join("\n".join(explain(simulator, caller, request)) for caller, request in sent)


def _hosts(simulator: Simulator, caller: Caller, form: str) -> str:
    """The virtual hosts that a caller sees, port by port."""
    route_configurations = simulator.route_configurations(caller)
    if form == "json":
        hosts = (
            {"port": port, "host": host.host, "domains": host.domains, "virtualService": owner and owner.title}
            for port, table in route_configurations
            for host in table.hosts
            for owner in (host.virtual_service,)
        )
        return _json("hosts", hosts)
    return "\n".join(line for port, table in route_configurations for line in explain_hosts(table, port))


def _json(key: str, items: Iterable[dict[str, Any]]) -> str:
    """A versioned document with one item a line."""
    import json

    from sailwright.diagnostics.report.clean import json_text

    lines = ",\n".join(f"  {json_text(json.dumps(item))}" for item in items)
    return f'{{"version": 1, "{key}": [\n{lines}\n]}}'
