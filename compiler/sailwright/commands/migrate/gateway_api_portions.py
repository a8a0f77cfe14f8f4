"""The move of a large project to the Gateway API, tried out in portions, so that no process ever holds the mesh.

before    commands/portions/mesh.py       what is rendered of each service now, in the store
drafts    here                           the service files with the lines to write, row by row
after     commands/portions/mesh.py       what is rendered of these, in a store of this run
portions  commands/lint/in_portions.py   lint of what would be; beside it each portion is compared with what is now

Where one of them has no such way, the whole mesh is loaded: so it is where a gateway serves one of the services, whose hosts others
may decide about that no link leads to.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping, Sequence

from sailwright.commands.edit.adopt.drafted_checkout import DraftedCheckout
from sailwright.commands.lint.in_portions import lint_in_portions
from sailwright.commands.lint.kept import request_of
from sailwright.commands.lint.results import known_results, last_run
from sailwright.commands.lint.run import LintOptions, lint_request
from sailwright.commands.migrate.gateway_api_steps import API, Found, blocked, by_hand, left_alone, step_of, whole_plan
from sailwright.commands.migrate.plan import Plan, ServicePlan, State
from sailwright.commands.migrate.portion_trial import Looking, Moving
from sailwright.commands.migrate.trial import Wanted, can_be_written, path_of, same, written
from sailwright.commands.portions.mesh import KeptServices, open_services
from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge_environments
from sailwright.lint.run import LintRequest, lint
from sailwright.mesh.values.kinds import VIRTUAL_SERVICE, kind_of
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.project.services import read_services
from sailwright.runtime.cache import Cache, temporary_cache
from sailwright.runtime.process_pool import elsewhere, processors, results_of
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.store import open_store
from sailwright.runtime.table import LostRow
from sailwright.source.files.checkout import Disk
from sailwright.source.files.recorded import Recorded
from sailwright.source.untyped import text
from sailwright.workspace.compile import Compilation, InvalidProject, load_project
from sailwright.workspace.parallel import CHUNK, findings_of, in_processes, render_services
from sailwright.workspace.selection import Selection, Workspace


def gateway_api_in_portions(root: str, environment: str | None, cache: Cache) -> Plan | None:
    """The plan for a large project; None where the whole mesh must be loaded for it."""
    try:
        if cache.directory is not None:
            return _plan(root, environment, cache)
        with temporary_cache() as instead:
            return _plan(root, environment, instead) if instead.directory is not None else None
    except LostRow:
        return None


def _plan(root: str, environment: str | None, cache: Cache) -> Plan | None:
    selection = Selection(environments=(environment,) if environment else (), project=root, cached=True, jobs=None)
    before = open_services(selection, root, open_store(cache, root), processors())
    services = _services(before, environment) if before is not None else None
    if before is None or services is None:
        return None
    with temporary_cache() as own:
        trial = _tried(before, services, selection, own) if own.directory is not None else None
    known = _same_errors(before, selection) if trial is not None and trial.errors else frozenset()
    if trial is None or known is None:
        return None
    plans = [blocked(services[key], own) for key, own in trial.faulty.items()]
    for each in trial.moving.values():
        errors = [error for error in trial.errors.get(each.file, ()) if same(error) not in known]
        plans.append(step_of(each, replace(trial.found[each.key], errors=errors), environment))
    plans += [_left(each) for each in services.values() if each.draft is None]
    exposed = {key: each.exposed for key, each in services.items()}
    return whole_plan(before.part.compilation.project, before.part.compilation.targets, environment, plans, exposed)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What a trial finds: the services that compiling finds faulty, those that move, by file, and what is found of these.

    `errors` are those of lint and tests by file, new ones or not.
    """

    faulty: Mapping[str, Sequence[Finding]]
    moving: Mapping[str, Moving]
    found: Mapping[str, Found]
    errors: Mapping[str, Sequence[Finding]]


def _tried(before: KeptServices, services: Mapping[str, Moving], selection: Selection, cache: Cache) -> _Trial | None:
    """Try out all services that can move, without those that are faulty then; what would be is in a store of this run."""
    root, faulty = before.part.compilation.project.root, dict[str, list[Finding]]()
    for last in (False, True):
        moving = {each.file: each for each in services.values() if each.draft is not None and each.key not in faulty}
        drafts = {path: each.draft for path, each in moving.items() if each.draft is not None}
        aside = replace(selection, aside=DraftedCheckout(Disk(root), drafts))
        after = open_services(aside, root, open_store(cache, root), processors())
        if after is not None:
            return _found(before, after, _Trial(faulty, moving, {}, {}), aside)
        faulty = {} if last else _faulty(aside, root, cache, moving)
        if not faulty:
            return None
        if len(faulty) == len(moving):
            return _Trial(faulty, {}, {}, {})
    return None


def _left(service: Moving) -> ServicePlan:
    return by_hand(service) if service.state == "ready" else left_alone(service, service.state)


