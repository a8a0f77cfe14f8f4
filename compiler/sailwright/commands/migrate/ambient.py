"""The move from sidecars to ambient mode: `mesh: {inject: ambient}`, what is called before its callers, waypoints where requests matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sailwright.commands.migrate.ambient_needs import (
    Needs,
    blockers_of,
    first_steps,
    hbone,
    left_alone,
    needs_of,
    needs_waypoint,
    other_findings,
    speaks_hbone,
)
from sailwright.commands.migrate.order import callees_of, callers_of, waves
from sailwright.commands.migrate.plan import Plan, Reason, ServicePlan, State, Step
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
    tried,
)
from sailwright.diagnostics.finding import Finding, Path
from sailwright.project.service.model import Service
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex
from sailwright.source.files.checkout import Checkout

AMBIENT = "ambient"
REFUSED_AS_BEFORE = regex(r"(?:^|(?<!unknown): )(?:403|503|refused)\b.* -> (?:403|503|refused)\b")
"""A line of `diff` with a refusal on both sides: by a sidecar or a waypoint, by ztunnel as a gateway sees it, by ztunnel."""
WAYPOINT = "waypoint"
"""What istioctl calls the waypoint of a namespace."""
BY_HAND = Reason("its file cannot be changed there without touching more", "write `mesh: {inject: ambient}` by hand")
ONLY_SOME = (
    "while its pods restart, some of them have a sidecar and some have none: requests to the first meet the policies of the sidecar, to the "
    "others those of the waypoint (Istio has no hand-over in one step: istio.io, ambient/migrate/before-you-begin)"
)
PAST = "calls from {callers} bypass the waypoint until these move too: its policies are not enforced for them"
UNKNOWN = "its callers are not declared (`accessPolicy.inbound`): those with a sidecar bypass the waypoint"


@dataclass(frozen=True, slots=True)
class _Move:
    """What all services of a plan share."""

    environment: str | None
    chosen: tuple[str, ...]
    cache: Cache
    services: Mapping[str, Service]
    callers: Mapping[str, Collection[str]]
    waypoints: Collection[str]
    speaking: tuple[Wanted, ...]
    """What sailwright.yaml says first, so that sidecars speak to pods in ambient mode."""


def ambient_plan(checkout: Checkout, environment: str | None, cache: Cache) -> Plan:
    """The plan for one environment, or for all of them at once. Raises Failure where the project is at fault."""
    chosen = (environment,) if environment else ()
    before = compiled(checkout, chosen, cache)
    services = {service.key: service for group in before.services.values() for service in group}
    state = {key: _state(service) for key, service in services.items()}
    moving = [key for key, kind in state.items() if kind == "ready"]
    needs = [needs_of(world) for world in before.worlds]
    waypoints = [
        key for key in moving if needs_waypoint(services[key], needs) and services[key].mesh.waypoint != "none"
    ]
    speaking = () if speaks_hbone(before) else tuple(filter(can_be_written, (hbone(before),)))
    move = _Move(environment, chosen, cache, services, callers_of(services), frozenset(waypoints), speaking)
    blocked = {key: reasons for key in moving if (reasons := _blockers(move, key, needs))}
    going = [key for key in moving if key not in blocked]
    base = Side(tried(before, speaking, chosen, cache) if speaking and going else before)
    after = Side(tried(before, _all(move, going), chosen, cache)) if going else base
    wrong = _wrong(after, services, frozenset(going))
    if wrong:
        blocked |= wrong
        going = [key for key in going if key not in wrong]
        after = Side(tried(before, _all(move, going), chosen, cache)) if going else base
    plans = _in_waves(move, base, after, going)
    plans += [ServicePlan(key, services[key].file, "blocked", blockers=reasons) for key, reasons in blocked.items()]
    plans += [
        ServicePlan(key, services[key].file, kind, notes=left_alone(services[key]))
        for key, kind in state.items()
        if kind != "ready"
    ]
    first = first_steps(before, waypoints=bool(waypoints))
    afterwards = (other_findings(Trial(base, after), services) if going else ()) + _last(plans)
    return Plan(AMBIENT, environment, first, tuple(plans), afterwards, before.project.root)


def _state(service: Service) -> State:
    """Whether a service has pods with a sidecar to take away."""
    if service.external or service.workload.external or service.mesh.inject in ("none", "namespace"):
        return "nothing"
    return "done" if service.mesh.inject == AMBIENT else "ready"


def _wrong(side: Side, services: Mapping[str, Service], going: Collection[str]) -> dict[str, tuple[Reason, ...]]:
    """The errors that compiling finds in services that were to move."""
    found: dict[str, tuple[Reason, ...]] = {}
    for key, own in by_service(side.found.findings, services).items():
        errors = tuple(reason_of(each) for each in own if each.severity == "error")
        if errors and key in going:
            found[key] = errors
    return found


def _values(move: _Move, key: str) -> dict[str, Any]:
    """What is written under `mesh` of a service."""
    own = move.services[key].mesh.waypoint
    return {"inject": AMBIENT, **({"waypoint": WAYPOINT} if key in move.waypoints and not own else {})}


def _wanted(move: _Move, keys: Sequence[str]) -> list[Wanted]:
    def values(key: str) -> dict[Path, Any]:
        return {path_of(move.environment, "mesh", word): value for word, value in _values(move, key).items()}

    return [Wanted(move.services[key].document, values(key)) for key in keys]


def _all(move: _Move, keys: Sequence[str]) -> list[Wanted]:
    """All that is written once some services have moved."""
    return [*move.speaking, *_wanted(move, keys)]


def _blockers(move: _Move, key: str, needs: Sequence[Needs]) -> tuple[Reason, ...]:
    """Why a service cannot move yet."""
    if not can_be_written(_wanted(move, [key])[0]):
        return (BY_HAND,)
    return blockers_of(move.services[key], needs)


def _in_waves(move: _Move, base: Side, all_moved: Side, going: Sequence[str]) -> list[ServicePlan]:
    """The services that can move, callees first; each group is tried out on top of those before it."""
    plans: list[ServicePlan] = []
    moved: list[str] = []
    callees = callees_of(move.callers)

    def tried_with(keys: Sequence[str]) -> Side:
        if len(keys) == len(going):
            return all_moved
        return Side(tried(base.found, _all(move, keys), move.chosen, move.cache))

    side = base
    for wave in waves(going, callees):
        after = tried_with([*moved, *wave])
        trial = Trial(side, after)
        moves, found = trial.moves(), by_service(trial.new_findings(), move.services)
        lines = _lines(move, wave, moves)
        made = [_plan(move, key, lines[key], found.get(key, ()), callees[key].intersection(moved)) for key in wave]
        moved += [each.service for each in made if each.steps]
        side = after if all(each.steps for each in made) else tried_with(moved)
        plans += made
    return plans


def _lines(move: _Move, wave: Sequence[str], moves: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The lines of `diff` for each service of a group: those about itself, then what changes for its calls to others."""
    found: dict[str, list[str]] = {key: [] for key in wave}
    titles = _titles(move, wave)
    others: list[tuple[str, str]] = []
    for title, lines in moves.items():
        own = [number for each in _callee_and_callers(title) if (number := titles.get(each)) is not None]
        if own:
            found[wave[min(own)]] += lines
        else:
            others += [(title, line) for line in lines]
    for title, line in others:
        named = [key for key in wave if key in line] or wave[:1]
        for key in named:
            found[key].append(f"{title}: {line}")
    return {key: tuple(sorted(lines, key=_weight)) for key, lines in found.items()}


