"""`sailwright build`: compile the service files into the manifests that will run."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from sailwright.cli.executing import executing
from sailwright.cli.notes import note
from sailwright.cli.options import Shared, examples, shared

if TYPE_CHECKING:
    from sailwright.commands.build.options import BuildResult, BuildStats, Request


@click.command(
    epilog=examples(
        "sailwright build # render what changed",
        "sailwright build --check # in CI: is rendered/ up to date?",
        "sailwright build services/checkout --stdout # print what one service becomes",
    )
)
@click.argument("paths", nargs=-1, metavar="[PATHS...]")
@click.option("--env", "environments", multiple=True, metavar="N", help="Build this environment only. Repeatable.")
@click.option("--cluster", "clusters", multiple=True, metavar="N", help="Build for this cluster only. Repeatable.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a rendered file is out of date, and report why.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print the documents and write nothing.")
@click.option("--no-inject", is_flag=True, help="Leave the sidecar out of `inject: build` workloads.")
@click.option(
    "--allow-removals", is_flag=True, help="Also remove all files of an environment, or more than half of them."
)
@click.option("--watch", "watching", is_flag=True, help="Build again whenever a file of the project changes.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Number of processes. Default: one per processor."
)
@executing
@shared
def command(
    paths: tuple[str, ...],
    environments: tuple[str, ...],
    clusters: tuple[str, ...],
    check: bool,
    to_stdout: bool,
    no_inject: bool,
    allow_removals: bool,
    watching: bool,
    jobs: int | None,
    executor: str | None,
    shared: Shared,
) -> int:
    """Compile the service files into the manifests that will run."""
    from sailwright.commands.build.options import Request
    from sailwright.runtime.cache import open_cache
    from sailwright.source.files.discovery import need_project

    if check and to_stdout:
        raise click.UsageError("--check and --stdout exclude each other: both write nothing, and one prints")
    if watching and (check or to_stdout):
        raise click.UsageError("--watch writes: leave --check and --stdout out")
    if watching and executor is not None:
        raise click.UsageError("--watch builds what has changed, which is little: leave --executor out")
    request = Request(
        root=need_project(shared.project),
        paths=paths,
        environments=environments,
        clusters=clusters,
        mode="check" if check else "stdout" if to_stdout else "write",
        injecting=not no_inject,
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
    from sailwright.commands.build.rebuild import rebuild

    started = time.monotonic()
    result = rebuild(request) if request.whole else None
    if result is None:
        from sailwright.commands.build.run import run
        from sailwright.runtime.progress import report

        result = run(request, report)
    return _report(result, request, shared, started)


def _report(result: BuildResult, request: Request, shared: Shared, started: float) -> int:
    """Print the result on stdout and what is to be said of it on stderr; the exit status."""
    status = 0
    if result.refused:
        click.echo(f"sailwright: {result.refused}", err=True)
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
    if result.text:
        sys.stdout.buffer.write(result.text)
    if result.stats is not None:
        note(_summary(result.stats, request.mode == "check", time.monotonic() - started))
    return max(status, result.status)


def _name_skipped(result: BuildResult) -> None:
    for each in result.skipped:
        note(f"skipped {each.file}: {each.reason}")


def _summary(stats: BuildStats, check: bool, seconds: float) -> str:
    from sailwright.diagnostics.finding import counted

    restarts = ", ".join(f"{count} in {name}" for name, count in sorted(stats.restarts.items())) or "none"
    written, removed = ("to write", "to remove") if check else ("written", "removed")
    return (
        f"{counted(stats.services, 'service')}, {counted(stats.documents, 'document')}: "
        f"{stats.written} {written}, {stats.unchanged} unchanged, "
        f"{stats.removed} {removed}; restarts: {restarts}; {seconds:.2f} s"
    )
