"""The tests of service files, run in every world that has the service."""

from __future__ import annotations

import os
from collections.abc import Iterable

from sailwright.commands.test.cases import failures
from sailwright.diagnostics.finding import Finding, Summary
from sailwright.route.simulator import Simulator
from sailwright.runtime.records import dataclass, replace
from sailwright.source import Source
from sailwright.workspace.load import Sights


@dataclass(frozen=True, slots=True)
class RunOfTests:
    """The outcome: what failed, where snippets come from, and how many tests were run, each environment counted.

    Files are named as seen from `root`.
    """

    findings: tuple[Finding, ...]
    summary: Summary
    sources: tuple[Source, ...]
    run: int
    failed: int
    root: str = "."


def run_tests(found: Sights, files: Iterable[str] = ()) -> RunOfTests:
    """Run the tests of the services in `files` (of all where none is named); what is wrong with the files comes first."""
    wanted = {os.path.realpath(file) for file in files}
    failed: list[Finding] = []
    run = 0
    for sight in found.sights:
        services = {service.key: service for service in sight.services}
        simulator = Simulator(sight.world)
        for service in sight.services:
            if not wanted or os.path.realpath(os.path.join(found.root, service.file)) in wanted:
                run += len(service.tests)
                failed += failures(service, simulator, services)
    count = len(
        {(finding.environments, finding.location.file, finding.message.partition(": ")[0]) for finding in failed}
    )
    summary = Summary(len(found.sources), sum(len(source.documents) for source in found.sources))
    return RunOfTests((*found.findings, *_together(failed)), summary, found.sources, run, count, found.root)


def _together(findings: Iterable[Finding]) -> list[Finding]:
    """Failures that are the same in several environments, told once with the names of all."""
    merged: dict[Finding, tuple[str, ...]] = {}
    for finding in findings:
        alike = replace(finding, environments=(), related=())
        known = merged.get(alike, ())
        merged[alike] = known + tuple(name for name in finding.environments if name not in known)
    related = {replace(finding, environments=(), related=()): finding.related for finding in findings}
    return [replace(alike, environments=names, related=related[alike]) for alike, names in merged.items()]
