"""The first look at all services of a large project, row by row: what a lint needs to know of each beside its objects.

What is rendered of each is put aside where it can be found by its path: those that are linked lie in different rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sailwright.commands.lint.results import hang_on_the_day
from sailwright.commands.lint.suppressions import marked_files, plain_annotations
from sailwright.commands.lint.units import places_of
from sailwright.commands.test.kept import has_tests
from sailwright.lint.link_table import Collected
from sailwright.lint.run import carries_suppressions
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.world import World
from sailwright.runtime.memory import one_at_a_time
from sailwright.runtime.pressed import Spool, Text
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.manifest import Manifest
from sailwright.workspace.file_order import Key, file_places, paths_of
from sailwright.workspace.kept_rendering import KeptRendering, Part
from sailwright.workspace.load import skipped_documents
from sailwright.workspace.packed_services import unpack
from sailwright.workspace.worlds import rendered_manifests


@dataclass(frozen=True, slots=True)
class Scan:
    """What was seen of some services.

    `texts` are what is rendered of each, as `packed_services` packs it, `services` leads from each rendered file to its service file,
    and `files` has those of each cluster by the service's namespace and name. `sources` has the dialect and the number of documents
    of each file that they come from, and which of these are skipped; those that are `alike` are one. `marked` may have comments that
    suppress findings, `annotations` do. `tested` say `tests`. `unfit` says why portions are no way to lint these services.
    """

    texts: dict[str, Text] = field(default_factory=dict)
    links: Collected = field(default_factory=Collected)
    services: dict[str, str] = field(default_factory=dict)
    files: list[tuple[int, Key, str]] = field(default_factory=list)
    sources: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    alike: dict[tuple[Any, ...], tuple[Any, ...]] = field(default_factory=dict)
    marked: list[str] = field(default_factory=list)
    annotations: list[Any] = field(default_factory=list)
    annotated: list[bool] = field(default_factory=list)
    tested: list[str] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)


def scan(
    kept: KeptRendering, part: Part, around: Sequence[World], rows: Iterable[Sequence[str]], spool: Spool, number: int
) -> Scan:
    """Look at the services of some rows. `around` are the worlds without services; the texts go to the file `number` of the spool.

    May raise LostRow.
    """
    found = Scan()
    for paths in one_at_a_time(rows):
        packed = kept.beside(part, paths)
        _look(found, part, around, packed)
        for path, data in packed.items():
            found.texts[path] = spool.keep(number, data)
    return found


def _look(found: Scan, part: Part, around: Sequence[World], packed: Mapping[str, bytes]) -> None:
    compilation = part.compilation
    output = compilation.project.output.path
    manifests: list[list[Manifest]] = [[] for _ in around]
    for path, data in packed.items():
        unpacked = unpack(compilation, path, data)
        for source in unpacked.sources:
            skipped = tuple((each.file, each.reason) for each in skipped_documents((source,)))
            seen = source.dialect, len(source.documents), skipped
            found.sources[path if source.path == path else source.path] = found.alike.setdefault(seen, seen)
        found.marked.extend(marked_files(unpacked.sources))
        if b"tests" in data and has_tests(data):
            found.tested.append(path)
        for target, key, file in unpacked.files:
            place = compilation.targets.index(target)
            found.files.append((place, key, f"{output}/{file.path}"))
            found.services[f"{output}/{file.path}"] = file.source
            manifests[place] += rendered_manifests(compilation, file)
    worlds = tuple(
        replace(world, manifests=tuple(some), siblings=()) for world, some in zip(around, manifests, strict=True)
    )
    for world, empty in zip(worlds, around, strict=True):
        found.links.add(world.manifests, found.services, places_of(empty))
        if any_uncertain(world.index):
            found.unfit.append("placeholders decide")
    if hang_on_the_day(worlds):
        found.unfit.append("a certificate is checked by the day")
    found.annotated.append(carries_suppressions(worlds))
    found.annotations.extend(plain_annotations(worlds))


def together(scans: Sequence[Scan]) -> Scan:
    """What was seen of all services."""
    whole = Scan()
    for each in scans:
        whole.texts.update(each.texts)
        whole.links.offered.update(each.links.offered)
        whole.links.asked.update(each.links.asked)
        whole.services.update(each.services)
        whole.files.extend(each.files)
        whole.sources.update(each.sources)
        whole.marked.extend(each.marked)
        whole.annotations.extend(each.annotations)
        whole.annotated.extend(each.annotated)
        whole.tested.extend(each.tested)
        whole.unfit.extend(each.unfit)
    return whole


def places_in_worlds(
    own_files: Iterable[tuple[int, Key, str]], around: Sequence[World], shared: Sequence[Sequence[str]]
) -> tuple[dict[str, str], ...]:
    """The order of the files of each world, by path: what is `shared` of each cluster, the services' by name, and those by hand.

    `own_files` are those of services, each with the number of its cluster and the service's namespace and name.
    """
    files: list[list[tuple[Key, str]]] = [[] for _ in around]
    for number, key, path in own_files:
        files[number].append((key, path))
    return tuple(
        file_places(first, own, paths_of(world)) for world, first, own in zip(around, shared, files, strict=True)
    )
