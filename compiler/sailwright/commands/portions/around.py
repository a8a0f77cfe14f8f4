"""What rules find around the services of a large project, and what is true of it as a whole: from worlds with a few fields of each object.

Which fields those are shows in a few services. Where rules ask for another after all, that is held too, and they are asked again.
"""

from __future__ import annotations

import gc
import marshal
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, TypeVar

from sailwright.diagnostics.finding import Path
from sailwright.lint.held_fields import FieldLeftOut
from sailwright.lint.noted_fields import Noted, noting_place, noting_worlds
from sailwright.lint.parallel import WorkerInput, WorkerResult, joined, run_around, run_for
from sailwright.lint.reduced_objects import IDENTITY, Reduction, of_services
from sailwright.lint.units import likely_to_ask
from sailwright.mesh.queries.traits import Traits, traits
from sailwright.mesh.queries.uncertain import know_certain
from sailwright.mesh.world import World
from sailwright.render.rendering import RenderedFile
from sailwright.runtime.process_pool import results_of
from sailwright.runtime.records import dataclass, replace
from sailwright.source.manifest import Manifest, Written
from sailwright.source.source import Source
from sailwright.workspace.kept_rendering import KeptRendering, Part
from sailwright.workspace.packed_services import unpack

Answer = TypeVar("Answer")

_ROUNDS: Final = 12
_FEW: Final = 2
"""Rows of services that show which fields are read."""

AT_ONCE: Final = 10_000
"""Services of clusters that are held together, about; those of the clusters of an environment always are."""


@dataclass(frozen=True, slots=True)
class Around:
    """What rules found, the traits of each world, and the rules that are likely to ask about other objects."""

    result: WorkerResult
    traits: tuple[Traits, ...]
    likely: frozenset[str]


@dataclass(frozen=True, slots=True)
class Services:
    """All services of a project, row by row, and the `worlds` of what is around them; files `by_hand` are judged as services are."""

    kept: KeptRendering
    part: Part
    rows: Sequence[Sequence[str]]
    worlds: tuple[World, ...]
    by_hand: frozenset[str]

    def turns(self) -> list[list[int]]:
        """The numbers of the worlds that are asked together: those of an environment, of several where there are fewer services."""
        together: dict[str | None, list[int]] = {}
        for number, world in enumerate(self.worlds):
            together.setdefault(world.environment, []).append(number)
        found: list[list[int]] = []
        services = sum(map(len, self.rows))
        for numbers in together.values():
            if not found or (len(found[-1]) + len(numbers)) * services > AT_ONCE:
                found.append([])
            found[-1] += numbers
        return found

    def reduced(
        self, rows: Sequence[Sequence[str]], reduction: Reduction, numbers: Container[int] | None = None
    ) -> tuple[World, ...]:
        """The worlds with the services of some rows, reduced; of some `numbers`, the others without services. May raise LostRow."""
        later, output = _Later(self.kept, self.part, reduction.noted), self.part.compilation.project.output.path
        found: list[list[tuple[tuple[str, ...], list[Manifest]]]] = [[] for _ in self.worlds]
        for paths in rows:
            for path, data in packed(self.kept, self.part, paths).items():
                plain_files, _ = marshal.loads(data)  # noqa: S302  # sealed: this user's own program wrote it
                for number, (target, key, file, objects, _) in enumerate(plain_files):
                    if numbers is not None and target not in numbers:
                        continue
                    written = _Written(later, path, number)
                    source = Source(f"{output}/{file}", written.data, "manifest")
                    own = [
                        reduction.of(
                            value, paths, source, place, partial(written.beside, place) if included else written
                        )
                        for place, (value, paths, included) in enumerate(objects)
                    ]
                    found[target].append((tuple(map(reduction.text, key)), own))
        made: list[World] = []
        for world, files in zip(noting_worlds(self.worlds, reduction.noted, self.by_hand), found, strict=True):
            files.sort(key=lambda each: each[0])
            services = [manifest for _, own in files for manifest in own]
            first = sum(each.document.source.path.startswith(f"{output}/") for each in world.manifests)
            made.append(replace(world, manifests=(*world.manifests[:first], *services, *world.manifests[first:])))
        gc.freeze()
        return anew(made)

    def asked(
        self,
        sample: Sequence[Sequence[str]],
        ask: Callable[[tuple[World, ...], Noted], Answer],
        numbers: Container[int] | None = None,
    ) -> Answer | None:
        """The answer of all services, of which only those fields are held that it takes; rows of a `sample` show most of these.

        None where more and more is asked for. Only worlds of these `numbers` have services. May raise LostRow.
        """
        learned: Noted = set()
        ask(self.reduced(sample, Reduction(learned), numbers), learned)
        for _ in range(_ROUNDS):
            learned |= IDENTITY
            noted: Noted = set()
            worlds = self.reduced(self.rows, Reduction(noted, frozenset(learned)), numbers)
            try:
                return ask(worlds, noted)
            except FieldLeftOut as lacking:
                learned |= {(lacking.what, lacking.key)} | noted
            for world in worlds:
                world.index.forget()
            del worlds, world
            gc.collect()
        return None


