"""Which services to build again after a change: those whose files have changed, and those that would hear other answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge_environments
from sailwright.project.model import Project
from sailwright.project.service.resolve import Target
from sailwright.project.services import service_files
from sailwright.render.look_up import ALL
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.store import Store
from sailwright.workspace.compile import (
    Compilation,
    LoadedProject,
    ServiceExports,
    combine_exports,
    compiling,
    end_of,
    service_exports,
)
from sailwright.workspace.input_state import InputState
from sailwright.workspace.kept_answers import OtherServices, kept_answers
from sailwright.workspace.packed_services import Keyed
from sailwright.workspace.service_index import ServiceIndex, places_of, service_index
from sailwright.workspace.service_records import ServiceRecord, inhabited, neighbours
from sailwright.workspace.unverified_releases import RULES


class Inputs(Protocol):
    """What was read of a project in a former run, with its rows in a store, and what of it is another now."""

    @property
    def store(self) -> Store: ...

    @property
    def kind(self) -> str: ...

    @property
    def known(self) -> Mapping[str, Any]: ...

    @property
    def changed_inputs(self) -> set[str]: ...

    @property
    def same_globs(self) -> bool: ...

    @property
    def known_globs(self) -> Mapping[str, tuple[str, ...]]: ...

    @property
    def globs(self) -> Mapping[str, tuple[str, ...]]: ...


@dataclass(frozen=True)
class ServiceChange:
    """What is known of all services, the service files that are rendered again, and those that are gone."""

    index: ServiceIndex
    again: frozenset[str]
    gone: frozenset[str]

    @cached_property
    def earlier(self) -> Mapping[str, ServiceRecord]:
        """The former records of all of them."""
        return self.index.some(sorted(self.again | self.gone))

    @cached_property
    def others(self) -> Mapping[str, ServiceRecord]:
        """The records of the other services: all are read, so whoever needs one asks the index."""
        return {path: each for path, each in self.index.all().items() if path not in self.again | self.gone}

    @cached_property
    def others_places(self) -> frozenset[tuple[Any, ...]]:
        """The places of the other services, as the index names them."""
        counts = self.index.counts()
        counts.subtract(place for record in self.earlier.values() for place in places_of(record))
        return frozenset(place for place, count in counts.items() if count > 0)


@dataclass(frozen=True, slots=True)
class CompiledPart:
    """What was read and rendered of the services that a change concerns, for a command that does several things with it.

    `state` is what had changed of the files then, where it was asked for all of them.
    """

    loaded: LoadedProject
    change: ServiceChange
    compilation: Compilation
    rendered: Mapping[Target, Keyed]
    records: Mapping[str, ServiceRecord]
    state: InputState | None = None

    def for_change(self, loaded: LoadedProject, change: ServiceChange) -> ServiceChange | None:
        """The same change as a command knows it that asks another index; None where that needs more, or something else."""
        same = replace(change, again=self.change.again)
        if loaded is not self.loaded or change.gone != self.change.gone or not change.again <= same.again:
            return None
        exports = service_exports(loaded.project, self.compilation.services)
        known = all_exports(loaded, same, exports)
        return None if known is None or asking(same, exports, known) else same


def service_change(loaded: LoadedProject, state: Inputs) -> ServiceChange | None:
    """What to render again, by the index of a former run; None where something changed that is no file of a service."""
    index = service_index(state.store, state.kind, state.known)
    changed = state.changed_inputs
    owners = index.readers(changed)
    if owners.keys() < changed:
        return None
    again, gone = {path for found in owners.values() for path in found}, frozenset[str]()
    if not state.same_globs:
        if not only_services(loaded, state):
            return None
        files, former = frozenset(service_files(loaded.project)), frozenset(path for path, _ in index.records.items())
        again, gone = (again | files - former) & files, former - files
    return ServiceChange(index, frozenset(again), gone)


def compile_again(
    loaded: LoadedProject, change: ServiceChange, cache: Cache
) -> tuple[ServiceChange, Compilation] | None:
    """Read what is to be rendered again; whoever asked about a service that has another answer now is read with it.

    None where services exclude each other.
    """
    reading = compiling(loaded, cache, sorted(change.again), injecting=True)
    exports = next(reading)
    known = all_exports(loaded, change, exports)
    if known is None:
        return None
    others = asking(change, exports, known)
    if others:
        return compile_again(loaded, replace(change, again=change.again | others), cache)
    return change, end_of(reading, known)


def own_files(change: ServiceChange, records: Mapping[str, ServiceRecord]) -> frozenset[str]:
    """The files of what was rendered again or is gone, as they were and as they are. `records` are the new ones."""
    files = {file for record in (*change.earlier.values(), *records.values()) for file in record.reads}
    return frozenset(files | change.again | change.gone)


def dropped_files(change: ServiceChange, records: Mapping[str, ServiceRecord]) -> frozenset[str]:
    """The files that belonged to what was rendered again or is gone, and belong to no service any more."""
    former = {file for record in change.earlier.values() for file in record.reads}
    dropped = former - {file for record in records.values() for file in record.reads}
    return frozenset(dropped - _files_of_others(change, dropped))


def all_findings(
    change: ServiceChange, own: frozenset[str], known: Sequence[Finding], found: Sequence[Finding]
) -> tuple[Finding, ...] | None:
    """Those of the former run about other services, and the new ones, about the `own_files`; None where that may not be all."""
    kept = [finding for finding in known if finding.location.file not in own]
    new = [finding for finding in found if finding.location.file in own]
    services = _files_of_others(change, {finding.location.file for finding in kept})
    if any(
        each.rule in RULES and (each.location.file in own or each.location.file in services) for each in (*known, *new)
    ):
        return None
    elsewhere = {finding for finding in kept if finding.location.file not in services}
    if elsewhere != {finding for finding in found if finding.location.file not in own}:
        return None
    return merge_environments([*kept, *new])


def _files_of_others(change: ServiceChange, files: Iterable[str]) -> frozenset[str]:
    """Those of the files that belong to other services than those that change."""
    ours = change.again | change.gone
    return frozenset(file for file, owners in change.index.readers(files).items() if owners - ours)


def only_services(loaded: LoadedProject, state: Inputs) -> bool:
    """Whether no other files were added or removed than services and what lies beside them."""
    former, harmless = state.known_globs, service_patterns(loaded.project)
    return all(found == former.get(pattern) or pattern in harmless for pattern, found in state.globs.items())


def service_patterns(project: Project) -> set[str]:
    """The patterns that name services and what lies beside them, and nothing else."""
    beside = {f"{pattern.rpartition('/')[0]}{'/' if '/' in pattern else ''}*" for pattern in project.services}
    return {*project.services, *beside} - set(project.validate.get("schemas", ()))


def all_exports(loaded: LoadedProject, change: ServiceChange, exports: ServiceExports) -> ServiceExports | None:
    """What is read exports, and who answers for all services; None where those that are read and the others exclude each other."""
    others = OtherServices(change.index, change.again | change.gone)
    numbers = range(len(loaded.targets))
    asked = {name for record in change.earlier.values() for name in record.asked}
    change.index.facts.get_all(
        fact
        for name in asked
        for fact in (f"n{name}", *(f"{number} {what}{name}" for number in numbers for what in "sho"))
    )
    for number, own in enumerate(exports.neighbours.values()):
        if any(others.said(f"{number} s{key}") for key in own):
            return None
    ways: dict[tuple[Target, str], frozenset[str]] = dict(exports.ways)
    for place in change.others_places:
        if place[0] == "way":
            _, number, namespace, way = place
            here = loaded.targets[number], namespace
            ways[here] = ways.get(here, frozenset()) | {way}
    if combine_exports((ServiceExports({}, frozenset(), ways),)) is None:
        return None
    return replace(exports, kept=kept_answers(exports, others, change.others_places))


def namespaces_after(change: ServiceChange, records: Mapping[str, ServiceRecord]) -> Mapping[int, set[str]]:
    """The namespaces of all services in each target, by its number; `records` are the new ones."""
    found = inhabited(records.values())
    for place in change.others_places:
        if place[0] == "mesh":
            found.setdefault(place[1], set()).add(place[2])
    return found


def same_places(change: ServiceChange, records: Mapping[str, ServiceRecord], *kinds: str) -> bool:
    """Whether services take part in the same places of some kinds as before; `records` are the new ones."""
    return not moved_places(change, records, *kinds)


def moved_places(
    change: ServiceChange, records: Mapping[str, ServiceRecord], *kinds: str
) -> frozenset[tuple[Any, ...]]:
    """The places of some kinds where services take part for the first time, or no more; `records` are the new ones."""
    former, now = (
        frozenset(place for record in some.values() for place in places_of(record) if place[0] in kinds)
        for some in (change.earlier, records)
    )
    return (former ^ now) - change.others_places


def same_names(change: ServiceChange, records: Mapping[str, ServiceRecord]) -> bool:
    """Whether services have the names and hosts that they had; `records` are the new ones."""
    former, now = (
        {
            path: (record.names, [(number, key, hosts) for number, key, hosts, *_ in record.exports])
            for path, record in some.items()
        }
        for some in (change.earlier, records)
    )
    return former == now


def asking(change: ServiceChange, exports: ServiceExports, known: ServiceExports) -> frozenset[str]:
    """The other services that asked for a name or host with another answer now."""
    different: set[str] = set()
    former = neighbours(change.earlier.values(), len(exports.neighbours))
    for earlier, current in zip(former, exports.neighbours.values(), strict=True):
        for key in earlier.keys() | current.keys():
            if earlier.get(key) != current.get(key):
                both = [each for each in (earlier.get(key), current.get(key)) if each is not None]
                namespace = key.partition("/")[0]
                different |= {key, *(host for each in both for host in each.hosts)}
                different |= {f"{namespace}/{name}" for each in both for name in each.owned}
    names = {name for record in change.earlier.values() for name in record.names}
    all_names = known.kept.names if known.kept else known.names
    different |= {name for name in names if name not in all_names} | (exports.names - names)
    if not different:
        return frozenset()
    return change.index.asking((*different, ALL)) - change.again - change.gone
