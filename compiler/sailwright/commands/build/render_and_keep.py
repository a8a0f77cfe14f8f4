"""Render a large project once, for its build and for those who go on with what is rendered: that is kept, service by service."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sailwright.commands.build.built import Built
from sailwright.commands.build.options import BuildResult, Request
from sailwright.commands.build.render_all import built_from, joined, own_schemas, shared_files, small
from sailwright.commands.build.run import result_of
from sailwright.project.service.resolve import Target
from sailwright.project.services import service_files
from sailwright.render.rendering import RenderedFile
from sailwright.runtime.pressed import Spool, Text
from sailwright.runtime.records import replace
from sailwright.workspace.compile import Compilation, LoadedProject
from sailwright.workspace.kept_rendering import KeptRendering
from sailwright.workspace.packed_services import Keyed
from sailwright.workspace.render_portions import keep_in_portions
from sailwright.workspace.service_records import ServiceRecord


def render_and_keep(request: Request, loaded: LoadedProject, kept: KeptRendering, jobs: int) -> BuildResult | None:
    """The result of a build of the whole project; None where what is rendered is not to be kept, as where anything is wrong."""
    with Spool() as spool:
        spool.open(jobs)
        parts = keep_in_portions(loaded, request.cache, kept, jobs, spool, _built)
        whole = joined(parts, service_files(loaded.project)) if parts else None
        return result_of(request, loaded, whole) if whole is not None else None


def _built(
    compilation: Compilation, keep: Callable[[bytes], Text]
) -> tuple[dict[Target, Keyed], Mapping[str, ServiceRecord] | None, Built]:
    rendered: dict[Target, list[tuple[tuple[str, str], RenderedFile]]] = {target: [] for target in compilation.targets}
    built = built_from(compilation, None, lambda _done, _total: None, part=rendered)
    shared = shared_files(compilation, own_schemas(compilation))
    findings = (*built.findings, *(finding for file in shared for finding in file.findings))
    records = {path: replace(each, objects=b"") for path, each in (built.records or {}).items()}
    whole = replace(built, files=(*built.files, *shared), findings=findings)
    return {**rendered}, records, small(whole, keep)
