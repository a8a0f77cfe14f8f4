"""The steps of the move to the Gateway API, from what was found of each service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

from sailwright.commands.migrate.plan import Plan, Reason, ServicePlan, State, Step
from sailwright.commands.migrate.trial import lines_of, path_of, reason_of
from sailwright.diagnostics.finding import Finding
from sailwright.mesh.values.gateway_api import bundle_of
from sailwright.mesh.values.releases import NEWEST
from sailwright.project.model import Project
from sailwright.project.service.resolve import Target
from sailwright.runtime.records import dataclass

API: Final = "gateway"
DIFFERENCE: Final = "gateway-api-difference"
BY_HAND: Final = Reason(
    "its file cannot be changed there without touching more", "write `routing: {api: gateway}` by hand"
)
_ORDER: Final[tuple[State, ...]] = ("ready", "changes", "blocked", "done", "nothing")


class Named(Protocol):
    """A service, as far as its plan names it."""

    @property
    def key(self) -> str:
        """NAMESPACE/NAME."""

    @property
    def file(self) -> str:
        """The path of its service.yaml."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a trial finds of a service: the lines of `diff`, new errors, what else blocks it, what compiling it says, and what else to know."""

    lines: tuple[str, ...] = ()
    errors: Sequence[Finding] = ()
    blockers: Sequence[Reason] = ()
    differences: Sequence[Finding] = ()
    notes: Sequence[Reason] = ()


def step_of(service: Named, found: Found, environment: str | None) -> ServicePlan:
    """The plan of a service whose routes the Gateway API has words for."""
    blockers = tuple(dict.fromkeys((*map(reason_of, found.errors), *found.blockers)))
    notes = [*(reason_of(each) for each in found.differences if each.rule == DIFFERENCE), *found.notes]
    step = Step(service.file, lines_of(path_of(environment, "routing"), {"api": API}), found.lines)
    state: State = "blocked" if blockers else "changes" if found.lines else "ready"
    return ServicePlan(
        service.key, service.file, state, () if blockers else (step,), blockers, tuple(dict.fromkeys(notes))
    )


def blocked(service: Named, findings: Sequence[Finding]) -> ServicePlan:
    """The plan of a service whose routes the Gateway API has no words for."""
    errors = tuple(reason_of(each) for each in findings if each.severity == "error")
    notes = tuple(reason_of(each) for each in findings if each.severity != "error" and each.rule == DIFFERENCE)
    return ServicePlan(service.key, service.file, "blocked", blockers=errors, notes=notes)


def by_hand(service: Named) -> ServicePlan:
    """The plan of a service whose file is not for a program to change."""
    return ServicePlan(service.key, service.file, "blocked", blockers=(BY_HAND,))


def left_alone(service: Named, state: State) -> ServicePlan:
    """The plan of a service that has nothing to do."""
    why = "its routes are rendered for the Gateway API already" if state == "done" else "it has no routes"
    return ServicePlan(service.key, service.file, state, notes=(Reason(why),))


def whole_plan(
    project: Project,
    targets: Iterable[Target],
    environment: str | None,
    plans: Iterable[ServicePlan],
    exposed: Mapping[str, bool],
) -> Plan:
    """The plan of all services, each by NAMESPACE/NAME: first those that can move, of these first those that no gateway serves."""
    order = {found: number for number, found in enumerate(_ORDER)}
    ordered = sorted(plans, key=lambda plan: (order[plan.state], exposed[plan.service], plan.service))
    return Plan("gateway-api", environment, _first(project, targets), tuple(ordered), _last(ordered), project.root)


def _first(project: Project, targets: Iterable[Target]) -> tuple[Reason, ...]:
    """What the clusters need before the first service moves."""
    releases = {project.istio_for(target).version or str(NEWEST) for target in targets}
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
