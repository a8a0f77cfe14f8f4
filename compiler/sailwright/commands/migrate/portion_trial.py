"""A portion of a mesh before and after the routes of its services move to the Gateway API: what `diff` says, and what is around them."""

from __future__ import annotations

import marshal
from collections.abc import Collection, Mapping, Sequence

from sailwright.commands.diff.callee_changes import changed_workloads
from sailwright.commands.diff.calls import call_changes
from sailwright.commands.diff.compared_callers import ambient_caller, plain_caller
from sailwright.commands.diff.compared_hosts import gateways_with_other_policies
from sailwright.commands.diff.divisible import divisible_but_for_routes
from sailwright.commands.diff.traffic import SIDECAR, TrafficChange, traffic_changes
from sailwright.commands.lint.in_portions import Portion
from sailwright.commands.migrate.gateway_api_steps import Found
from sailwright.commands.migrate.plan import Reason, State
from sailwright.commands.migrate.routes_around import routes_around
from sailwright.commands.portions.mesh import KeptMesh, KeptServices
from sailwright.commands.test.answers import CasesRun
from sailwright.commands.test.in_portions import tests_of
from sailwright.lint.run import LintRequest
from sailwright.lint.suppression_audit import Names
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.uncertain import know_certain
from sailwright.mesh.values.kinds import AUTHORIZATION_POLICY
from sailwright.mesh.world import World
from sailwright.route.classes.world_slice import changed
from sailwright.runtime.process_pool import elsewhere, processors, results_of
from sailwright.runtime.records import dataclass
from sailwright.workspace.kept_rendering import KeptRendering, Part
from sailwright.workspace.worlds import build_worlds


@dataclass(frozen=True, slots=True)
class Moving:
    """A service, and the text of its file with the lines to write: None where nothing is to be written, or nothing can be.

    `served`: it is `exposed` at a gateway in some cluster.
    """

    key: str
    file: str
    namespace: str
    host_name: str
    exposed: bool
    served: bool
    state: State
    draft: str | None = None


Others = tuple[Caller | None, ...]
"""The callers on whose behalf a diff asks that come from anywhere in the mesh: those without a proxy and those in ambient mode."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a portion: what was found of each service, and the callers that are the same for the whole mesh."""

    found: dict[str, Found]
    others: tuple[Others, ...]


class Looking:
    """What is done with the portions of the mesh as it would be, beside the lint: each is compared with what is now."""

    def __init__(self, before: KeptServices, after: KeptServices, moving: Mapping[str, Moving]) -> None:
        self._before, self._after, self._moving = before, after, moving
        self._absent = [world.facts.absent_hosts for world in before.around.worlds]
        self.tests = CasesRun((), 0, 0)
        self.found: dict[str, Found] = {}

    def before(self, _kept: KeptRendering, _part: Part) -> Mapping[str, bytes]:
        """The objects that are rendered of services now, and otherwise then: these link services, too."""
        if not self._moving:
            return {}
        jobs = processors()

        def look(job: int) -> dict[str, bytes]:
            found: dict[str, bytes] = {}
            for paths in self._before.rows[job::jobs]:
                wanted = [path for path in paths if path in self._moving]
                old, new = (side.packed(wanted) for side in (self._before, self._after))
                found |= {path: _only_in(data, new[path]) for path, data in old.items()}
            return found

        return {path: each for some in results_of(range(jobs), look, apart=True) for path, each in some.items()}

    def begin(self, mesh: KeptMesh, _request: LintRequest, _names: Names | None) -> bool:
        """Run the tests; False where that takes more than a few fields of each object."""
        if tested := sorted(mesh.scanned.tested):
            tests = elsewhere(lambda: tests_of(mesh.all_services, tested))
            if tests is None:
                return False
            self.tests, _ = tests
        return True

    def look(self, portion: Portion) -> Looked:
        """Compare a portion, where anything moves. Raises ValueError where that takes more of the mesh."""
        if not self._moving:
            return Looked({}, ())
        before = self._before
        packed = before.packed(portion.packed)
        old = build_worlds(before.kept.together(before.part, packed), before.written, self._absent).worlds
        moves: dict[str, dict[str, None]] = {}
        for one, other in zip(old, portion.found.worlds, strict=True):
            know_certain(one.index)
            for change in _changes(one, other, portion.own):
                moves.setdefault(change.service, {})[change.line] = None
        others = tuple(
            (plain_caller(world.index), ambient_caller(world.index)) for world in (*old, *portion.found.worlds)
        )
        found = self._around(portion, moves)
        for world in old:
            world.index.forget()
        return Looked(found, others)

    def _around(self, portion: Portion, moves: Mapping[str, Collection[str]]) -> dict[str, Found]:
        around = [routes_around(world) for world in portion.found.worlds]
        found: dict[str, Found] = {}
        for path in portion.packed:
            if (service := self._moving.get(path)) is not None:
                blockers = [
                    reason for each in around for reason in (*each.unattached(service), *each.also_routed(service))
                ]
                notes: list[Reason] = [note for each in around for note in each.elsewhere(service)]
                found[service.key] = Found(tuple(moves.get(service.key, ())), (), blockers, (), notes)
        return found

    def end(self, _last: object, found: Sequence[Looked]) -> bool:
        """Nothing is kept; False where a caller from anywhere in the mesh is not the same in all portions."""
        for each in found:
            self.found |= each.found
        return len({each.others for each in found}) < 2


def _changes(one: World, other: World, services: Collection[str]) -> tuple[TrafficChange, ...]:
    """What changes for requests in a part of a mesh. Raises ValueError where that may hang on the rest of it.

    `services` are the rendered files of services. Callers that policies name are called by their workloads, to which no link need lead.
    """
    if any(each.kind == SIDECAR for each in changed(one, other)) or changed_workloads(one, other):
        raise ValueError
    sides = (one, other)
    alone = all(divisible_but_for_routes(side, services) for side in sides)
    if not alone or gateways_with_other_policies(one.index, other.index):
        raise ValueError
    calls = tuple(call_changes(one, other))
    if calls and any(side.index.of(AUTHORIZATION_POLICY) for side in sides):
        raise ValueError
    return (*traffic_changes(one, other), *calls)


def _only_in(one: bytes, other: bytes) -> bytes:
    """What is rendered of a service on one side only, as `packed_services` packs it."""
    files, _ = marshal.loads(one)  # noqa: S302  # sealed: this user's own program wrote it
    others, _ = marshal.loads(other)  # noqa: S302
    known: dict[int, list[object]] = {}
    for target, _, _, objects, _ in others:
        known.setdefault(target, []).extend(value for value, *_ in objects)
    left = [
        (target, key, path, [each for each in objects if each[0] not in known.get(target, ())], place)
        for target, key, path, objects, place in files
    ]
    return marshal.dumps((left, []))
