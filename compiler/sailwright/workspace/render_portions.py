"""Render a large project for the first time, some services at a time: each goes to the store, and none stays in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from sailwright.diagnostics.finding import Finding
from sailwright.project.service.resolve import Target
from sailwright.runtime.cache import Cache
from sailwright.runtime.pressed import Spool, Text
from sailwright.runtime.records import dataclass
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.compile import Compilation, LoadedProject
from sailwright.workspace.kept_rendering import KeptRendering
from sailwright.workspace.packed_services import Keyed, pack
from sailwright.workspace.parallel import CHUNK, findings_of, in_processes, render_services
from sailwright.workspace.service_records import ServiceRecord, packed, together
from sailwright.workspace.service_rows import content_digest
from sailwright.workspace.wrong_files import wrong_beside

Beside = TypeVar("Beside")


@dataclass(frozen=True, slots=True)
class _Portion:
    """What was rendered of some services: the digest and the text of each by path, what is wrong, what each depends on, what was read."""

    services: Mapping[str, tuple[str, Text]]
    findings: tuple[Finding, ...]
    records: Mapping[str, ServiceRecord]
    reads: Mapping[str, bytes]
    globs: Mapping[str, tuple[str, ...]]


Render = Callable[
    [Compilation, Callable[[bytes], Text]], tuple[dict[Target, Keyed], Mapping[str, ServiceRecord] | None, Beside]
]
"""Renders all services of a compilation, and makes something else of them beside, of which texts can be put aside."""


def keep_in_portions(
    loaded: LoadedProject,
    cache: Cache,
    kept: KeptRendering,
    jobs: int,
    spool: Spool,
    render: Render[Beside],
    *,
    injecting: bool = True,
) -> list[Beside] | None:
    """Render all services and keep what is rendered; what else was made of the portions.

    None where that is not to be kept, as where anything is wrong. Texts are put into the `spool`, which is open.
    """
    checkout = loaded.project.checkout
    if not isinstance(checkout, Recorded):
        return None

    def rendered(compilation: Compilation, number: int) -> tuple[_Portion, Beside] | None:
        return _rendered(compilation, partial(spool.keep, number), render)

    parts = in_processes(loaded, cache, jobs, rendered, injecting=injecting, least=1, chunk=CHUNK)
    if not parts:
        return None
    portions = [portion for portion, _ in parts]
    for portion in {
        id(each.reads): each for each in portions
    }.values():  # those of one process are the same for all of its parts
        checkout.reads.update(portion.reads)
        checkout.globs.update(portion.globs)
    services = {path: each for portion in portions for path, each in portion.services.items()}
    findings = [finding for portion in portions for finding in portion.findings]
    if not kept.keep_all(checkout, services, findings, together(each.records for each in portions)):
        return None
    return [beside for _, beside in parts]


def only_rendered(
    compilation: Compilation, _keep: Callable[[bytes], Text]
) -> tuple[dict[Target, Keyed], Mapping[str, ServiceRecord] | None, None]:
    """Render, and make nothing else of it."""
    return *render_services(compilation), None


def _rendered(
    compilation: Compilation, keep: Callable[[bytes], Text], render: Render[Beside]
) -> tuple[_Portion, Beside] | None:
    rendered, records, beside = render(compilation, keep)
    found, checkout = (*compilation.findings, *findings_of(rendered)), compilation.project.checkout
    if records is None or wrong_beside(found, records) or not isinstance(checkout, Recorded):
        return None
    texts = {path: (content_digest(data), keep(data)) for path, data in pack(compilation, rendered).items()}
    return _Portion(texts, found, packed(records), checkout.reads, checkout.globs), beside
