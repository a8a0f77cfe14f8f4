"""The results of `validate` for a whole project from those of the last run: only what is rendered of changed services is checked again."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.commands.kept_project import KeptProject, files_of, kept_project
from sailwright.commands.validate.held import Options, Validated, known_findings
from sailwright.commands.validate.kept import KeptValidation
from sailwright.commands.validate.missing_schemas import once_per_kind
from sailwright.diagnostics.merge import order
from sailwright.runtime.records import dataclass
from sailwright.runtime.table import LostRow
from sailwright.workspace.selection import Selection, Workspace


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run for a whole project, and where its results are kept, beside what is rendered."""

    options: Options
    project: KeptProject

    def known(self) -> Validated | None:
        """The results; None where more has changed than files of services."""
        try:
            return self._known()
        except LostRow:
            return None

    def _known(self) -> Validated | None:
        last = self.project.last()
        if last is None:
            return None
        kept = self.kept(last.digests(), last.part.packed)
        found = known_findings(self.project.loaded.project, self.options, kept, lambda: last.part)
        if found is None:
            return None
        findings, held = found
        shown = once_per_kind(sorted((*findings, *last.problems), key=order))
        workspace = last.workspace(shown)
        fail_on = last.known["fail on"]
        return Validated(workspace.shown(shown), workspace.summary(), workspace.shown_sources, held.notes, fail_on)

    def kept(self, services: Mapping[str, str], here: Mapping[str, bytes]) -> KeptValidation:
        """Where what is found in the objects is kept; `services` are the digests of what is rendered of each service file."""
        packed = self.project.packed(services, here)
        return KeptValidation(self.project.rendering.store, self.project.name, b"", services, packed)

    def keeping(self, workspace: Workspace) -> KeptValidation | None:
        """Where what is found in the objects of a workspace is kept; None where it is not."""
        compiled = workspace.compiled
        if compiled is None or not compiled.rendered.digests or workspace.extra_files:
            return None
        return self.kept(compiled.rendered.digests, {})

    def keep(self, workspace: Workspace, validated: Validated) -> None:
        """Keep what else there is to know of a run."""
        if workspace.compiled is not None:
            files, more = files_of(workspace.sources), {"fail on": validated.fail_on}
            self.project.keep(workspace.compiled, files, workspace.findings, workspace.skipped, more)


def kept_run(options: Options) -> KeptRun | None:
    """The run where its results may be kept: of a whole project with the cache, by no settings but its own."""
    from sailwright.source.files.discovery import find_project

    if options.config_ref is not None:
        return None
    selection = Selection(options.paths, options.environments, cached=options.cached)
    project = kept_project("validate", find_project(options.project), selection)
    return KeptRun(options, project) if project is not None else None
