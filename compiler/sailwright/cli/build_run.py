"""What `sailwright build` does: build, once or after every change, and print the result."""

from __future__ import annotations

import sys
import time

from sailwright.cli.notes import note, note_always
from sailwright.cli.shared import Shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from sailwright.commands.build.options import BuildResult, BuildStats, Request


def build(
    paths: tuple[str, ...],
    shared: Shared,
    *,
    environments: tuple[str, ...] = (),
    clusters: tuple[str, ...] = (),
    mode: Literal["write", "check", "stdout"] = "write",
    injecting: bool = True,
    allow_removals: bool = False,
    watching: bool = False,
    jobs: int | None = None,
    executor: str | None = None,
) -> int:
    """Build what PATHS name, the whole project without any; the exit status."""
    from sailwright.commands.build.options import Request
    from sailwright.runtime.cache import open_cache
    from sailwright.source.files.discovery import need_project

    request = Request(
        root=need_project(shared.project),
        paths=paths,
        environments=environments,
        clusters=clusters,
        mode=mode,
        injecting=injecting,
        allow_removals=allow_removals,
        allow_empty=shared.allow_empty,
        jobs=jobs,
        cache=open_cache(enabled=not shared.no_cache, project=shared.project),
    )
    if watching:
        from sailwright.cli.watching import again_on_each_change

        return again_on_each_change(request.root, lambda: _once(request, shared))
    if executor is None:
        return _once(request, shared)
    from sailwright.runtime.executor import workers
    from sailwright.runtime.records import replace

    with workers(executor) as found:
        return _once(replace(request, workers=found), shared)


def _once(request: Request, shared: Shared) -> int:
    started = time.monotonic()
    return report_build(built(request), request, shared, started)


def built(request: Request) -> BuildResult:
    """Build, as far as the last build does not say what comes of it."""
    from sailwright.commands.build.rebuild import rebuild

    result = rebuild(request) if request.whole else None
    if result is None:
        from sailwright.commands.build.run import run
        from sailwright.runtime.progress import report

        result = run(request, report)
    return result


def report_build(result: BuildResult, request: Request, shared: Shared, started: float) -> int:
    """Print the result on stdout and what is to be said of it on stderr; the exit status."""
    status = 0
    if result.refused:
        note_always(f"sailwright: {result.refused}")
    if result.findings or shared.formats:
        from sailwright.cli.reporting import tell
        from sailwright.diagnostics.finding import Summary

        documents = sum(len(source.documents) for source in result.sources)
        summary = Summary(*(result.checked or (len(result.sources), documents)), result.skipped)
        status = tell(
            result.findings, summary, (*result.sources, *result.rendered), shared, result.fail_on, request.root
        )
    elif result.skipped:
        _name_skipped(result)
    if result.printed:
        from sailwright.runtime.pressed import plain

        for number, text in enumerate(result.printed):
            sys.stdout.buffer.write(b"---\n" * bool(number) + plain(text))
    if result.stats is not None:
        note(_summary(result.stats, request.mode == "check", time.monotonic() - started))
    return max(status, result.status)


def _name_skipped(result: BuildResult) -> None:
    for each in result.skipped:
        note(f"skipped {each.file}: {each.reason}")


def _summary(stats: BuildStats, check: bool, seconds: float) -> str:
    from sailwright.diagnostics.counted import counted

    restarts = ", ".join(f"{count} in {name}" for name, count in sorted(stats.restarts.items())) or "none"
    written, removed = ("to write", "to remove") if check else ("written", "removed")
    return (
        f"{counted(stats.services, 'service')}, {counted(stats.documents, 'document')}: "
        f"{stats.written} {written}, {stats.unchanged} unchanged, "
        f"{stats.removed} {removed}; restarts: {restarts}; {seconds:.2f} s"
    )
