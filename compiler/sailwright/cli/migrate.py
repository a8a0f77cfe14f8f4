"""`sailwright migrate`: the move to the Gateway API or to ambient mode, as a plan."""

from __future__ import annotations

import click

from sailwright.cli.notes import clean
from sailwright.cli.options import Shared, examples, shared_but
from sailwright.cli.results import write_result

TARGETS = ("gateway-api", "ambient")


@click.command(
    epilog=examples(
        "sailwright migrate --to gateway-api # which services can leave VirtualServices, and what blocks the others",
        "sailwright migrate --to gateway-api --env staging # one environment first",
        "sailwright migrate --to ambient --format json # from sidecars to ztunnel and waypoints, for a script",
    )
)
@click.option("--to", required=True, type=click.Choice(TARGETS), help="What to move to.")
@click.option(
    "--env", "environment", metavar="N", help="Plan the move of this environment only. Default: all environments."
)
@shared_but("--show", "--fail-on", "--allow-empty", "--color", "-v --verbose", formats=("text", "json"))
def command(to: str, environment: str | None, shared: Shared) -> int:
    """Plan a move, service by service; nothing is written.

    Each service is compiled as it is and as it would be: the plan says which are ready, with the lines to write and what `diff`
    says of them, and which are blocked, with the line and the reason. The order is the one in which the steps are safe.
    """
    from sailwright.commands.migrate.formats import as_json, as_text
    from sailwright.commands.migrate.run import migrate
    from sailwright.runtime.cache import open_cache
    from sailwright.source.files.discovery import need_project

    root = need_project(shared.project)
    plan = migrate(root, to, environment, open_cache(enabled=not shared.no_cache, project=root))
    write_result(
        shared,
        {
            "text": lambda: "".join(f"{clean(line)}\n" for line in as_text(plan).splitlines()),
            "json": lambda: as_json(plan),
        },
    )
    return 0
