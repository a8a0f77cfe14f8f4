"""The results of `test` for a whole project from those of the last run, where nothing that the tests read is another now.

The first tests of a large project run over a few fields of each object (see `commands.test.in_portions`). Of a small one the results are
kept where what is rendered of it is kept already: to render it with sidecars takes longer than to test it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.commands.kept_project import KeptProject, files_of, kept_project
from sailwright.commands.lint.units import rendered_from_services
from sailwright.commands.test.kept import KeptTests
from sailwright.commands.test.results import RunOfTests, tested
from sailwright.commands.test.run_cases import run_tests
from sailwright.diagnostics.finding import any_error
from sailwright.lint.noted_fields import Noted, noting_worlds
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.table import LostRow
from sailwright.source.files.discovery import find_project
from sailwright.workspace.load import load
from sailwright.workspace.selection import Selection
from sailwright.workspace.worlds import with_all_services


@dataclass(frozen=True, slots=True)
class KeptTestRun:
    """A run of the tests of a whole project, and where its results are kept."""

    selection: Selection
    project: KeptProject

    def known(self) -> RunOfTests | None:
        """The results; None where something that tests read may have changed."""
        try:
            last = self.project.last()
            if last is None:
                return None
            tests = self.kept(last.digests(), last.part.packed).known()
        except LostRow:
            return None
        if tests is None:
            return None
        found = (*last.problems, *tests.findings)
        workspace = last.workspace(found)
        return RunOfTests(found, workspace.summary(), workspace.sources, tests.run, tests.failed, workspace.root)

    def kept(self, services: Mapping[str, str], here: Mapping[str, bytes]) -> KeptTests:
        """Where results are kept; `services` are the digests of what is rendered of each service file."""
        packed = self.project.packed(services, here)
        return KeptTests(self.project.rendering.store, self.project.name, b"", services, packed)

    def first(self) -> RunOfTests | None:
        """The results of a run that keeps them; None where nothing is to be kept."""
        cache = self.selection.cache
        part = self.project.rendering.part(self.project.loaded, cache)
        if part is None or any_error(part.findings):
            return None
        workspace = load(replace(self.selection, injecting=True, recording=True, reusing=True))
        compiled = workspace.compiled
        if compiled is None or not compiled.rendered.digests:
            return None
        noted: Noted = set()
        worlds = noting_worlds(compiled.worlds, noted, rendered_from_services(compiled))
        pairs = zip(with_all_services(compiled, workspace.worlds), worlds, strict=True)
        tests = run_tests(replace(each, world=world) for each, world in pairs)
        self.kept(compiled.rendered.digests, {}).keep(tests, noted)
        self.project.keep(compiled, files_of(workspace.sources), workspace.findings, workspace.skipped, {})
        return tested(workspace, tests)


def kept_test_run(selection: Selection) -> KeptTestRun | None:
    """The run where its results may be kept: of a whole project with the cache, as its files are on disk."""
    elsewhere = (
        selection.paths,
        selection.stdin_filename,
        selection.build,
        selection.istio_version,
        selection.mesh_config_file,
    )
    if any(elsewhere) or not selection.cached:
        return None
    project = kept_project("test", find_project(selection.project), selection)
    return KeptTestRun(selection, project) if project is not None else None
