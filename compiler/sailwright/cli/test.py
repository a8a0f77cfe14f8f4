"""`sailwright test`: the `tests:` of the service files, asked of the simulated mesh in every environment."""

from __future__ import annotations

import click

from sailwright.cli.explain_worlds import IN_SAILWRIGHT_YAML, explaining
from sailwright.cli.explain_worlds import explain_worlds as print_worlds
from sailwright.cli.notes import note
from sailwright.cli.options import Shared, examples, shared


@click.command(
    epilog=examples(
        "sailwright test # all `tests:` in every environment",
        "sailwright test services/checkout --env live # of one service, in one environment",
    )
)
@click.argument("paths", nargs=-1, metavar="[PATHS...]")
@click.option(
    "--env", "environments", multiple=True, metavar="N", help="Run them in this environment only. Repeatable."
)
@explaining
@shared
def command(paths: tuple[str, ...], environments: tuple[str, ...], explain_worlds: bool, shared: Shared) -> int:
    """Run the `tests:` of the service files against the simulated mesh, in every environment.

    PATHS narrow whose tests run; the whole project is always the mesh they run in.
    """
    from sailwright.cli.reporting import tell
    from sailwright.commands.test.run import test
    from sailwright.workspace.selection import Selection

    selection = Selection(
        paths, environments, project=shared.project, cached=not shared.no_cache, injecting=False, context="mesh"
    )
    if explain_worlds:
        return print_worlds(selection)
    tested = test(selection)
    if not tested.sources and not shared.allow_empty:
        raise click.UsageError("there are no service files in this project (--allow-empty makes that fine)")
    if tested.apart:
        note(IN_SAILWRIGHT_YAML)
    status = tell(tested.findings, tested.summary, tested.sources, shared, root=tested.root)
    note(f"{tested.run} test{'' if tested.run == 1 else 's'} run, {tested.failed} failed")
    return 2 if tested.project_invalid else status