def packed(kept: KeptRendering, part: Part, paths: Iterable[str]) -> dict[str, bytes]:
    """What is rendered of services, of the part or beside it, as `packed_services` packs it. May raise LostRow."""
    here = part.packed if part.change.again else {}
    wanted = [*paths]
    beside = kept.beside(part, (path for path in wanted if path not in here))
    return beside | {path: here[path] for path in wanted if path in here}


@dataclass(frozen=True, slots=True)
class _Later:
    """The way to what is not held of services: they are read again when someone asks."""

    kept: KeptRendering
    part: Part
    noted: Noted

    def file(self, path: str, number: int) -> RenderedFile:
        """The rendered file of this number of a service."""
        data = packed(self.kept, self.part, (path,))[path]
        _, _, file = unpack(self.part.compilation, path, data).files[number]
        return file


@dataclass(frozen=True, slots=True)
class _Written:
    """The text of one file of a service, that of a `number`, and where the paths of its objects were written."""

    later: _Later
    service: str
    number: int

    def data(self) -> bytes:
        """The text."""
        return self.later.file(self.service, self.number).data()

    def __call__(self, path: Path) -> Written:
        """Where a path of any object was written that the service includes from nowhere else."""
        return noting_place(self.later.file(self.service, self.number).written(path), self.later.noted)

    def beside(self, place: int, path: Path) -> Written:
        """Where a path of the object of a place was written."""
        file = self.later.file(self.service, self.number)
        return noting_place(file.origin(file.rendered_objects[place]).written(path), self.later.noted)


def anew(worlds: Iterable[World]) -> tuple[World, ...]:
    """The worlds of a project before anything was worked out of them: that is let go of.

    It is known that no object holds placeholders where others look.
    """
    gc.collect()
    made: list[World] = []
    for world in worlds:
        made.append(replace(world, siblings=tuple(each for each in made if each.environment == world.environment)))
        know_certain(made[-1].index)
    return tuple(made)


def look_around(services: Services, worker_input: WorkerInput, jobs: int) -> Around | None:
    """What rules find around the services; None where that takes more than a few fields of them. May raise LostRow.

    `worker_input` says which rules run, and what is known of the units. Processes do it, so many at once: each holds something of all
    services.
    """

    def look(numbers: Sequence[int]) -> Around | None:
        return _look_around(services, worker_input, numbers)

    found = _in_turns(services, look, jobs)
    if found is None:
        return None
    whole: WorkerResult = joined([each.result for each in found])
    return Around(whole, tuple(one for each in found for one in each.traits), found[0].likely)


def _in_turns(services: Services, look: Callable[[Sequence[int]], Answer | None], jobs: int) -> list[Answer] | None:
    """What comes of looking at the worlds of each turn; None where nothing comes of one."""
    turns, found = services.turns(), list[Answer]()
    for start in range(0, len(turns), jobs):
        answers = results_of(turns[start : start + jobs], look, apart=True)
        found += [each for each in answers if each is not None]
    return found if len(found) == len(turns) else None


def _look_around(services: Services, worker_input: WorkerInput, numbers: Sequence[int]) -> Around | None:
    """The same, of the worlds of some numbers."""
    units = worker_input.units
    if units is None:
        return None
    sample = services.reduced(services.rows[:_FEW], Reduction(set()))
    likely = likely_to_ask(sample[-1], ((each.rule, each.parameters) for each in worker_input.chosen))

    def ask(worlds: tuple[World, ...], noted: Noted) -> Around:
        asked = replace(worker_input, worlds=worlds, units=replace(units, likely=likely, noted=noted))
        result = _of_services(run_around(asked, numbers, anew))
        fresh = anew(worlds)
        return Around(result, tuple(traits(fresh[number].index) for number in numbers), likely)

    return services.asked(services.rows[:_FEW], ask, numbers)


def look_for_absent(
    services: Services,
    worker_input: WorkerInput,
    files: Mapping[str, frozenset[str]],
    sample: Sequence[Sequence[str]],
    jobs: int,
) -> WorkerResult | None:
    """What rules, by ID, find in some files each, with all services around: what else might be there is in any of them.

    Some of these files come from the services of the `sample`. None where that takes more than a few fields. May raise LostRow.
    """
    units = worker_input.units
    if units is None:
        return None

    def look(numbers: Sequence[int]) -> WorkerResult | None:
        def ask(worlds: tuple[World, ...], noted: Noted) -> WorkerResult:
            asked = replace(worker_input, worlds=worlds, units=replace(units, noted=noted))
            return _of_services(run_for(asked, numbers, files))

        return services.asked(sample, ask, numbers)

    found = _in_turns(services, look, jobs)
    return None if found is None else joined(found)


def _of_services(result: WorkerResult) -> WorkerResult:
    """The result with what was read of services as it is noted elsewhere."""
    reads = tuple(tuple((rule, of_services(read)) for rule, read in each) for each in result.reads)
    return replace(result, found=(), reads=reads, around=of_services(result.around))
