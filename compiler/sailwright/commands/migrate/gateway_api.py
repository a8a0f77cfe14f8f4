"""The move of routes from Istio's API to the Gateway API: `routing: {api: gateway}`, service by service."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from sailwright.commands.migrate.gateway_api_steps import (
    API,
    Found,
    blocked,
    by_hand,
    left_alone,
    step_of,
    whole_plan,
)
from sailwright.commands.migrate.plan import Plan, ServicePlan, State
from sailwright.commands.migrate.routes_around import routes_around
from sailwright.commands.migrate.trial import (
    Side,
    Trial,
    Wanted,
    by_service,
    can_be_written,
    compiled,
    path_of,
    service_file,
    tried,
)
from sailwright.mesh.values.kinds import VIRTUAL_SERVICE
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.runtime.cache import Cache
from sailwright.source.files.checkout import Checkout
from sailwright.workspace.selection import WorldSet


def gateway_api_plan(checkout: Checkout, environment: str | None, cache: Cache) -> Plan:
    """The plan for one environment, or for all of them at once. Raises Failure where the project is at fault."""
    chosen = (environment,) if environment else ()
    before = compiled(checkout, chosen, cache)
    services = {service.key: service for group in before.services.values() for service in group}
    with_routes = _with_routes(before)
    state = {key: _state(before, service, with_routes) for key, service in services.items()}
    routed = [key for key, found in state.items() if found == "ready"]
    moving = [key for key in routed if can_be_written(_wanted(services, [key], environment)[0])]
    after = tried(before, _wanted(services, moving, environment), chosen, cache)
    wrong = by_service(after.findings, services)
    movable = frozenset(moving)
    faulty = {key: None for key in moving if any(each.severity == "error" for each in wrong.get(key, ()))}
    plans = [blocked(services[key], wrong[key]) for key in faulty]
    plans += [by_hand(services[key]) for key in routed if key not in movable]
    if faulty:
        moving = [key for key in moving if key not in faulty]
        after = tried(before, _wanted(services, moving, environment), chosen, cache) if moving else before
    plans += _moving(Trial(Side(before), Side(after)), services, moving, environment) if moving else ()
    plans += [left_alone(services[key], found) for key, found in state.items() if found != "ready"]
    exposed = {key: service.expose is not None for key, service in services.items()}
    return whole_plan(before.project, before.services, environment, plans, exposed)


def _wanted(services: Mapping[str, Service], moving: Sequence[str], environment: str | None) -> list[Wanted]:
    return [Wanted(services[key].document, {path_of(environment, "routing", "api"): API}) for key in moving]


def _with_routes(before: WorldSet) -> frozenset[str]:
    """The files of the services that have routes of Istio's API."""
    found = (service_file(each) for world in before.worlds for each in world.index.of(VIRTUAL_SERVICE))
    return frozenset(filter(None, found))


def _state(before: WorldSet, service: Service, with_routes: Container[str]) -> State:
    """Whether a service has routes to move, and whether they are there already."""
    project = before.project
    if project.routing_for(Target(service.environment, service.cluster), service).api == API:
        return "done"
    return "ready" if service.file in with_routes else "nothing"


def _moving(
    trial: Trial, services: Mapping[str, Service], moving: Sequence[str], environment: str | None
) -> list[ServicePlan]:
    """The services whose routes the Gateway API has words for: what `diff` and lint say of each."""
    moves = trial.moves()
    new = by_service(trial.new_errors(), services)
    differences = by_service(trial.after.found.findings, services)
    around = [routes_around(world) for world in trial.after.worlds]
    plans = []
    for key in moving:
        service = services[key]
        blockers = [reason for each in around for reason in (*each.unattached(service), *each.also_routed(service))]
        notes = [note for each in around for note in each.elsewhere(service)]
        lines = tuple(moves.get(key, {}))
        found = Found(lines, new.get(key, ()), blockers, differences.get(key, ()), notes)
        plans.append(step_of(service, found, environment))
    return plans
