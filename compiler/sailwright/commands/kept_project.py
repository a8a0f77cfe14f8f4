"""What a command that looks at a whole project keeps beside its results: the files that it read, and what was wrong with them.

The next run of the command asks what has changed since. Where that is nothing but files of services, what is kept of the others holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from sailwright.commands.traces import Packed
from sailwright.diagnostics.finding import Finding, Skipped
from sailwright.diagnostics.plain import finding_of, plain_finding, plain_skipped
from sailwright.runtime.cache import open_cache
from sailwright.runtime.records import dataclass
from sailwright.runtime.table import Keeping
from sailwright.source.files.checkout import Disk
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.recorded import Recorded
from sailwright.source.scalars import Dialect
from sailwright.source.source import Source
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project
from sailwright.workspace.extra_files import UNLISTED, unlisted_services
from sailwright.workspace.input_state import InputState, inputs_of
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering
from sailwright.workspace.load import skipped_documents
from sailwright.workspace.packed_services import unpack
from sailwright.workspace.program import program
from sailwright.workspace.selection import Selection, Workspace, WorldSet
from sailwright.workspace.service_change import only_services
from sailwright.workspace.stubs import with_stubs
from sailwright.workspace.worlds import manifest_files

if TYPE_CHECKING:
    from sailwright.project.model import Project
    from sailwright.project.service.resolve import Target


@dataclass(frozen=True, slots=True)
class KeptProject:
    """A project, what is rendered of it, and the entry of a kind in which a command keeps what else it knows of the last run."""

    kind: str
    loaded: LoadedProject
    rendering: KeptRendering

    @property
    def name(self) -> str:
        """Of the entries with results: those of this command alone."""
        return f"{self.rendering.name} alone"

    @property
    def _rows(self) -> str:
        return f"{self.kind} {self.name}"

    def last(self) -> ProjectSince | None:
        """The last run, and what has changed since; None where more has changed than files of services. May raise LostRow."""
        known = self.rendering.store.load_mapping(self.kind, self.name)
        project = self.loaded.project
        if known.get("program") != program(self.rendering.store):
            return None
        walking = project.checkout if isinstance(project.checkout, Recorded) else None
        state = InputState(project.root, self.rendering.store, self._rows, known, walking=walking)
        if not (state.same_globs or self._same_but_for_services(state, known)):
            return None
        part = self.rendering.part(self.loaded, open_cache(project=project.root), state)
        if part is None:
            return None
        changed = state.changed_inputs
        if changed:
            own = {*part.own, *part.change.index.readers(changed), *_files_of_services(known)}
            if not changed <= own - set(known["manifests"]):
                return None
        return ProjectSince(self, known, part, state)

    def _same_but_for_services(self, state: InputState, known: Mapping[str, Any]) -> bool:
        """Whether no other files were added or removed than services and what lies beside them."""
        found: list[str] = known["manifests"]
        return only_services(self.loaded, state) and _manifests(self.loaded.project, self.loaded.targets) == found

    def packed(self, services: Mapping[str, str], here: Mapping[str, bytes]) -> Packed:
        """What gives what is rendered of services, whose digests these are."""
        return partial(self.rendering.packed, services, here)

    def keep(
        self,
        compiled: WorldSet,
        files: Mapping[str, tuple[Dialect, int]],
        findings: Iterable[Finding],
        skipped: Iterable[Skipped],
        more: Mapping[str, Any],
    ) -> None:
        """Keep what there is to know of a run besides its results: the dialect and the number of documents of each file, what was wrong,
        and whatever `more`.
        """
        if not isinstance(checkout := compiled.project.checkout, Recorded):
            return
        rendered = {(each.rule, each.location) for each in compiled.rendered.findings}
        keeping = Keeping(self.rendering.store)
        known = {
            "program": program(self.rendering.store),
            **inputs_of(checkout, self._rows, keeping),
            "files": dict(files),
            "manifests": _manifests(compiled.project, compiled.rendered.compilation.targets),
            "problems": [plain_finding(each) for each in findings if (each.rule, each.location) not in rendered],
            "skipped": [plain_skipped(each) for each in skipped],
            **more,
        }
        keeping.keep(self.kind, self.name, known)


@dataclass(frozen=True)
class ProjectSince:
    """What is `known` of the last run of a command, and the services that have changed since: other commands may have rendered some of them
    meanwhile. `state` says which files have changed. Every question may raise LostRow.
    """

    project: KeptProject
    known: Mapping[str, Any]
    part: Part
    state: InputState

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong with the files."""
        return (*self.part.findings, *map(finding_of, self.known["problems"]))

    def digests(self) -> dict[str, str]:
        """The digests of what is rendered of all services."""
        return self.project.rendering.digests(self.part)

    def workspace(self, findings: Iterable[Finding]) -> Workspace:
        """The files as they are reported with these findings: only those that they name are there with their text."""
        files, root = self._files, self.project.loaded.project.root
        sources = with_stubs(root, files, {each.location.file for each in findings})
        return Workspace((), sources, (), self._skipped, root=root)

    @cached_property
    def _services(self) -> tuple[frozenset[str], frozenset[str]]:
        """The service files as they were in the last run, and as they are."""
        if self.state.same_globs:
            return frozenset(), frozenset()
        project = self.project.loaded.project
        former, now = (
            frozenset(path for pattern in project.services for path in globs.get(pattern, ()))
            for globs in (self.state.known_globs, self.state.globs)
        )
        return former, now

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        """The files of the services that are not as they were, as they are now."""
        part, (former, now) = self.part, self._services
        readers = part.change.index.readers(self.state.changed_inputs).values()
        others = frozenset(now - former).union(*readers) - part.packed.keys() - part.change.gone
        packed = self.project.rendering.beside(part, others) | part.packed
        return tuple(source for path, data in packed.items() for source in unpack(part.compilation, path, data).sources)

    @cached_property
    def _files(self) -> Mapping[str, tuple[Dialect, int]]:
        """The dialect and the number of documents of each file."""
        part, (former, now) = self.part, self._services
        known: Mapping[str, tuple[Dialect, int]] = self.known["files"]
        gone = part.change.gone | (former - now)
        if not gone and not self._sources:
            return known
        own = _files_of_services(self.known)
        included = {path for path in own if known[path][0] != "service"}
        concerned, readers = part.change.again | part.change.gone, part.change.index.readers(included)
        lost = {path for path in included if readers.get(path, frozenset()) <= concerned}
        now_own = {path: known[path] for path in own - lost - gone} | files_of(self._sources)
        return {**dict(sorted(now_own.items())), **{path: each for path, each in known.items() if path not in own}}

    @cached_property
    def _skipped(self) -> tuple[Skipped, ...]:
        """The files and documents that are not looked at: service files that are not listed, then those of services and those by hand."""
        again, manifests = {source.path for source in self._sources}, frozenset(self.known["manifests"])
        former = [Skipped(*each) for each in self.known["skipped"] if each[0] in self._files]
        kept = [each for each in former if each.file not in manifests and each.file not in again]
        own = sorted((*kept, *skipped_documents(self._sources)), key=lambda each: each.file)
        return (*self._unlisted(), *own, *(each for each in former if each.file in manifests))

    def _unlisted(self) -> Iterable[Skipped]:
        if self.state.same_globs:
            return (Skipped(*each) for each in self.known["skipped"] if each[1] == UNLISTED)
        return unlisted_services(self.project.loaded.project)


def _files_of_services(known: Mapping[str, Any]) -> set[str]:
    """The files of all services in the last run, those that they include among them."""
    return set(known["files"]) - {*known["manifests"], PROJECT_FILE}


def _manifests(project: Project, targets: Iterable[Target]) -> list[str]:
    """The hand-written files of some clusters."""
    return sorted({path for target in targets for path in manifest_files(project, target)})


def files_of(sources: Iterable[Source]) -> dict[str, tuple[Dialect, int]]:
    """The dialect and the number of documents of each file."""
    return {source.path: (source.dialect, len(source.documents)) for source in sources}


def kept_project(kind: str, root: str | None, selection: Selection) -> KeptProject | None:
    """A whole project of which a command may keep what it knows; None where it may not."""
    if root is None or selection.paths or not selection.cached:
        return None
    loaded = load_project(Recorded(Disk(root)), selection.environments, selection.clusters)
    if isinstance(loaded, InvalidProject):
        return None
    rendering = kept_rendering(loaded, open_cache(project=root), injecting=True)
    return KeptProject(kind, loaded, rendering) if rendering is not None else None
