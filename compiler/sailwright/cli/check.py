"""`sailwright check`: the pull-request gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sailwright.cli.executing import executing
from sailwright.cli.notes import note
from sailwright.cli.options import Shared, examples, shared

if TYPE_CHECKING:
    from sailwright.commands.check.checked import Checked


@click.command(
    epilog=examples(
        "sailwright check # all of it, as CI runs it",
        "sailwright check --base origin/main --config-ref origin/main # settings from the main branch",
        "sailwright check --format sarif=check.sarif # for code scanning",
    )
)
@click.argument("paths", nargs=-1, metavar="[PATHS...]")
@click.option(
    "--base", metavar="REF", help="The commit to compare with. Default: where HEAD left origin's main branch."
)
@click.option(
    "--config-ref",
    metavar="REF",
    help="Take what decides (rules, and what is checked and allowed) from this commit; changes are findings.",
)
@click.option("--shard", metavar="I/N", help="Check only the I-th of N shares of the services; needs --facts.")
@click.option("--facts", metavar="OUT", help="The file that --shard writes, for `sailwright merge`.")
@executing
@shared
def command(
    paths: tuple[str, ...],
    base: str | None,
    config_ref: str | None,
    shard: str | None,
    facts: str | None,
    executor: str | None,
    shared: Shared,
) -> int:
    """Run all checks of a pull request, as CI does: lint, the route tests, build --check, validate, and the
    comparison with the base commit. Writes nothing.

    PATHS narrow what is reported; the whole project is always checked.
    """
    from sailwright.commands.check.checked import Options
    from sailwright.commands.check.run import check
    from sailwright.runtime.executor import workers
    from sailwright.source.files.discovery import need_project

    if (shard is None) != (facts is None):
        raise click.UsageError("--shard I/N and --facts OUT go together")
    root = need_project(shared.project)
    if shard is not None and facts is not None:
        if paths or base or config_ref or executor:
            raise click.UsageError(
                "--shard only checks its share of the services: pass PATHS and the other options to `sailwright merge`"
            )
        return _shard(root, shard, facts, shared)
    with workers(executor) as found:
        checked = check(Options(root, paths, base, config_ref, shared.allow_empty, not shared.no_cache, found))
    return report(checked, paths, shared, root)


def _shard(root: str, shard: str, out: str, shared: Shared) -> int:
    """Write the facts of a share; the exit status."""
    from sailwright.cli.reporting import tell
    from sailwright.commands.shards.shard import parse_shard, write_facts
    from sailwright.diagnostics.counted import counted
    from sailwright.diagnostics.finding import Summary
    from sailwright.runtime.cache import open_cache
    from sailwright.workspace.compile import InvalidProject

    number, count = parse_shard(shard)
    done = write_facts(root, (number, count), out, open_cache(enabled=not shared.no_cache, project=root))
    if isinstance(done, InvalidProject):
        tell(done.findings, Summary(len(done.sources), 0), done.sources, shared, root=root)
        return 2
    note(f"shard {number}/{count}: {done[0]} of {counted(done[1], 'service file')}; merge reports the results")
    return 0


def report(checked: Checked, paths: tuple[str, ...], shared: Shared, root: str) -> int:
    """Print the results; the exit status."""
    from sailwright.cli.reporting import nothing_checked, tell

    for part in checked.parts:
        for text in part.notes:
            note(f"sailwright: {text}")
    if not checked.sources and not shared.allow_empty:
        return nothing_checked(paths, checked.summary, shared)
    status = tell(checked.findings, checked.summary, checked.sources, shared, checked.fail_on, root)
    note("; ".join(part.verdict for part in checked.parts))
    return max(status, checked.status)
