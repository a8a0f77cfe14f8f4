"""`test`: load the service files, run their tests in every world that has the service, report what failed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from sailwright.commands.test.answers import CasesRun
from sailwright.commands.test.cases import failures
from sailwright.diagnostics.finding import Finding, Skipped, Summary
from sailwright.diagnostics.merge import merge
from sailwright.project.service.model import Service
from sailwright.route.simulator import Simulator
from sailwright.runtime.progress import counted
from sailwright.runtime.records import dataclass, replace
from sailwright.source.source import Source
from sailwright.workspace.load import load
from sailwright.workspace.selection import CompiledWorld, Selection, Workspace
from sailwright.workspace.standalone_files import is_service


@dataclass(frozen=True, slots=True)
class RunOfTests:
    """What to report: first what is wrong with the files. Files are named as seen from `root`."""

    findings: tuple[Finding, ...]
    summary: Summary
    sources: tuple[Source, ...]
    run: int
    failed: int
    root: str = "."
    project_invalid: bool = False
    apart: bool = False
    """Whether alternatives were each a mesh by itself."""


def test(selection: Selection) -> RunOfTests:
    """Run the tests of the service files that PATHS name (of all where none is named) in every chosen world."""
    workspace = load(selection)
    files = [source.path for source in workspace.sources if is_service(source)] if selection.paths else None
    tests = run_tests(workspace.selected_worlds, files)
    summary = workspace.summary()
    return RunOfTests(
        (*workspace.problems, *tests.findings),
        replace(summary, skipped=(*summary.skipped, *_without_tests(workspace))) if selection.paths else summary,
        workspace.sources,
        tests.run,
        tests.failed,
        workspace.root,
        workspace.project_invalid,
        workspace.checked_apart,
    )


def run_tests(worlds: Iterable[CompiledWorld], files: Sequence[str] | None = None) -> CasesRun:
    """Run the tests of the services in `files` (None: of all), in each of the worlds."""
    wanted = None if files is None else {os.path.normpath(file) for file in files}
    failed: list[Finding] = []
    run = 0
    for compiled in worlds:
        asked = [
            service
            for service in compiled.services
            if service.tests and (wanted is None or os.path.normpath(service.file) in wanted)
        ]
        if not asked:
            continue
        services = {service.key: without_pod_settings(service) for service in compiled.services}
        simulator = Simulator(compiled.world)
        for service in counted(asked, "testing"):
            run += len(service.tests)
            failed += failures(without_pod_settings(service), simulator, services)
    count = len(
        {(finding.environments, finding.location.file, finding.message.partition(": ")[0]) for finding in failed}
    )
    alike = merge(failed, lambda finding: replace(finding, environments=(), related=()))
    return CasesRun(alike, run, count)


def without_pod_settings(service: Service) -> Service:
    """A service as tests know it: of its pods' settings they read the labels alone, so that results do not hang on an image."""
    versions = (replace(each, settings={"labels": each.labels} if each.labels else {}) for each in service.versions)
    return replace(service, versions=tuple(versions))


def _without_tests(workspace: Workspace) -> Iterable[Skipped]:
    """Manifests take part in the mesh; tests are written in service files. What cannot be read is a finding."""
    counted = {each.file for each in workspace.skipped}
    for source in workspace.sources:
        if source.dialect == "manifest" and not source.problems and source.path not in counted:
            yield Skipped(source.path, "a manifest: it is part of the mesh, and only service files have `tests:`")
