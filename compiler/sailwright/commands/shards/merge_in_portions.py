"""The services of a large project as shards have rendered them, put into a store some at a time: no process ever holds the mesh.

Each process reads some files of facts and puts what they say of each service aside. Once all have said what their services export, it
compares what services were told in their shards with what the whole project answers, and renders those again that were told otherwise:
see `commands.shards.taken_facts`.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from sailwright.commands.build.built import BuiltFile
from sailwright.commands.shards.taken_facts import Share, Taking
from sailwright.diagnostics.finding import Finding
from sailwright.project.services import service_files
from sailwright.runtime.cache import Cache
from sailwright.runtime.pressed import Spool
from sailwright.runtime.process_pool import spread_apart
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.compile import LoadedProject, ServiceExports, combine_exports
from sailwright.workspace.facts_reading import ShardFacts
from sailwright.workspace.kept_rendering import KeptRendering
from sailwright.workspace.service_records import PackedRecords


def keep_facts(
    loaded: LoadedProject,
    cache: Cache,
    kept: KeptRendering,
    shards: Sequence[ShardFacts],
    spool: Spool,
    jobs: int,
) -> tuple[list[BuiltFile], list[Finding]] | None:
    """Keep what shards have rendered of a project; all its rendered files, and what reading and rendering found.

    None where that is not to be kept, as where anything is wrong. Texts of files that are not on disk as they are to be are in the spool.
    """
    checkout = loaded.project.checkout
    if not isinstance(checkout, Recorded):
        return None
    names = service_files(loaded.project)

    def work(share: tuple[int, Sequence[ShardFacts]]) -> Generator[ServiceExports | None, ServiceExports | None, Any]:
        number, some = share
        taking = Taking(loaded, cache, spool, number)
        known = yield taking.taken(some, len(names) // jobs)
        return taking.rendered(known) if known is not None else None

    shares: list[Share | None] = spread_apart([(job, shards[job::jobs]) for job in range(jobs)], work, _together)
    found = [each for each in shares if each is not None]
    services = {path: each for share in found for path, each in share.services.items()}
    if len(found) < jobs or services.keys() != set(names):
        return None
    for share in found:
        checkout.reads.update(share.reads)
        checkout.globs.update(share.globs)
    findings = [each for share in found for each in share.findings]
    records = PackedRecords({path: each for share in found for path, each in share.records.items()})
    if not kept.keep_all(checkout, services, findings, records):
        return None
    return [each for share in found for each in share.built], findings


def _together(said: Sequence[ServiceExports | None]) -> ServiceExports | None:
    """What all services export; None where some exclude each other."""
    known = [each for each in said if each is not None]
    return combine_exports(known) if len(known) == len(said) else None
