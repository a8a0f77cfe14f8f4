"""`test`: load the service files, run their tests in every world that has the service, report what failed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sailwright.commands.test.results import RunOfTests, tested
from sailwright.commands.test.run_cases import run_tests
from sailwright.diagnostics.finding import Skipped
from sailwright.runtime.records import replace
from sailwright.workspace.load import load
from sailwright.workspace.selection import Selection, Workspace
from sailwright.workspace.standalone_files import is_service

if TYPE_CHECKING:
    from sailwright.commands.test.kept_run import KeptTestRun


def test(selection: Selection) -> RunOfTests:
    """Run the tests of the service files that PATHS name (of all where none is named) in every chosen world."""
    known = _kept(selection)
    if known is not None:
        return known
    workspace = load(selection)
    files = [source.path for source in workspace.sources if is_service(source)] if selection.paths else None
    found = tested(workspace, run_tests(workspace.selected_worlds, files))
    skipped = (*found.summary.skipped, *_without_tests(workspace)) if selection.paths else found.summary.skipped
    return replace(found, summary=replace(found.summary, skipped=skipped))


def _kept(selection: Selection) -> RunOfTests | None:
    """The results where they are kept, or may be; None where they are not."""
    from sailwright.commands.test.kept_run import kept_test_run

    run = kept_test_run(selection)
    if run is not None and (known := run.known()) is not None:
        return known
    return _in_portions(selection, run) or (run.first() if run is not None else None)


def _in_portions(selection: Selection, run: KeptTestRun | None) -> RunOfTests | None:
    """The results of the first tests of a large project; None where portions are no way to test it."""
    if selection.paths:
        return None
    from sailwright.commands.test.kept_run import kept_test_run
    from sailwright.workspace.temporary_store import temporary_store

    loaded = run.project.loaded if run is not None else None
    with temporary_store(selection.project, cached=selection.cached, loaded=loaded) as temporary:
        if temporary:
            run = kept_test_run(replace(selection, cached=True))
        if temporary is None or run is None:
            return None
        from sailwright.commands.test.in_portions import test_in_portions

        return test_in_portions(run)


def _without_tests(workspace: Workspace) -> Iterable[Skipped]:
    """Manifests take part in the mesh; tests are written in service files. What cannot be read is a finding."""
    counted = {each.file for each in workspace.skipped}
    for source in workspace.sources:
        if source.dialect == "manifest" and not source.problems and source.path not in counted:
            yield Skipped(source.path, "a manifest: it is part of the mesh, and only service files have `tests:`")
