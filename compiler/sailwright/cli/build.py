"""`sailwright build`: compile the service files into the manifests that will run."""

from __future__ import annotations

import click

from sailwright.cli.executing import executing
from sailwright.cli.options import Shared, examples, shared


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
    from sailwright.cli.build_run import build

    if check and to_stdout:
        raise click.UsageError("--check and --stdout exclude each other: both write nothing, and one prints")
    if watching and (check or to_stdout):
        raise click.UsageError("--watch writes: leave --check and --stdout out")
    if watching and executor is not None:
        raise click.UsageError("--watch builds what has changed, which is little: leave --executor out")
    return build(
        paths,
        shared,
        environments=environments,
        clusters=clusters,
        mode="check" if check else "stdout" if to_stdout else "write",
        injecting=not no_inject,
        allow_removals=allow_removals,
        watching=watching,
        jobs=jobs,
        executor=executor,
    )
