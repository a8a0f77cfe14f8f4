"""The results of `validate` for a whole project from those of the last run: only what is rendered of changed services is checked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from sailwright.commands.validate.held import Options, Validated, known_findings
from sailwright.commands.validate.kept import KeptValidation
from sailwright.commands.validate.missing_schemas import once_per_kind
from sailwright.diagnostics.finding import Finding, Skipped
from sailwright.diagnostics.merge import order
from sailwright.diagnostics.plain import finding_of, plain_finding, plain_skipped
from sailwright.runtime.cache import open_cache
from sailwright.runtime.records import dataclass
from sailwright.runtime.table import Keeping, LostRow
from sailwright.source.files.checkout import Disk
from sailwright.source.files.recorded import Recorded
from sailwright.source.scalars import Dialect
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project
from sailwright.workspace.input_state import InputState, inputs_of
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering
from sailwright.workspace.program import program
from sailwright.workspace.selection import Workspace, WorldSet
from sailwright.workspace.stubs import with_stubs
from sailwright.workspace.worlds import manifest_files

_KIND = "validate"


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run for a whole project, and where its results are kept, beside what is rendered."""

    options: Options
    loaded: LoadedProject
    rendering: KeptRendering

    @property
    def _name(self) -> str:
        return f"{self.rendering.name} alone"

    def known(self) -> Validated | None:
        """The results; None where more has changed than files of services."""
        try:
            return self._known()
        except LostRow:
            return None

    @property
    def _rows(self) -> str:
        return f"{_KIND} {self._name}"

    def _known(self) -> Validated | None:
        known = self.rendering.store.load_mapping(_KIND, self._name)
        project = self.loaded.project
        if known.get("program") != program(self.rendering.store):
            return None
        state, cache = (
            InputState(project.root, self.rendering.store, self._rows, known),
            open_cache(project=project.root),
        )
        part = self.rendering.part(self.loaded, cache, state) if state.same_globs else None
        if part is None or part.change.gone or not part.change.again <= part.change.earlier.keys():
            return None
        own = part.own | part.change.index.readers(state.changed_inputs).keys()
        if state.changed_inputs - (own - set(known["manifests"])):
            return None
        kept = self._kept(self.rendering.digests(part), part.packed)
        found = known_findings(project, self.options, kept, lambda: part.compilation)
        if found is None:
            return None
        findings, held = found
        more = (*part.findings, *map(finding_of, known["problems"]))
        return self._reported(known, part, (*findings, *more), held.notes)

    def _kept(self, services: Mapping[str, str], here: Mapping[str, bytes]) -> KeptValidation:
        packed = partial(self.rendering.packed, services, here)
        return KeptValidation(self.rendering.store, self._name, b"", services, packed)

    def _reported(
        self, known: Mapping[str, Any], part: Part, findings: tuple[Finding, ...], notes: tuple[str, ...]
    ) -> Validated:
        files = known["files"] | {
            source.path: (source.dialect, len(source.documents)) for source in part.compilation.services.sources
        }
        shown = once_per_kind(sorted(findings, key=order))
        sources = with_stubs(self.loaded.project.root, files, {each.location.file for each in shown})
        skipped = tuple(Skipped(*each) for each in known["skipped"])
        workspace = Workspace((), sources, (), skipped, root=self.loaded.project.root)
        return Validated(workspace.shown(shown), workspace.summary(), workspace.shown_sources, notes, known["fail on"])

    def keeping(self, workspace: Workspace) -> KeptValidation | None:
        """Where what is found in the objects of a workspace is kept; None where it is not."""
        compiled = workspace.compiled
        if compiled is None or not compiled.rendered.digests or workspace.extra_files:
            return None
        return self.found_in(compiled.rendered.digests)

    def found_in(self, services: Mapping[str, str]) -> KeptValidation:
        """Where what is found in the objects is kept; `services` are the digests of what is rendered of each service file."""
        return self._kept(services, {})

    def keep(self, workspace: Workspace, validated: Validated) -> None:
        """Keep what else there is to know of a run."""
        if workspace.compiled is not None:
            files = {source.path: (source.dialect, len(source.documents)) for source in workspace.sources}
            self.keep_files(workspace.compiled, files, workspace.findings, workspace.skipped, validated.fail_on)

    def keep_files(
        self,
        compiled: WorldSet,
        files: Mapping[str, tuple[Dialect, int]],
        findings: Iterable[Finding],
        skipped: Iterable[Skipped],
        fail_on: str,
    ) -> None:
        """Keep what else there is to know of a run: the dialect and the number of documents of each file, and what was wrong."""
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
            "fail on": fail_on,
        }
        keeping.keep(_KIND, self._name, known)


def kept_run(options: Options) -> KeptRun | None:
    """The run where its results may be kept: of a whole project with the cache, by no settings but its own."""
    from sailwright.source.files.discovery import find_project

    root = find_project(options.project)
    if root is None or options.paths or options.config_ref is not None or not options.cached:
        return None
    loaded = load_project(Recorded(Disk(root)), options.environments)
    if isinstance(loaded, InvalidProject):
        return None
    rendering = kept_rendering(loaded, open_cache(project=root), injecting=True)
    return KeptRun(options, loaded, rendering) if rendering is not None else None
