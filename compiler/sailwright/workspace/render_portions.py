"""Render a large project for the first time, some services at a time: each goes to the store, and none stays in memory."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.diagnostics.finding import Finding, any_error
from sailwright.runtime.cache import Cache
from sailwright.runtime.pressed import Spool, Text
from sailwright.runtime.records import dataclass
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.compile import Compilation, LoadedProject
from sailwright.workspace.kept_rendering import KeptRendering
from sailwright.workspace.packed_services import pack
from sailwright.workspace.parallel import CHUNK, findings_of, in_processes, render_services
from sailwright.workspace.service_records import ServiceRecord, packed, together
from sailwright.workspace.service_rows import content_digest


@dataclass(frozen=True, slots=True)
class _Portion:
    """What was rendered of some services: the digest and the text of each by path, what is wrong, what each depends on, what was read."""

    services: Mapping[str, tuple[str, Text]]
    findings: tuple[Finding, ...]
    records: Mapping[str, ServiceRecord]
    reads: Mapping[str, bytes]
    globs: Mapping[str, tuple[str, ...]]


def keep_in_portions(loaded: LoadedProject, cache: Cache, kept: KeptRendering, jobs: int) -> bool:
    """Render all services and keep what is rendered; False where that is not to be kept, as where anything is wrong."""
    checkout = loaded.project.checkout
    if not isinstance(checkout, Recorded):
        return False
    with Spool() as spool:
        spool.open(jobs)

        def render(compilation: Compilation, number: int) -> _Portion | None:
            return _rendered(compilation, spool, number)

        parts = in_processes(loaded, cache, jobs, render, least=1, chunk=CHUNK)
        if not parts:
            return False
        for part in {
            id(part.reads): part for part in parts
        }.values():  # those of one process are the same for all of its parts
            checkout.reads.update(part.reads)
            checkout.globs.update(part.globs)
        services = {path: each for part in parts for path, each in part.services.items()}
        findings = [finding for part in parts for finding in part.findings]
        return kept.keep_all(checkout, services, findings, together(part.records for part in parts))


def _rendered(compilation: Compilation, spool: Spool, number: int) -> _Portion | None:
    if any_error(compilation.findings):
        return None
    rendered, records = render_services(compilation)
    found, checkout = (*compilation.findings, *findings_of(rendered)), compilation.project.checkout
    if any_error(found) or records is None or not isinstance(checkout, Recorded):
        return None
    texts = {
        path: (content_digest(data), spool.keep(number, data)) for path, data in pack(compilation, rendered).items()
    }
    return _Portion(texts, found, packed(records), checkout.reads, checkout.globs)