# -- what is to be written -----------------------------------------------------------------------------------------------


def _services(before: KeptServices, environment: str | None) -> dict[str, Moving] | None:
    """All services, by NAMESPACE/NAME; None where one that moves is served by a gateway, and where a file has several."""
    jobs = processors()

    def look(job: int) -> list[Moving]:
        return [each for paths in before.rows[job::jobs] for each in _in_row(before, paths, environment)]

    listed = [each for some in results_of(range(jobs), look, apart=True) for each in some]
    files = {each.file for each in listed}
    if len(files) < len(listed) or any(each.served and each.state == "ready" for each in listed):
        return None
    return {each.key: each for each in listed}


def _in_row(before: KeptServices, paths: Sequence[str], environment: str | None) -> Iterator[Moving]:
    """The services in some files. May raise LostRow."""
    compilation = before.part.compilation
    read = read_services(compilation.project, compilation.targets, paths).by_target
    services: dict[str, list[tuple[Target, Service]]] = {}
    for target, own in read.items():
        for service in own:
            services.setdefault(service.key, []).append((target, service))
    routed = {path for path, data in before.packed(paths).items() if b"VirtualService" in data and _has_routes(data)}
    for found in services.values():
        target, service = found[-1]
        state: State = "ready" if service.file in routed else "nothing"
        if compilation.project.routing_for(Target(service.environment, service.cluster), service).api == API:
            state = "done"
        wanted = Wanted(service.document, {path_of(environment, "routing", "api"): API})
        source = written(service.document.source, wanted) if state == "ready" and can_be_written(wanted) else None
        exposed, served = service.expose is not None, any(each.expose is not None for _, each in found)
        names = service.key, service.file, service.namespace, service.host_name
        yield Moving(*names, exposed, served, state, source.text if source is not None else None)


def _has_routes(data: bytes) -> bool:
    """Whether VirtualServices are rendered of a service, beside those that it includes."""
    files, _ = marshal.loads(data)  # noqa: S302  # sealed: this user's own program wrote it
    return any(
        not included and kind_of(text(value.get("apiVersion")), text(value.get("kind"))) == VIRTUAL_SERVICE
        for _, _, _, objects, _ in files
        for value, _, included in objects
    )


def _faulty(aside: Selection, root: str, cache: Cache, moving: Mapping[str, Moving]) -> dict[str, list[Finding]]:
    """What compiling finds of the services in which it finds an error once they have moved."""
    loaded = load_project(Recorded(aside.aside or Disk(root)), aside.environments)
    if isinstance(loaded, InvalidProject):
        return {}
    parts = elsewhere(lambda: in_processes(loaded, cache, processors(), _findings, least=1, chunk=CHUNK))
    found: dict[str, list[Finding]] = {}
    for each in merge_environments(finding for part in parts or () for finding in part):
        if each.location.file in moving:
            found.setdefault(moving[each.location.file].key, []).append(each)
    return {key: own for key, own in found.items() if any(each.severity == "error" for each in own)}


def _findings(compilation: Compilation, _number: int) -> tuple[Finding, ...]:
    rendered, _ = render_services(compilation)
    return (*compilation.findings, *findings_of(rendered))


# -- what is found of it -------------------------------------------------------------------------------------------------


def _found(before: KeptServices, after: KeptServices, trial: _Trial, aside: Selection) -> _Trial | None:
    """The trial with what it finds of each service; None where portions are no way to say it."""
    looking = Looking(before, after, trial.moving)
    findings = _linted(aside, looking)
    if findings is None:
        return None
    errors, differences = dict[str, list[Finding]](), dict[str, list[Finding]]()
    for each in findings:
        if each.severity == "error" and each.location.file in trial.moving:
            errors.setdefault(each.location.file, []).append(each)
    for each in after.around.findings:
        differences.setdefault(each.location.file, []).append(each)
    found = {
        each.key: replace(looking.found[each.key], differences=differences.get(file, ()))
        for file, each in trial.moving.items()
    }
    return replace(trial, found=found, errors=errors)


def _same_errors(before: KeptServices, selection: Selection) -> frozenset[tuple[str, str, str, str]] | None:
    """The findings before the move, as `same` tells them apart; None where portions are no way to find them."""
    findings = _linted(selection, Looking(before, before, {}))
    return None if findings is None else frozenset(map(same, findings))


def _linted(selection: Selection, looking: Looking) -> tuple[Finding, ...] | None:
    """What lint and the tests find."""
    last = last_run(selection, (), ())
    result = lint_in_portions(selection, last, _asked, looking) if last is not None else None
    kept = known_results(selection, result) if result is not None else None
    return None if kept is None else (*lint(request_of(kept), kept.judged).findings, *looking.tests.findings)


def _asked(workspace: Workspace) -> LintRequest:
    return replace(lint_request(workspace, LintOptions(Selection())), baseline=None)
