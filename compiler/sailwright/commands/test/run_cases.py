"""Run the tests of services in the worlds that have them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from sailwright.commands.test.answers import CasesRun
from sailwright.commands.test.cases import failures
from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge
from sailwright.project.service.model import Service
from sailwright.route.simulator import Simulator
from sailwright.runtime.progress import counted
from sailwright.runtime.records import replace
from sailwright.workspace.selection import CompiledWorld


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
