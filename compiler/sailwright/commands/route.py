"""`route`: load one mesh, find the callers, send each request through it, say what happens.

load      workspace/load.py             PATHS, flags and the project to the environments that are asked about
          route/simulator.py            each as istiod would configure its proxies
find      route/callers.py              who asks: a workload of a namespace, or a Gateway
refuse    commands/refused_objects.py   no answer where the API server would not have let an object in
answer    route/explain.py              step by step, for people
          route/simulator.py            as data
report    cli/route.py                  to standard output or into files
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sailwright.commands.refused_objects import refuse_refused
from sailwright.mesh.pilot.object_shapes import mesh_config_problems
from sailwright.route.callers import caller_of
from sailwright.route.conditions import condition_data, condition_lines
from sailwright.route.envoy.actions import REFUSED, ROUTE
from sailwright.route.explain import explain, explain_hosts
from sailwright.route.request_input import Asker, RequestItem
from sailwright.route.sound_simulator import sound_simulator
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, replace
from sailwright.workspace.load import load
from sailwright.workspace.unverified_releases import RULES

if TYPE_CHECKING:
    from sailwright.commands.linked.worlds import Linked
    from sailwright.diagnostics.finding import Finding
    from sailwright.mesh.pilot.sidecar_scope import Caller
    from sailwright.mesh.world import World
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


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer in each format that was asked for; `apart` says whether alternatives answered each for itself."""

    texts: tuple[str, ...]
    apart: bool = False


def route(options: RouteOptions, formats: Iterable[str], note: Callable[[str], None] | None = None) -> Answered:
    """The answer in each of the formats, `text` or `json`. Raises Failure where the mesh cannot be known.

    `note` hears of releases that the answer is uncertain for.
    """
    forms, kept, linked = tuple(formats), options.selection.cached, _linked(options)
    if linked is not None and linked.worlds is not None and (texts := _certain(linked.worlds.worlds, options, forms)):
        _note(linked.worlds.findings, note)
        return Answered(texts)
    workspace = load(replace(options.selection, recording=kept, reusing=kept))
    worlds = workspace.sound_worlds()
    _note(workspace.findings, note)
    texts = tuple(_text(worlds, options, form) for form in forms)
    if workspace.compiled is not None and linked is not None and not linked.known:
        from sailwright.commands.linked.worlds import keep_linked_services

        keep_linked_services(workspace.compiled, options.selection.cache)
    return Answered(texts, apart=len(worlds) > 1 and any(world.unit for world in worlds))


def _note(findings: Iterable[Finding], note: Callable[[str], None] | None) -> None:
    for each in findings:
        if note and each.rule in RULES:
            note(f"{each.location.file}:{each.location.line}: {each.message} [{each.rule}]")


def _linked(options: RouteOptions) -> Linked | None:
    """The part of a project that the requests are about; None where more than a project is asked."""
    selection = options.selection
    more = (selection.paths, selection.istio_version, selection.mesh_config_file, selection.stdin_filename)
    if any((*more, selection.namespace, selection.compat)):
        return None
    from sailwright.commands.linked.requests import linked_to

    sent = [(each.request, each.asker or options.asker) for each in options.items]
    return linked_to(selection, sent)


def _certain(worlds: Sequence[World], options: RouteOptions, forms: Sequence[str]) -> tuple[str, ...]:
    """The answers of a part of the mesh where they say enough: requests go to services, or are refused there."""
    try:
        texts = tuple(_text(worlds, options, form) for form in forms)
    except Failure:
        return ()
    answers = {
        simulator.answer(caller, request)["kind"]
        for simulator in map(sound_simulator, worlds)
        for caller, request in _with_callers(simulator, options)
    }
    return texts if answers <= {ROUTE, REFUSED} else ()


def _text(worlds: Sequence[World], options: RouteOptions, form: str) -> str:
    answers = _answers_of(worlds, options, form)
    if form != "json" or options.list_hosts:
        return _by_environment(answers, options, form)
    titles = {title for title, _ in answers}
    statuses = [
        (title, data) for world in worlds if (title := _title(world)) in titles for data in _statuses(world, options)
    ]
    return _by_environment(answers, options, form, statuses)


def _statuses(world: World, options: RouteOptions) -> Iterator[tuple[str, str]]:
    """What controllers say of the routes and listeners of the Gateway API that concern the requests: (key, JSON) each."""
    simulator = sound_simulator(world)
    for key, entries in condition_data(simulator, _with_callers(simulator, options)).items():
        yield from ((key, entry) for entry in _json(entries))


