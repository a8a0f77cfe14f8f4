"""Which services to build again after a change: those whose files have changed, and those that would hear other answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge_environments
from sailwright.project.model import Project
from sailwright.project.service.resolve import Target
from sailwright.project.services import service_files
from sailwright.render.look_up import ALL
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass, replace
from sailwright.workspace.compile import (
    Compilation,
    LoadedProject,
    ServiceExports,
    combine_exports,
    compiling,
    end_of,
)
from sailwright.workspace.input_state import InputState
from sailwright.workspace.service_records import ServiceRecord, neighbours
from sailwright.workspace.unverified_releases import RULES


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """The records as they were, the service files that are rendered again, and those that are gone."""

    records: Mapping[str, ServiceRecord]
    again: frozenset[str]
    gone: frozenset[str]

    @property
    def earlier(self) -> tuple[ServiceRecord, ...]:
        """The former records of all of them."""
        return tuple(self.records[path] for path in sorted(self.again | self.gone) if path in self.records)

    @property
    def others(self) -> Mapping[str, ServiceRecord]:
        """The records of the other services."""
        return {
            path: record for path, record in self.records.items() if path not in self.again and path not in self.gone
        }


def service_change(loaded: LoadedProject, state: InputState) -> ServiceChange | None:
    """What to render again, by the `records` of a former run; None where something changed that is no file of a service."""
    records = {path: ServiceRecord(*record) for path, record in state.known["records"].items()}
    if state.same_globs:
        files = frozenset(records)
    elif _only_services(loaded, state):
        files = frozenset(service_files(loaded.project))
    else:
        return None
    gone, changed = records.keys() - files, state.changed_inputs
    again = {path for path in files if path not in records or not changed.isdisjoint(records[path].reads)}
    owned = {file for path in again | gone if path in records for file in records[path].reads}
    return None if changed - owned else ServiceChange(records, frozenset(again), frozenset(gone))


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
    files = {file for record in (*change.earlier, *records.values()) for file in record.reads}
    return frozenset(files | change.again | change.gone)


def all_findings(
    change: ServiceChange, own: frozenset[str], known: Sequence[Finding], found: Sequence[Finding]
) -> tuple[Finding, ...] | None:
    """Those of the former run about other services, and the new ones, about the `own_files`; None where that may not be all."""
    kept = [finding for finding in known if finding.location.file not in own]
    new = [finding for finding in found if finding.location.file in own]
    services = {file for record in change.others.values() for file in record.reads} if kept else set()
    if any(
        each.rule in RULES and (each.location.file in own or each.location.file in services) for each in (*known, *new)
    ):
        return None
    elsewhere = {finding for finding in kept if finding.location.file not in services}
    if elsewhere != {finding for finding in found if finding.location.file not in own}:
        return None
    return merge_environments([*kept, *new])


def _only_services(loaded: LoadedProject, state: InputState) -> bool:
    """Whether no other files were added or removed than services and what lies beside them."""
    former, harmless = state.known["globs"], service_patterns(loaded.project)
    return all(found == former.get(pattern) or pattern in harmless for pattern, found in state.globs.items())


def service_patterns(project: Project) -> set[str]:
    """The patterns that name services and what lies beside them, and nothing else."""
    beside = {f"{pattern.rpartition('/')[0]}{'/' if '/' in pattern else ''}*" for pattern in project.services}
    return {*project.services, *beside} - set(project.validate.get("schemas", ()))


def all_exports(loaded: LoadedProject, change: ServiceChange, exports: ServiceExports) -> ServiceExports | None:
    """What all services export; None where the new ones and the others exclude each other."""
    others = change.others.values()
    names = frozenset(name for record in others for name in record.names)
    ways: dict[tuple[Target, str], set[str]] = {}
    for record in others:
        for number, namespace, way in record.ways:
            ways.setdefault((loaded.targets[number], namespace), set()).add(way)
    around = dict(zip(loaded.targets, neighbours(others, len(loaded.targets)), strict=True))
    rest = ServiceExports(around, names, {place: frozenset(found) for place, found in ways.items()})
    return combine_exports((rest, exports))


def asking(change: ServiceChange, exports: ServiceExports, known: ServiceExports) -> frozenset[str]:
    """The other services that asked for a name or host with another answer now."""
    different: set[str] = set()
    former = neighbours(change.earlier, len(exports.neighbours))
    for earlier, current in zip(former, exports.neighbours.values(), strict=True):
        for key in earlier.keys() | current.keys():
            if earlier.get(key) != current.get(key):
                both = [each for each in (earlier.get(key), current.get(key)) if each is not None]
                namespace = key.partition("/")[0]
                different |= {key, *(host for each in both for host in each.hosts)}
                different |= {f"{namespace}/{name}" for each in both for name in each.owned}
    names = {name for record in change.earlier for name in record.names}
    different |= (names - known.names) | (exports.names - names)
    if not different:
        return frozenset()
    different.add(ALL)
    return frozenset(path for path, record in change.others.items() if not different.isdisjoint(record.asked))
