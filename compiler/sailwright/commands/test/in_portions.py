"""The tests of a large project: over worlds in which a few fields of each object are held, those that the tests read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sailwright.commands.kept_project import files_of
from sailwright.commands.portions.around import Services
from sailwright.commands.portions.mesh import KeptServices, open_services
from sailwright.commands.test.answers import CasesRun
from sailwright.commands.test.kept import KeptTests, asked_fields, has_tests
from sailwright.commands.test.kept_run import KeptTestRun
from sailwright.commands.test.results import RunOfTests
from sailwright.commands.test.run_cases import run_tests
from sailwright.commands.traces import Trace, part_digest
from sailwright.diagnostics.finding import Skipped
from sailwright.lint.noted_fields import Noted
from sailwright.lint.reduced_objects import of_services
from sailwright.mesh.world import World
from sailwright.project.service.model import Service
from sailwright.project.services import read_services
from sailwright.runtime.memory import one_at_a_time
from sailwright.runtime.process_pool import can_fork, elsewhere, processors, results_of
from sailwright.runtime.records import dataclass, field, replace
from sailwright.runtime.store import Store
from sailwright.runtime.table import LostRow
from sailwright.source.scalars import Dialect
from sailwright.workspace.extra_files import unlisted_services
from sailwright.workspace.load import skipped_documents
from sailwright.workspace.packed_services import unpack
from sailwright.workspace.selection import CompiledWorld, Selection

Read = frozenset[tuple[str, str]]
"""The fields of services that tests have read."""


def tests_of(services: Services, tested: Sequence[str]) -> tuple[CasesRun, Read] | None:
    """What the tests in these service files come to, and what they read; None where that takes more than a few fields of each object.

    May raise LostRow.
    """
    part = services.part
    project, targets = part.compilation.project, part.compilation.targets
    callers = {each for own in read_services(project, targets, tested).by_target.values() for each in _callers(own)}
    files = {key: path for path, record in part.change.index.each() for _, key, *_ in record.exports}
    if not callers <= files.keys():
        return None
    known = read_services(project, targets, sorted({*tested, *map(files.__getitem__, callers)})).by_target
    if not all(_callers(own) <= {service.key for service in own} for own in known.values()):
        return None  # who is not there is told by the names of all services

    def ask(worlds: tuple[World, ...], noted: Noted) -> tuple[CasesRun, Read]:
        pairs = zip(targets, worlds, strict=True)
        tests = run_tests(CompiledWorld(world, tuple(known[target])) for target, world in pairs)
        return tests, frozenset(of_services(noted))

    return services.asked([tested[:1]], ask)


def _callers(services: Iterable[Service]) -> set[str]:
    """The services that tests name as callers, as NAMESPACE/NAME."""
    cases = (case for service in services for case in service.tests)
    return {str(case.caller["service"]) for case in cases if case.caller.get("service")}


@dataclass(slots=True)
class _Seen:
    """What was seen of some services: those with tests, their files, and the fields that tests may ask them for."""

    tested: list[str] = field(default_factory=list)
    sources: dict[str, tuple[Dialect, int]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    asked: Noted = field(default_factory=set)


def test_in_portions(run: KeptTestRun) -> RunOfTests | None:
    """Test a large project, and keep the results; None where that is no way to test it."""
    if not can_fork():
        return None
    try:
        return run.known() if _kept(run) else None
    except LostRow:
        return None


def _kept(run: KeptTestRun) -> bool:
    project, jobs = run.project.loaded.project, processors()
    selection = replace(run.selection, injecting=True)
    services = open_services(selection, project.root, run.project.rendering.store, jobs, with_errors=True)
    if services is None:
        return False
    found = _run_and_keep(services, run.kept(services.kept.digests(services.part), {}))
    if found is None:
        return False
    _, seen = found
    around, written = services.around, (*services.written.values(), project.document.source)
    sources = {path: each for some in seen for path, each in some.sources.items()}
    skipped = sorted((each for some in seen for each in some.skipped), key=lambda each: each.file)
    skips = (*unlisted_services(project), *skipped, *skipped_documents(written))
    run.project.keep(around, dict(sorted(sources.items())) | files_of(written), around.findings, skips, {})
    return True


def tested_again(root: str, store: Store, kept: KeptTests) -> CasesRun | None:
    """The results of the tests of a large project whose rendering is in a store, which are kept; None where that is no way to test it.

    May raise LostRow.
    """
    if not can_fork():
        return None
    services = open_services(Selection(project=root, cached=True), root, store, processors(), with_errors=True)
    if services is None or services.kept.digests(services.part) != kept.services:
        return None
    found = _run_and_keep(services, kept)
    return found[0] if found is not None else None


def _run_and_keep(services: KeptServices, kept: KeptTests) -> tuple[CasesRun, Sequence[_Seen]] | None:
    """Run all tests, and keep the results; with what was seen of the services. None where that is no way to test them.

    May raise LostRow.
    """
    jobs = processors()
    seen = results_of(range(jobs), lambda job: _look(services, services.rows[job::jobs]), apart=True)
    tested = sorted(path for each in seen for path in each.tested)
    trace, tests = Trace(kept.services, {}, set()), CasesRun((), 0, 0)
    if tested:
        everyone = Services(services.kept, services.part, services.rows, services.around.worlds, frozenset())
        found = elsewhere(lambda: tests_of(everyone, tested))
        if found is None:
            return None
        tests, read = found
        noted = set(read).union(*(each.asked for each in seen))
        trace = Trace(kept.services, _parts(services, noted, jobs), noted)
    kept.keep_traced(tests, tested, trace)
    return tests, seen


def _look(services: KeptServices, rows: Sequence[Sequence[str]]) -> _Seen:
    """Look at some rows of services. May raise LostRow."""
    seen = _Seen()
    for paths in one_at_a_time(rows):
        packed = services.packed(paths)
        for path, data in packed.items():
            unpacked = unpack(services.part.compilation, path, data)
            seen.skipped += skipped_documents(unpacked.sources)
            seen.sources |= files_of(unpacked.sources)
            if b"tests" in data and has_tests(data):
                seen.tested.append(path)
        seen.asked |= asked_fields(packed.values())
    return seen


def _parts(services: KeptServices, noted: Noted, jobs: int) -> dict[str, bytes]:
    """Digests of what was read of each service. May raise LostRow."""

    def digests(job: int) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for paths in services.rows[job::jobs]:
            found |= {path: part_digest(data, noted) for path, data in services.packed(paths).items()}
        return found

    return {path: each for some in results_of(range(jobs), digests, apart=True) for path, each in some.items()}