Parts = tuple[str, ...]
"""The answers of one environment in one format: the items of a JSON list, or the whole text."""


def _answers_of(worlds: Sequence[World], options: RouteOptions, form: str) -> list[tuple[str, Parts]]:
    """The answer of each environment. An alternative that cannot answer is left out where another one can."""
    found: list[tuple[str, Parts]] = []
    refused: list[Failure] = []
    for world in worlds:
        try:
            found.append((_title(world), _answer(world, options, form)))
        except Failure as failure:
            if not world.unit:
                raise
            refused.append(failure)
    if refused and not found:
        raise refused[0]
    return found


def _answer(world: World, options: RouteOptions, form: str) -> Parts:
    """What one environment answers."""
    for place, expected in mesh_config_problems(world.facts.mesh_config):
        raise Failure(f"MeshConfig: {'.'.join(map(str, place))} must be {expected}: correct it, then ask again")
    simulator = sound_simulator(world)
    sent = _with_callers(simulator, options)
    refuse_refused(simulator, sent)
    if options.list_hosts:
        return _hosts(simulator, _caller(simulator, options.asker), form)
    return _answers(simulator, sent, form)


def _title(world: World) -> str:
    return "/".join(part for part in (world.environment, world.cluster, world.unit) if part)


def _by_environment(
    answers: Sequence[tuple[str, Parts]],
    options: RouteOptions,
    form: str,
    statuses: Sequence[tuple[str, tuple[str, str]]] = (),
) -> str:
    """The answers of all environments, equal ones once. Those of a single environment are shown as they are."""
    import json

    names: dict[Parts, list[str]] = {}
    for title, parts in answers:
        names.setdefault(parts, []).append(title)
    if form == "json":
        lines = [
            part if len(answers) == 1 else f'{{"environments": {json.dumps(titles)}, {part.removeprefix("{")}'
            for parts, titles in names.items()
            for part in parts
        ]
        key = "hosts" if options.list_hosts else "answers"
        body = ",\n".join(f"  {line}" for line in lines)
        more = "".join(_listed(name, statuses, several=len(answers) > 1) for name in ("routes", "listeners"))
        return f'{{"version": 1, "{key}": [\n{body}\n]{more}}}'
    texts = {"\n\n".join(parts): titles for parts, titles in names.items()}
    if len(answers) == 1:
        return next(iter(texts))
    return "\n\n".join(f"{', '.join(titles)}:\n{text}" for text, titles in texts.items())


def _listed(key: str, statuses: Sequence[tuple[str, tuple[str, str]]], *, several: bool) -> str:
    """The entries of one key as JSON, equal ones of several environments once; nothing where there are none."""
    import json

    found: dict[str, list[str]] = {}
    for title, (name, entry) in statuses:
        if name == key:
            found.setdefault(entry, []).append(title)
    lines = [
        f'{{"environments": {json.dumps(titles)}, {entry.removeprefix("{")}' if several else entry
        for entry, titles in found.items()
    ]
    body = ",\n".join(f"  {line}" for line in lines)
    return f', "{key}": [\n{body}\n]' if lines else ""


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
    return caller_of(simulator.push_context, asker.namespace, asker.labels, asker.gateway, simulator.index)


def _answers(simulator: Simulator, sent: list[tuple[Caller, Request]], form: str) -> Parts:
    if form == "json":
        return _json(simulator.answer(caller, request) for caller, request in sent)
    return tuple(
        "\n".join((*explain(simulator, caller, request), *condition_lines(simulator, caller, request)))
        for caller, request in sent
    )


def _hosts(simulator: Simulator, caller: Caller, form: str) -> Parts:
    """The virtual hosts that a caller sees, port by port."""
    route_configurations = simulator.route_configurations(caller)
    if form == "json":
        hosts = (
            {"port": port, "host": host.host, "domains": host.domains, "virtualService": owner and owner.title}
            for port, table in route_configurations
            for host in table.hosts
            for owner in (host.virtual_service,)
        )
        return _json(hosts)
    if caller.plain:
        return (f"none: the caller has no proxy ({caller.plain})",)
    if caller.ambient:
        return (f"none: the caller is in ambient mode ({caller.ambient}); waypoints have their own",)
    return ("\n".join(line for port, table in route_configurations for line in explain_hosts(table, port)),)


def _json(items: Iterable[dict[str, Any]]) -> Parts:
    """The items of a JSON list, one a line."""
    import json

    from sailwright.diagnostics.report.clean import json_text

    return tuple(json_text(json.dumps(item)) for item in items)
