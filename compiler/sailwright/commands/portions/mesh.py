"""A large project whose rendering is in the store: what is around its services, and what was seen of them row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from sailwright.commands.lint.links import packed_unanswered
from sailwright.commands.lint.results import LastRun, hang_on_the_day, in_templates, program_of_rules
from sailwright.commands.lint.units import places_of
from sailwright.commands.portions.around import Services
from sailwright.commands.portions.scan import Scan, places_in_worlds, scan, together
from sailwright.lint.link_table import Collected, LinkTable, by_hand
from sailwright.lint.new_links import tables
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.world import World
from sailwright.project.services import service_files
from sailwright.runtime.pressed import Spool, Text
from sailwright.runtime.process_pool import elsewhere, results_of
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.store import Store
from sailwright.source.files.checkout import Disk
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import Source
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering, rendering_aside
from sailwright.workspace.packed_services import packed_objects
from sailwright.workspace.parallel import is_large
from sailwright.workspace.render_portions import keep_in_portions, only_rendered
from sailwright.workspace.selection import Selection, WorldSet
from sailwright.workspace.worlds import absent_by_records, build_worlds, hand_written
from sailwright.workspace.wrong_files import wrong_beside

_IN_VAIN: Final = "lint in portions"


@dataclass(frozen=True, slots=True)
class KeptServices:
    """A project whose rendering is kept: the paths of its services, row by row, what is around them, and the hand-written files."""

    kept: KeptRendering
    part: Part
    rows: Sequence[Sequence[str]]
    around: WorldSet
    written: Mapping[str, Source]

    def packed(self, paths: Iterable[str]) -> dict[str, bytes]:
        """What is rendered of some services. May raise LostRow."""
        return self.kept.beside(self.part, paths)

    @property
    def shared(self) -> list[list[str]]:
        """The rendered files of no service, of each cluster."""
        output = self.part.compilation.project.output.path
        return [
            [f"{output}/{file.path}" for file in self.around.rendered.files[each]]
            for each in self.part.compilation.targets
        ]


@dataclass(frozen=True, slots=True)
class KeptMesh:
    """A project whose rendering is kept, what is around its services, and what was seen of these.

    `rows` are the paths of its services, row by row, `table` says who is linked to whom, `unanswered` what is asked for in vain, as it is kept,
    and `either` who is linked now or was before, with `unanswered_in_either`. `written` are the hand-written files, of
    which those `by_hand` are judged as services are; `services` leads from the files of all units to these. `places` has the order of
    the files of each world. `seen_as` is applied to every world.
    """

    kept: KeptRendering
    part: Part
    rows: Sequence[Sequence[str]]
    around: WorldSet
    written: Mapping[str, Source]
    by_hand: Mapping[str, str]
    scanned: Scan
    table: LinkTable
    unanswered: Text
    either: LinkTable
    unanswered_in_either: Text
    services: Mapping[str, str]
    places: tuple[dict[str, str], ...]
    seen_as: SeenAs | None = None

    def having(self, packed: Mapping[str, bytes]) -> WorldSet:
        """The worlds with some of the services, as `packed_services` packs them, and all that is around these."""
        return seen(build_worlds(self.kept.together(self.part, packed), self.written, self.absent), self.seen_as)

    @property
    def all_services(self) -> Services:
        """All services, to be held in part."""
        return Services(self.kept, self.part, self.rows, self.around.worlds, frozenset(self.by_hand))

    @property
    def absent(self) -> list[frozenset[str]]:
        """The hosts that are absent in each cluster."""
        return [world.facts.absent_hosts for world in self.around.worlds]


SeenAs = Callable[[World], World]
"""Gives a world as another control plane sees it."""


def seen(found: WorldSet, seen_as: SeenAs | None) -> WorldSet:
    """Worlds as another control plane sees them."""
    if seen_as is None:
        return found
    worlds = tuple(replace(each, world=seen_as(each.world)) for each in found.compiled_worlds)
    return replace(found, compiled_worlds=worlds)


Before = Callable[[KeptRendering, Part], Mapping[str, bytes] | None]
"""What was rendered before of services that differ now, as `packed_services` packs it; None where that is not to be said."""


def open_mesh(
    selection: Selection,
    last: LastRun,
    jobs: int,
    spool: Spool,
    before: Before | None = None,
    seen_as: SeenAs | None = None,
) -> KeptMesh | None:
    """The rendering of a large project in the store, and what was seen of its services; None where portions are no way to lint it.

    May raise LostRow.
    """
    services = open_services(selection, last.root, last.store, jobs, with_errors=seen_as is None)
    if services is None:
        return None
    services = replace(services, around=seen(services.around, seen_as))
    kept, part, rows, around = services.kept, services.part, services.rows, services.around
    written, worlds = services.written, around.worlds
    if any(any_uncertain(world.index) for world in worlds):
        note_in_vain(last)
        return None

    former = before(kept, part) if before is not None else {}
    if former is None:
        return None

    def look() -> _Seen | None:
        scans = results_of(range(jobs), lambda number: scan(kept, part, worlds, rows[number::jobs], spool, number))
        scanned = together(scans)
        unfit = scanned.unfit or hang_on_the_day(worlds) or any(map(in_templates, (*scanned.sources, *written)))
        return None if unfit else _seen(scanned, services, former, lambda data: spool.keep(jobs, data))

    looked = elsewhere(look)
    if looked is None:
        note_in_vain(last)
        return None
    scanned, ours, table, unanswered, either, in_either, places = looked
    services_of = {**scanned.services, **ours}
    return KeptMesh(
        kept,
        part,
        rows,
        around,
        written,
        ours,
        scanned,
        table,
        unanswered,
        either or table,
        in_either,
        services_of,
        places,
        seen_as,
    )


_Seen = tuple[Scan, dict[str, str], LinkTable, Text, LinkTable | None, Text, tuple[dict[str, str], ...]]


def _seen(scanned: Scan, found: KeptServices, former: Mapping[str, bytes], put_aside: Callable[[bytes], Text]) -> _Seen:
    """What was seen of all services, the hand-written files that are judged as services are, who is linked to whom, what is asked for
    in vain, who is linked now or was before where that is another, what is in vain then, and the order of files. `former` is what was rendered before of services that differ now.

    What these were made of is not in it any more.
    """
    output, worlds = found.part.compilation.project.output.path, found.around.worlds
    clusters = [(world.manifests, places_of(world)) for world in worlds]
    ours = by_hand(clusters, scanned.services)
    services = {**scanned.services, **ours}
    for manifests, names in clusters:
        scanned.links.add(manifests, services, names)
    places = places_in_worlds(scanned.files, worlds, found.shared)
    (table, vain), either = tables(scanned.links), None
    unanswered = in_either = put_aside(packed_unanswered(vain))
    for number, (_, names) in enumerate(clusters) if former else ():
        for path, packed in former.items():
            own = list(packed_objects({path: packed}, number, output))
            scanned.links.add(own, {each.document.source.path: path for each in own}, names)
    if former:
        either, vain = tables(scanned.links)
        in_either = put_aside(packed_unanswered(vain))
    return replace(scanned, links=Collected(), files=[]), ours, table, unanswered, either, in_either, places


def in_vain(last: LastRun) -> bool:
    """Whether portions were no way to lint this project: then this program does not try again."""
    return last.store.load(_IN_VAIN, last.name) == program_of_rules(last.store)


def note_in_vain(last: LastRun) -> None:
    """Note that portions are no way to lint this project."""
    last.store.keep(_IN_VAIN, last.name, program_of_rules(last.store))


def open_services(
    selection: Selection, root: str, store: Store, jobs: int, *, with_errors: bool = False
) -> KeptServices | None:
    """The rendering of a large project in the store, as it is now; None where something is wrong: `with_errors`, where it is more than
    service files by themselves. May raise LostRow.
    """
    opened = _opened(selection, root, store, jobs)
    if opened is None:
        return None
    kept, part = opened
    rows = [row for row in kept.by_row(part) if row]
    written = {path: each for path, each in hand_written(part.compilation).items() if isinstance(each, Source)}
    absent = absent_by_records(part.compilation, (record for _, record in part.change.index.each()))
    around = build_worlds(kept.together(part, {}), written, absent)
    services = service_files(part.compilation.project) if with_errors else ()
    return None if wrong_beside(around.findings, services) else KeptServices(kept, part, rows, around, written)


def _opened(selection: Selection, root: str, store: Store, jobs: int) -> tuple[KeptRendering, Part] | None:
    """The rendering of all services in the store, as they are now: made, where it is not there or of another time."""
    for _ in range(2):
        loaded = load_project(Recorded(selection.aside or Disk(root)), selection.environments, selection.clusters)
        if isinstance(loaded, InvalidProject) or not is_large(loaded.project):
            return None
        if selection.aside is not None:
            kept = rendering_aside(loaded, store) if store.path is not None else None
        else:
            kept = kept_rendering(loaded, selection.cache, injecting=selection.injecting, store=store)
        if kept is None:
            return None
        part = kept.part(loaded, selection.cache)
        if part is not None and not (part.change.again or part.change.gone):
            kept.recall(part)
            return kept, part
        if part is not None:
            kept.keep_part(part)
        elif not elsewhere(lambda: _keep_all(loaded, selection, kept, jobs)):  # noqa: B023  # it is over now
            return None
    return None


def _keep_all(loaded: LoadedProject, selection: Selection, kept: KeptRendering, jobs: int) -> bool:
    with Spool() as spool:
        spool.open(jobs)
        made = keep_in_portions(
            loaded, selection.cache, kept, jobs, spool, only_rendered, injecting=selection.injecting
        )
        return made is not None
