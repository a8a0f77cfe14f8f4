"""What a command that looks at a whole project keeps beside its results: the files that it read, and what was wrong with them.

The next run of the command asks what has changed since. Where that is nothing but files of services, what is kept of the others holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from sailwright.commands.traces import Packed
from sailwright.diagnostics.finding import Finding, Skipped
from sailwright.diagnostics.plain import finding_of, plain_finding, plain_skipped
from sailwright.runtime.cache import open_cache
from sailwright.runtime.records import dataclass
from sailwright.runtime.table import Keeping
from sailwright.source.files.checkout import Disk
from sailwright.source.files.recorded import Recorded
from sailwright.source.scalars import Dialect
from sailwright.source.source import Source
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project
from sailwright.workspace.input_state import InputState, inputs_of
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering
from sailwright.workspace.program import program
from sailwright.workspace.selection import Selection, Workspace, WorldSet
from sailwright.workspace.stubs import with_stubs
from sailwright.workspace.worlds import manifest_files


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
        cache = open_cache(project=project.root)
        state = InputState(project.root, self.rendering.store, self._rows, known)
        part = self.rendering.part(self.loaded, cache, state) if state.same_globs else None
        if part is None or part.change.gone or not part.change.again <= part.change.earlier.keys():
            return None
        own = part.own | part.change.index.readers(state.changed_inputs).keys()
        if state.changed_inputs - (own - set(known["manifests"])):
            return None
        return ProjectSince(self, known, part)

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
        targets = compiled.rendered.compilation.targets
        manifests = {path for target in targets for path in manifest_files(compiled.project, target)}
        rendered = {(each.rule, each.location) for each in compiled.rendered.findings}
        keeping = Keeping(self.rendering.store)
        known = {
            "program": program(self.rendering.store),
            **inputs_of(checkout, self._rows, keeping),
            "files": dict(files),
            "manifests": sorted(manifests),
            "problems": [plain_finding(each) for each in findings if (each.rule, each.location) not in rendered],
            "skipped": [plain_skipped(each) for each in skipped],
            **more,
        }
        keeping.keep(self.kind, self.name, known)


@dataclass(frozen=True, slots=True)
class ProjectSince:
    """What is `known` of the last run of a command, and the services that have changed since."""

    project: KeptProject
    known: Mapping[str, Any]
    part: Part

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong with the files."""
        return (*self.part.findings, *map(finding_of, self.known["problems"]))

    def digests(self) -> dict[str, str]:
        """The digests of what is rendered of all services. May raise LostRow."""
        return self.project.rendering.digests(self.part)

    def workspace(self, findings: Iterable[Finding]) -> Workspace:
        """The files as they are reported with these findings: only those that they name are there with their text."""
        files = self.known["files"] | files_of(self.part.compilation.services.sources)
        root = self.project.loaded.project.root
        sources = with_stubs(root, files, {each.location.file for each in findings})
        return Workspace((), sources, (), tuple(Skipped(*each) for each in self.known["skipped"]), root=root)


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