def _titles(move: _Move, wave: Sequence[str]) -> dict[str, int]:
    """What a line of `diff` calls each service of a group, and its pods: the first of a name counts."""
    found: dict[str, int] = {}
    for number, key in enumerate(wave):
        service = move.services[key]
        for title in (key, f"app={service.name} in {service.namespace}"):
            found.setdefault(title, number)
    return found


def _callee_and_callers(title: str) -> list[str]:
    """Whom a line of `diff` may be about: the service that is called, or pods that call, by their labels (as `app=cart in shop`)."""
    labels, _, namespace = title.rpartition(" in ")
    return [title, *(f"{label} in {namespace}" for label in labels.split(",") if namespace)]


def _weight(line: str) -> int:
    """What was answered comes first; then what a removed Sidecar kept out of sight; then what is refused as before."""
    return 2 if _still_refused(line) else int("passthrough ->" in line)


def _still_refused(line: str) -> bool:
    """Whether a line of `diff` says that requests which were refused are refused in another form, or that nothing changes."""
    return (line.count(" -> ") == 1 and REFUSED_AS_BEFORE.search(line) is not None) or line.endswith(": unchanged")


def _plan(
    move: _Move, key: str, lines: tuple[str, ...], found: Sequence[Finding], after: Collection[str]
) -> ServicePlan:
    service = move.services[key]
    written = lines_of(path_of(move.environment, "mesh"), _values(move, key))
    step = Step(service.file, written, lines, _gap(move, key), tuple(sorted(after)))
    errors = tuple(reason_of(each) for each in found if each.severity == "error")
    notes = tuple(reason_of(each) for each in found if each.severity != "error")
    if errors:
        return ServicePlan(key, service.file, "blocked", blockers=errors, notes=notes)
    state: State = "ready" if all(map(_still_refused, lines)) else "changes"
    return ServicePlan(key, service.file, state, (step,), (), notes)


def _gap(move: _Move, key: str) -> tuple[str, ...]:
    """What is not enforced while, and after, a service that needs a waypoint moves."""
    if key not in move.waypoints:
        return ()
    found = [ONLY_SOME]
    if past := sorted(caller for caller in move.callers[key] if move.services[caller].mesh.inject != AMBIENT):
        found.append(PAST.format(callers=", ".join(past)))
    if move.services[key].access_policy.inbound is None:
        found.append(UNKNOWN)
    return tuple(found)


def _last(plans: Sequence[ServicePlan]) -> tuple[Reason, ...]:
    if any(plan.state in ("changes", "blocked", "ready") for plan in plans):
        return (
            Reason(
                "when every service has moved, write `defaults: {mesh: {inject: ambient}}` once into sailwright.yaml"
            ),
        )
    return ()
