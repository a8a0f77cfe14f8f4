"""`sailwright merge`: one report of many `check --shard` jobs."""

from __future__ import annotations

import click

from sailwright.cli.check import report
from sailwright.cli.executing import executing
from sailwright.cli.options import Shared, examples, shared


@click.command(
    epilog=examples(
        "sailwright merge facts/*.facts # the results of all jobs, as `check` reports them",
        "sailwright merge facts/*.facts --base origin/main --format sarif=check.sarif # for code scanning",
    )
)
@click.argument("facts", nargs=-1, required=True, metavar="FACTS...")
@click.option(
    "--base", metavar="REF", help="The commit to compare with. Default: where HEAD left origin's main branch."
)
@click.option(
    "--config-ref",
    metavar="REF",
    help="Take what decides (rules, and what is checked and allowed) from this commit; changes are findings.",
)
@executing
@shared
def command(
    facts: tuple[str, ...], base: str | None, config_ref: str | None, executor: str | None, shared: Shared
) -> int:
    """Report what `sailwright check` would, from the facts that `check --shard I/N --facts OUT` wrote for every share.

    Run it on the commit of those jobs, with all of their files. Writes nothing.
    """
    from sailwright.commands.check.checked import Options
    from sailwright.commands.shards.merge import merge
    from sailwright.runtime.executor import workers
    from sailwright.source.files.discovery import need_project

    root = need_project(shared.project)
    with workers(executor) as found:
        checked = merge(Options(root, (), base, config_ref, shared.allow_empty, not shared.no_cache, found), facts)
    return report(checked, (), shared, root)
