"""The move of routes from Istio's API to the Gateway API: `routing: {api: gateway}`, service by service."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from sailwright.commands.migrate.plan import Plan, Reason, ServicePlan, State, Step
from sailwright.commands.migrate.routes_around import routes_around
from sailwright.commands.migrate.trial import (
    Side,
    Trial,
    Wanted,
    by_service,
    can_be_written,
    compiled,
    lines_of,
    path_of,
    reason_of,
    service_file,
    tried,
)
from sailwright.diagnostics.finding import Finding
from sailwright.mesh.values.gateway_api import bundle_of
from sailwright.mesh.values.kinds import VIRTUAL_SERVICE
from sailwright.mesh.values.releases import NEWEST
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.runtime.cache import Cache
from sailwright.source.files.checkout import Checkout
from sailwright.workspace.selection import WorldSet

API = "gateway"
DIFFERENCE = "gateway-api-difference"
BY_HAND = Reason("its file cannot be changed there without touching more", "write `routing: {api: gateway}` by hand")


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
    blocked = [key for key in moving if any(each.severity == "error" for each in wrong.get(key, ()))]
    plans = [_blocked(services[key], wrong[key]) for key in blocked]
    plans += [
        ServicePlan(key, services[key].file, "blocked", blockers=(BY_HAND,)) for key in routed if key not in moving
    ]
    if blocked:
        moving = [key for key in moving if key not in blocked]
        after = tried(before, _wanted(services, moving, environment), chosen, cache)
    plans += _moving(Trial(Side(before), Side(after)), services, moving, environment)
    plans += [
        ServicePlan(key, services[key].file, found, notes=_why(found))
        for key, found in state.items()
        if found != "ready"
    ]
    order = {found: number for number, found in enumerate(("ready", "changes", "blocked", "done", "nothing"))}
    plans.sort(key=lambda plan: (order[plan.state], services[plan.service].expose is not None, plan.service))
    return Plan("gateway-api", environment, _first(before), tuple(plans), _last(plans), before.project.root)


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


def _why(state: State) -> tuple[Reason, ...]:
    return (Reason("its routes are rendered for the Gateway API already" if state == "done" else "it has no routes"),)


def _blocked(service: Service, findings: Sequence[Finding]) -> ServicePlan:
    errors = tuple(reason_of(each) for each in findings if each.severity == "error")
    notes = tuple(reason_of(each) for each in findings if each.severity != "error" and each.rule == DIFFERENCE)
    return ServicePlan(service.key, service.file, "blocked", blockers=errors, notes=notes)


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
        blockers = [reason_of(each) for each in new.get(key, ())]
        for each in around:
            blockers += each.unattached(service) + each.also_routed(service)
        notes = [reason_of(each) for each in differences.get(key, ()) if each.rule == DIFFERENCE]
        notes += [note for each in around for note in each.elsewhere(service)]
        lines = tuple(moves.get(key, {}))
        step = Step(service.file, lines_of(path_of(environment, "routing"), {"api": API}), lines)
        state: State = "blocked" if blockers else "changes" if lines else "ready"
        steps = () if blockers else (step,)
        plans.append(
            ServicePlan(key, service.file, state, steps, tuple(dict.fromkeys(blockers)), tuple(dict.fromkeys(notes)))
        )
    return plans


def _first(before: WorldSet) -> tuple[Reason, ...]:
    """What the clusters need before the first service moves."""
    project = before.project
    releases = {project.istio_for(target).version or str(NEWEST) for target in before.services}
    bundles = sorted({bundle_of(release) for release in releases})
    shown = ", ".join(f"{major}.{minor}" for major, minor in bundles)
    return (
        Reason(
            f"the clusters need the CRDs of the Gateway API {shown}, which this release of Istio reads",
            "install the standard channel; the experimental one only with `routing: {channel: experimental}` in sailwright.yaml",
        ),
    )


def _last(plans: Sequence[ServicePlan]) -> tuple[Reason, ...]:
    if any(plan.state in ("changes", "blocked") for plan in plans):
        return ()
    return (Reason("when every service has moved, write `routing: {api: gateway}` once into sailwright.yaml"),)
