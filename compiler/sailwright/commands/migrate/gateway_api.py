"""The move of routes from Istio's API to the Gateway API: `routing: {api: gateway}`, service by service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sailwright.commands.migrate.plan import Plan, Reason, ServicePlan, State, Step
from sailwright.commands.migrate.trial import (
    Trial,
    Wanted,
    by_service,
    can_be_written,
    compiled,
    lines_of,
    path_of,
    reason_of,
    tried,
)
from sailwright.diagnostics.finding import Finding, Location
from sailwright.mesh.pilot.gateway_api.conditions import ACCEPTED, ParentStatus
from sailwright.mesh.queries.push_context import gateway_api_statuses, push_context_of
from sailwright.mesh.values.gateway_api import bundle_of
from sailwright.mesh.values.kinds import VIRTUAL_SERVICE
from sailwright.mesh.values.releases import NEWEST
from sailwright.mesh.world import World
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
    state = {key: _state(before, service) for key, service in services.items()}
    routed = [key for key, found in state.items() if found == "ready"]
    moving = [key for key in routed if can_be_written(_wanted(services, [key], environment)[0])]
    wrong = by_service(tried(before, _wanted(services, moving, environment), chosen, cache).findings, services)
    blocked = [key for key in moving if any(each.severity == "error" for each in wrong.get(key, ()))]
    plans = [_blocked(services[key], wrong[key]) for key in blocked]
    plans += [
        ServicePlan(key, services[key].file, "blocked", blockers=(BY_HAND,)) for key in routed if key not in moving
    ]
    moving = [key for key in moving if key not in blocked]
    trial = Trial(before, tried(before, _wanted(services, moving, environment), chosen, cache))
    plans += _moving(trial, services, moving, environment)
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


def _state(before: WorldSet, service: Service) -> State:
    """Whether a service has routes to move, and whether they are there already."""
    project = before.project
    if project.routing_for(Target(service.environment, service.cluster), service).api == API:
        return "done"
    routed = any(
        manifest.origin is not None and manifest.locate(()).location.file == service.file
        for world in before.worlds
        for manifest in world.index.of(VIRTUAL_SERVICE)
    )
    return "ready" if routed else "nothing"


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
    new = by_service(trial.new_findings(), services)
    differences = by_service(trial.after.findings, services)
    plans = []
    for key in moving:
        service = services[key]
        blockers = [reason_of(each) for each in new.get(key, ()) if each.severity == "error"]
        for world in trial.after.worlds:
            blockers += _unattached(service, world) + _also_routed(service, world)
        notes = [reason_of(each) for each in differences.get(key, ()) if each.rule == DIFFERENCE]
        notes += [note for world in trial.after.worlds for note in _elsewhere(service, world)]
        lines = tuple(moves.get(key, {}))
        step = Step(service.file, lines_of(path_of(environment, "routing"), {"api": API}), lines)
        state: State = "blocked" if blockers else "changes" if lines else "ready"
        steps = () if blockers else (step,)
        plans.append(
            ServicePlan(key, service.file, state, steps, tuple(dict.fromkeys(blockers)), tuple(dict.fromkeys(notes)))
        )
    return plans


def _parents(service: Service, world: World) -> Iterator[tuple[ParentStatus, Location]]:
    """The Gateways that the routes of a service name, with the line that does."""
    for route, status in world.index.derived(gateway_api_statuses).items():
        if route.origin is not None and route.locate(()).location.file == service.file:
            for parent in status.parents:
                if parent.kind == "Gateway":
                    yield parent, route.locate(parent.path).location


def _elsewhere(service: Service, world: World) -> Iterator[Reason]:
    """The Gateways that are in no file: nobody can say here whether they are of Kubernetes' kind."""
    gateways = world.index.derived(push_context_of).gateways
    for parent, place in _parents(service, world):
        if parent.unanswered and f"{parent.namespace}/{parent.name}" not in gateways:
            text = f"{parent.title} is in no file: it must be a Kubernetes Gateway that takes routes of {service.namespace}"
            yield Reason(text, "check that it is, or render one with `gateway:` in sailwright.yaml", place)


def _unattached(service: Service, world: World) -> list[Reason]:
    """The Gateways that would not take the routes of a service: Istio's own kind, and those that do not accept them."""
    found = []
    push_context = world.index.derived(push_context_of)
    for parent, place in _parents(service, world):
        if parent.unanswered and f"{parent.namespace}/{parent.name}" in push_context.gateways:
            text = f"{parent.title} is an Istio Gateway: routes of the Gateway API need a Kubernetes Gateway"
            do = "render one with `gateway:` in sailwright.yaml, or name one that exists under `expose.gateways`"
            found.append(Reason(text, do, place))
        for condition in parent.unmet:
            if condition.type == ACCEPTED:
                text = f"{parent.title} does not take its routes ({condition.reason}): {condition.message}"
                found.append(Reason(text, "correct the Gateway first", place))
    return found


def _also_routed(service: Service, world: World) -> list[Reason]:
    """Hand-written VirtualServices for the host of a service: beside an HTTPRoute Istio leaves open which of the two holds."""
    hosts = {found.host for found in world.index.derived(push_context_of).services if found.namespace == service.namespace
             and found.name == service.host_name}  # fmt: skip
    return [
        Reason(
            f"VirtualService {found.title} names its host too: Istio does not define whether it or a route of the Gateway API applies",
            "move its rules into the service file, or remove it",
            found.manifest.locate(("spec", "hosts")).location,
        )
        for found in world.index.derived(push_context_of).virtual_services
        if not found.gateway_api and found.manifest.origin is None and hosts.intersection(found.hosts)
    ]


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
