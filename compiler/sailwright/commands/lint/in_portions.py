"""The first lint of a large project: rules run over portions of its services, so that no process ever holds the mesh.

keep      workspace/render_portions.py   what is rendered of each service goes to the store, where it is not there
scan      commands/portions/scan.py       who is linked to whom, row by row (see `lint.links`)
around    commands/portions/around.py     what rules ask the whole mesh, of a few fields of each object
portions  here                           all other rules, over services with those that they are linked to

A check has more done with each portion (see `commands.check.in_portions`). What comes of it is kept as a lint of the whole mesh keeps it.
Where answers hang on more than this can know, the whole mesh is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from sailwright.commands.lint.links import keep_linked
from sailwright.commands.lint.results import LastRun, Run, keep_run
from sailwright.commands.lint.suppressions import marked_files, names_for, plain_annotations, plain_of_suppressions
from sailwright.commands.lint.units import around_units, plain_of_units
from sailwright.commands.portions.around import Around, look_around, look_for_absent
from sailwright.commands.portions.mesh import KeptMesh, SeenAs, in_vain, note_in_vain, open_mesh
from sailwright.diagnostics.finding import Skipped
from sailwright.lint.link_table import LinkTable
from sailwright.lint.linked_nodes import components
from sailwright.lint.noted_fields import Noted, noting_worlds
from sailwright.lint.parallel import WorkerInput, WorkerResult, in_global_turns, joined, run_portion
from sailwright.lint.run import LintRequest, carries_suppressions, judged_of
from sailwright.lint.run_rules import Absent
from sailwright.lint.suppression_audit import Names
from sailwright.lint.units import Units
from sailwright.mesh.queries.traits import Traits
from sailwright.mesh.queries.uncertain import know_certain
from sailwright.runtime.errors import Failure
from sailwright.runtime.memory import one_at_a_time
from sailwright.runtime.pressed import Spool, plain
from sailwright.runtime.process_pool import can_fork, processors, results_of
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.table import LostRow
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.extra_files import unlisted_services
from sailwright.workspace.kept_rendering import KeptRendering, Part
from sailwright.workspace.load import skipped_documents
from sailwright.workspace.selection import Selection, Workspace, WorldSet

AT_ONCE: Final = 100
"""Services of clusters that are judged together, about; those that are linked always are."""
_MOST: Final = 800
"""Services that are linked to each other: of more, the whole mesh is loaded."""

Asked = Callable[[Workspace], LintRequest]
"""Says which rules run over a workspace, and with which settings."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some services, with all that they are linked to: their worlds, and where to note what is read of them.

    `group` are the paths of the services and of files by hand, `packed` is what is rendered of those on disk, and `own` leads from all
    their files to the paths.
    """

    group: Sequence[str]
    packed: Mapping[str, bytes]
    own: Mapping[str, str]
    found: WorldSet
    noted: Noted
    traits: tuple[Traits, ...]


class Beside(Protocol):
    """What else is done with the portions of a mesh."""

    def before(self, kept: KeptRendering, part: Part) -> Mapping[str, bytes] | None:
        """What was rendered before of services that differ now, to be done with those linked to it; None where that is not to be said."""

    def begin(self, mesh: KeptMesh, request: LintRequest, names: Names | None) -> bool:
        """Get ready; False where portions are no way to do it."""

    def look(self, portion: Portion) -> Any:
        """What comes of a portion, in whatever process."""

    def end(self, last: LastRun, found: Sequence[Any]) -> bool:
        """Keep what came of all; False where nothing can be kept. `last` is what is known of the lint."""


def lint_in_portions(
    selection: Selection, last: LastRun, asked: Asked, beside: Beside | None = None, seen_as: SeenAs | None = None
) -> LastRun | None:
    """What a first lint comes to, kept; None where the whole mesh must be loaded for it. `asked` says which rules run."""
    if not can_fork() or selection.workers is not None or selection.istio_version is not None or in_vain(last):
        return None
    jobs = selection.jobs or processors()
    try:
        with Spool() as spool:
            spool.open(jobs + 1)
            mesh = open_mesh(selection, last, jobs, spool, beside.before if beside is not None else None, seen_as)
            found = _tried(mesh, last, asked, jobs, beside) if mesh is not None else None
    except LostRow:
        return None
    if mesh is not None and found is None and beside is None:
        note_in_vain(last)
    return found


def _tried(mesh: KeptMesh, last: LastRun, asked: Asked, jobs: int, beside: Beside | None) -> LastRun | None:
    try:
        return _linted(mesh, last, asked, jobs, beside)
    except (Failure, LostRow):
        raise
    except Exception:  # noqa: BLE001 - whatever goes wrong here, it is reported where all rules run over the whole mesh
        return None


def _linted(mesh: KeptMesh, last: LastRun, asked: Asked, jobs: int, beside: Beside | None) -> LastRun | None:
    """Run the rules, and keep what they find; None where they ask for more of the mesh than portions have."""
    project, scanned, worlds = mesh.part.compilation.project, mesh.scanned, mesh.around.worlds
    workspace = Workspace((), (), mesh.around.findings, project=project, root=last.root)
    request = asked(workspace)
    marked = [*scanned.marked, *marked_files((*mesh.written.values(), project.document.source))]
    suppressed = request.settings.ignore or marked or any(scanned.annotated) or carries_suppressions(worlds)
    names = names_for(request) if suppressed else None
    worker_input = WorkerInput((), len(worlds), frozenset(), request.chosen, names)
    ready = beside is None or beside.begin(mesh, request, names)
    groups = _groups(mesh.either, AT_ONCE // len(worlds)) if ready else None
    around = _around(mesh, worker_input, jobs) if groups is not None else None
    if groups is None or around is None or not all(each.divisible for each in around.traits):
        return None

    def share(number: int) -> list[tuple[WorkerResult, Any]]:
        own = one_at_a_time(groups[number::jobs])
        return [_portion(mesh, around, worker_input, group, beside) for group in own]

    portions = [each for some in results_of(range(jobs), share, apart=True) for each in some]
    whole: WorkerResult | None = in_global_turns([around.result, *(each for each, _ in portions)], request.chosen)
    if whole is not None and (absent := whole.absent - around.result.absent):
        whole = _with_absences(mesh, worker_input, around, whole, absent, jobs)
    if whole is None or whole.crashes:
        return None
    found = _kept(mesh, last, request, whole, around, names, marked)
    if found is not None and beside is not None and not beside.end(found, [each for _, each in portions]):
        return None
    return found


def _around(mesh: KeptMesh, worker_input: WorkerInput, jobs: int) -> Around | None:
    """What rules find around the services."""
    given = replace(worker_input, units=Units(mesh.services, mesh.places))
    return look_around(mesh.all_services, given, jobs)


def _with_absences(
    mesh: KeptMesh, worker_input: WorkerInput, around: Around, found: WorkerResult, absent: Absent, jobs: int
) -> WorkerResult | None:
    """The result in which rules that report an absence, in some files, have looked for it in the whole mesh."""
    files: dict[str, frozenset[str]] = {}
    for rule, file in absent:
        files[rule] = files.get(rule, frozenset()) | {file}
    linked = {each.rule.ID for each in worker_input.chosen if each.rule.KIND.linked}
    if not linked.isdisjoint(files) or any("" in each for each in files.values()):
        return None
    given = replace(worker_input, units=Units(mesh.services, mesh.places, likely=around.likely))
    sample = [[mesh.services[min(each)]] for each in files.values()]
    sample = [each for each in sample if each[0] in mesh.scanned.texts]
    again = look_for_absent(mesh.all_services, given, files, sample, jobs)
    if again is None:
        return None
    ids = [each.rule.ID for each in worker_input.chosen]
    kept = tuple(each for each in found.seen if (ids[each.rule], each.file) not in absent)
    return joined([replace(found, seen=kept), again])


def _groups(table: LinkTable, at_once: int) -> list[list[str]] | None:
    """The services in groups that are judged together, so many or fewer, with the hand-written files among them; None where too many are
    linked.
    """
    found: list[list[str]] = [[]]
    for numbers in components(table.edges, len(table.nodes)):
        linked = [table.nodes[number] for number in numbers if table.nodes[number]]
        if len(linked) > _MOST:
            return None
        if found[-1] and len(found[-1]) + len(linked) > at_once:
            found.append([])
        found[-1] += linked
    return found


def _portion(
    mesh: KeptMesh, around: Around, worker_input: WorkerInput, group: Sequence[str], beside: Beside | None
) -> tuple[WorkerResult, Any]:
    """What rules find in some services and hand-written files, with all that these are linked to; and what else is done with them."""
    packed = {path: plain(mesh.scanned.texts[path]) for path in group if path in mesh.scanned.texts}
    found = mesh.having(packed)
    own = {path: file for path, file in found.rendered_from.items() if file in packed}
    own |= {path: path for path in group if path in mesh.by_hand}
    noted: Noted = set()
    worlds = noting_worlds(found.worlds, noted, own.keys() | mesh.by_hand.keys())
    for world, whole in zip(worlds, around.traits, strict=True):
        know_certain(world.index)
        whole.tell(world.index)
    units = Units(own, mesh.places, likely=around.likely, noted=noted, groups="own")
    result = run_portion(replace(worker_input, worlds=worlds, units=units))
    more = None
    if beside is not None:
        more = beside.look(Portion(group, packed, own, found, set(), around.traits))
    for world in (*worlds, *found.worlds):
        world.index.forget()
    return result, more


def _kept(
    mesh: KeptMesh,
    last: LastRun,
    request: LintRequest,
    found: WorkerResult,
    around: Around,
    names: Names | None,
    marked: Sequence[str],
) -> LastRun | None:
    """Keep what came of it, as a lint of the whole mesh does."""
    project, scanned, worlds = mesh.part.compilation.project, mesh.scanned, mesh.around.worlds
    checkout = project.checkout
    if not isinstance(checkout, Recorded):
        return None
    judged = judged_of(replace(found, seconds={}), request.chosen, names)
    written = (*mesh.written.values(), project.document.source)
    files = {path: scanned.sources[path][:2] for path in sorted(scanned.sources)}
    files |= {source.path: (source.dialect, len(source.documents)) for source in written}
    skipped = [Skipped(*each) for path in sorted(scanned.sources) for each in scanned.sources[path][2]]
    own = {path for _, record in mesh.part.change.index.each() for path in record.reads}
    units = Units(mesh.services, mesh.places, around=around_units(project, worlds, own))
    annotations = [] if names is None else [*scanned.annotations, *plain_annotations(worlds)]
    annotations.sort(key=lambda each: (each[0], mesh.places[each[0]][each[1]]))
    more = {
        **plain_of_suppressions(request, marked, names, annotations),
        **keep_linked(last.store, last.name, mesh.table, plain(mesh.unanswered)),
        "traits": [each.plain() for each in around.traits],
        **plain_of_units(units, request.chosen, judged, mesh.kept.digests(mesh.part), uncertain=False),
    }
    skips = (*unlisted_services(project), *skipped, *skipped_documents(written))
    run = Run(checkout, project, files, request.problems, skips, judged, request.settings.fail_on, more)
    return keep_run(last, run)
